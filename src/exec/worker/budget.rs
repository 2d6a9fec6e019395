//! What the calls of an export may use, and why a call did not return.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use wasmtime::Store;

use crate::exec::settings::Settings;
use crate::observation::Inconclusive;

/// The longest wait of a call, in virtual time. It passes at once when nothing can happen any more.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Operators that a machine of moderate speed executes in a millisecond of baseline code.
const OPERATORS: u64 = 400_000;
/// How many exports get a whole budget; more of them share it.
const WHOLE_BUDGETS: u64 = 12;

/// How many operators a machine of moderate speed executes in this many milliseconds.
pub(super) fn operators(milliseconds: u64) -> u64 {
    milliseconds.saturating_mul(OPERATORS)
}

/// How many operators each of `exports` exports may execute in all its calls together.
pub(super) fn fuel(settings: &Settings, exports: usize) -> u64 {
    let whole = operators(settings.budget);
    whole.min(whole.saturating_mul(WHOLE_BUDGETS) / (exports as u64).max(1)).max(1)
}

/// What the calls of one export may still use.
pub(super) struct Budget {
    /// Operators of all calls.
    pub(super) fuel: Cell<u64>,
    /// Operators of one call.
    pub(super) fuel_per_call: Cell<u64>,
    /// When all calls have to be over, on the real clock.
    pub(super) deadline: Instant,
    /// How long one call may take, on the real clock.
    pub(super) patience: Duration,
}

/// Why a call, or its preparation, did not return.
#[derive(Debug)]
pub(super) enum Stop {
    /// A trap, an exit or a limit.
    Error(wasmtime::Error),
    /// Its time is up.
    Late,
    /// Nothing can happen any more.
    Idle,
    /// It cannot be made.
    Inconclusive(Inconclusive),
}

impl Stop {
    pub(super) fn inconclusive(reason: &str, detail: impl Into<String>) -> Stop {
        Stop::Inconclusive(Inconclusive::new(reason, detail))
    }
}

impl Budget {
    /// How many operators the next call may execute.
    pub(super) fn next_fuel(&self) -> u64 {
        self.fuel.get().min(self.fuel_per_call.get())
    }

    /// When a call that begins now has to be over.
    pub(super) fn call_deadline(&self) -> Instant {
        self.deadline.min(Instant::now() + self.patience)
    }

    /// Subtracts the operators that were executed, of `allowed` ones, and returns how many they are.
    pub(super) fn spend<T>(&self, allowed: u64, store: &Store<T>) -> u64 {
        let used = allowed.saturating_sub(store.get_fuel().unwrap_or(0));
        self.fuel.set(self.fuel.get().saturating_sub(used));
        used
    }
}

/// Awaits `running` until the deadline, or until nothing can happen any more.
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
