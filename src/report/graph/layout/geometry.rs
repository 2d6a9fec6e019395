//! What is placed, and how far apart. Sizes and places are pixels.

/// Space between boxes side by side.
pub(super) const GAP: f64 = 26.0;
/// Space between lines, or labels, side by side.
pub(super) const LINE_GAP: f64 = 10.0;
/// Space between a row of boxes and a row of labels.
pub(super) const ROW_GAP: f64 = 20.0;
/// Space between a group's frame and what is in it; above it, for the group's name.
pub(super) const FRAME: f64 = 14.0;
pub(super) const FRAME_TOP: f64 = 26.0;

/// A box to place.
#[derive(Debug, Clone)]
pub(in crate::report::graph) struct Block {
    pub(in crate::report::graph) width: f64,
    pub(in crate::report::graph) height: f64,
    pub(in crate::report::graph) row: Row,
    /// The group it stands in, counted from 0.
    pub(in crate::report::graph) group: Option<usize>,
}

/// Where a box belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report::graph) enum Row {
    Top,
    Middle,
    Bottom,
}

/// A line to draw, and the size of its label.
#[derive(Debug, Clone)]
pub(in crate::report::graph) struct Line {
    pub(in crate::report::graph) from: usize,
    pub(in crate::report::graph) to: usize,
    pub(in crate::report::graph) width: f64,
    pub(in crate::report::graph) height: f64,
    /// How much it should be straight, and lead down.
    pub(in crate::report::graph) pull: Pull,
}

/// How much a line decides of the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report::graph) enum Pull {
    Weak,
    Usual,
    Strong,
}

/// A rectangle, by its middle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(in crate::report::graph) struct Rectangle {
    pub(in crate::report::graph) x: f64,
    pub(in crate::report::graph) y: f64,
    pub(in crate::report::graph) width: f64,
    pub(in crate::report::graph) height: f64,
}

impl Rectangle {
    pub(in crate::report::graph) fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }

    pub(in crate::report::graph) fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }

    pub(in crate::report::graph) fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }

    pub(in crate::report::graph) fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }
}
