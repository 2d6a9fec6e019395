//! Where calls take the handles that they keep: of the calls of the host, the one that creates a handle which stays is
//! refused.

use super::again::{ASKED, Calls, WARM_UP, frames, most_frequent};
use crate::observation::{CallPath, End, Frame};

/// The most calls that are made again: growth counts from one handle in sixteen calls on.
const CALLS: usize = 64;

/// The most frequent call path of some handles that stay.
pub(super) async fn path(calls: &Calls<'_>, resource: &str) -> Option<CallPath> {
    let most = CALLS.min(calls.repeated.last() as usize);
    let mut live = calls.subject.start().await.ok()?;
    // The numbers of late calls that leave a handle behind.
    let mut leaving = Vec::new();
    let mut held = 0;
    for call in 0..most {
        let seen = calls.make(&mut live, calls.sequence.like(call as u64)).await?;
        let now = live.held_by_type().get(resource).copied().unwrap_or_default();
        if seen.call.end != End::Returned || leaving.len() == ASKED {
            break;
        }
        if call >= WARM_UP && now > held {
            leaving.push(call);
        }
        held = now;
    }
    let mut paths = Vec::new();
    for call in leaving {
        paths.extend(taken(calls, resource, call).await);
    }
    most_frequent(paths)
}

/// Where the call with this number, from 0, takes a handle that stays.
async fn taken(calls: &Calls<'_>, resource: &str, call: usize) -> Option<Vec<Frame>> {
    let like = calls.sequence.like(call as u64);
    let mut live = calls.after(call).await?;
    let before = live.staying_handles(resource);
    live.record_handles(resource);
    calls.make(&mut live, like).await?;
    let present = live.recorded_handles();
    let after = live.staying_handles(resource);
    let staying = after.difference(&before).next()?;
    let creator = present.iter().rposition(|present| !present.contains(staying))?;
    let mut live = calls.after(call).await?;
    live.refuse_handle(creator);
    frames(calls.make(&mut live, like).await?)
}
