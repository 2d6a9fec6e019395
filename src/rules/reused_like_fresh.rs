#![doc = include_str!("../../rules/reused_like_fresh/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings, Kind};
use crate::observation::ObservedExport;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports().iter().filter(|export| is_like_fresh(export)) {
        let name = &export.export;
        let number = export.reused.len() as u32;
        found.report(Finding {
            kind: Kind::Pass,
            calls: Some(number),
            message: format!(
                "{number} calls of `{name}` on the same instance did what {number} calls on fresh instances do"
            ),
            ..calls.finding(export)
        });
    }
}

fn is_like_fresh(export: &ObservedExport) -> bool {
    let kept_matching = export
        .repeated
        .as_ref()
        .is_none_or(|it| (it.failed.is_none() || it.fails_by_argument) && it.changed.is_none());
    export.reused.len() >= 2 && export.repeats() && kept_matching && export.disturbed.is_empty()
}
