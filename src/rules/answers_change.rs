#![doc = include_str!("../../rules/answers_change/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::location::ExportName;
use crate::observation::comparison::Comparison;
use crate::observation::{Call, End, ObservedExport};

/// The longest answers that are quoted completely, in bytes.
const WHOLE: u64 = 60;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let Some((number, after, message)) = change(export) else { continue };
        found.report(Finding {
            calls: Some(number),
            differs: Some((number, after)),
            answers: true,
            message,
            help: "keep the data of one call out of globals and statics; if the state is intended, accept the \
                   finding with a reason"
                .to_owned(),
            ..calls.finding(export)
        });
    }
}

/// The first call whose answer differs from that of its reference call: its number, the other export that it took, and how it
/// differs.
fn change(export: &ObservedExport) -> Option<(u32, Option<ExportName>, String)> {
    let name = &export.export;
    let mut differing = export.comparisons().filter(|it| !it.by_random && differs(it));
    let differing = differing.next();
    let failed = export.compared().last().filter(|_| export.fails_by_argument);
    match (differing, failed) {
        (Some(it), failed) if it.after.is_none() || failed.is_none() => {
            let (here, there) = quoted(&it);
            let [here, there] = [here, there].map(|answer| format!("answers {answer}"));
            Some((it.number, it.after.cloned(), it.sentence(name, &here, &there)))
        }
        (_, Some((number, reused, _))) => {
            let call = &reused.call;
            let message = format!(
                "{}, with ({}), {}, where a fresh instance returns; with usual arguments as many calls return",
                call.on_same_instance(name, number),
                call.short_arguments(),
                call.how_it_fails()
            );
            Some((number, None, message))
        }
        (_, None) => None,
    }
}

fn differs(Comparison { call, reference, .. }: &Comparison<'_>) -> bool {
    match (&call.end, &reference.end) {
        (End::Returned, End::Returned) => call.answer != reference.answer,
        (End::Exited(status), End::Exited(other)) => status != other,
        _ => false,
    }
}

/// Both answers, or the parts that differ if they are too long.
fn quoted(it: &Comparison<'_>) -> (String, String) {
    let whole = |call: &Call| match (&call.end, call.answer.shown.as_str()) {
        (End::Exited(status), _) => format!("with status {status}"),
        (_, "") => "nothing".to_owned(),
        (_, shown) => format!("`{shown}`"),
    };
    let short = |call: &Call| call.answer.bytes <= WHOLE;
    match it.difference {
        Some(difference) if !(short(it.call) && short(it.reference)) => {
            (format!("`{}`", difference.here), format!("`{}`", difference.there))
        }
        _ => (whole(it.call), whole(it.reference)),
    }
}
