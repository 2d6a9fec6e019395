//! Why a project file could not be read.

use std::ops::Range;

/// Why a project file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    pub(crate) message: String,
    /// The span of the mistake.
    pub span: Range<usize>,
    /// Whether the text is valid, and only not a project file of this kind.
    pub(crate) foreign: bool,
}

impl ReadError {
    pub(super) fn malformed(message: impl Into<String>, span: Range<usize>) -> Self {
        ReadError { message: message.into(), span, foreign: false }
    }

    pub(super) fn foreign(message: impl Into<String>, span: Range<usize>) -> Self {
        ReadError { message: message.into(), span, foreign: true }
    }
}
