//! Which calls are made of an export: fresh ones, the same on one instance, then many more, then two at once; all of
//! them again with what its first call needs; and last, with calls of other exports between.

mod between;
mod earlier;
mod furnish;
mod overlap;
mod random;
mod repeat;
mod twin;

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::budget::Budget;
use super::instance::{Live, PAUSE, Unmade};
use super::prepared::Prepared;
use super::seen::Seen;
use super::shape::Order;
use crate::exec::settings::Settings;
use crate::observation::{Call, End, Inconclusive, ObservedExport, ReusedCall};
pub(super) use between::disturb;
pub(super) use earlier::enable;
pub(super) use furnish::furnish;

/// A call of the host costs as much as so many operators, about.
const HOST_CALL: u64 = 2_000;

/// A call on a fresh instance, and when it began on the instance's clock.
struct Fresh {
    at: u64,
    seen: Seen,
}

/// Makes one instance; what happened if there can be none.
pub(super) async fn start(prepared: &Prepared) -> Option<Box<Call>> {
    let budget = budget(prepared, 1);
    match Live::start(prepared, &budget).await {
        Ok(_) => None,
        Err(Unmade { call, .. }) => call,
    }
}

/// Calls an export by itself.
pub(super) async fn observe(prepared: &Prepared, target: usize) -> ObservedExport {
    let mut seen = ObservedExport::begun(prepared.targets[target].name.clone(), false);
    let budget = budget(prepared, 1);
    if let Err(inconclusive) = alone(prepared, target, &budget, &mut seen).await {
        seen.inconclusive = Some(inconclusive);
    }
    seen
}

fn budget(prepared: &Prepared, share: u64) -> Budget {
    let whole = prepared.settings.fuel(prepared.targets.len());
    let patience = prepared.settings.budget.saturating_mul(Settings::PATIENCE);
    Budget {
        fuel: Cell::new(whole / share),
        fuel_per_call: Cell::new((whole / 6).max(1)),
        deadline: Instant::now() + Duration::from_millis(patience),
        patience: Duration::from_millis(prepared.settings.budget),
    }
}

async fn alone(
    prepared: &Prepared,
    target: usize,
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let order = prepared.order(target);
    let (fresh, stopped) = fresh(prepared, target, &order, budget, seen).await?;
    let mut live = Live::start(prepared, budget).await?;
    reuse(&mut live, prepared, target, &order, &fresh, budget, seen).await?;
    if steadily_returns(seen) {
        repeat::repeat(&mut live, prepared, target, &order, &fresh, budget, seen).await?;
        if live.may_overlap(target) && !order.is_scenario() {
            overlap::overlap(prepared, target, &order, budget, seen).await?;
        }
    }
    stopped.map_or(Ok(()), Err)
}

/// Calls on an instance each, and why there are not more of them, if that is not by intent.
async fn fresh(
    prepared: &Prepared,
    target: usize,
    order: &Order<'_>,
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(Vec<Fresh>, Option<Inconclusive>), Inconclusive> {
    let wanted = (prepared.settings.calls.max(2) as usize).max(order.round());
    let mut fresh: Vec<Fresh> = Vec::new();
    let mut at = PAUSE;
    let mut dearest = 0;
    while fresh.len() < wanted {
        let mut live = Live::start(prepared, budget).await?;
        let types = live.parameters(target);
        seen.takes_arguments = !types.is_empty();
        seen.takes_values = types.iter().any(twin::holds_values);
        let before = budget.fuel.get();
        let one = match live.call(target, order.arguments(fresh.len()), at).await {
            Ok(one) => one,
            Err(why) if fresh.is_empty() => return Err(why),
            // What was seen up to here can still be compared.
            Err(why) => return Ok((fresh, Some(why))),
        };
        seen.fresh.push(one.call.clone());
        let host_calls = one.call.host_calls.count;
        let is_first = fresh.is_empty();
        fresh.push(Fresh { at, seen: one });
        at = at.max(live.now()).saturating_add(PAUSE);
        if let Some(Call { end: End::Exhausted(limit), .. }) = seen.fresh.first() {
            let detail = format!("the first call reaches its limit of {}", limit.name());
            return Err(Inconclusive { reason: "budget".to_owned(), detail });
        }
        // Every call is made twice; what is dear is called less often, but the first is repeated.
        let cost = (before - budget.fuel.get()).max(1) + host_calls * HOST_CALL;
        dearest = dearest.max(cost);
        // Those that were made are made again, and so is the next one.
        let owed = fresh.len() as u64 + 2;
        if !is_first && budget.fuel.get() < dearest.saturating_mul(owed) {
            break;
        }
    }
    Ok((fresh, None))
}

/// The calls that succeed on a fresh instance, on one instance, until one fails.
async fn reuse(
    live: &mut Live<'_>,
    prepared: &Prepared,
    target: usize,
    order: &Order<'_>,
    fresh: &[Fresh],
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let mut differs = false;
    for (like, fresh) in fresh.iter().enumerate() {
        if !fresh.seen.call.end.is_success() {
            continue;
        }
        let arguments = order.arguments(like);
        let at = fresh.at.max(live.now());
        let again = live.call(target, arguments, at).await?;
        let mut twin = None;
        if at != fresh.at && !again.call.is_like(&fresh.seen.call) {
            twin = Some(twin::fresh(prepared, target, arguments, budget, at).await?);
        }
        let other = twin.as_ref().unwrap_or(&fresh.seen);
        let stops = !again.call.end.is_success()
            || other.call.end == End::Returned && again.call.end != End::Returned;
        if stops && !other.call.end.is_success() {
            // Time is to blame, not the calls before.
            break;
        }
        twin::is_far_above(prepared, budget, &again.call, &other.call)?;
        let difference = again.difference(other);
        let by_random = difference.is_some() && !differs && {
            let both = (&again, other);
            random::explains(prepared, target, arguments, budget, at, both).await?
        };
        differs |= difference.is_some() && !by_random;
        let twin = twin.map(|twin| Box::new(twin.call));
        seen.reused.push(ReusedCall { like, call: again.call, twin, difference, by_random });
        if stops {
            let calls = 2 * seen.reused.len() as u32;
            seen.fails_by_argument = !Order::is_usual(arguments)
                && usual_calls_return(prepared, target, order, budget, calls).await;
            break;
        }
    }
    Ok(())
}

/// Whether so many calls with usual arguments return on one instance; not where that cannot be tried to an end.
async fn usual_calls_return(
    prepared: &Prepared,
    target: usize,
    order: &Order<'_>,
    budget: &Budget,
    calls: u32,
) -> bool {
    let Ok(mut live) = Live::start(prepared, budget).await else { return false };
    for call in 1..=u64::from(calls) {
        let again = live.call(target, order.arguments(0), PAUSE * call).await;
        if !again.is_ok_and(|again| again.call.end == End::Returned) {
            return false;
        }
    }
    true
}

/// Whether calls on one instance were like calls on fresh ones, up to the end.
fn is_clean(seen: &ObservedExport) -> bool {
    let repeated = seen.repeated.as_ref();
    let held_out = repeated.is_none_or(|it| it.failed.is_none() && it.changed.is_none());
    let first_returns = seen.fresh.first().is_some_and(|it| !it.fails());
    seen.reused.len() >= 2 && first_returns && seen.repeats() && held_out
}

/// Whether all calls on one instance returned.
fn steadily_returns(seen: &ObservedExport) -> bool {
    !seen.reused.is_empty() && seen.reused.iter().all(|it| it.call.end == End::Returned)
}
