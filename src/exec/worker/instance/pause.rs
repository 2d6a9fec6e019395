//! The time between two calls.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;

/// The time between two calls on the instance's clock, in nanoseconds.
pub(crate) const PAUSE: u64 = 1_000_000_000;
/// How often the tasks of an instance run between two calls if they never rest.
const RESTLESS: u32 = 256;

/// Lets time pass while tasks run. A task that never rests would keep time from passing; then it passes at once.
pub(super) async fn pass(left: Duration) {
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
