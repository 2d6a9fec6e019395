#![doc = include_str!("../../rules/reused_like_fresh/rule.md")]

use crate::component::Component;
use crate::finding::{Finding, Findings, Kind};
use crate::observation::{Observation, ObservedExport};
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in seen.exports.iter().filter(|export| is_like_fresh(export)) {
        let name = &export.export;
        let calls = export.reused.len() as u32;
        found.report(Finding {
            kind: Kind::Pass,
            calls: Some(calls),
            message: format!(
                "{calls} calls of `{name}` on the same instance did what {calls} calls on fresh instances do"
            ),
            ..Finding::observed(rule, name, component.location())
        });
    }
}

fn is_like_fresh(export: &ObservedExport) -> bool {
    let held_out = export
        .repeated
        .as_ref()
        .is_none_or(|it| (it.failed.is_none() || it.fails_by_argument) && it.changed.is_none());
    export.reused.len() >= 2 && export.repeats() && held_out && export.disturbed.is_empty()
}
