//! Virtual clocks: time passes when somebody waits for it, and a little with each look at it. They follow the
//! runtime's clock, which is paused, so that a timer is due when an instance's clock says so.

use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// The day on which every guest runs, in seconds since 1970: 2026-01-01 00:00:00 UTC.
const WALL_START: u64 = 1_767_225_600;
/// What a look at the clock costs, in nanoseconds: who spins until a second has passed gets there.
const LOOK: u64 = 1_000_000;

/// The clock of one instance.
#[derive(Clone)]
pub(in crate::exec::worker) struct Clock {
    /// When the instance was made, in the runtime's time.
    began: Instant,
}

impl Clock {
    /// A clock that stands at zero.
    pub(super) fn new() -> Self {
        Clock { began: Instant::now() }
    }

    /// Nanoseconds that have passed.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The time since 1970, without a look at it: for what the guest did not ask the time of.
    pub(super) fn wall(&self) -> Duration {
        since_1970(self.now())
    }

    fn look(&self) -> u64 {
        // The clock moves at once; what the future does after that is to let others run.
        let _moved = tokio::time::advance(Duration::from_nanos(LOOK)).now_or_never();
        self.now()
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
