//! Calls of other exports between two calls: what they change.

use super::{budget, twin};
use crate::exec::worker::budget::Budget;
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::observation::{Disturbed, End, Inconclusive, ObservedExport};

/// Other exports that are called between two calls, at most.
const OTHERS: usize = 32;

/// Calls an export with calls of others between. `seen` is what was seen of all exports by
/// themselves. What was disturbed comes with the target that it concerns.
pub(in crate::exec::worker) async fn disturb(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Vec<(usize, Disturbed)> {
    let mut found = Vec::new();
    if !seen[target].as_ref().is_some_and(is_steady) || prepared.order(target).is_scenario() {
        return found;
    }
    let others = others(prepared, target, seen);
    let budget = budget(prepared, 2);
    // What cannot be tried to an end shows nothing.
    let _inconclusive = between(prepared, target, &others, seen, &budget, &mut found).await;
    found
}

/// The other exports whose first call returns, needing nothing but what this one needs. What the author calls in a
/// scenario is called there alone.
pub(super) fn others(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Vec<usize> {
    let returns_alone =
        |seen: &ObservedExport| seen.fresh.first().is_some_and(|call| call.end == End::Returned);
    let this = &prepared.earlier[target];
    (0..seen.len())
        .filter(|other| *other != target)
        .filter(|other| seen[*other].as_ref().is_some_and(returns_alone))
        .filter(|other| !prepared.order(*other).is_scenario())
        .filter(|other| this.get() != Some(*other))
        .filter(|other| prepared.earlier[*other].get() == this.get())
        .take(OTHERS)
        .collect()
}

async fn between(
    prepared: &Prepared,
    target: usize,
    others: &[usize],
    seen: &[Option<ObservedExport>],
    budget: &Budget,
    found: &mut Vec<(usize, Disturbed)>,
) -> Result<(), Inconclusive> {
    let Some(this) = &seen[target] else { return Ok(()) };
    let expected = &this.reused[1].call;
    let mut others = others.to_vec();
    loop {
        match sequence(prepared, target, &others, budget).await? {
            Once::Failed { other, .. } => {
                // Whether it takes this export's call alone to make the other one fail.
                if let Once::Failed { other, seen, at } =
                    sequence(prepared, target, &[other], budget).await?
                {
                    let arguments = prepared.order(other).arguments(0);
                    let alone = twin::fresh(prepared, other, arguments, budget, at).await?;
                    twin::is_far_above(prepared, budget, &seen.call, &alone.call)?;
                    if alone.call.end == End::Returned {
                        found.push((other, disturbed(prepared, target, alone, seen, 1)));
                    }
                }
                others.retain(|it| *it != other);
            }
            Once::Came { seen, at } => {
                if undisturbed(prepared, target, budget, expected, &seen, at).await?.is_none() {
                    return Ok(());
                }
                break;
            }
        }
    }
    for other in others {
        if let Once::Came { seen, at } = sequence(prepared, target, &[other], budget).await?
            && let Some(alone) = undisturbed(prepared, target, budget, expected, &seen, at).await?
        {
            found.push((target, disturbed(prepared, other, alone, seen, 2)));
            return Ok(());
        }
    }
    Ok(())
}

fn disturbed(
    prepared: &Prepared,
    by: usize,
    undisturbed: Seen,
    seen: Seen,
    number: u32,
) -> Disturbed {
    let difference = seen.difference(&undisturbed);
    let by = prepared.targets[by].name.clone();
    Disturbed { by, undisturbed: undisturbed.call, call: seen.call, number, difference }
}

/// What the second call does at this time without others between, where that is something else.
async fn undisturbed(
    prepared: &Prepared,
    target: usize,
    budget: &Budget,
    expected: &crate::observation::Call,
    seen: &Seen,
    at: u64,
) -> Result<Option<Seen>, Inconclusive> {
    if seen.call.is_like(expected) {
        return Ok(None);
    }
    let order = prepared.order(target);
    let mut live = Live::start(prepared, budget).await?;
    first(&mut live, prepared, target).await?;
    let alone = live.call(target, order.arguments(1), at).await?;
    twin::is_far_above(prepared, budget, &seen.call, &alone.call)?;
    Ok((!seen.call.is_like(&alone.call)).then_some(alone))
}

/// The first call on an instance.
///
/// # Errors
/// When it does not return, as it did before: then it reached a limit, and what comes after shows nothing.
async fn first(
    live: &mut Live<'_>,
    prepared: &Prepared,
    target: usize,
) -> Result<(), Inconclusive> {
    let seen = live.call(target, prepared.order(target).arguments(0), PAUSE).await?;
    if seen.call.end == End::Returned {
        return Ok(());
    }
    let detail = "a call that returned before does not return again".to_owned();
    Err(Inconclusive { reason: "budget".to_owned(), detail })
}

/// What came of calls in a row.
pub(super) enum Once {
    /// The last call, and when it began.
    Came { seen: Seen, at: u64 },
    /// Another export's call failed on the way.
    Failed { other: usize, seen: Seen, at: u64 },
}

/// A call, the calls of others, and the call again.
async fn sequence(
    prepared: &Prepared,
    target: usize,
    others: &[usize],
    budget: &Budget,
) -> Result<Once, Inconclusive> {
    let mut live = Live::start(prepared, budget).await?;
    first(&mut live, prepared, target).await?;
    play(&mut live, prepared, target, others, 1).await
}

/// The calls of others, and the first call of an export.
pub(super) async fn once(
    prepared: &Prepared,
    target: usize,
    others: &[usize],
    budget: &Budget,
) -> Result<Once, Inconclusive> {
    let mut live = Live::start(prepared, budget).await?;
    play(&mut live, prepared, target, others, 0).await
}

async fn play(
    live: &mut Live<'_>,
    prepared: &Prepared,
    target: usize,
    others: &[usize],
    index: usize,
) -> Result<Once, Inconclusive> {
    for other in others {
        let at = live.now().max(PAUSE);
        let seen = live.call(*other, prepared.order(*other).arguments(0), at).await?;
        if !matches!(seen.call.end, End::Returned) {
            return Ok(Once::Failed { other: *other, seen, at });
        }
    }
    let at = live.now().max(2 * PAUSE);
    let seen = live.call(target, prepared.order(target).arguments(index), at).await?;
    Ok(Once::Came { seen, at })
}

/// Whether two calls in a row are like two calls on fresh instances: what others do to it then shows.
fn is_steady(seen: &ObservedExport) -> bool {
    seen.reused.len() >= 2
        && seen.compared().take(2).enumerate().all(|(i, (_, it, fresh))| {
            it.like == i && it.call.end == End::Returned && it.call.is_like(fresh)
        })
}
