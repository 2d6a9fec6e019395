//! Why an export was not observed, or not exercised, and what to do about it; and what was needed to observe it.

use crate::location::ExportName;
use crate::observation::first_call::Missing;
use crate::observation::{End, Inconclusive, Observation, ObservedExport};

/// Why an export could not be called, or not exercised: no first call succeeds, and something may be missing. A failure in
/// a destructor alone is reported at another export.
pub(crate) fn of(export: &ObservedExport, seen: &Observation) -> Option<Inconclusive> {
    if let Some((resource, other)) = seen.only_fails_in_destructor(export) {
        let detail = format!("the destructor of `{resource}` traps, as after a call of `{other}`");
        return Some(Inconclusive { reason: "destructor".to_owned(), detail });
    }
    let missing = export.missing(seen);
    let Some(first) = export.fresh.first().filter(|_| !missing.is_empty()) else {
        return export.inconclusive.clone();
    };
    let words = first.words().map(|words| format!(": {words}")).unwrap_or_default();
    let how = match &first.end {
        End::Trapped(trap) => format!("traps ({}{words})", trap.message),
        End::Exited(status) => format!("exits ({status}{words})"),
        _ => "gets no answer".to_owned(),
    };
    let missing: Vec<_> = missing.iter().map(with_option).collect();
    let detail = format!("each first call {how}; it may need {}", missing.join(", or "));
    Some(Inconclusive { reason: Inconclusive::NOT_EXERCISED.to_owned(), detail })
}

/// What the calls of an export needed and got, each as the beginning of a sentence: an export that was called first, and
/// variables of the environment.
pub(super) fn needed(
    earlier: Option<&ExportName>,
    variables: &[String],
) -> impl Iterator<Item = String> {
    let earlier = earlier.map(|it| format!("an earlier call of `{it}`, which was made"));
    let variables = variables.iter();
    let variables = variables.map(|it| format!("`{it}` in the environment, which was there"));
    earlier.into_iter().chain(variables)
}

/// A missing input, and the option that gives it.
fn with_option(missing: &Missing) -> String {
    let option = match missing {
        Missing::OtherArguments => "--call",
        Missing::CommandLine => "--guest-arg",
        Missing::Environment => "--guest-env",
        Missing::StandardInput => "--guest-stdin",
        Missing::File => "--guest-dir",
        Missing::Network => return "the network, which no guest gets here".to_owned(),
        Missing::Answer(_) => "--answer or --with",
        Missing::Earlier(_) => "--init",
    };
    format!("{missing} ({option})")
}
