//! What the calls of an export may use, and why one of them came to no end of its own.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use wasmtime::Store;

use super::host::Host;
use crate::observation::Inconclusive;

/// The longest wait of a call, in virtual time. When nothing can happen any more, it passes at once.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 3600);

/// What the calls of one export may still use.
pub(super) struct Budget {
    /// Operators.
    pub(super) fuel: Cell<u64>,
    /// Operators of one call.
    pub(super) fuel_per_call: Cell<u64>,
    /// When all ends, on the clock.
    pub(super) deadline: Instant,
    /// How long one call may take, on the clock.
    pub(super) patience: Duration,
}

/// Why a call or its preparation came to no end of its own.
#[derive(Debug)]
pub(super) enum Stop {
    /// The engine says so: a trap, an exit, a limit.
    Error(wasmtime::Error),
    /// Time is up.
    Late,
    /// Nothing can happen any more.
    Idle,
    /// It cannot be tried.
    Inconclusive(Inconclusive),
}

impl Stop {
    pub(super) fn inconclusive(reason: &str, detail: String) -> Stop {
        Stop::Inconclusive(Inconclusive { reason: reason.to_owned(), detail })
    }
}

impl Budget {
    /// When a call that begins now has to be over.
    pub(super) fn call_deadline(&self) -> Instant {
        self.deadline.min(Instant::now() + self.patience)
    }

    /// Takes off what was used of `given`, and gives it.
    pub(super) fn spend(&self, given: u64, store: &Store<Host>) -> u64 {
        let used = given.saturating_sub(store.get_fuel().unwrap_or(0));
        self.fuel.set(self.fuel.get().saturating_sub(used));
        used
    }
}

/// Waits for `running`, but not beyond the deadline, nor when nothing can happen any more.
pub(super) async fn within<F: Future>(deadline: Instant, running: F) -> Result<F::Output, Stop> {
    let mut running = pin!(running);
    let watched = poll_fn(|context| {
        if Instant::now() >= deadline {
            return Poll::Ready(Err(Stop::Late));
        }
        running.as_mut().poll(context).map(Ok)
    });
    tokio::time::timeout(LONGEST_WAIT, watched).await.unwrap_or(Err(Stop::Idle))
}
