#![doc = include_str!("../../rules/wears_out/rule.md")]

use crate::backtrace::Backtrace;
use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::{End, Observation};
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let Some(repeated) = &export.repeated else { continue };
        let Some(failed) = repeated.failed.as_ref().map(|later| &later.call) else { continue };
        if seen.reported_at(export, failed).is_some() {
            continue;
        }
        let name = &export.export;
        let number = repeated.last();
        let how = match &failed.end {
            End::Trapped(trap) => failed.how_it_traps(trap),
            End::Exited(status) => format!("exits with status {status}"),
            End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
            End::HeldBack => "is never let in".to_owned(),
            End::Unanswered | End::Returned => "gets no answer".to_owned(),
        };
        let backtrace = Backtrace::of(component, &failed.end);
        let there = Finding::observed(rule, name, backtrace.location)
            .labelled(format!("call {number} ends here"))
            .led_to_by(backtrace.callers);
        let with = match repeated.fails_by_argument {
            true => format!(" with ({})", failed.short_arguments()),
            false => String::new(),
        };
        let usual = match repeated.fails_by_argument {
            true => ", and as many calls with small arguments return",
            false => "",
        };
        let calls = if failed.played.is_some() { "plays" } else { "calls" };
        found.report(Finding {
            // The verdict speaks of usual arguments.
            calls: (!repeated.fails_by_argument).then_some(number),
            message: format!(
                "{}{with} {how}, after {} {calls} that returned; a fresh instance returns{usual}",
                failed.on_same_instance(name, number),
                number - 1
            ),
            at_most: Some(u64::from(number) - 1),
            help: "find what each call uses up: memory, descriptors, handles".to_owned(),
            ..there
        });
    }
}
