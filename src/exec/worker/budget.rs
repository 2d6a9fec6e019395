//! What the calls of an export may use, and why a call did not return.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use wasmtime::Store;

use crate::exec::settings::Settings;
use crate::observation::{Call, Inconclusive};

/// The longest wait of a call, in virtual time. It passes at once when nothing can happen any more.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Operators that a machine of moderate speed executes in a millisecond of baseline code.
const OPERATORS: u64 = 400_000;
/// What a call of the host counts as, in operators. It takes from half a microsecond, for a random number, to a few.
const HOST_CALL: u64 = 1_000;
/// How many exports get a whole budget; more of them share it.
const WHOLE_BUDGETS: u64 = 12;

/// How many operators a machine of moderate speed executes in this many milliseconds.
pub(super) fn operators(milliseconds: u64) -> u64 {
    milliseconds.saturating_mul(OPERATORS)
}

/// What so many calls of the host count as, in operators.
pub(super) fn of_host_calls(count: u64) -> u64 {
    count.saturating_mul(HOST_CALL)
}

/// What a call took, with its calls of the host, in operators.
pub(super) fn of_call(call: &Call) -> u64 {
    call.fuel.saturating_add(of_host_calls(call.host_calls.count))
}

/// How much more processor time than that of its operators a call may take, and all calls of an export.
const PATIENCE: u64 = 2;
/// The part of an export's work that one call may do.
const CALLS: u64 = 6;
/// How long a call may take at least: an instance is created before it.
const LEAST_PATIENCE: Duration = Duration::from_millis(200);

/// A moment in the processor time of this process, which does not pass faster on a busy machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deadline(Duration);

impl Deadline {
    /// The moment when so much time has been used from now on.
    pub(super) fn after(time: Duration) -> Self {
        Deadline(processor_time().saturating_add(time))
    }

    pub(super) fn has_passed(self) -> bool {
        processor_time() >= self.0
    }
}

/// The processor time that this process has used. Where the system does not tell, the time that has passed.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
    }
    #[cfg(not(unix))]
    {
        use std::sync::LazyLock;
        use std::time::Instant;
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// How much processor time the calls of all exports together may take.
pub(super) fn run(settings: &Settings) -> Duration {
    Duration::from_millis(settings.budget.saturating_mul(WHOLE_BUDGETS))
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
    /// When all calls have to be over.
    pub(super) deadline: Deadline,
    /// How long one call may take.
    pub(super) patience: Duration,
}

/// What a call took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spent {
    /// The operators that the guest executed.
    pub(super) operators: u64,
    /// Whether these and its calls of the host are more than it may execute.
    pub(super) is_too_much: bool,
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
    /// The budget of an export that may execute `whole` operators, of which its calls get a `share`: 1 for all, 2 for
    /// half of them. They have to be over when the `run` is.
    ///
    /// Time is the last resort against what takes more time than it counts for, such as bulk instructions, which the
    /// baseline compiler counts as one operator.
    pub(super) fn new(whole: u64, share: u64, run: Deadline) -> Self {
        let time = Duration::from_millis((whole / OPERATORS).max(1) * PATIENCE);
        Budget {
            fuel: Cell::new(whole / share),
            fuel_per_call: Cell::new((whole / CALLS).max(1)),
            deadline: run.min(Deadline::after(time)),
            patience: (time / CALLS as u32).max(LEAST_PATIENCE),
        }
    }

    /// How many operators the next call may execute.
    pub(super) fn next_fuel(&self) -> u64 {
        self.fuel.get().min(self.fuel_per_call.get())
    }

    /// When a call that begins now has to be over.
    pub(super) fn call_deadline(&self) -> Deadline {
        self.deadline.min(Deadline::after(self.patience))
    }

    /// Subtracts what a call took that may execute `allowed` operators.
    pub(super) fn spend<T>(&self, allowed: u64, store: &Store<T>, host_calls: u64) -> Spent {
        let operators = allowed.saturating_sub(store.get_fuel().unwrap_or(0));
        let all = operators.saturating_add(of_host_calls(host_calls));
        self.fuel.set(self.fuel.get().saturating_sub(all));
        Spent { operators, is_too_much: all > allowed }
    }
}

/// Awaits `running` until the deadline, or until nothing can happen any more.
pub(super) async fn within<F: Future>(deadline: Deadline, running: F) -> Result<F::Output, Stop> {
    let mut running = pin!(running);
    let watched = poll_fn(|context| {
        if deadline.has_passed() {
            return Poll::Ready(Err(Stop::Late));
        }
        running.as_mut().poll(context).map(Ok)
    });
    tokio::time::timeout(LONGEST_WAIT, watched).await.unwrap_or(Err(Stop::Idle))
}
