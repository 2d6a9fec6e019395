//! A picture as SVG.

use std::io::{self, Write};

use crate::report::drawing::{self, MARGIN, PLAIN, SMALL, STRONG, TITLE, Within, round, width};
use crate::report::graph::layout::{self, Block, Layout, Line, Pull, Rectangle, Row};
use crate::report::graph::{EdgeKind, LINE_LIMIT, NodeKind, Picture, SENTENCE_LIMIT, printable};
use crate::report::wording;
use crate::report::xml::escaped;
use crate::verdict::Severity;

/// Room for the title.
const HEAD: f64 = 34.0;
/// Room for a line of the legend.
const LEGEND_LINE: f64 = 20.0;
/// Distances of lines.
const LEADING: f64 = 15.0;
const LABEL_LEADING: f64 = 12.5;
const PADDING: f64 = 12.0;

/// Writes `picture` as a document of its own.
pub(crate) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    draw(picture, Within::File, out)
}

/// Writes `picture` for a file or a page.
pub(in crate::report) fn draw(
    picture: &Picture,
    within: Within,
    out: &mut dyn Write,
) -> io::Result<()> {
    let layout = layout::of(&blocks(picture), &lines(picture), picture.groups.len());
    let legend = samples(picture);
    let title = printable(&picture.title, LINE_LIMIT);
    let legend_width =
        legend.iter().map(|(.., words)| 44.0 + width(words, PLAIN)).fold(0.0, f64::max);
    let inner = layout.width.max(width(&title, TITLE) * 1.1).max(legend_width);
    let size = (
        inner + 2.0 * MARGIN,
        layout.height + HEAD + 2.0 * MARGIN + 12.0 + LEGEND_LINE * legend.len() as f64,
    );
    let shift = (MARGIN + (inner - layout.width) / 2.0, MARGIN + HEAD);
    let sheet = Sheet { picture, layout: &layout, shift };
    let (w, h) = (size.0.ceil(), size.1.ceil());
    let call_paths = picture.call_paths.iter();
    let call_paths: Vec<_> = call_paths
        .map(|path| format!("{}: {}", wording::severity(path.severity), path.sentence))
        .collect();
    drawing::begin((&picture.title, &call_paths), SENTENCE_LIMIT, (w, h), within, out)?;
    let (x, y) = (round(MARGIN), round(MARGIN + TITLE * 0.6));
    writeln!(
        out,
        "  <text class=\"head\" x=\"{x}\" y=\"{y}\">{}</text>",
        escaped(&title, LINE_LIMIT)
    )?;
    sheet.frames(out)?;
    sheet.edges(out)?;
    sheet.nodes(out)?;
    sheet.labels(out)?;
    sheet.names(out)?;
    let mut y = shift.1 + layout.height + 26.0;
    for (class, words) in &legend {
        let (x, end) = (round(MARGIN), round(MARGIN + 32.0));
        let (line, base) = (round(y - PLAIN * 0.35), round(y));
        writeln!(out, "  <path class=\"line {class}\" d=\"M{x} {line}H{end}\"/>")?;
        writeln!(
            out,
            "  <text x=\"{}\" y=\"{base}\">{}</text>",
            round(MARGIN + 44.0),
            escaped(words, SENTENCE_LIMIT)
        )?;
        y += LEGEND_LINE;
    }
    writeln!(out, "</svg>")
}

/// What the lines mean that are drawn: how a sample looks, and the words beside it.
fn samples(picture: &Picture) -> Vec<(String, String)> {
    let has = |kind| picture.edges.iter().any(|edge| edge.kind == kind);
    let mut samples = Vec::new();
    if has(EdgeKind::Lift) || has(EdgeKind::Import) {
        let words =
            "an export is lifted from an instance; an instance imports from another, or the host";
        samples.push((String::new(), words.to_owned()));
    }
    if has(EdgeKind::Table) {
        samples.push(("dashed".to_owned(), "its table leads there".to_owned()));
    }
    if has(EdgeKind::Call) {
        samples.push(("dotted".to_owned(), "a call on a way that is not shown".to_owned()));
    }
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        if let Some(words) = picture.happens(severity) {
            samples.push((format!("call-path {}", wording::severity(severity)), words));
        }
    }
    samples
}

fn blocks(picture: &Picture) -> Vec<Block> {
    let blocks = picture.nodes.iter().map(|node| {
        let row = match node.kind {
            NodeKind::Export => Row::Top,
            NodeKind::Import => Row::Bottom,
            NodeKind::Instance | NodeKind::Plumbing | NodeKind::End(_) | NodeKind::Rest => {
                Row::Middle
            }
        };
        let shown = |line: &String, size| match line.is_empty() {
            true => 0.0,
            false => width(&printable(line, LINE_LIMIT), size),
        };
        let lines = node.lines.iter().map(|line| shown(line, PLAIN));
        // Bold letters are wider.
        let wide = [shown(&node.caption, SMALL), shown(&node.title, STRONG) * 1.08];
        let wide = wide.into_iter().chain(lines).fold(60.0, f64::max);
        let count = node.lines.len() + 1 + usize::from(!node.caption.is_empty());
        Block {
            width: wide + 2.0 * PADDING,
            height: LEADING * count as f64 + PADDING,
            row,
            group: node.group,
        }
    });
    blocks.collect()
}

fn lines(picture: &Picture) -> Vec<Line> {
    let lines = picture.edges.iter().enumerate().map(|(index, edge)| {
        let label = edge.label();
        let wide = label.iter().map(|line| width(line, SMALL)).fold(0.0, f64::max);
        let height = LABEL_LEADING * label.len() as f64 + 4.0;
        let pull = match edge.kind {
            _ if picture.severity(index).is_some() => Pull::Strong,
            EdgeKind::Table => Pull::Weak,
            EdgeKind::Lift | EdgeKind::Import | EdgeKind::Call | EdgeKind::End => Pull::Usual,
        };
        Line { from: edge.from, to: edge.to, width: wide + 4.0, height, pull }
    });
    lines.collect()
}

/// What is drawn, and how far from the corner.
struct Sheet<'p> {
    picture: &'p Picture,
    layout: &'p Layout,
    shift: (f64, f64),
}

impl Sheet<'_> {
    fn frames(&self, out: &mut dyn Write) -> io::Result<()> {
        for frame in self.layout.groups.iter().flatten() {
            self.rectangle("group", frame, 10, out)?;
        }
        Ok(())
    }

    /// The names of groups, each on a piece of paper that covers the lines behind it.
    fn names(&self, out: &mut dyn Write) -> io::Result<()> {
        for (label, frame) in self.picture.groups.iter().zip(&self.layout.groups) {
            let Some(frame) = frame else { continue };
            let label = printable(label, LINE_LIMIT);
            let (width, height) = (width(&label, SMALL) + 4.0, LABEL_LEADING + 2.0);
            let (x, y) = (frame.left() + 10.0 + width / 2.0, frame.top() + 12.0);
            self.rectangle("paper", &Rectangle { x, y, width, height }, 2, out)?;
            let (x, y) = (round(x + self.shift.0), round(y + self.shift.1 + SMALL * 0.35));
            let label = escaped(&label, LINE_LIMIT);
            writeln!(
                out,
                "  <text class=\"small\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>"
            )?;
        }
        Ok(())
    }

    fn rectangle(
        &self,
        class: &str,
        place: &Rectangle,
        corner: u32,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (x, y) = (round(place.left() + self.shift.0), round(place.top() + self.shift.1));
        let (w, h) = (round(place.width), round(place.height));
        writeln!(
            out,
            "  <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{corner}\"/>"
        )
    }

    fn nodes(&self, out: &mut dyn Write) -> io::Result<()> {
        for (node, place) in self.picture.nodes.iter().zip(&self.layout.blocks) {
            let class = match node.kind {
                NodeKind::Export => "box export".to_owned(),
                NodeKind::Instance => "box instance".to_owned(),
                NodeKind::Plumbing => "box plumbing".to_owned(),
                NodeKind::Import => "box import".to_owned(),
                NodeKind::End(severity) => format!("box end {}", wording::severity(severity)),
                NodeKind::Rest => "box rest".to_owned(),
            };
            writeln!(out, "  <g><title>{}</title>", sentence(&node.hint))?;
            self.rectangle(&class, place, 6, out)?;
            let tint = match node.kind {
                NodeKind::End(severity) => format!(" {}-text", wording::severity(severity)),
                _ => String::new(),
            };
            let first = (&node.caption, format!("small{tint}"));
            let second = (&node.title, format!("strong{tint}"));
            let lines = node.lines.iter().map(|line| (line, String::new()));
            let mut y = place.top() + self.shift.1 + PADDING / 2.0 + LEADING * 0.75;
            let x = round(place.x + self.shift.0);
            for (line, class) in [first, second].into_iter().chain(lines) {
                if line.is_empty() {
                    continue;
                }
                let line = escaped(line, LINE_LIMIT);
                let class = if class.is_empty() { class } else { format!(" class=\"{class}\"") };
                writeln!(
                    out,
                    "  <text{class} x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{line}</text>",
                    round(y)
                )?;
                y += LEADING;
            }
            writeln!(out, "  </g>")?;
        }
        Ok(())
    }

    /// The lines, those of call paths last, so that they lie above the others.
    fn edges(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut order: Vec<_> = (0..self.picture.edges.len()).collect();
        order.sort_by_key(|edge| self.picture.severity(*edge));
        for index in order {
            let edge = &self.picture.edges[index];
            let [.., before, end] = self.layout.lines[index].as_slice() else { continue };
            let mut class = "line".to_owned();
            match edge.kind {
                EdgeKind::Table => class += " dashed",
                EdgeKind::Call => class += " dotted",
                EdgeKind::Lift | EdgeKind::Import | EdgeKind::End => {}
            }
            let severity = self.picture.severity(index).map(wording::severity);
            if let Some(severity) = severity {
                class = format!("{class} call-path {severity}");
            }
            let said = sentence(&self.picture.sentence(edge));
            writeln!(out, "  <g><title>{said}</title>")?;
            writeln!(out, "  <path class=\"{class}\" d=\"{}\"/>", self.curve(index))?;
            let tint = severity.map_or("tip".to_owned(), |severity| format!("{severity}-text"));
            let (x, y) = (end.0 + self.shift.0, end.1 + self.shift.1);
            let back = if before.1 > end.1 { 8.0 } else { -8.0 };
            let (left, right, base) = (round(x - 4.0), round(x + 4.0), round(y + back));
            let (x, y) = (round(x), round(y));
            writeln!(
                out,
                "  <path class=\"{tint}\" d=\"M{x} {y}L{left} {base}L{right} {base}Z\"/>"
            )?;
            writeln!(out, "  </g>")?;
        }
        Ok(())
    }

    /// The way of a line: bows between rows, straight through a row.
    fn curve(&self, index: usize) -> String {
        let points = &self.layout.lines[index];
        let at = |point: &(f64, f64)| (point.0 + self.shift.0, point.1 + self.shift.1);
        let mut way = String::new();
        for (number, pair) in points.windows(2).enumerate() {
            let ((x, y), (to_x, to_y)) = (at(&pair[0]), at(&pair[1]));
            if number == 0 {
                way += &format!("M{} {}", round(x), round(y));
            }
            if number % 2 == 1 {
                way += &format!("V{}", round(to_y));
                continue;
            }
            let middle = round(f64::midpoint(y, to_y));
            let (x, to_x, to_y) = (round(x), round(to_x), round(to_y));
            way += &format!("C{x} {middle} {to_x} {middle} {to_x} {to_y}");
        }
        way
    }

    fn labels(&self, out: &mut dyn Write) -> io::Result<()> {
        for (index, edge) in self.picture.edges.iter().enumerate() {
            let label = edge.label();
            if label.is_empty() || self.layout.lines[index].is_empty() {
                continue;
            }
            let place = &self.layout.labels[index];
            self.rectangle("paper", place, 2, out)?;
            let called = usize::from(!edge.called.is_empty());
            let tint = self.picture.severity(index).map(wording::severity);
            let x = round(place.x + self.shift.0);
            let mut y = place.top() + self.shift.1 + 2.0 + SMALL * 0.95;
            for (number, line) in label.iter().enumerate() {
                let class = match tint {
                    Some(severity) if number < called => format!("small {severity}-text"),
                    _ => "small".to_owned(),
                };
                let line = escaped(line, LINE_LIMIT);
                writeln!(
                    out,
                    "  <text class=\"{class}\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{line}</text>",
                    round(y)
                )?;
                y += LABEL_LEADING;
            }
        }
        Ok(())
    }
}

fn sentence(text: &str) -> String {
    escaped(text, SENTENCE_LIMIT)
}
