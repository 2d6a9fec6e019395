//! Proofs about second calls of exports whose first calls fail.

use crate::finding::{Evidence, Finding, Kind};
use crate::observation::{Observation, ObservedExport};
use crate::rule::Hazard;

const ALREADY: &str = "; here, the first call failed already";

/// Says of findings that a second call fails, by a proof from the code, that calls did not get as far.
pub(crate) fn name_failed_first_calls(findings: &mut [Finding], seen: &Observation) {
    let by_name = seen.by_name();
    let is_about_later = |it: &&mut Finding| {
        it.kind == Kind::Fail
            && it.rule.metadata.hazard == Hazard::SingleShot
            && it.evidence == Evidence::Certain
            && it.calls.is_none()
            && !it.exits
    };
    for finding in findings.iter_mut().filter(is_about_later) {
        let calls = finding.export.as_ref().and_then(|export| by_name.get(export));
        if calls.is_some_and(|it| ObservedExport::gets_nowhere(it)) {
            finding.message += ALREADY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::ExportName;
    use crate::observation::{Call, End};

    #[test]
    fn a_first_call_that_succeeds_needs_no_words() {
        let run = ExportName::new(None, "run");
        let message = |evidence, ends: &[End]| {
            let mut export = ObservedExport::begun(run.clone(), false);
            export.fresh = ends.iter().cloned().map(Call::ended).collect();
            let seen = Observation { exports: vec![export], ..Observation::default() };
            let finding = Finding::example(Hazard::SingleShot, evidence, Some(run.clone()));
            let mut findings = [Finding { message: "it traps".to_owned(), ..finding }];
            name_failed_first_calls(&mut findings, &seen);
            findings[0].message.clone()
        };
        let named = "it traps; here, the first call failed already";
        assert_eq!(message(Evidence::Certain, &[End::Exited(2), End::Unanswered]), named);
        assert_eq!(message(Evidence::Certain, &[End::Exited(2), End::Returned]), "it traps");
        assert_eq!(message(Evidence::Certain, &[]), "it traps");
        assert_eq!(message(Evidence::Possible, &[End::Exited(2)]), "it traps");
    }
}
