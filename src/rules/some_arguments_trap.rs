#![doc = include_str!("../../rules/some_arguments_trap/rule.md")]

use crate::backtrace::Backtrace;
use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::{Call, End, Observation, Trap};
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in seen.exports.iter().filter(|it| it.takes_arguments && it.succeeded() > 0) {
        let is_its_own = |call: &&Call| seen.reported_at(export, call).is_none();
        let trapping: Vec<_> = export.fresh.iter().filter(is_its_own).filter_map(trapped).collect();
        let Some((call, trap)) = trapping.first() else { continue };
        let name = &export.export;
        let words = call.words().map(|words| format!(": {words}")).unwrap_or_default();
        let backtrace = Backtrace::of(component, &call.end);
        let there = Finding::observed(rule, name, backtrace.location)
            .labelled("the call ends here".to_owned())
            .led_to_by(backtrace.callers);
        found.report(Finding {
            message: format!(
                "{} of {} calls of `{name}` with different arguments trap on a fresh instance, as with `({})`{}: \
                 {}{words}",
                trapping.len(),
                export.fresh.len(),
                call.short_arguments(),
                call.in_destructor(),
                trap.message,
            ),
            help: "a trap ends the instance, for every caller of a host that keeps it: return an error value for \
                   arguments that cannot be handled"
                .to_owned(),
            ..there
        });
    }
}

/// A call that trapped, and did not ask for anything that only a real host has.
fn trapped(call: &Call) -> Option<(&Call, &Trap)> {
    let End::Trapped(trap) = &call.end else { return None };
    (!call.was_refused()).then_some((call, trap))
}
