#![doc = include_str!("../../rules/first_call_fails/rule.md")]

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
        let name = &export.export;
        if !export.never_succeeds()
            || !export.missing(seen).is_empty()
            || seen.only_fails_in_destructor(export).is_some()
        {
            continue;
        }
        let first = &export.fresh[0];
        let how = match &first.end {
            End::Trapped(trap) => first.how_it_traps(trap),
            _ => "gets no answer".to_owned(),
        };
        let backtrace = Backtrace::of(component, &first.end);
        let there = Finding::observed(rule, name, backtrace.location)
            .labelled("1st call ends here".to_owned())
            .led_to_by(backtrace.callers);
        let why = match first.fails_always() {
            true => ", whatever its arguments and imports are",
            false => "",
        };
        found.report(Finding {
            calls: Some(1),
            message: format!("the first call of `{name}` {how} on a fresh instance{why}"),
            help: "reuse is not the cause: no call can succeed; `secondcall exec` shows every call"
                .to_owned(),
            ..there
        });
    }
}
