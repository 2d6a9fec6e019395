//! Steps around a call that the call needs. A failure in one of them is not a failure of the export that is called.

use std::fmt;

use super::budget::Stop;

/// A step before or after a call, as the context of the error by which it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A function creates a resource for the arguments: the full name of that export.
    Maker(String),
    /// A resource is dropped after the call: its name, `ns:pkg/iface name`.
    Destructor(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Maker(function) => write!(f, "`{function}` creates an argument"),
            Step::Destructor(resource) => write!(f, "the destructor of `{resource}` runs"),
        }
    }
}

impl Step {
    /// Adds this step to an error.
    pub(super) fn failed(self, stop: Stop) -> Stop {
        match stop {
            Stop::Error(error) => Stop::Error(error.context(self)),
            other => other,
        }
    }
}
