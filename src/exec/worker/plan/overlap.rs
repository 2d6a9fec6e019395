//! Two concurrent calls of an export on one instance.

use super::subject::Subject;
use crate::exec::worker::instance::PAUSE;
use crate::observation::{End, Inconclusive, ObservedExport, Overlapping};

/// How much later a call is made to see whether its answer changes with the time, in nanoseconds.
const LATER: u64 = 1_500_000;

pub(super) async fn overlap(
    subject: &Subject<'_>,
    export: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    if subject.prepared.answers_vary() {
        return Ok(());
    }
    // Two calls with the same arguments may not notice that they took each other's.
    let arguments = |like| subject.order.arguments(like);
    let first = arguments(export.reused[0].like);
    let other = export.reused.iter().map(|it| arguments(it.like)).rfind(|it| *it != first);
    let both = [first, other.unwrap_or(first)];
    let mut live = subject.start().await?;
    let (mut in_turn, mut apart) = (Vec::new(), Vec::new());
    for arguments in both {
        let next = live.call(subject.target, arguments, PAUSE).await?;
        let alone = subject.call_fresh(arguments, PAUSE).await?;
        if next.call.end != End::Returned || alone.call.end != End::Returned {
            return Ok(());
        }
        in_turn.push(next.call.answer);
        apart.push(alone.call.answer);
    }
    let mut live = subject.start().await?;
    let (ends, answers) = live.call_both(subject.target, both, PAUSE).await?;
    let mut varies = false;
    let returned = ends.iter().all(|end| *end == End::Returned);
    if returned && answers != in_turn && answers != apart {
        // Two concurrent calls share the host's clock and its random numbers.
        for (arguments, alone) in both.into_iter().zip(&apart) {
            let other = subject.call_seeded(arguments, PAUSE + LATER, 1).await?;
            varies |= other.call.answer != *alone;
        }
    }
    export.overlapping = Some(Overlapping { ends, answers, in_turn, apart, varies });
    Ok(())
}
