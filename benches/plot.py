"""Plots as SVG, on logarithmic axes. The same points give the same bytes."""

import math

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 50
COLORS = ["#0b62a4", "#c0392b", "#5a7d1e", "#8e44ad"]


class Axis:
    """Values from `low` to `high`, laid out from `start` to `end`."""

    def __init__(self, values, start, end):
        self.low = 10 ** math.floor(math.log10(min(values)))
        self.high = 10 ** math.ceil(math.log10(max(values)))
        if self.low == self.high:
            self.high *= 10
        self.start, self.end = start, end

    def at(self, value):
        part = math.log10(value / self.low) / math.log10(self.high / self.low)
        return self.start + part * (self.end - self.start)

    def ticks(self):
        value = self.low
        while value <= self.high * 1.001:
            yield value
            value *= 10


def text(x, y, content, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{content}</text>'


def line(x1, y1, x2, y2, color):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"/>'


def plot(title, across, up, series, joined, label_x, label_y):
    """`series` maps a name to its points. The labels of ticks are made by `label_x` and `label_y`."""
    points = [point for points in series.values() for point in points]
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        text((LEFT + WIDTH - RIGHT) / 2, 20, title, more=' font-size="14"'),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, across),
        text(16, (TOP + HEIGHT - BOTTOM) / 2, up, more=f' transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2:.1f})"'),
    ]
    for tick in x.ticks():
        out.append(line(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM, "#dddddd"))
        out.append(text(x.at(tick), HEIGHT - BOTTOM + 18, label_x(tick)))
    for tick in y.ticks():
        out.append(line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "#dddddd"))
        out.append(text(LEFT - 6, y.at(tick) + 4, label_y(tick), "end"))
    for number, (label, of) in enumerate(series.items()):
        color = COLORS[number]
        places = [(x.at(one), y.at(other)) for one, other in sorted(of)]
        if joined:
            path = " ".join(f"{one:.1f},{other:.1f}" for one, other in places)
            out.append(f'<polyline points="{path}" fill="none" stroke="{color}"/>')
        out += [f'<circle cx="{one:.1f}" cy="{other:.1f}" r="3" fill="{color}" fill-opacity="0.7"/>' for one, other in places]
        out.append(f'<circle cx="{WIDTH - RIGHT + 16}" cy="{TOP + 10 + 20 * number}" r="4" fill="{color}"/>')
        out.append(text(WIDTH - RIGHT + 26, TOP + 14 + 20 * number, label, "start"))
    return "\n".join([*out, "</svg>", ""])
