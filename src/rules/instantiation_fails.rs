#![doc = include_str!("../../rules/instantiation_fails/rule.md")]

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
    let Some(call) = &seen.unstartable else { return };
    let End::Trapped(trap) = &call.end else { return };
    // Where no code was running, it is the engine that cannot go on.
    if trap.frames.is_empty() {
        return;
    }
    // What was asked of the host and refused may be to blame.
    if call.was_refused() && !call.fails_always() {
        return;
    }
    let words = call.words().map(|words| format!(": {words}")).unwrap_or_default();
    let backtrace = Backtrace::of(component, &call.end);
    found.report(Finding {
        message: format!("no instance can be made: instantiation traps ({}{words})", trap.message),
        help: "reuse is not the cause: a start function or an initialiser of the component fails, with any host"
            .to_owned(),
        ..Finding::of_component(rule, backtrace.location)
            .labelled("instantiation ends here".to_owned())
            .led_to_by(backtrace.callers)
    });
}
