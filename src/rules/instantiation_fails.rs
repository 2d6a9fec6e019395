#![doc = include_str!("../../rules/instantiation_fails/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::observation::End;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    let Some(call) = &calls.observation.unstartable else { return };
    let End::Trapped(trap) = &call.end else { return };
    // Without a frame, no code of the component was running.
    if trap.frames.is_empty() {
        return;
    }
    // Something that the host refused may be the cause.
    if call.was_refused() && !call.fails_always() {
        return;
    }
    let finding = Finding::of_component(calls.rule, calls.component.location());
    found.report(Finding {
        message: format!("no instance can be created: instantiation {}", call.how_it_fails()),
        help: "reuse is not the cause: a start function or an initializer of the component fails on any host"
            .to_owned(),
        ..calls.locate(&call.end, "instantiation ends here", finding)
    });
}
