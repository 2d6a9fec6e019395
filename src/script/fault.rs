//! What is wrong with a text that somebody wrote.

use std::ops::Range;

/// One thing that is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// One sentence.
    pub message: String,
    /// The next step; empty if there is nothing to say.
    pub help: String,
}

impl Fault {
    /// A fault with a next step.
    pub fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Fault { range, message: message.into(), help: help.into() }
    }

    /// The same, in a text of which this one begins at `start`.
    #[must_use]
    pub fn moved(self, start: usize) -> Self {
        Fault { range: self.range.start + start..self.range.end + start, ..self }
    }
}
