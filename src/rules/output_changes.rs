#![doc = include_str!("../../rules/output_changes/rule.md")]

use crate::component::Component;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::observation::Call;
use crate::observation::Observation;
use crate::observation::ObservedExport;
use crate::observation::Text;
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
            help: "keep what belongs to one call out of globals and statics, and flush what is written \
                   before returning"
                .to_owned(),
            ..Finding::observed(rule, &export.export, component.location())
        });
    }
}

/// The first call that answers like a fresh instance and writes something else: its number, and what.
fn change(export: &ObservedExport) -> Option<(u32, String)> {
    let name = &export.export;
    for (number, reused) in (1..).zip(&export.reused) {
        let (call, fresh) = (&reused.call, &export.fresh[reused.like]);
        if call.answer != fresh.answer || call.end != fresh.end {
            return None;
        }
        if let Some((stream, now, before)) = differs(call, fresh) {
            let (now, before) = (written(now), written(before));
            let message = format!(
                "call {number} of `{name}` on the same instance writes {now} to {stream}, where a fresh instance writes {before}"
            );
            return Some((number, message));
        }
    }
    if let Some(repeated) = &export.repeated
        && let Some(call) =
            repeated.changed.as_ref().filter(|it| it.answer == export.fresh[0].answer)
        && let Some((stream, now, before)) = differs(call, &export.fresh[0])
    {
        let number = repeated.last();
        let (now, before) = (written(now), written(before));
        let message = format!(
            "call {number} of `{name}` on the same instance writes {now} to {stream}, where all calls before it wrote {before}"
        );
        return Some((number, message));
    }
    let (disturbed, (stream, now, before)) = export.disturbed.iter().find_map(|it| {
        let same = it.call.answer == it.undisturbed.answer && it.call.end == it.undisturbed.end;
        Some((it, differs(&it.call, &it.undisturbed).filter(|_| same)?))
    })?;
    let message = format!(
        "call {} of `{name}` writes {} to {stream} after a call of `{}`, and {} without it",
        disturbed.number,
        written(now),
        disturbed.by,
        written(before)
    );
    Some((disturbed.number, message))
}

fn differs<'a>(call: &'a Call, other: &'a Call) -> Option<(&'static str, &'a Text, &'a Text)> {
    let out = (&call.stdout, &other.stdout);
    let err = (&call.stderr, &other.stderr);
    [("standard output", out), ("standard error", err)]
        .into_iter()
        .find(|(_, (now, before))| now != before)
        .map(|(stream, (now, before))| (stream, now, before))
}

fn written(text: &Text) -> String {
    if text.bytes == 0 {
        return "nothing".to_owned();
    }
    let start: String = text.shown.chars().take(40).collect();
    let cut = if start.len() < text.shown.len() { "…" } else { "" };
    format!("{:?}{cut}", start)
}
