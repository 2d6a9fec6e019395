//! How far a check is, for a caller that shows it.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The inputs of a check, counted while it runs.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    total: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    pub(super) fn begin(&self, total: usize) {
        self.total.store(total, Relaxed);
    }

    pub(super) fn step(&self) {
        self.done.fetch_add(1, Relaxed);
    }

    /// Inputs done, and inputs in all; both 0 before the inputs are found.
    pub(crate) fn get(&self) -> (usize, usize) {
        (self.done.load(Relaxed), self.total.load(Relaxed))
    }
}
