//! The report on one artifact, a verdict for each export and the findings with their severities, and all its formats.

pub(crate) mod acceptance;
pub mod baseline;
pub(crate) mod certificate;
pub mod given;
pub(crate) mod diff;
mod identity;
pub mod listing;
pub mod run;
pub mod inner;
pub mod document;
pub mod binaries;
pub mod style;
pub(crate) mod wording;
mod xml;
mod drawing;
pub mod agent;
pub mod answer;
pub(crate) mod anchor;
pub(crate) mod calls;
pub mod concise;
pub mod github;
pub mod gitlab;
pub(crate) mod fix;
pub(crate) mod graph;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub(crate) mod markup;
mod matching;
pub mod ndjson;
pub(crate) mod obstacle;
pub mod sarif;
pub(crate) mod timeline;
pub mod text;
pub(crate) mod uri;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::config::{Config, Level};
use crate::finding::{Evidence, Finding, Kind};
use crate::inventory::{Cause, Inventory};
use crate::location::ExportName;
use crate::observation::Observation;
use crate::profile::Profile;
use crate::report::answer::Answer;
pub use crate::report::fix::Fix;
pub(crate) use crate::report::fix::beside;
use crate::report::inner::Inner;
use crate::verdict::{self, Severity, Verdict};

/// A finding, judged against the chosen hosts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// The state that makes its call differ, and a sentence about it.
    pub cause: Option<(Cause, String)>,
    /// In a composition: the components with the place and the cause, if they are not the root.
    pub components: Vec<Inner>,
    /// The worst severity under the chosen hosts.
    pub severity: Severity,
    /// Why it has this severity: `spin-p2 gives every call a fresh instance`.
    pub reason: String,
    /// Ids of all hosts under which it fails, or may fail where the evidence is `possible`.
    pub fails: Vec<String>,
    /// Ids of all hosts that call this export and under which it is harmless.
    pub harmless: Vec<String>,
    /// What to set, for the chosen hosts that have a knob: (host id, value to type).
    pub knobs: Vec<(String, String)>,
    /// What a trap ends under the chosen hosts that it concerns: (host id, words); empty if no call traps.
    pub traps: Vec<(String, String)>,
    /// How `secondcall fix` can cure it; `None` if it cannot, or if that is unknown.
    pub fix: Option<Fix>,
    /// Eight hexadecimal digits that survive a rebuild.
    pub id: String,
}

/// The verdict of one export.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportVerdict {
    /// The export.
    pub name: ExportName,
    /// The verdict.
    pub verdict: Verdict,
    /// On what evidence; `None` for [`Verdict::Unknown`].
    pub evidence: Option<Evidence>,
}

/// The report on one artifact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// The artifact's kind, size, exports and toolchains.
    pub inventory: Inventory,
    /// One for each exported function, in the inventory's order.
    pub exports: Vec<ExportVerdict>,
    /// Findings in the order of the report.
    pub findings: Vec<Judged>,
    /// How the exports fare under each chosen host.
    pub answers: Vec<Answer>,
}

impl Report {
    /// Judges `findings`, including those of the observation `seen`, under the `chosen` hosts, and keeps their order. An
    /// export without a finding is unknown.
    pub fn of(
        mut inventory: Inventory,
        findings: Vec<Finding>,
        seen: &Observation,
        chosen: &[&Profile],
    ) -> Report {
        let mut by_export: FxHashMap<_, Vec<&Finding>> = FxHashMap::default();
        for finding in &findings {
            by_export.entry(finding.export.as_ref()).or_default().push(finding);
        }
        let by_name = seen.by_name();
        let mut exports: Vec<_> = inventory
            .exports
            .iter()
            .map(|export| {
                let own = by_export.get(&Some(&export.name)).into_iter().flatten().copied();
                // What is proven of an export that never returns helps nobody.
                let fails = by_name.get(&export.name).is_some_and(|it| it.succeeded() == 0);
                let stateless = export.stateless && !fails;
                let (verdict, evidence) = verdict::of_export(own, stateless);
                ExportVerdict { name: export.name.clone(), verdict, evidence }
            })
            .collect();
        let mut findings = verdict::reconcile(findings, seen);
        let declared = verdict::by_name(&inventory.exports);
        verdict::label_causes(&mut findings, &declared);
        verdict::refute_proofs(&mut findings, &declared);
        verdict::name_suspects(&mut findings, &declared);
        verdict::name_leftovers(&mut findings, &declared);
        verdict::name_failed_first_calls(&mut findings, seen);
        let refuted = findings.iter().filter(|it| it.refuted).filter_map(|it| it.export.as_ref());
        let refuted: FxHashSet<_> = refuted.collect();
        for export in exports.iter_mut().filter(|it| it.evidence == Some(Evidence::Certain)) {
            if refuted.contains(&export.name) {
                (export.verdict, export.evidence) = (Verdict::Unknown, None);
            }
        }
        for (export, judged) in inventory.exports.iter_mut().zip(&exports) {
            let observed = by_name.get(&export.name).copied();
            if let Some(why) = observed.and_then(|it| obstacle::of(it, seen))
                && judged.verdict == Verdict::Unknown
            {
                export.obstacle = Some(format!("{}: {}", why.reason, why.detail));
            }
        }
        let declared = verdict::by_name(&inventory.exports);
        let ids = identity::of(&findings);
        let findings: Vec<_> = findings
            .into_iter()
            .zip(ids)
            .map(|(finding, id)| {
                let judgement = verdict::judge(&finding, chosen);
                let cause = verdict::cause_of(&finding, &declared);
                Judged {
                    components: Inner::of(&finding, cause, &inventory.inner),
                    cause: cause.map(|it| (it.clone(), it.sentence(verdict::verb(&finding)))),
                    finding,
                    severity: judgement.severity,
                    reason: judgement.reason,
                    fails: judgement.fails,
                    harmless: judgement.harmless,
                    knobs: judgement.knobs,
                    traps: judgement.traps,
                    fix: None,
                    id,
                }
            })
            .collect();
        let verdicts: Vec<_> = exports.iter().map(|it| (&it.name, &it.verdict)).collect();
        let found: Vec<_> = findings.iter().map(|it| (&it.finding, it.id.as_str())).collect();
        let of = |host: &&Profile| answer::of(host, &verdicts, &found, seen);
        let answers = chosen.iter().map(of).collect();
        Report { inventory, exports, findings, answers }
    }

    /// Applies the levels that the user chose. Verdicts stay: a finding that is not reported is still true.
    pub fn configure(&mut self, config: &Config) {
        self.findings.retain_mut(|judged| match config.level(judged.finding.rule.id) {
            Some(Level::Allow) => false,
            // Good news has no level.
            Some(level @ (Level::Warn | Level::Deny)) if judged.finding.kind == Kind::Fail => {
                let is_warning = level == Level::Warn;
                judged.severity = if is_warning { Severity::Warning } else { Severity::Error };
                judged.reason = "chosen for this rule by option or configuration".to_owned();
                true
            }
            _ => true,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Chosen;
    use crate::inventory::{ArtifactKind, ExportedFunction};
    use crate::rule::Hazard;

    fn inventory(exports: Vec<ExportedFunction>) -> Inventory {
        Inventory {
            kind: ArtifactKind::Component,
            bytes: 8,
            core_modules: 1,
            functions: 1,
            exports,
            adapters: Vec::new(),
            toolchains: Vec::new(),
            producers: Vec::new(),
            inner: Vec::new(),
            unanalysed: Vec::new(),
        }
    }

    #[test]
    fn every_export_has_a_verdict_and_every_finding_a_severity() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let tick = ExportName::new(None, "tick");
        let exported = |name: &ExportName| ExportedFunction {
            name: name.clone(),
            signature: "func()".to_owned(),
            core_function: None,
            obstacle: None,
            survival: None,
            causes: Vec::new(),
            leftovers: Vec::new(),
            stateless: false,
        };
        let inventory = inventory(vec![exported(&tick), exported(&run)]);
        let finding = Finding::example(Hazard::SingleShot, Evidence::Certain, Some(run.clone()));
        let spec = Profile::by_id(Profile::SPEC).unwrap();
        let report = Report::of(inventory, vec![finding], &Observation::default(), &[spec]);

        let verdicts: Vec<_> =
            report.exports.iter().map(|it| (&it.name, &it.verdict, it.evidence)).collect();
        assert_eq!(
            verdicts,
            [
                (&tick, &Verdict::Unknown, None),
                (&run, &Verdict::SingleShot, Some(Evidence::Certain)),
            ]
        );
        let [judged] = report.findings.as_slice() else { panic!("one finding goes in") };
        assert_eq!(judged.severity, Severity::Warning);
        assert_eq!(judged.id.len(), 8);
        assert!(judged.harmless.contains(&"wasmtime-run".to_owned()));
        assert!(judged.fails.contains(&"jco-transpiled".to_owned()));
    }

    #[test]
    fn a_level_is_for_problems() {
        let mut good = Finding::example(Hazard::StateBleed, Evidence::Observed, None);
        good.kind = Kind::Pass;
        let severity = Severity::Note;
        let mut report =
            Report::of(inventory(Vec::new()), vec![good], &Observation::default(), &[]);
        report.findings[0].severity = severity;
        let levels = vec![("all".to_owned(), Chosen::typed(Level::Deny))];
        report.configure(&Config { levels, ..Config::default() });
        assert_eq!(report.findings[0].severity, severity);
    }
}
