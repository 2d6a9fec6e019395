#![doc = include_str!("../../rules/memory_grows/rule.md")]

use crate::component::Component;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::observation::Observation;
use crate::observation::ObservedExport;
use crate::rule::Rule;

/// Bytes of a page.
const PAGE: u64 = 64 << 10;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let pages = export.held(|holds| holds.memory_pages);
        let Some(slope) = ObservedExport::slope(&pages) else { continue };
        let name = &export.export;
        let now = pages.last().copied().unwrap_or_default() * PAGE;
        let per_call = (slope.growth * PAGE).div_ceil(slope.calls);
        let calls = pages.len() as u64;
        let until = calls + seen.memory_limit.saturating_sub(now) / per_call.max(1);
        found.report(Finding {
            calls: u32::try_from(calls).ok(),
            message: format!(
                "each call of `{name}` leaves about {} of linear memory behind: {} after {calls} calls",
                size(per_call),
                size(now)
            ),
            at_most: Some(round_down(until / 2)),
            help: format!(
                "free what a call allocates, in post-return too: an instance reaches {} at about call {until}",
                size(seen.memory_limit)
            ),
            ..Finding::observed(rule, name, component.location())
        });
    }
}

/// The number with one digit that is not zero: what is an estimate should look like one.
fn round_down(number: u64) -> u64 {
    let magnitude = 10u64.pow(number.max(1).ilog10());
    (number / magnitude).max(1) * magnitude
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes >> 20),
    }
}
