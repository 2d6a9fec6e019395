//! Where calls ask for memory: the growth of a memory is refused.

use super::again::{ASKED, Calls, WARM_UP, frames, most_frequent};
use crate::observation::{CallPath, End};

/// The most calls that are made again.
const CALLS: u64 = 4_000;

/// The most frequent call path of some late growths.
pub(super) async fn path(calls: &Calls<'_>) -> Option<CallPath> {
    let Calls { subject, sequence, repeated } = calls;
    let per_call = repeated.memory.is_some_and(|growth| growth.per_call > 0);
    // The smallest arguments alone show growth per call.
    let like = |call| if per_call { sequence.smallest() } else { sequence.like(call) };
    let most = CALLS.min(u64::from(repeated.last()));
    let quarter = subject.budget.fuel.get() / 4;
    let mut live = subject.start().await.ok()?;
    // The number of growths after each call.
    let mut growths: Vec<u32> = Vec::new();
    for call in 0..most {
        let seen = calls.make(&mut live, like(call)).await?;
        if seen.call.end != End::Returned {
            break;
        }
        growths.push(live.growths());
        let late = growths.len().checked_sub(WARM_UP + 1).map(|_| growths[WARM_UP]);
        let enough = late.is_some_and(|late| live.growths() - late >= ASKED as u32);
        if enough || subject.budget.fuel.get() < 3 * quarter {
            break;
        }
    }
    let (first, last) = (*growths.get(WARM_UP)?, *growths.last()?);
    let mut paths = Vec::new();
    for number in (first + 1..=last).rev().take(ASKED) {
        let mut live = subject.start().await.ok()?;
        live.refuse_growth(number);
        for call in 0..growths.len() as u64 {
            let Some(seen) = calls.make(&mut live, like(call)).await else { break };
            if seen.call.end != End::Returned {
                paths.extend(frames(seen));
                break;
            }
        }
    }
    most_frequent(paths)
}
