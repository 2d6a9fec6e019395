#![doc = include_str!("../../rules/handles_grow/rule.md")]

use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::Observation;
use crate::observation::growth::Growth;
use crate::rule::Rule;

/// Imports that are named.
const NAMED: usize = 3;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let Some(repeated) = &export.repeated else { continue };
        let name = &export.export;
        let calls = repeated.last();
        let handles = repeated.handles.iter().map(|it| {
            let named: Vec<_> =
                it.imports.iter().take(NAMED).map(|import| format!("`{import}`")).collect();
            let from = match named.is_empty() {
                true => String::new(),
                false => format!(" from {}", named.join(" or ")),
            };
            (format!("handles of `{}`{from}", it.resource), it.resource.clone(), it.growth)
        });
        let tasks = repeated.concurrent.iter().map(|growth| {
            let kind = "tasks, waitable sets or streams".to_owned();
            (kind.clone(), kind, *growth)
        });
        for (kind, discriminator, growth) in handles.chain(tasks) {
            found.report(Finding {
                calls: Some(calls),
                message: format!(
                    "calls of `{name}` leave {kind} behind, {}: {} after {calls} calls",
                    rate(&growth),
                    growth.to
                ),
                help: "drop every handle that a call takes; until then, let the host give an instance a \
                       limited number of calls"
                    .to_owned(),
                discriminator,
                ..Finding::observed(rule, name, component.location())
            });
        }
    }
}

/// How many a call.
fn rate(growth: &Growth) -> String {
    match growth.per_call {
        0 => format!("{} in {} calls", growth.to - growth.from, growth.calls),
        per_call => format!("{per_call} a call"),
    }
}
