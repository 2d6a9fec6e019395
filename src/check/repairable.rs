//! Marks the findings that `secondcall fix` cures, by the rules that it applies before it writes anything.

use crate::facts::Facts;
use crate::finding::{Evidence, Finding, Kind};
use crate::observation::{End, Inconclusive, Observation, ObservedExport};
use crate::repair::{self, verification};
use crate::report::{Fix, Judged, Report};
use crate::rule::{Cure, Hazard};

/// The export that `--exit` lets return.
const RUN: &str = "wasi:cli/run#run";

/// Marks the findings of a component that a repair cures. `seen` are the calls that were made, if any.
pub(super) fn mark(report: &mut Report, facts: &Facts<'_>, seen: &Observation) {
    let is_curable = |it: &Judged| {
        let Finding { kind, rule, refuted, .. } = it.finding;
        kind == Kind::Fail && rule.metadata.cure.is_some() && !refuted
    };
    let is_of_host = |it: &Judged| {
        let cause = it.cause.as_ref().and_then(|(cause, _)| cause.unknown.as_ref());
        cause.is_some_and(|(reason, _)| reason == Inconclusive::HOST_STATE)
    };
    if report.findings.iter().any(is_of_host) {
        return;
    }
    if !report.findings.iter().any(is_curable) {
        return;
    }
    // A result of which no call returns is not written.
    let fails_first = report.findings.iter().any(|it| {
        it.finding.rule.metadata.hazard == Hazard::FailsFirst
            && it.finding.evidence >= Evidence::Certain
    });
    let exits_seen =
        |it: &&ObservedExport| it.fresh.iter().any(|call| matches!(call.end, End::Exited(_)));
    let seen_exiting = seen.exports.iter().filter(exits_seen).map(|it| &it.export);
    let found = report.findings.iter().filter(|it| it.finding.exits);
    let exiting: Vec<_> =
        seen_exiting.chain(found.filter_map(|it| it.finding.export.as_ref())).collect();
    let exits = !exiting.is_empty();
    if fails_first || !verification::is_possible(seen, exits) {
        return;
    }
    let Ok(planned) = repair::planned(facts.component, &facts.world) else { return };
    // Leaked handles that are not remembered show in the comparison.
    let is_of_handles = |it: &Judged| it.finding.rule.metadata.cure == Some(Cure::Handles);
    if !planned.handles && report.findings.iter().any(is_of_handles) {
        return;
    }
    if !exiting.iter().all(|export| planned.exits && export.unversioned() == RUN) {
        return;
    }
    for judged in report.findings.iter_mut().filter(|it| is_curable(it)) {
        judged.fix = Some(Fix { exits });
    }
}
