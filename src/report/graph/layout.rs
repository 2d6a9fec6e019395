//! Where boxes and lines go: in layers from top to bottom, so that lines lead down where they can.
//! Knows sizes and who leads to whom, nothing of what is in a box.

mod columns;
mod geometry;
mod layers;
mod order;

use geometry::{FRAME, FRAME_TOP, ROW_GAP};
use layers::Layers;

pub(super) use geometry::{Block, Line, Pull, Rectangle, Row};

/// Everything in its place; the upper left corner is 0, 0.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// In the order of the boxes.
    pub(super) blocks: Vec<Rectangle>,
    /// In the order of the lines: the points that each goes through; it goes straight down between
    /// the second and third, the fourth and fifth, and so on.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
    /// Where the labels are, in the order of the lines.
    pub(super) labels: Vec<Rectangle>,
    /// In the order of the groups; `None` for one without boxes.
    pub(super) groups: Vec<Option<Rectangle>>,
}

/// Places `blocks`, of which some stand in one of so many `groups`, and `lines`.
pub(super) fn of(blocks: &[Block], lines: &[Line], groups: usize) -> Layout {
    let mut layers = Layers::of(blocks, lines);
    order::improve(&mut layers, lines);
    columns::place(&mut layers, lines, groups);
    let rows = rows(&layers, groups > 0);
    let middle = |item: usize| {
        let item = &layers.items[item];
        Rectangle { x: item.x, y: rows[item.rank].0, width: item.width, height: item.height }
    };
    let mut layout = Layout {
        blocks: (0..blocks.len()).map(middle).collect(),
        labels: layers.labels.iter().map(|label| label.map(middle).unwrap_or_default()).collect(),
        groups: vec![None; groups],
        ..Layout::default()
    };
    for (block, place) in blocks.iter().zip(&layout.blocks) {
        if let Some(frame) = block.group.and_then(|group| layout.groups.get_mut(group)) {
            *frame = Some(around(*frame, *place));
        }
    }
    let ports = ports(&layers, lines);
    layout.lines = (0..lines.len()).map(|line| path(&layers, &rows, &ports, line)).collect();
    layout.settle();
    layout
}

/// The middle of each rank, and half its height.
fn rows(layers: &Layers, framed: bool) -> Vec<(f64, f64)> {
    let gap = ROW_GAP + if framed { FRAME } else { 0.0 };
    let mut top = 0.0;
    let rows = layers.ranks.iter().map(|rank| {
        let height = rank.iter().map(|item| layers.items[*item].height).fold(0.0, f64::max);
        let row = (top + height / 2.0, height / 2.0);
        top += height + gap;
        row
    });
    rows.collect()
}

/// A frame that holds what it held, and a box.
fn around(frame: Option<Rectangle>, block: Rectangle) -> Rectangle {
    let (mut left, mut right) = (block.left() - FRAME, block.right() + FRAME);
    let (mut top, mut bottom) = (block.top() - FRAME_TOP, block.bottom() + FRAME);
    if let Some(frame) = frame {
        (left, right) = (left.min(frame.left()), right.max(frame.right()));
        (top, bottom) = (top.min(frame.top()), bottom.max(frame.bottom()));
    }
    Rectangle {
        x: f64::midpoint(left, right),
        y: f64::midpoint(top, bottom),
        width: right - left,
        height: bottom - top,
    }
}

/// How far from the middle of its upper and its lower box each line begins and ends.
fn ports(layers: &Layers, lines: &[Line]) -> Vec<(f64, f64)> {
    let mut ports = vec![(0.0, 0.0); lines.len()];
    let mut below: Vec<Vec<(f64, usize)>> = vec![Vec::new(); layers.blocks];
    let mut above = below.clone();
    for (line, chain) in layers.chains.iter().enumerate() {
        if let ([upper, second, ..], [.., last, lower]) = (chain.as_slice(), chain.as_slice()) {
            below[*upper].push((layers.items[*second].x, line));
            above[*lower].push((layers.items[*last].x, line));
        }
    }
    let spread = |block: usize, of_it: &mut Vec<(f64, usize)>| -> Vec<(usize, f64)> {
        of_it.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let room = layers.items[block].width * 0.6;
        let step = (room / of_it.len().max(1) as f64).min(24.0);
        let first = -step * (of_it.len() as f64 - 1.0) / 2.0;
        of_it.iter().enumerate().map(|(i, (_, line))| (*line, first + step * i as f64)).collect()
    };
    for (block, of_it) in below.iter_mut().enumerate() {
        for (line, at) in spread(block, of_it) {
            ports[line].0 = at;
        }
    }
    for (block, of_it) in above.iter_mut().enumerate() {
        for (line, at) in spread(block, of_it) {
            ports[line].1 = at;
        }
    }
    ports
}

fn path(
    layers: &Layers,
    rows: &[(f64, f64)],
    ports: &[(f64, f64)],
    line: usize,
) -> Vec<(f64, f64)> {
    let [upper, bends @ .., lower] = layers.chains[line].as_slice() else { return Vec::new() };
    let (upper, lower) = (&layers.items[*upper], &layers.items[*lower]);
    let mut points = vec![(upper.x + ports[line].0, rows[upper.rank].0 + upper.height / 2.0)];
    for bend in bends {
        let bend = &layers.items[*bend];
        let (middle, half) = rows[bend.rank];
        points.extend([(bend.x, middle - half), (bend.x, middle + half)]);
    }
    points.push((lower.x + ports[line].1, rows[lower.rank].0 - lower.height / 2.0));
    if layers.reversed[line] {
        points.reverse();
    }
    points
}

impl Layout {
    /// Moves everything so that it begins at 0, 0, and measures it.
    fn settle(&mut self) {
        let frames = self.groups.iter().flatten();
        let all = || self.blocks.iter().chain(&self.labels).chain(frames.clone());
        let points = || self.lines.iter().flatten();
        let lefts = all().map(Rectangle::left).chain(points().map(|point| point.0));
        let tops = all().map(Rectangle::top).chain(points().map(|point| point.1));
        let (left, top) = (lefts.fold(f64::MAX, f64::min), tops.fold(f64::MAX, f64::min));
        let rights = all().map(Rectangle::right).chain(points().map(|point| point.0));
        let bottoms = all().map(Rectangle::bottom).chain(points().map(|point| point.1));
        let (right, bottom) = (rights.fold(f64::MIN, f64::max), bottoms.fold(f64::MIN, f64::max));
        if left > right {
            return;
        }
        (self.width, self.height) = (right - left, bottom - top);
        let frames = self.groups.iter_mut().flatten();
        for rectangle in self.blocks.iter_mut().chain(&mut self.labels).chain(frames) {
            rectangle.x -= left;
            rectangle.y -= top;
        }
        for point in self.lines.iter_mut().flatten() {
            point.0 -= left;
            point.1 -= top;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_without_lines_stands_beside_the_others() {
        let block = |row| Block { width: 100.0, height: 40.0, row, group: None };
        let line = |from, to| Line { from, to, width: 10.0, height: 10.0, pull: Pull::Usual };
        let mut blocks = vec![block(Row::Top), block(Row::Middle)];
        blocks.extend([Row::Bottom; 7].map(block));
        let used = of(&blocks, &[0, 2, 3, 4].map(|to| line(usize::from(to > 0), to.max(1))), 0);
        let row = |numbers: std::ops::Range<usize>| {
            let blocks = &used.blocks[numbers];
            let right = blocks.iter().map(Rectangle::right).fold(f64::MIN, f64::max);
            right - blocks.iter().map(Rectangle::left).fold(f64::MAX, f64::min)
        };
        assert!(used.width <= row(2..9) + 1.0, "{used:?}");
        assert!(row(2..9) < 7.0 * 160.0, "{used:?}");
    }
}
