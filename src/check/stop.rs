//! Ends a session early.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Ends a session early, from another thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    calls: Arc<AtomicBool>,
    all: Arc<AtomicBool>,
}

impl Stop {
    /// Makes no more calls. Static analysis goes on.
    pub(crate) fn stop_calls(&self) {
        self.calls.store(true, Relaxed);
    }

    /// Skips the rest. The result is incomplete and must not be used.
    pub(crate) fn abandon(&self) {
        self.all.store(true, Relaxed);
        self.stop_calls();
    }

    /// Whether calls are stopped.
    pub(crate) fn stops_calls(&self) -> bool {
        self.calls.load(Relaxed)
    }

    /// Becomes true when calls are stopped.
    pub(crate) fn calls(&self) -> &Arc<AtomicBool> {
        &self.calls
    }

    pub(crate) fn is_abandoned(&self) -> bool {
        self.all.load(Relaxed)
    }
}
