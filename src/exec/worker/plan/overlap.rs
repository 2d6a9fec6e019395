//! Two calls of an export at once on one instance, unless answers of the author's would be another for each.

use super::twin;
use crate::exec::worker::budget::Budget;
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::shape::Order;
use crate::observation::{End, Inconclusive, ObservedExport, Overlapping};

/// So much later a call is made to see whether its answer changes with the time, in nanoseconds.
const LATER: u64 = 1_500_000;

pub(super) async fn overlap(
    prepared: &Prepared,
    target: usize,
    order: &Order<'_>,
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    if prepared.answers_vary() {
        return Ok(());
    }
    // Two calls that are about the same thing may not notice that they took each other's.
    let first = order.arguments(seen.reused[0].like);
    let other = seen.reused.iter().map(|it| order.arguments(it.like)).rfind(|it| *it != first);
    let both = [first, other.unwrap_or(first)];
    let mut live = Live::start(prepared, budget).await?;
    let (mut in_turn, mut apart) = (Vec::new(), Vec::new());
    for arguments in both {
        let one = live.call(target, arguments, PAUSE).await?;
        let alone = twin::fresh(prepared, target, arguments, budget, PAUSE).await?;
        if one.call.end != End::Returned || alone.call.end != End::Returned {
            return Ok(());
        }
        in_turn.push(one.call.answer);
        apart.push(alone.call.answer);
    }
    let mut live = Live::start(prepared, budget).await?;
    let (ends, answers) = live.call_both(target, both, PAUSE).await?;
    let mut varies = false;
    let returned = ends.iter().all(|end| *end == End::Returned);
    if returned && answers != in_turn && answers != apart {
        // Two calls at once share the host's clock and its random numbers.
        let (seed, later) = (prepared.settings.seed.wrapping_add(1), PAUSE + LATER);
        for (arguments, alone) in both.into_iter().zip(&apart) {
            let other = twin::seeded(prepared, target, arguments, budget, later, seed).await?;
            varies |= other.call.answer != *alone;
        }
    }
    seen.overlapping = Some(Overlapping { ends, answers, in_turn, apart, varies });
    Ok(())
}
