//! Proofs that calls refute. Users get a note with a request to report it; our own test runs fail.

use std::env;

use crate::report::run::Run;

/// If set to anything, a refuted proof ends the program as any other bug of it does.
const VARIABLE: &str = "SECONDCALL_PANIC_ON_REFUTED";

/// Ends our own test runs at a proof that calls refuted, unless it names an assumption, which a component may break.
///
/// # Panics
/// If [`VARIABLE`] is set and there is such a proof.
pub(super) fn fail_in_tests(run: &Run) {
    if env::var_os(VARIABLE).is_none_or(|value| value.is_empty()) {
        return;
    }
    for artifact in &run.artifacts {
        let findings = artifact.result.iter().flat_map(|report| &report.findings);
        for finding in findings.map(|judged| &judged.finding) {
            let is_bug = finding.refuted && !finding.assumes;
            assert!(!is_bug, "{}: {}: {}", artifact.path, finding.rule.id, finding.message);
        }
    }
}
