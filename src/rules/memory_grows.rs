#![doc = include_str!("../../rules/memory_grows/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings, Leak};
use crate::observation::growth::Growth;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    let limit = calls.observation.memory_limit;
    for export in calls.exports() {
        let Some(repeated) = &export.repeated else { continue };
        let Some(growth) = repeated.memory else { continue };
        let name = &export.export;
        let number = repeated.last_returned();
        let per_call = ((growth.to - growth.from) / u64::from(growth.calls.max(1))).max(1);
        let until = u64::from(number) + limit.saturating_sub(growth.to) / per_call;
        let (finding, asks) = match &repeated.grown_by {
            Some(path) => calls.with_growth(path, calls.finding(export)),
            None => (calls.finding(export), None),
        };
        let asks = asks.map(|function| format!("; `{function}` asks for it")).unwrap_or_default();
        found.report(Finding {
            calls: Some(number),
            message: format!(
                "each call of `{name}` leaks {} of linear memory: {} after {number} calls{asks}",
                leak(&growth),
                size(growth.to)
            ),
            at_most: Some(round_down(until / 2)),
            leak: Some(Leak { per_call: growth.per_call, per_kibibyte: growth.per_kibibyte }),
            help: format!(
                "free what a call allocates, also in post-return: with calls like these an instance reaches {} at \
                 about call {until}",
                size(limit)
            ),
            ..finding
        });
    }
}

/// How much a call leaks.
fn leak(growth: &Growth) -> String {
    match (growth.per_call, growth.per_kibibyte) {
        (per_call, 0) => format!("about {}", size(per_call)),
        (0, per_kib) => format!("{} for each byte of its arguments", bytes(per_kib)),
        (per_call, per_kib) => format!(
            "about {}, and {} for each byte of its arguments,",
            size(per_call),
            bytes(per_kib)
        ),
    }
}

/// A number of bytes, given in 1024ths.
fn bytes(per_kib: u64) -> String {
    match (per_kib + 512) / 1024 {
        0 => "less than a byte".to_owned(),
        1 => "about 1 byte".to_owned(),
        bytes => format!("about {bytes} bytes"),
    }
}

/// Keeps only the first digit, so that an estimate looks like one.
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
