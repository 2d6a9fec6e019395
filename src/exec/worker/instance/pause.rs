//! Between two calls: time passes, and what earlier calls began goes on.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures::FutureExt;

use super::Live;
use crate::exec::worker::budget::{Stop, within};

/// Between two calls on the instance's clock, in nanoseconds.
pub(in crate::exec::worker) const PAUSE: u64 = 1_000_000_000;
/// How often the tasks of an instance are let run between two calls, where they never rest.
const RESTLESS: u32 = 256;

impl Live<'_> {
    /// Lets time pass until `at`. What earlier calls began goes on meanwhile: timers come due, tasks run.
    pub(super) async fn wait(&mut self, at: u64, deadline: Instant) -> Result<(), Stop> {
        let left = Duration::from_nanos(at.saturating_sub(self.now()));
        if left.is_zero() {
            return Ok(());
        }
        if self.prepared.concurrent.get() != Some(true) {
            tokio::time::advance(left).await;
            return Ok(());
        }
        let waiting = self.store.run_concurrent(async |_| pass(left).await);
        within(deadline, waiting).await?.map_err(Stop::Error)
    }
}

/// Lets time pass while tasks run. A task that never rests would keep the time from passing: then it passes at once.
async fn pass(left: Duration) {
    let end = tokio::time::Instant::now() + left;
    let mut sleep = pin!(tokio::time::sleep_until(end));
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        if polls > RESTLESS {
            let rest = end.saturating_duration_since(tokio::time::Instant::now());
            let _passed = tokio::time::advance(rest).now_or_never();
            return Poll::Ready(());
        }
        sleep.as_mut().poll(context)
    })
    .await;
}
