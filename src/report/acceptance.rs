//! Removes accepted findings from a report, and finds acceptances that are expired or unused. Verdicts stay.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::accept::{Acceptance, Candidate, Other};
use crate::config::date::Date;
use crate::config::diagnostic::Diagnostic;
use crate::config::text::TextSpan;
use crate::config::{Config, Level};
use crate::finding::Kind;
use crate::report::Judged;
use crate::report::run::Artifact;
use crate::rules;

/// The acceptances of a run, each with whether it was used.
#[derive(Debug, Default)]
pub(crate) struct Acceptances {
    entries: BTreeMap<TextSpan, Entry>,
}

#[derive(Debug)]
struct Entry {
    acceptance: Acceptance,
    /// Whether an artifact of the run is in its scope.
    concerned: bool,
    /// Whether it covers a finding, expired or not.
    used: bool,
    /// Whether an artifact in its scope was not examined far enough to show such a finding.
    doubtful: bool,
    /// What it would cover without its id, and nothing accepts.
    others: BTreeSet<Other>,
}

/// How a run applies acceptances.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AcceptancePolicy {
    /// The day that decides whether an acceptance is expired.
    pub(crate) today: Date,
    /// Whether accepted findings are reported all the same.
    pub(crate) no_ignores: bool,
}

impl Acceptances {
    /// Removes the findings of `artifact` that `config` accepts, and returns their number. `names` are the artifact's
    /// names in the configuration; `executed` says whether all its exports were called.
    pub(crate) fn settle(
        &mut self,
        artifact: &mut Artifact,
        names: &[&str],
        executed: bool,
        config: &Config,
        policy: AcceptancePolicy,
    ) -> u64 {
        let concerning: Vec<_> =
            config.accept.iter().filter(|it| it.entry.applies_to(names)).collect();
        for acceptance in &config.accept {
            self.entry(acceptance);
        }
        for acceptance in &concerning {
            let seen =
                artifact.result.is_ok() && (executed || !needs_calls(&acceptance.entry.rule));
            let entry = self.entry(acceptance);
            entry.concerned = true;
            entry.doubtful |= !seen;
        }
        let Ok(report) = &mut artifact.result else { return 0 };
        let mut accepted = 0;
        report.findings.retain(|judged| {
            if judged.finding.kind != Kind::Fail {
                return true;
            }
            let mut holds = false;
            let finding = candidate(judged);
            for acceptance in concerning.iter().filter(|it| it.entry.covers(finding)) {
                self.entry(acceptance).used = true;
                holds |= !acceptance.entry.is_expired(policy.today);
            }
            for acceptance in concerning.iter().filter(|it| it.entry.covers_but_for_id(finding)) {
                if !holds {
                    self.entry(acceptance).others.insert(other(judged));
                }
            }
            let is_reported = config.level(judged.finding.rule.id) != Some(Level::Allow);
            let leaves = holds && is_reported && !policy.no_ignores;
            accepted += u64::from(leaves);
            !leaves
        });
        accepted
    }

    fn entry(&mut self, acceptance: &Acceptance) -> &mut Entry {
        self.entries.entry(acceptance.span.clone()).or_insert_with(|| Entry {
            acceptance: acceptance.clone(),
            concerned: false,
            used: false,
            doubtful: false,
            others: BTreeSet::new(),
        })
    }

    /// Diagnostics for the acceptances that are expired or match nothing. `whole` says whether the run examined
    /// everything in the scope of a configuration file.
    pub(crate) fn diagnostics(&self, today: Date, whole: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let entries = self.entries.values();
        entries
            .filter(|it| it.concerned || whole(&it.acceptance.span.path))
            .filter_map(|it| match it.acceptance.entry.is_expired(today) {
                true => Some(it.acceptance.expired()),
                false if !it.used && !it.doubtful => Some(it.acceptance.unmatched(&it.others)),
                false => None,
            })
            .collect()
    }
}

fn candidate(judged: &Judged) -> Candidate<'_> {
    let finding = &judged.finding;
    Candidate { rule: finding.rule.id, export: finding.export.as_ref(), id: &judged.id }
}

/// The finding, with its export and function as the report names them.
fn other(judged: &Judged) -> Other {
    let finding = &judged.finding;
    let export = finding.export.as_ref().map(|export| format!("`{export}`"));
    let function = finding.location.path.last().map(ToString::to_string);
    let place = export.into_iter().chain(function).collect::<Vec<_>>().join(", ");
    Other { id: judged.id.clone(), place }
}

/// Whether only an execution can show what a rule finds.
pub(super) fn needs_calls(rule: &str) -> bool {
    rules::of_calls().any(|it| it.id == rule)
}
