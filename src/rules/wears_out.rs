#![doc = include_str!("../../rules/wears_out/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let Some(repeated) = &export.repeated else { continue };
        let Some(failed) = repeated.failed.as_ref().map(|later| &later.call) else { continue };
        if calls.observation.reported_at(export, failed).is_some() {
            continue;
        }
        let number = repeated.last();
        let (with, usual) = match repeated.fails_by_argument {
            true => (
                format!(" with ({})", failed.short_arguments()),
                ", and as many calls with small arguments return",
            ),
            false => (String::new(), ""),
        };
        let counted = if failed.played.is_some() { "runs" } else { "calls" };
        let generated = match failed.played.is_none() && export.takes_values {
            true => ", with generated arguments",
            false => "",
        };
        found.report(Finding {
            // The verdict is about usual arguments.
            calls: (!repeated.fails_by_argument).then_some(number),
            message: format!(
                "{}{with} {}, after {} {counted} that returned{generated}; a fresh instance returns{usual}",
                failed.on_same_instance(&export.export, number),
                failed.how_it_fails(),
                number - 1
            ),
            differs: Some((number, None)),
            at_most: Some(u64::from(number) - 1),
            help: "find what each call uses up: memory, descriptors, handles".to_owned(),
            ..calls.failure(export, failed, &format!("call {number} ends here"))
        });
    }
}
