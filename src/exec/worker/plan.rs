//! Which calls are made: each export by itself; exports whose first call fails again, with what they may need; then
//! calls of other exports in between; and last, calls that overlap. `docs/execution.md` describes the steps.

mod between;
mod observe;
pub(super) mod overlap;
mod random;
pub(super) mod repeat;
mod retry;
mod sequence;
pub(super) mod subject;

use std::io;

use super::budget;
use super::prepared::Prepared;
use crate::exec::protocol::Message;
use crate::observation::{Inconclusive, ObservedExport};
use subject::Subject;

/// Makes the calls of a schedule alone, and sends what they did. Also returns it, by target.
pub(super) async fn replay(
    prepared: &Prepared,
    schedule: &str,
    send: impl Fn(Message) -> io::Result<()>,
) -> io::Result<Vec<Option<ObservedExport>>> {
    let mut all: Vec<_> = prepared.targets.iter().map(|_| None).collect();
    match overlap::replay(prepared, schedule).await {
        Ok((target, overlapping)) => {
            let name = prepared.targets[target].name.clone();
            let begun = ObservedExport::begun(name, false);
            let observed = ObservedExport { overlapping: Some(overlapping), ..begun };
            send(Message::Observed(target, Box::new(observed.clone())))?;
            all[target] = Some(observed);
        }
        Err(Inconclusive { reason, detail }) => send(Message::Refused { reason, detail })?,
    }
    Ok(all)
}

/// Makes all calls, and sends what they did. Also returns it, by target.
pub(super) async fn run(
    prepared: &Prepared,
    wanted: &[usize],
    send: impl Fn(Message) -> io::Result<()>,
) -> io::Result<Vec<Option<ObservedExport>>> {
    if let Err(failure) = Subject::new(prepared, 0, 1).start().await
        && let Some(call) = failure.call
    {
        send(Message::Unstartable(call))?;
    }
    let mut observed: Vec<_> = prepared.targets.iter().map(|_| None).collect();
    for target in wanted {
        send(Message::Begun(*target))?;
        if prepared.run_ends.has_passed() {
            let name = prepared.targets[*target].name.clone();
            let seconds = budget::run(&prepared.settings).as_secs_f64();
            let detail =
                format!("the calls of other exports took the budget of the run, {seconds} s");
            let unseen = ObservedExport::unseen(name, "budget", detail);
            send(Message::Observed(*target, Box::new(unseen)))?;
            continue;
        }
        let export = observe::observe(prepared, *target).await;
        send(Message::Observed(*target, Box::new(export.clone())))?;
        observed[*target] = Some(export);
    }
    if prepared.run_ends.has_passed() {
        return Ok(observed);
    }
    for remedy in [retry::Remedy::Environment, retry::Remedy::EarlierCall] {
        for target in wanted {
            if let Some(export) = remedy.retry(prepared, *target, &observed).await {
                send(Message::Observed(*target, Box::new(export.clone())))?;
                observed[*target] = Some(export);
            }
        }
    }
    for target in wanted {
        for (target, disturbed) in between::disturb(prepared, *target, &observed).await {
            send(Message::Disturbed(target, Box::new(disturbed.clone())))?;
            if let Some(export) = &mut observed[target] {
                export.disturbed.push(disturbed);
            }
        }
    }
    for target in wanted {
        if let Some(overlapping) = overlap::overlap(prepared, *target, &observed).await {
            send(Message::Overlapped(*target, Box::new(overlapping.clone())))?;
            if let Some(export) = &mut observed[*target] {
                export.overlapping = Some(overlapping);
            }
        }
    }
    Ok(observed)
}
