#![doc = include_str!("../../rules/output_changes/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::location::ExportName;
use crate::observation::ObservedExport;
use crate::observation::comparison::Comparison;

/// The longest outputs that are quoted completely, in bytes.
const WHOLE: u64 = 60;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let Some((number, after, message)) = change(export) else { continue };
        found.report(Finding {
            calls: Some(number),
            differs: Some((number, after)),
            message,
            help: "keep the data of one call out of globals and statics, and flush what is written before \
                   returning"
                .to_owned(),
            ..calls.finding(export)
        });
    }
}

/// The first call that answers like its reference call and writes something else: its number, the other export that it
/// took, and what it writes.
fn change(export: &ObservedExport) -> Option<(u32, Option<ExportName>, String)> {
    for it in export.comparisons().filter(|it| !it.by_random) {
        if it.call.answer == it.reference.answer && it.call.end == it.reference.end {
            if let Some((here, there)) = written(&it) {
                let message = it.sentence(&export.export, &here, &there);
                return Some((it.number, it.after.cloned(), message));
            }
        } else if it.number as usize <= export.reused.len() && it.after.is_none() {
            // `answers_change` or `later_call_fails` reports it.
            return None;
        }
    }
    None
}

/// What the two calls write that differs: `writes "a" to standard output` and `writes "b"`.
fn written(it: &Comparison<'_>) -> Option<(String, String)> {
    let (call, reference) = (it.call, it.reference);
    let streams = [
        ("standard output", &call.stdout, &reference.stdout),
        ("standard error", &call.stderr, &reference.stderr),
    ];
    let (stream, here, there) = streams.into_iter().find(|(_, here, there)| here != there)?;
    let short = here.bytes <= WHOLE && there.bytes <= WHOLE;
    let (here, there) = match it.difference.filter(|_| !short) {
        Some(difference) => (difference.here.as_str(), difference.there.as_str()),
        None => (here.shown.as_str(), there.shown.as_str()),
    };
    let quoted = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => format!("{text:?}"),
    };
    Some((format!("writes {} to {stream}", quoted(here)), format!("writes {}", quoted(there))))
}
