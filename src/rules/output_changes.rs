#![doc = include_str!("../../rules/output_changes/rule.md")]

use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::{Call, Difference, Observation, ObservedExport};
use crate::rule::Rule;

/// Outputs up to this length are quoted whole, in bytes.
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
    for (number, it, fresh) in export.compared() {
        let call = &it.call;
        if it.by_random {
            continue;
        }
        if call.answer != fresh.answer || call.end != fresh.end {
            return None;
        }
        if let Some(written) = differs(call, fresh, it.difference.as_ref()) {
            let Written { stream, here, there } = written;
            let message = format!(
                "{} writes {here} to {stream}, where a fresh instance writes {there}",
                call.on_same_instance(name, number)
            );
            return Some((number, message));
        }
    }
    if let Some(repeated) = &export.repeated
        && let Some(later) = repeated.changed.as_ref().filter(|it| it.call.answer == it.twin.answer)
        && let Some(written) = differs(&later.call, &later.twin, later.difference.as_ref())
    {
        let number = repeated.last();
        let Written { stream, here, there } = written;
        let message = format!(
            "{} writes {here} to {stream}, where a fresh instance writes {there}",
            later.call.on_same_instance(name, number)
        );
        return Some((number, message));
    }
    let (it, written) = export.disturbed.iter().find_map(|it| {
        let same = it.call.answer == it.undisturbed.answer && it.call.end == it.undisturbed.end;
        let written = differs(&it.call, &it.undisturbed, it.difference.as_ref());
        Some((it, written.filter(|_| same)?))
    })?;
    let Written { stream, here, there } = written;
    let message = format!(
        "call {} of `{name}` writes {here} to {stream} after a call of `{}`, and {there} without it",
        it.number, it.by
    );
    Some((it.number, message))
}

/// What two calls wrote that is not the same.
struct Written {
    stream: &'static str,
    here: String,
    there: String,
}

fn differs(call: &Call, other: &Call, difference: Option<&Difference>) -> Option<Written> {
    let out = (&call.stdout, &other.stdout);
    let err = (&call.stderr, &other.stderr);
    let streams = [("standard output", out), ("standard error", err)];
    let (stream, (now, before)) = streams.into_iter().find(|(_, (now, before))| now != before)?;
    let short = now.bytes <= WHOLE && before.bytes <= WHOLE;
    let (here, there) = match difference.filter(|_| !short) {
        Some(it) => (it.here.as_str(), it.there.as_str()),
        None => (now.shown.as_str(), before.shown.as_str()),
    };
    let quoted = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => format!("{text:?}"),
    };
    Some(Written { stream, here: quoted(here), there: quoted(there) })
}
