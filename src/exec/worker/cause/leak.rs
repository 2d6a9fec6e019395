//! Where repeated calls ask for the memory that they leak: the calls are made again, and the growth of a memory in one of
//! them is answered with an error, which carries the call path. Needs no accessors.

use std::io;

use crate::exec::protocol::Message;
use crate::exec::worker::instance::PAUSE;
use crate::exec::worker::plan::repeat::Sequence;
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::prepared::Prepared;
use crate::observation::{CallPath, End, Frame, ObservedExport};

/// Calls that fill caches before growth counts.
const WARM_UP: usize = 8;
/// How many growths are asked for their call path.
const ASKED: usize = 3;
/// The most calls that are made again.
const CALLS: u64 = 4_000;

/// Finds and sends the call paths. Takes operators from `left`, at most half of them.
pub(super) async fn run(
    prepared: &Prepared,
    observed: &[Option<ObservedExport>],
    left: &mut u64,
    send: impl Fn(Message) -> io::Result<()>,
) -> io::Result<()> {
    let leaks = |it: &&ObservedExport| it.repeated.as_ref().is_some_and(|it| it.memory.is_some());
    let exports = observed.iter().enumerate();
    let leaking: Vec<_> =
        exports.filter_map(|(at, it)| Some((at, it.as_ref().filter(leaks)?))).collect();
    for (target, export) in &leaking {
        let share = *left / 2 / leaking.len() as u64;
        let subject = Subject::with_fuel(prepared, *target, share);
        let path = path(&subject, export).await;
        *left = left.saturating_sub(share.saturating_sub(subject.budget.fuel.get()));
        if let Some(path) = path {
            send(Message::Leaks(*target, Box::new(path)))?;
        }
    }
    Ok(())
}

/// The most frequent call path of some late growths.
async fn path(subject: &Subject<'_>, export: &ObservedExport) -> Option<CallPath> {
    let fresh: Vec<_> = export.fresh.iter().collect();
    let sequence = Sequence::of(&subject.order, &fresh)?;
    let repeated = export.repeated.as_ref()?;
    let per_call = repeated.memory.is_some_and(|growth| growth.per_call > 0);
    // The smallest arguments alone show growth per call.
    let like = |call| if per_call { sequence.smallest() } else { sequence.like(call) };
    let most = CALLS.min(u64::from(repeated.last()));
    let half = subject.budget.fuel.get() / 4;
    let mut live = subject.start().await.ok()?;
    // The number of growths after each call.
    let mut growths: Vec<u32> = Vec::new();
    for call in 0..most {
        let at = live.now().saturating_add(PAUSE);
        let seen = live.call(subject.target, subject.order.arguments(like(call)), at).await.ok()?;
        if seen.call.end != End::Returned {
            break;
        }
        growths.push(live.growths());
        let late = growths.len().checked_sub(WARM_UP + 1).map(|_| growths[WARM_UP]);
        let enough = late.is_some_and(|late| live.growths() - late >= ASKED as u32);
        if enough || subject.budget.fuel.get() < 3 * half {
            break;
        }
    }
    let (first, last) = (*growths.get(WARM_UP)?, *growths.last()?);
    let mut paths: Vec<Vec<Frame>> = Vec::new();
    for number in (first + 1..=last).rev().take(ASKED) {
        let mut live = subject.start().await.ok()?;
        live.refuse_growth(number);
        for call in 0..growths.len() as u64 {
            let at = live.now().saturating_add(PAUSE);
            let arguments = subject.order.arguments(like(call));
            let Ok(seen) = live.call(subject.target, arguments, at).await else { break };
            match seen.call.end {
                End::Returned => {}
                End::Trapped(trap) if !trap.frames.is_empty() => {
                    paths.push(trap.frames);
                    break;
                }
                _ => break,
            }
        }
    }
    let count = |path: &Vec<Frame>| paths.iter().filter(|it| *it == path).count();
    // Of equally frequent ones the first.
    let most = paths.iter().rev().max_by_key(|path| count(path))?;
    Some(CallPath { frames: most.clone(), seen: count(most) as u32, of: paths.len() as u32 })
}
