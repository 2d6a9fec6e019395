//! Exports that need a call of another one first, as an extension that has to be initialised: they are observed once
//! more, on instances that had this call.

use super::between::{Once, once, others};
use super::{budget, is_clean, observe};
use crate::exec::worker::prepared::Prepared;
use crate::observation::{Call, ObservedExport};

/// Observes an export again after a call of another one, where its first call fails without. The result is kept only
/// if it shows calls that are all like fresh ones: a guess accuses nobody. Where no first call succeeded, the other
/// export is named in any case.
pub(in crate::exec::worker) async fn enable(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Option<ObservedExport> {
    let this = seen[target].as_ref()?;
    let fails_at_first = this.fresh.first().is_some_and(Call::fails);
    if !fails_at_first || prepared.order(target).is_scenario() || prepared.has_init() {
        return None;
    }
    let earlier = needed(prepared, target, seen).await?;
    let name = Some(prepared.targets[earlier].name.clone());
    prepared.earlier[target].set(Some(earlier));
    let after = observe(prepared, target).await;
    if is_clean(&after) {
        let variables = prepared.made_up_variables();
        return Some(ObservedExport { earlier: name, variables, ..after });
    }
    prepared.earlier[target].set(None);
    (this.succeeded() == 0).then(|| ObservedExport { earlier: name, ..this.clone() })
}

/// Another export after a call of which this one's first call succeeds.
async fn needed(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Option<usize> {
    let mut others = others(prepared, target, seen);
    let budget = budget(prepared, 2);
    // All of them at once say whether it is worth while to try each.
    loop {
        match once(prepared, target, &others, &budget).await.ok()? {
            Once::Failed { other, .. } => others.retain(|it| *it != other),
            Once::Came { seen, .. } if seen.call.end.is_success() => break,
            Once::Came { .. } => return None,
        }
    }
    for other in others {
        if let Ok(Once::Came { seen, .. }) = once(prepared, target, &[other], &budget).await
            && seen.call.end.is_success()
        {
            return Some(other);
        }
    }
    None
}
