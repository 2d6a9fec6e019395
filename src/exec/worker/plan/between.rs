//! Calls of other exports between two calls of an export, and what they change.

use super::sequence::{Outcome, call_after, others};
use super::subject::Subject;
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::observation::{Call, Disturbed, End, Inconclusive, ObservedExport};

/// Calls an export with calls of others in between. `observed` is what was observed of all exports by themselves. Returns
/// the calls that were disturbed, each with its target.
pub(super) async fn disturb(
    prepared: &Prepared,
    target: usize,
    observed: &[Option<ObservedExport>],
) -> Vec<(usize, Disturbed)> {
    let mut found = Vec::new();
    let subject = Subject::new(prepared, target, 2);
    if let Some(export) = &observed[target]
        && is_steady(export)
        && !subject.order.is_scenario()
    {
        let others = others(prepared, target, observed);
        // What cannot be completed shows nothing.
        let _inconclusive = between(&subject, others, &export.reused[1].call, &mut found).await;
    }
    found
}

/// `expected` is the export's second call without others in between.
async fn between(
    subject: &Subject<'_>,
    mut others: Vec<usize>,
    expected: &Call,
    found: &mut Vec<(usize, Disturbed)>,
) -> Result<(), Inconclusive> {
    loop {
        match second_call_after(subject, &others).await? {
            Outcome::Failed { other, .. } => {
                // Whether the call of this export alone makes the other one fail.
                if let Outcome::Failed { other, seen, at } =
                    second_call_after(subject, &[other]).await?
                {
                    let arguments = subject.prepared.order(other).arguments(0);
                    let alone = subject.start().await?.call(other, arguments, at).await?;
                    subject.check_limit(&seen.call, &alone.call)?;
                    if alone.call.end == End::Returned {
                        let by = subject.target;
                        found.push((other, disturbed(subject, by, alone, seen, 1)));
                    }
                }
                others.retain(|it| *it != other);
            }
            Outcome::Reached { seen, at } => {
                if undisturbed(subject, expected, &seen, at).await?.is_none() {
                    return Ok(());
                }
                break;
            }
        }
    }
    for other in others {
        if let Outcome::Reached { seen, at } = second_call_after(subject, &[other]).await?
            && let Some(alone) = undisturbed(subject, expected, &seen, at).await?
        {
            found.push((subject.target, disturbed(subject, other, alone, seen, 2)));
            return Ok(());
        }
    }
    Ok(())
}

fn disturbed(
    subject: &Subject<'_>,
    by: usize,
    undisturbed: Seen,
    seen: Seen,
    number: u32,
) -> Disturbed {
    let difference = seen.difference(&undisturbed);
    let by = subject.prepared.targets[by].name.clone();
    Disturbed { by, undisturbed: undisturbed.call, call: seen.call, number, difference }
}

/// The second call at this time without others in between; `None` if it does the same as `seen`.
async fn undisturbed(
    subject: &Subject<'_>,
    expected: &Call,
    seen: &Seen,
    at: u64,
) -> Result<Option<Seen>, Inconclusive> {
    if seen.call.is_like(expected) {
        return Ok(None);
    }
    let mut live = called(subject).await?;
    let alone = live.call(subject.target, subject.order.arguments(1), at).await?;
    subject.check_limit(&seen.call, &alone.call)?;
    Ok((!seen.call.is_like(&alone.call)).then_some(alone))
}

/// Calls the export, the others, and the export again.
async fn second_call_after(
    subject: &Subject<'_>,
    others: &[usize],
) -> Result<Outcome, Inconclusive> {
    let mut live = called(subject).await?;
    call_after(subject, &mut live, others, 1).await
}

/// An instance on which the export was called once.
///
/// # Errors
/// When the call does not return, as it did before: it reached a limit, and later calls show nothing.
async fn called<'s>(subject: &'s Subject<'_>) -> Result<Live<'s>, Inconclusive> {
    let mut live = subject.start().await?;
    let seen = live.call(subject.target, subject.order.arguments(0), PAUSE).await?;
    match seen.call.end {
        End::Returned => Ok(live),
        _ => {
            let detail = "a call that returned before does not return again";
            Err(Inconclusive::new("budget", detail))
        }
    }
}

/// Whether the first two calls match two calls on fresh instances, so that changes by others show.
fn is_steady(export: &ObservedExport) -> bool {
    export.reused.len() >= 2
        && export.compared().take(2).enumerate().all(|(at, (_, reused, fresh))| {
            reused.like == at && reused.call.end == End::Returned && reused.call.is_like(fresh)
        })
}
