//! Virtual clocks: time passes when the guest waits, and a little with each reading. They follow the runtime's paused
//! clock, so that a timer is due when an instance's clock says so.

use std::time::Duration;

use futures::FutureExt;
use tokio::time::Instant;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock};

/// The day on which every guest runs, in seconds since 1970: 2026-01-01 00:00:00 UTC.
const WALL_START: u64 = 1_767_225_600;
/// How far each reading advances the clock, in nanoseconds. A loop that polls for a later time ends.
const STEP: u64 = 1_000_000;

/// The clock of one instance.
#[derive(Clone)]
pub(crate) struct Clock {
    /// When the instance was created, in the runtime's time.
    began: Instant,
}

impl Clock {
    pub(super) fn new() -> Self {
        Clock { began: Instant::now() }
    }

    /// Nanoseconds since the instance was created.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The time since 1970. Does not advance the clock: the guest did not read it.
    pub(super) fn wall(&self) -> Duration {
        since_1970(self.now())
    }

    /// [`Self::now`], for the guest.
    fn read(&self) -> u64 {
        // The clock advances when the future is first polled; after that it only yields.
        let _advanced = tokio::time::advance(Duration::from_nanos(STEP)).now_or_never();
        self.now()
    }
}

impl HostMonotonicClock for Clock {
    fn resolution(&self) -> u64 {
        STEP
    }

    fn now(&self) -> u64 {
        self.read()
    }
}

impl HostWallClock for Clock {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(STEP)
    }

    fn now(&self) -> Duration {
        since_1970(self.read())
    }
}

fn since_1970(elapsed: u64) -> Duration {
    Duration::from_secs(WALL_START) + Duration::from_nanos(elapsed)
}
