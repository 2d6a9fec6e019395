//! Steps beside a call that the call needs: what fails in one of them is no failure of the export that is called.

use std::fmt;

use super::budget::Stop;

/// A step before or after a call: the context of the error by which it ended, to be found with `downcast_ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A function made a resource for the arguments: the full name of that export.
    Maker(String),
    /// A resource was dropped after the call: its name, `ns:pkg/iface name`.
    Destructor(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Maker(function) => write!(f, "`{function}` makes an argument"),
            Step::Destructor(resource) => write!(f, "the destructor of `{resource}` runs"),
        }
    }
}

impl Step {
    /// The same end, as one of this step.
    pub(super) fn failed(self, stop: Stop) -> Stop {
        match stop {
            Stop::Error(error) => Stop::Error(error.context(self)),
            other => other,
        }
    }
}
