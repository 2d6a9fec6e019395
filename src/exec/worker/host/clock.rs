//! Virtual clocks: time passes when somebody waits for it, and a little with each look at it.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;
use wasmtime_wasi::HostMonotonicClock;
use wasmtime_wasi::HostWallClock;

/// The day on which every guest runs, in seconds since 1970: 2026-01-01 00:00:00 UTC.
const WALL_START: u64 = 1_767_225_600;
/// What a look at the clock costs, in nanoseconds: who spins until a second has passed gets there.
const LOOK: u64 = 1_000_000;

/// The clock of one instance. Its waiting is that of the runtime, whose time is paused: it
/// passes at once when there is nothing else to do.
#[derive(Clone)]
pub(in crate::exec::worker) struct Clock(Arc<Mutex<State>>);

struct State {
    /// Nanoseconds that had passed when the call began.
    base: u64,
    /// When the call began, in the runtime's time.
    began: Instant,
    /// Looks at the clock since then.
    looks: u64,
}

impl Clock {
    /// A clock that stands at zero.
    pub(super) fn new() -> Self {
        Clock(Arc::new(Mutex::new(State { base: 0, began: Instant::now(), looks: 0 })))
    }

    /// Moves the clock to `at`, in nanoseconds; never back.
    pub(super) fn begin(&self, at: u64) {
        let mut state = self.state();
        state.base = state.now().max(at);
        state.began = Instant::now();
        state.looks = 0;
    }

    /// Nanoseconds that have passed.
    pub(super) fn now(&self) -> u64 {
        self.state().now()
    }

    /// The time since 1970, without a look at it: for what the guest did not ask the time of.
    pub(super) fn wall(&self) -> Duration {
        since_1970(self.now())
    }

    fn look(&self) -> u64 {
        let mut state = self.state();
        state.looks += 1;
        state.now()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn now(&self) -> u64 {
        let waited = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.base.saturating_add(waited).saturating_add(self.looks.saturating_mul(LOOK))
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        LOOK
    }

    fn now(&self) -> u64 {
        self.look()
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(LOOK)
    }

    fn now(&self) -> Duration {
        since_1970(self.look())
    }
}

fn since_1970(passed: u64) -> Duration {
    Duration::from_secs(WALL_START) + Duration::from_nanos(passed)
}
