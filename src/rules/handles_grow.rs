#![doc = include_str!("../../rules/handles_grow/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::observation::growth::Growth;

/// How many imports are named.
const NAMED: usize = 3;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let Some(repeated) = &export.repeated else { continue };
        let name = &export.export;
        let number = repeated.last_returned();
        let handles = repeated.handles.iter().map(|it| {
            let named: Vec<_> =
                it.imports.iter().take(NAMED).map(|import| format!("`{import}`")).collect();
            let from = match named.is_empty() {
                true => String::new(),
                false => format!(" from {}", named.join(" or ")),
            };
            let kind = format!("handles of `{}`{from}", it.resource);
            (kind, it.resource.clone(), it.growth, it.taken_by.as_ref(), it.imports.clone())
        });
        let tasks = repeated.concurrent.iter().map(|growth| {
            let kind = "tasks, waitable sets or streams".to_owned();
            (kind.clone(), kind, *growth, repeated.concurrent_by.as_ref(), Vec::new())
        });
        for (kind, discriminator, growth, path, given_by) in handles.chain(tasks) {
            let finding = calls.finding(export);
            let (finding, asks) = match path {
                Some(path) => calls.with_handle(path, finding),
                None => (finding, None),
            };
            let asks = asks.map(|it| format!("; `{it}` asks for them")).unwrap_or_default();
            found.report(Finding {
                calls: Some(number),
                message: format!(
                    "calls of `{name}` leak {kind}, {}: {} after {number} calls{asks}",
                    rate(&growth),
                    growth.to
                ),
                help: "drop every handle that a call takes; until then, let the host limit the number of calls \
                       per instance"
                    .to_owned(),
                discriminator,
                given_by,
                ..finding
            });
        }
    }
}

fn rate(growth: &Growth) -> String {
    match growth.per_call {
        0 => format!("{} in {} calls", growth.to - growth.from, growth.calls),
        per_call => format!("{per_call} per call"),
    }
}
