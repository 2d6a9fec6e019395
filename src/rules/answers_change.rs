#![doc = include_str!("../../rules/answers_change/rule.md")]

use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::{Call, Difference, End, Observation, ObservedExport};
use crate::rule::Rule;

/// Answers up to this length are quoted whole, in bytes.
const WHOLE: u64 = 60;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let Some((calls, message)) = change(export) else { continue };
        found.report(Finding {
            calls: Some(calls),
            message,
            help: "keep what belongs to one call out of globals and statics; if it is state on purpose, \
                   accept the finding with a reason"
                .to_owned(),
            ..Finding::observed(rule, &export.export, component.location())
        });
    }
}

/// The first call whose answer is not that of a fresh instance: its number, and what differs.
fn change(export: &ObservedExport) -> Option<(u32, String)> {
    let name = &export.export;
    if let Some((number, it, fresh)) =
        export.compared().find(|(_, it, fresh)| !it.by_random && differs(&it.call, fresh))
    {
        let (here, there) = quoted(&it.call, fresh, it.difference.as_ref());
        let message = format!(
            "{} answers {here}, where a fresh instance answers {there}",
            it.call.on_same_instance(name, number)
        );
        return Some((number, message));
    }
    if let Some((number, it, _)) = export.compared().last().filter(|_| export.fails_by_argument) {
        let message = format!(
            "{}, with ({}), {}, where a fresh instance returns; with usual arguments as many calls return",
            it.call.on_same_instance(name, number),
            it.call.short_arguments(),
            failure(&it.call)
        );
        return Some((number, message));
    }
    if let Some(repeated) = &export.repeated
        && let Some(later) = repeated.changed.as_ref().filter(|it| differs(&it.call, &it.twin))
    {
        let number = repeated.last();
        let (here, there) = quoted(&later.call, &later.twin, later.difference.as_ref());
        let message = format!(
            "{} answers {here}, where a fresh instance answers {there}",
            later.call.on_same_instance(name, number)
        );
        return Some((number, message));
    }
    let it = export
        .disturbed
        .iter()
        .find(|it| it.call.end.is_success() && differs(&it.call, &it.undisturbed))?;
    let (here, there) = quoted(&it.call, &it.undisturbed, it.difference.as_ref());
    let message = format!(
        "call {} of `{name}` answers {here} after a call of `{}`, and {there} without it",
        it.number, it.by
    );
    Some((it.number, message))
}

/// How a call failed, with the guest's own words.
fn failure(call: &Call) -> String {
    let words = call.words().map(|words| format!(": {words}")).unwrap_or_default();
    match &call.end {
        End::Trapped(trap) => format!("traps ({}{words})", trap.message),
        End::Exited(status) => format!("exits with status {status}"),
        End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
        End::Unanswered | End::HeldBack | End::Returned => "gets no answer".to_owned(),
    }
}

fn differs(call: &Call, other: &Call) -> bool {
    match (&call.end, &other.end) {
        (End::Returned, End::Returned) => call.answer != other.answer,
        (End::Exited(status), End::Exited(other)) => status != other,
        _ => false,
    }
}

/// Both answers: the part that differs, where they are too long to be quoted whole.
fn quoted(call: &Call, other: &Call, difference: Option<&Difference>) -> (String, String) {
    let whole = |call: &Call| match (&call.end, call.answer.shown.as_str()) {
        (End::Exited(status), _) => format!("with status {status}"),
        (_, "") => "nothing".to_owned(),
        (_, shown) => format!("`{shown}`"),
    };
    let short = |call: &Call| call.answer.bytes <= WHOLE;
    match difference {
        Some(difference) if !(short(call) && short(other)) => {
            (format!("`{}`", difference.here), format!("`{}`", difference.there))
        }
        _ => (whole(call), whole(other)),
    }
}
