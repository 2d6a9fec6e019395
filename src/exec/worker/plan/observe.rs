//! One export by itself: fresh calls, the same calls on one instance, then repeated ones.

use super::random;
use super::repeat;
use super::subject::Subject;
use crate::exec::worker::ending;
use crate::exec::worker::held::holds_values;
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Order;
use crate::observation::{Call, End, Inconclusive, Limit, ObservedExport, ReusedCall};

/// A call on a fresh instance, and when it began on the instance's clock.
struct Fresh {
    at: u64,
    seen: Seen,
}

/// Calls an export by itself.
pub(super) async fn observe(prepared: &Prepared, target: usize) -> ObservedExport {
    let mut export = ObservedExport::begun(prepared.targets[target].name.clone(), false);
    let subject = Subject::new(prepared, target, 1);
    export.inconclusive = make_calls(&subject, &mut export).await.err();
    export
}

async fn make_calls(
    subject: &Subject<'_>,
    export: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let (fresh, stopped) = call_fresh(subject, export).await?;
    let mut live = subject.start().await?;
    reuse(subject, &mut live, &fresh, export).await?;
    let all_return = export.reused.iter().all(|reused| reused.call.end == End::Returned);
    if all_return && !export.reused.is_empty() {
        let fresh: Vec<_> = fresh.iter().map(|fresh| &fresh.seen.call).collect();
        repeat::repeat(subject, &mut live, &fresh, export).await?;
    }
    stopped.map_or(Ok(()), Err)
}

/// Makes calls on an instance each. Also returns why there are not more of them, unless that is intended.
async fn call_fresh(
    subject: &Subject<'_>,
    export: &mut ObservedExport,
) -> Result<(Vec<Fresh>, Option<Inconclusive>), Inconclusive> {
    let Subject { order, budget, target, .. } = subject;
    let wanted = (subject.prepared.settings.calls.max(2) as usize).max(order.round());
    let mut fresh: Vec<Fresh> = Vec::new();
    let mut at = PAUSE;
    let mut highest_cost = 0;
    while fresh.len() < wanted {
        let mut live = subject.start().await?;
        let types = live.parameters(*target);
        export.takes_arguments = !types.is_empty();
        export.takes_values = types.iter().any(holds_values);
        let before = budget.fuel.get();
        let seen = match live.call(*target, order.arguments(fresh.len()), at).await {
            Ok(seen) => seen,
            // On a slow machine, time ends a call that elsewhere its operators end.
            Err(why) if fresh.is_empty() && ending::is_late(&why) => {
                return Err(first_reaches(Limit::Time));
            }
            Err(why) if fresh.is_empty() => return Err(why),
            // The calls so far can still be compared.
            Err(why) => return Ok((fresh, Some(why))),
        };
        export.fresh.push(seen.call.clone());
        let is_first = fresh.is_empty();
        fresh.push(Fresh { at, seen });
        at = at.max(live.now()).saturating_add(PAUSE);
        if let Some(Call { end: End::Exhausted(limit), .. }) = export.fresh.first() {
            return Err(first_reaches(*limit));
        }
        // If calls are expensive, fewer are made, but at least two.
        let cost = (before - budget.fuel.get()).max(1);
        highest_cost = highest_cost.max(cost);
        // Each of these calls will be repeated, and so will the next one.
        let due = fresh.len() as u64 + 2;
        if !is_first && budget.fuel.get() < highest_cost.saturating_mul(due) {
            break;
        }
    }
    Ok((fresh, None))
}

fn first_reaches(limit: Limit) -> Inconclusive {
    let detail = format!("the first call reaches its limit of {}", limit.name());
    Inconclusive::new("budget", detail)
}

/// Makes the calls that succeed on a fresh instance on one instance, until one fails.
async fn reuse(
    subject: &Subject<'_>,
    live: &mut Live<'_>,
    fresh: &[Fresh],
    export: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let mut differs = false;
    for (like, fresh) in fresh.iter().enumerate() {
        if !fresh.seen.call.end.is_success() {
            continue;
        }
        let arguments = subject.order.arguments(like);
        let at = fresh.at.max(live.now());
        let again = live.call(subject.target, arguments, at).await?;
        let mut twin = None;
        if at != fresh.at && !again.call.is_like(&fresh.seen.call) {
            twin = Some(subject.call_fresh(arguments, at).await?);
        }
        let other = twin.as_ref().unwrap_or(&fresh.seen);
        let stops = !again.call.end.is_success()
            || other.call.end == End::Returned && again.call.end != End::Returned;
        if stops && !other.call.end.is_success() {
            // The later time is the cause, not the calls before.
            break;
        }
        subject.check_limit(&again.call, &other.call)?;
        let difference = again.difference(other);
        let by_random = difference.is_some()
            && !differs
            && random::explains(subject, arguments, at, &again, other).await?;
        differs |= difference.is_some() && !by_random;
        let twin = twin.map(|twin| Box::new(twin.call));
        export.reused.push(ReusedCall { like, call: again.call, twin, difference, by_random });
        if stops {
            let calls = 2 * export.reused.len() as u32;
            export.fails_by_argument =
                !Order::is_usual(arguments) && subject.usual_calls_return(calls).await;
            break;
        }
    }
    Ok(())
}
