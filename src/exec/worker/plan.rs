//! Which calls are made of an export: fresh ones, the same on one instance, then many more, then
//! with calls of other exports between, then two at once.

use std::cell::Cell;
use std::time::Duration;
use std::time::Instant;

use super::budget::Budget;
use super::instance::Live;
use super::instance::Prepared;
use super::shape::Shape;
use crate::exec::settings::Settings;
use crate::observation::Call;
use crate::observation::Disturbed;
use crate::observation::End;
use crate::observation::Inconclusive;
use crate::observation::ObservedExport;
use crate::observation::Overlapping;
use crate::observation::Repeated;
use crate::observation::ReusedCall;

/// Between two calls on the instance's clock, in nanoseconds.
const PAUSE: u64 = 1_000_000_000;
/// Calls over and over, at most: the adapter's table of descriptors is full after 124.
const REPEATED: u64 = 192;
/// Other exports that are called between two calls, at most.
const OTHERS: usize = 32;
/// A call costs at least so many operators, when it is asked how many there is room for.
const CHEAPEST: u64 = 20_000;
/// A call of the host costs as much as so many operators, about.
const HOST_CALL: u64 = 2_000;

/// Calls an export by itself.
pub(super) async fn observe(prepared: &Prepared, target: usize) -> ObservedExport {
    let mut seen = ObservedExport::begun(prepared.targets[target].name.clone(), false);
    let budget = budget(prepared, 1);
    if let Err(inconclusive) = alone(prepared, target, &budget, &mut seen).await {
        seen.inconclusive = Some(inconclusive);
    }
    seen
}

/// Calls an export with calls of others between. `seen` is what was seen of all exports by
/// themselves. What was disturbed comes with the target that it concerns.
pub(super) async fn disturb(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Vec<(usize, Disturbed)> {
    let mut found = Vec::new();
    let Some(this) = seen[target].as_ref().filter(|seen| is_steady(seen)) else { return found };
    let others = (0..seen.len()).filter(|other| *other != target);
    let others: Vec<_> = others
        .filter(|other| seen[*other].as_ref().is_some_and(returns_alone))
        .take(OTHERS)
        .collect();
    let budget = budget(prepared, 2);
    // What cannot be tried to an end shows nothing.
    let _inconclusive = between(prepared, target, this, &others, seen, &budget, &mut found).await;
    found
}

fn budget(prepared: &Prepared, share: u64) -> Budget {
    let fuel = prepared.settings.fuel(prepared.targets.len()) / share;
    let patience = prepared.settings.budget.saturating_mul(Settings::PATIENCE);
    Budget {
        fuel: Cell::new(fuel),
        fuel_per_call: (fuel / 6).max(1),
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
    let wanted = prepared.settings.calls.max(2) as usize;
    let mut starts = Vec::new();
    let mut at = PAUSE;
    let mut may_overlap = false;
    let mut stopped = None;
    while seen.fresh.len() < wanted {
        let mut live = Live::start(prepared, budget).await?;
        may_overlap = live.may_overlap(target);
        seen.takes_arguments = !live.parameters(target).is_empty();
        let before = budget.fuel.get();
        let call = match live.call(target, Shape::of(seen.fresh.len()), at).await {
            Ok(call) => call,
            Err(why) if seen.fresh.is_empty() => return Err(why),
            // What was seen up to here can still be compared.
            Err(why) => {
                stopped = Some(why);
                break;
            }
        };
        starts.push(at);
        at = at.max(live.now()) + PAUSE;
        let is_first = seen.fresh.is_empty();
        let host_calls = call.host_calls.count;
        seen.fresh.push(call);
        if let Some(Call { end: End::Exhausted(limit), .. }) = seen.fresh.first() {
            let detail = format!("the first call reaches its limit of {}", limit.name());
            return Err(Inconclusive { reason: "budget".to_owned(), detail });
        }
        // Every call is made twice; what is dear is called less often, but the first is repeated.
        let cost = (before - budget.fuel.get()).max(1) + host_calls * HOST_CALL;
        let room = budget.fuel.get() / (2 * cost);
        if !is_first && room < 2 {
            break;
        }
    }
    let mut live = Live::start(prepared, budget).await?;
    reuse(&mut live, target, &starts, seen).await?;
    if steadily_returns(seen) {
        repeat(&mut live, target, at, budget, seen).await?;
        if may_overlap {
            overlap(prepared, target, budget, seen).await?;
        }
    }
    stopped.map_or(Ok(()), Err)
}

async fn reuse(
    live: &mut Live<'_>,
    target: usize,
    starts: &[u64],
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    for (like, at) in starts.iter().enumerate() {
        if !seen.fresh[like].end.is_success() {
            continue;
        }
        let call = live.call(target, Shape::of(like), *at).await?;
        let stops = !call.end.is_success();
        seen.reused.push(ReusedCall { like, call });
        if stops {
            break;
        }
    }
    Ok(())
}

async fn repeat(
    live: &mut Live<'_>,
    target: usize,
    mut at: u64,
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let first = &seen.fresh[0];
    let cost = first.fuel.max(CHEAPEST) + first.host_calls.count * HOST_CALL;
    let times = (budget.fuel.get() / 2 / cost).min(REPEATED);
    let before = seen.reused.len() as u32;
    let mut repeated = Repeated { before, holds: Vec::new(), failed: None, changed: None };
    let constant = is_constant(seen).then(|| seen.reused[0].call.clone());
    for _ in 0..times {
        let call = live.call(target, Shape::Plain, at).await?;
        at = at.max(live.now()) + PAUSE;
        repeated.holds.push(call.holds);
        if !matches!(call.end, End::Returned) {
            repeated.failed = Some(call);
            break;
        }
        if constant.as_ref().is_some_and(|before| !call.is_like(before)) {
            repeated.changed = Some(call);
            break;
        }
    }
    seen.repeated = Some(repeated);
    Ok(())
}

async fn overlap(
    prepared: &Prepared,
    target: usize,
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    // Two calls that are about the same thing may not notice that they took each other's.
    let other = seen.reused.iter().map(|it| it.like).rfind(|like| Shape::of(*like) != Shape::Plain);
    let shapes = [Shape::Plain, other.map_or(Shape::Plain, Shape::of)];
    let mut live = Live::start(prepared, budget).await?;
    let mut in_turn = Vec::new();
    for shape in shapes {
        let call = live.call(target, shape, PAUSE).await?;
        if call.end != End::Returned {
            return Ok(());
        }
        in_turn.push(call.answer);
    }
    let mut live = Live::start(prepared, budget).await?;
    let (ends, answers) = live.call_both(target, shapes, PAUSE).await?;
    seen.overlapping = Some(Overlapping { ends, answers, in_turn });
    Ok(())
}

async fn between(
    prepared: &Prepared,
    target: usize,
    this: &ObservedExport,
    others: &[usize],
    seen: &[Option<ObservedExport>],
    budget: &Budget,
    found: &mut Vec<(usize, Disturbed)>,
) -> Result<(), Inconclusive> {
    let expected = &this.reused[1].call;
    let mut others = others.to_vec();
    loop {
        match sequence(prepared, target, &others, budget).await? {
            Sequence::Failed { other, .. } => {
                // Whether it takes this export's call alone to make the other one fail.
                if let Sequence::Failed { call, .. } =
                    sequence(prepared, target, &[other], budget).await?
                    && let Some(undisturbed) = seen[other].as_ref().and_then(|it| it.fresh.first())
                {
                    let by = prepared.targets[target].name.clone();
                    let undisturbed = undisturbed.clone();
                    found.push((other, Disturbed { by, undisturbed, call, number: 1 }));
                }
                others.retain(|it| *it != other);
            }
            Sequence::Came(call) if call.is_like(expected) => return Ok(()),
            Sequence::Came(_) => break,
        }
    }
    for other in others {
        if let Sequence::Came(call) = sequence(prepared, target, &[other], budget).await?
            && !call.is_like(expected)
        {
            let by = prepared.targets[other].name.clone();
            let undisturbed = expected.clone();
            found.push((target, Disturbed { by, undisturbed, call, number: 2 }));
            return Ok(());
        }
    }
    Ok(())
}

/// What came of a call, the calls of others, and the call again.
enum Sequence {
    /// The second call of the export.
    Came(Call),
    /// Another export's call failed on the way.
    Failed { other: usize, call: Call },
}

async fn sequence(
    prepared: &Prepared,
    target: usize,
    others: &[usize],
    budget: &Budget,
) -> Result<Sequence, Inconclusive> {
    let mut live = Live::start(prepared, budget).await?;
    live.call(target, Shape::Plain, PAUSE).await?;
    for other in others {
        let call = live.call(*other, Shape::Plain, PAUSE).await?;
        if !matches!(call.end, End::Returned) {
            return Ok(Sequence::Failed { other: *other, call });
        }
    }
    Ok(Sequence::Came(live.call(target, Shape::Plain, 2 * PAUSE).await?))
}

/// Whether a first call returns on a fresh instance.
fn returns_alone(seen: &ObservedExport) -> bool {
    seen.fresh.first().is_some_and(|call| call.end == End::Returned)
}

/// Whether all calls on one instance returned.
fn steadily_returns(seen: &ObservedExport) -> bool {
    seen.reused.len() >= 2 && seen.reused.iter().all(|it| it.call.end == End::Returned)
}

/// Whether the same call did the same each time, on used and fresh instances.
fn is_constant(seen: &ObservedExport) -> bool {
    let plain = || seen.reused.iter().filter(|it| Shape::of(it.like) == Shape::Plain);
    let alike = |it: &ReusedCall| {
        it.call.is_like(&seen.fresh[it.like]) && it.call.is_like(&seen.reused[0].call)
    };
    plain().count() >= 2 && plain().all(alike)
}

/// Whether two calls in a row are like two calls on fresh instances: what others do to it then shows.
fn is_steady(seen: &ObservedExport) -> bool {
    returns_alone(seen)
        && seen.reused.iter().take(2).enumerate().all(|(i, it)| {
            it.like == i && it.call.end == End::Returned && it.call.is_like(&seen.fresh[i])
        })
        && seen.reused.len() >= 2
}
