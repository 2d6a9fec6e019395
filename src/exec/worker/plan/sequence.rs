//! A call of an export after calls of others, on one instance.

use super::subject::Subject;
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::observation::{End, Inconclusive, ObservedExport};

/// How many other exports are called, at most.
const OTHERS: usize = 32;

/// The result of a sequence of calls.
pub(super) enum Outcome {
    /// The last call, and when it began.
    Reached { seen: Seen, at: u64 },
    /// The call of another export failed on the way.
    Failed { other: usize, seen: Seen, at: u64 },
}

/// The other exports whose first call returns and needs no other call first than this export does. Excludes those that
/// the user calls in a scenario.
pub(super) fn others(
    prepared: &Prepared,
    target: usize,
    observed: &[Option<ObservedExport>],
) -> Vec<usize> {
    let returns = |export: &ObservedExport| {
        export.fresh.first().is_some_and(|call| call.end == End::Returned)
    };
    let earlier = prepared.earlier[target].get();
    (0..observed.len())
        .filter(|other| *other != target)
        .filter(|other| observed[*other].as_ref().is_some_and(returns))
        .filter(|other| !prepared.order(*other).is_scenario())
        .filter(|other| earlier != Some(*other))
        .filter(|other| prepared.earlier[*other].get() == earlier)
        .take(OTHERS)
        .collect()
}

/// Calls the others, and then the export with the arguments of its call `index`.
pub(super) async fn call_after(
    subject: &Subject<'_>,
    live: &mut Live<'_>,
    others: &[usize],
    index: usize,
) -> Result<Outcome, Inconclusive> {
    for other in others {
        let at = live.now().max(PAUSE);
        let arguments = subject.prepared.order(*other).arguments(0);
        let seen = live.call(*other, arguments, at).await?;
        if seen.call.end != End::Returned {
            return Ok(Outcome::Failed { other: *other, seen, at });
        }
    }
    let at = live.now().max(2 * PAUSE);
    let seen = live.call(subject.target, subject.order.arguments(index), at).await?;
    Ok(Outcome::Reached { seen, at })
}
