#![doc = include_str!("../../rules/later_call_fails/rule.md")]

use crate::backtrace::Backtrace;
use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::location::Location;
use crate::observation::{Call, End, Observation, ObservedExport, ReusedCall};
use crate::rule::Rule;

/// A call that failed where a fresh instance does not.
struct Failure<'a> {
    call: &'a Call,
    /// Which call of the export on its instance it was.
    number: u32,
    /// Whether it failed without a call of another export.
    by_itself: bool,
    /// What is different from a fresh instance, for the message.
    after: String,
}

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let Some(failure) = failure(export) else { continue };
        if seen.reported_at(export, failure.call).is_some() || !export.missing(seen).is_empty() {
            continue;
        }
        let name = &export.export;
        let number = failure.number;
        let backtrace = Backtrace::of(component, &failure.call.end);
        let location = backtrace.location;
        let discriminator = discriminator(&location, &failure.call.end);
        let there = Finding::observed(rule, name, location)
            .labelled(format!("call {number} ends here"))
            .led_to_by(backtrace.callers);
        found.report(Finding {
            discriminator,
            calls: failure.by_itself.then_some(number),
            message: format!(
                "{} {}{}, where a fresh instance {}",
                failure.call.on_same_instance(name, number),
                how(failure.call),
                failure.after,
                fresh(export)
            ),
            help: "give each call a fresh instance, or find what an earlier call leaves behind: \
                   `secondcall exec` shows every call"
                .to_owned(),
            ..there
        });
    }
}

fn failure(export: &ObservedExport) -> Option<Failure<'_>> {
    // Where a fresh instance exits as well, the call after the exit is the one that fails.
    let fails = |it: &ReusedCall, fresh: &Call| {
        let returns = fresh.end == End::Returned;
        !it.call.end.is_success() || returns && matches!(it.call.end, End::Exited(_))
    };
    let failed = export.compared().find(|(_, it, fresh)| fails(it, fresh));
    if let Some((number, it, _)) = failed.filter(|_| !export.fails_by_argument) {
        return Some(Failure { call: &it.call, number, by_itself: true, after: String::new() });
    }
    let disturbed = export.disturbed.iter().find(|it| !it.call.end.is_success())?;
    let after = format!(" after a call of `{}`", disturbed.by);
    Some(Failure { call: &disturbed.call, number: disturbed.number, by_itself: false, after })
}

fn how(call: &Call) -> String {
    match &call.end {
        End::Trapped(trap) => call.how_it_traps(trap),
        End::Unanswered => "gets no answer (a host sends status 500)".to_owned(),
        End::Exhausted(limit) => {
            format!("reaches its limit of {}", limit.name())
        }
        End::HeldBack => "is never let in (it keeps up its backpressure)".to_owned(),
        End::Exited(status) => format!("exits with status {status}"),
        End::Returned => "fails".to_owned(),
    }
}

/// What the same call does on a fresh instance.
fn fresh(export: &ObservedExport) -> &'static str {
    match export.fresh.first().map(|call| &call.end) {
        Some(End::Exited(_)) => "leaves through `wasi:cli/exit`",
        _ => "returns",
    }
}

/// The function that trapped, by name, or how the call ended: what survives a rebuild.
fn discriminator(location: &Location, end: &End) -> String {
    match (location.path.last().and_then(|step| step.name.as_ref()), end) {
        (Some(name), _) => name.clone(),
        (None, End::Trapped(trap)) => trap.message.clone(),
        (None, _) => String::new(),
    }
}
