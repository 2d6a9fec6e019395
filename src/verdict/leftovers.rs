//! What the code says of a leak that was seen: what its calls leave behind.

use super::causes::Exports;
use crate::finding::{Evidence, Finding, Kind};
use crate::inventory::Leftover;
use crate::rule::Hazard;

/// Names what calls leave behind in the findings that memory or handles grow or are used up.
pub(crate) fn name_leftovers(findings: &mut [Finding], exports: &Exports<'_>) {
    for finding in findings {
        let export = finding.export.as_ref().and_then(|name| exports.get(name));
        for leftover in export.iter().flat_map(|export| &export.leftovers) {
            if explains(leftover, finding) {
                finding.message += &format!("; {}", leftover.words);
                finding.facts.push(leftover.fact.clone());
            }
        }
    }
}

fn explains(leftover: &Leftover, finding: &Finding) -> bool {
    let is_seen = finding.kind == Kind::Fail && finding.evidence == Evidence::Observed;
    let is_of_memory = leftover.given_by.is_empty();
    is_seen
        && match finding.rule.metadata.hazard {
            Hazard::Leak if finding.leak.is_some() => is_of_memory,
            Hazard::Leak => leftover.given_by.iter().any(|name| finding.given_by.contains(name)),
            Hazard::Exhaustion => is_of_memory && finding.traps,
            _ => false,
        }
}
