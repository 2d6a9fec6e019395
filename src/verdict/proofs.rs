//! Proofs of statelessness that calls refute: a bug of ours.

use super::causes::Exports;
use crate::finding::{Evidence, Finding, Kind};
use crate::rule::Hazard;

const PLEASE_REPORT: &str = "please report it, with what `secondcall bug-report` prints";

/// Adds a note to the findings of calls that refute the proof that an export is stateless.
pub(crate) fn refute_proofs(findings: &mut Vec<Finding>, exports: &Exports<'_>) {
    let mut notes = Vec::new();
    for finding in findings.iter().filter(|it| refutes(it)) {
        let export = finding.export.as_ref().and_then(|name| exports.get(name));
        if !export.is_some_and(|it| it.stateless) {
            continue;
        }
        notes.push(Finding {
            evidence: Evidence::Possible,
            refuted: true,
            assumes: false,
            message: format!(
                "a bug of secondcall: the code proves that no earlier call changes this: {}",
                finding.message
            ),
            help: PLEASE_REPORT.to_owned(),
            labels: Vec::new(),
            ..finding.clone()
        });
    }
    findings.extend(notes);
}

/// Whether a finding shows that earlier calls matter: it was observed, and it is not about arguments.
pub(super) fn refutes(finding: &Finding) -> bool {
    let hazards = [Hazard::SingleShot, Hazard::Exhaustion, Hazard::StateBleed, Hazard::Leak];
    let is_seen = finding.evidence == Evidence::Observed || finding.calls.is_some();
    finding.kind == Kind::Fail && is_seen && hazards.contains(&finding.rule.metadata.hazard)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::ExportedFunction;
    use crate::location::ExportName;
    use crate::verdict::{Verdict, by_name, of_export};

    #[test]
    fn a_proof_decides_until_calls_refute_it() {
        let add = ExportName::new(None, "add");
        let export = ExportedFunction {
            name: add.clone(),
            signature: "func()".to_owned(),
            core_function: None,
            obstacle: None,
            survival: None,
            causes: Vec::new(),
            leftovers: Vec::new(),
            stateless: true,
        };
        let found = |hazard, evidence| Finding::example(hazard, evidence, Some(add.clone()));
        let proven = (Verdict::StatelessProven, Some(Evidence::Certain));
        assert_eq!(of_export([], true), proven);
        let passed = Finding {
            kind: Kind::Pass,
            calls: Some(8),
            ..found(Hazard::StateBleed, Evidence::Observed)
        };
        assert_eq!(of_export([&passed], true), proven);
        let differs = found(Hazard::StateBleed, Evidence::Observed);
        assert_eq!(of_export([&differs], true).0, Verdict::Stateful);

        let mut findings = vec![passed.clone()];
        let exports = [export];
        let exports = by_name(&exports);
        refute_proofs(&mut findings, &exports);
        assert_eq!(findings.len(), 1);
        let mut findings = vec![differs];
        refute_proofs(&mut findings, &exports);
        let [_, note] = findings.as_slice() else { panic!("a note is added") };
        assert!(note.refuted && !note.assumes, "{}", note.message);
        assert!(note.message.starts_with("a bug of secondcall: "), "{}", note.message);
    }
}
