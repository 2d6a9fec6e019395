//! Calls that are made at the same time, and who decides in which order what they wait for happens.

use crate::exec::worker::host::gate::Event;

/// A call to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned {
    pub(crate) target: usize,
    /// The number of its arguments in the order of the target.
    pub(crate) like: usize,
}

/// Decides what happens next.
pub(crate) trait Scheduler {
    /// The indices of what happens next, of at least one event that is held back: the oldest event comes first.
    fn next(&mut self, held: &[Event]) -> Vec<usize>;
}
