//! Observes exports whose first call fails once more, with what they may need. The result is kept only if all calls then
//! return and match fresh ones, because a guess must not produce a finding.

use super::observe::observe;
use super::sequence::{Outcome, call_after, others};
use super::subject::Subject;
use crate::exec::worker::prepared::Prepared;
use crate::observation::{Call, Inconclusive, ObservedExport};

/// The variable without which programs fail that ask for their folder (zed_extension_api 0.0.6, `register_extension!`): the
/// directory that every instance has.
const PWD: (&str, &str) = ("PWD", "/");

/// What an export may need.
#[derive(Debug, Clone, Copy)]
pub(super) enum Remedy {
    /// The variable `PWD`, for exports that ask for the environment.
    Environment,
    /// A call of another export first, such as one that initializes the component.
    EarlierCall,
}

impl Remedy {
    /// Observes an export with the remedy, if it may help. Returns the observation to replace the one before.
    pub(super) async fn retry(
        self,
        prepared: &Prepared,
        target: usize,
        observed: &[Option<ObservedExport>],
    ) -> Option<ObservedExport> {
        let export = observed[target].as_ref()?;
        let first = export.fresh.first().filter(|call| call.fails())?;
        match self {
            Remedy::Environment => with_environment(prepared, target, first).await,
            Remedy::EarlierCall => with_earlier_call(prepared, target, export, observed).await,
        }
    }
}

/// If the variable helps, all later instances find it, too.
async fn with_environment(
    prepared: &Prepared,
    target: usize,
    first: &Call,
) -> Option<ObservedExport> {
    let is_provided = !prepared.settings.script.guest.environment.is_empty();
    if is_provided || !first.host_calls.refused.contains("environment") {
        return None;
    }
    let is_new = prepared.environment.borrow().is_empty();
    if is_new {
        let (name, value) = PWD;
        prepared.environment.borrow_mut().push((name.to_owned(), value.to_owned()));
    }
    let export = observe(prepared, target).await;
    if is_clean(&export) {
        return Some(ObservedExport { variables: prepared.added_variables(), ..export });
    }
    if is_new {
        prepared.environment.borrow_mut().clear();
    }
    None
}

/// If no first call succeeded, the other export is named in any case.
async fn with_earlier_call(
    prepared: &Prepared,
    target: usize,
    before: &ObservedExport,
    observed: &[Option<ObservedExport>],
) -> Option<ObservedExport> {
    let subject = Subject::new(prepared, target, 2);
    if subject.order.is_scenario() || prepared.has_init() {
        return None;
    }
    let earlier = needed(&subject, observed).await?;
    let name = Some(prepared.targets[earlier].name.clone());
    prepared.earlier[target].set(Some(earlier));
    let export = observe(prepared, target).await;
    if is_clean(&export) {
        let variables = prepared.added_variables();
        return Some(ObservedExport { earlier: name, variables, ..export });
    }
    prepared.earlier[target].set(None);
    (before.succeeded() == 0).then(|| ObservedExport { earlier: name, ..before.clone() })
}

/// Another export after whose call the first call of this one succeeds.
async fn needed(subject: &Subject<'_>, observed: &[Option<ObservedExport>]) -> Option<usize> {
    let mut others = others(subject.prepared, subject.target, observed);
    // All of them together show whether it is worth trying each.
    loop {
        match first_call_after(subject, &others).await.ok()? {
            Outcome::Failed { other, .. } => others.retain(|it| *it != other),
            Outcome::Reached { seen, .. } if seen.call.end.is_success() => break,
            Outcome::Reached { .. } => return None,
        }
    }
    for other in others {
        if let Ok(Outcome::Reached { seen, .. }) = first_call_after(subject, &[other]).await
            && seen.call.end.is_success()
        {
            return Some(other);
        }
    }
    None
}

async fn first_call_after(
    subject: &Subject<'_>,
    others: &[usize],
) -> Result<Outcome, Inconclusive> {
    let mut live = subject.start().await?;
    call_after(subject, &mut live, others, 0).await
}

/// Whether the first call returned and all calls on one instance matched calls on fresh ones.
fn is_clean(export: &ObservedExport) -> bool {
    let repeated = export.repeated.as_ref();
    let kept_matching = repeated.is_none_or(|it| it.failed.is_none() && it.changed.is_none());
    let first_returns = export.fresh.first().is_some_and(|call| !call.fails());
    export.reused.len() >= 2 && first_returns && export.repeats() && kept_matching
}
