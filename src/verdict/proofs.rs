//! Proofs of statelessness that calls refute: a bug of ours, or an assumption that does not hold.

use crate::finding::{Evidence, Finding, Kind};
use crate::inventory::ExportedFunction;
use crate::rule::Hazard;

const PLEASE_REPORT: &str = "please report it, with what `secondcall bug-report` prints";

/// Adds a note to the findings of calls that refute the proof that an export is stateless.
pub(crate) fn refute_proofs(findings: &mut Vec<Finding>, exports: &[ExportedFunction]) {
    let mut notes = Vec::new();
    for finding in findings.iter().filter(|it| refutes(it)) {
        let export = exports.iter().find(|it| finding.export.as_ref() == Some(&it.name));
        let Some(assumptions) = export.and_then(|it| it.stateless.as_ref()) else { continue };
        let whose = match assumptions.as_slice() {
            [] => "a bug of secondcall".to_owned(),
            all => format!(
                "an assumption that does not hold ({}), or a bug of secondcall",
                all.join("; ")
            ),
        };
        notes.push(Finding {
            evidence: Evidence::Possible,
            refuted: true,
            assumes: !assumptions.is_empty(),
            message: format!(
                "{whose}: the code proves that no earlier call changes this: {}",
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
    use crate::location::ExportName;
    use crate::verdict::{Verdict, of_export};

    #[test]
    fn a_proof_decides_until_calls_refute_it() {
        let add = ExportName::new(None, "add");
        let export = |assumptions: &[&str]| ExportedFunction {
            name: add.clone(),
            signature: "func()".to_owned(),
            core_function: None,
            obstacle: None,
            survival: None,
            causes: Vec::new(),
            stateless: Some(assumptions.iter().map(|it| (*it).to_owned()).collect()),
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
        refute_proofs(&mut findings, &[export(&[])]);
        assert_eq!(findings.len(), 1);
        for (assumptions, beginning) in [
            (&[][..], "a bug of secondcall: "),
            (&["it holds"][..], "an assumption that does not hold (it holds), or a bug"),
        ] {
            let mut findings = vec![differs.clone()];
            refute_proofs(&mut findings, &[export(assumptions)]);
            let [_, note] = findings.as_slice() else { panic!("a note is added") };
            assert!(note.refuted && note.message.starts_with(beginning), "{}", note.message);
            assert_eq!(note.assumes, !assumptions.is_empty());
        }
    }
}
