//! Where calls begin the tasks, streams and waitable sets that they keep: the last handle that a call needs is refused, then
//! the one before it, and so on. Which of them stays is known only if all are created at the same place.

use super::again::{Calls, WARM_UP, frames};
use crate::observation::{CallPath, End, Frame};

/// More handles than this are not counted.
const MOST: usize = 1 << 12;
/// How many handles of a call are refused, one at a time.
const REFUSED: usize = 4;

/// The call path, if all handles of a late call are created at the same place.
pub(super) async fn path(calls: &Calls<'_>) -> Option<CallPath> {
    if calls.repeated.last() as usize <= WARM_UP {
        return None;
    }
    // The fewest handles with which the call returns.
    let (mut few, mut enough) = (0, MOST);
    while few + 1 < enough {
        let middle = (few + enough) / 2;
        match limited(calls, middle).await? {
            Refusal::None => enough = middle,
            Refusal::At(_) | Refusal::Elsewhere => few = middle,
        }
    }
    let mut found: Option<Vec<Frame>> = None;
    let mut seen = 0;
    for limit in (0..enough).rev().take(REFUSED) {
        let Refusal::At(frames) = limited(calls, limit).await? else { continue };
        if found.as_ref().is_some_and(|found| *found != frames) {
            return None;
        }
        (found, seen) = (Some(frames), seen + 1);
    }
    Some(CallPath { frames: found?, seen, of: seen })
}

enum Refusal {
    None,
    At(Vec<Frame>),
    /// Outside of the guest's code.
    Elsewhere,
}

/// Makes a late call on an instance that may have this many handles.
async fn limited(calls: &Calls<'_>, limit: usize) -> Option<Refusal> {
    let mut live = calls.after(WARM_UP).await?;
    live.limit_handles(limit);
    let like = calls.sequence.like(WARM_UP as u64);
    let Some(seen) = calls.make(&mut live, like).await else { return Some(Refusal::Elsewhere) };
    Some(match seen.call.end {
        End::Returned => Refusal::None,
        _ => frames(seen).map_or(Refusal::Elsewhere, Refusal::At),
    })
}
