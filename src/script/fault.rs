//! Mistakes in a text.

use std::ops::Range;

/// A mistake in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In bytes of the text.
    pub(crate) range: Range<usize>,
    /// One sentence.
    pub(crate) message: String,
    /// What to do next; may be empty.
    pub(crate) help: String,
}

impl Fault {
    pub(crate) fn new(
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Fault { range, message: message.into(), help: help.into() }
    }

    /// The same mistake in a text that contains this one at `start`.
    #[must_use]
    pub(crate) fn moved(self, start: usize) -> Self {
        Fault { range: self.range.start + start..self.range.end + start, ..self }
    }
}
