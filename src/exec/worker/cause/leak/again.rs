//! The repeated calls of an export, made again on new instances.

use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::plan::repeat::Sequence;
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::seen::Seen;
use crate::observation::{CallPath, End, Frame, Repeated};

/// Calls that fill caches before growth counts.
pub(super) const WARM_UP: usize = 8;
/// How many growths are asked for their call path.
pub(super) const ASKED: usize = 3;

/// The repeated calls of an export, to be made again.
pub(super) struct Calls<'c> {
    pub(super) subject: &'c Subject<'c>,
    pub(super) sequence: Sequence,
    pub(super) repeated: &'c Repeated,
}

impl Calls<'_> {
    /// Makes the call with the arguments of the fresh call `like`; `None` if it cannot be made.
    pub(super) async fn make(&self, live: &mut Live<'_>, like: usize) -> Option<Seen> {
        let Subject { target, order, .. } = self.subject;
        let at = live.now().saturating_add(PAUSE);
        live.call(*target, order.arguments(like), at).await.ok()
    }

    /// A new instance after the first `count` of the calls; `None` if one of them does not return.
    pub(super) async fn after(&self, count: usize) -> Option<Live<'_>> {
        let mut live = self.subject.start().await.ok()?;
        for call in 0..count as u64 {
            let seen = self.make(&mut live, self.sequence.like(call)).await?;
            if seen.call.end != End::Returned {
                return None;
            }
        }
        Some(live)
    }
}

/// The frames of a call that was refused something.
pub(super) fn frames(seen: Seen) -> Option<Vec<Frame>> {
    match seen.call.end {
        End::Trapped(trap) => Some(trap.frames).filter(|frames| !frames.is_empty()),
        _ => None,
    }
}

/// The most frequent of these call paths; of equally frequent ones the first.
pub(super) fn most_frequent(paths: Vec<Vec<Frame>>) -> Option<CallPath> {
    let count = |path: &Vec<Frame>| paths.iter().filter(|it| *it == path).count();
    let most = paths.iter().rev().max_by_key(|path| count(path))?;
    Some(CallPath { frames: most.clone(), seen: count(most) as u32, of: paths.len() as u32 })
}
