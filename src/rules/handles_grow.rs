#![doc = include_str!("../../rules/handles_grow/rule.md")]

use crate::component::Component;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::observation::Observation;
use crate::observation::ObservedExport;
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let name = &export.export;
        let kinds = [
            ("handles to host resources", export.held(|holds| holds.handles)),
            ("tasks, waitable sets or streams", export.held(|holds| holds.concurrent)),
        ];
        for (kind, held) in kinds {
            // A cache that fills grows less than once a call.
            let Some(slope) = ObservedExport::slope(&held).filter(|it| it.growth >= it.calls)
            else {
                continue;
            };
            let now = held.last().copied().unwrap_or_default();
            found.report(Finding {
                calls: u32::try_from(held.len()).ok(),
                message: format!(
                    "each call of `{name}` leaves {kind} behind, {} a call: {now} after {} calls",
                    slope.growth / slope.calls,
                    held.len()
                ),
                help: "drop every handle that a call takes; until then, let the host give an instance a \
                       limited number of calls"
                    .to_owned(),
                discriminator: kind.to_owned(),
                ..Finding::observed(rule, name, component.location())
            });
        }
    }
}
