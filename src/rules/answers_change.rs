#![doc = include_str!("../../rules/answers_change/rule.md")]

use crate::component::Component;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::observation::Call;
use crate::observation::End;
use crate::observation::Observation;
use crate::observation::ObservedExport;
use crate::rule::Rule;

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
    let calls = (1..).zip(&export.reused).filter(|(_, it)| it.call.end.is_success());
    for (number, reused) in calls {
        let fresh = &export.fresh[reused.like];
        if differs(&reused.call, fresh) {
            let message = format!(
                "call {number} of `{name}` on the same instance answers {}, where a fresh instance answers {}",
                answer(&reused.call),
                answer(fresh)
            );
            return Some((number, message));
        }
    }
    if let Some(repeated) = &export.repeated
        && let Some(call) = &repeated.changed
        && differs(call, &export.fresh[0])
    {
        let number = repeated.last();
        let message = format!(
            "call {number} of `{name}` on the same instance answers {}, where all calls before it answered {}",
            answer(call),
            answer(&export.fresh[0])
        );
        return Some((number, message));
    }
    let disturbed = export
        .disturbed
        .iter()
        .find(|it| it.call.end.is_success() && differs(&it.call, &it.undisturbed))?;
    let message = format!(
        "call {} of `{name}` answers {} after a call of `{}`, and {} without it",
        disturbed.number,
        answer(&disturbed.call),
        disturbed.by,
        answer(&disturbed.undisturbed)
    );
    Some((disturbed.number, message))
}

fn differs(call: &Call, other: &Call) -> bool {
    match (&call.end, &other.end) {
        (End::Returned, End::Returned) => call.answer != other.answer,
        (End::Exited(status), End::Exited(other)) => status != other,
        _ => false,
    }
}

fn answer(call: &Call) -> String {
    match call.answer.shown.as_str() {
        "" => "nothing".to_owned(),
        // What is too long to tell apart by its beginning is told apart by its digest.
        shown if shown.chars().count() > 60 => {
            let start: String = shown.chars().take(40).collect();
            format!("`{start}…` ({} bytes, {})", call.answer.bytes, call.answer.digest)
        }
        shown => format!("`{shown}`"),
    }
}
