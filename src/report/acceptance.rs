//! Which acceptances are used, and by which findings. What is accepted leaves the report; what is
//! known of an export stays.

use std::collections::BTreeMap;

use crate::config::accept::{Acceptance, Candidate};
use crate::config::date::Date;
use crate::config::diagnostic::Diagnostic;
use crate::config::text::TextSpan;
use crate::config::{Config, Level};
use crate::finding::Kind;
use crate::report::Judged;
use crate::report::run::Artifact;
use crate::rules;

/// The acceptances of a run, each once, with what became of it.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: BTreeMap<TextSpan, Entry>,
}

#[derive(Debug)]
struct Entry {
    acceptance: Acceptance,
    /// Whether the run looked at an artifact that it speaks of.
    concerned: bool,
    /// Whether a finding needed it, expired or not.
    used: bool,
    /// Whether such a finding might be there although it was not seen.
    doubtful: bool,
}

/// How a run goes about acceptances.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The day.
    pub today: Date,
    /// Whether accepted findings are told all the same.
    pub no_ignores: bool,
}

impl Ledger {
    /// Takes out of `artifact` what `config` accepts, and says how many findings that were. `names` are
    /// those by which the artifact goes; `executed` says whether all its exports were called.
    pub fn settle(
        &mut self,
        artifact: &mut Artifact,
        names: &[&str],
        executed: bool,
        config: &Config,
        terms: Terms,
    ) -> u64 {
        let concerning: Vec<_> = config.accept.iter().filter(|it| it.applies_to(names)).collect();
        for acceptance in &config.accept {
            self.entry(acceptance);
        }
        for acceptance in &concerning {
            let seen = artifact.result.is_ok() && (executed || !needs_calls(&acceptance.rule));
            let entry = self.entry(acceptance);
            entry.concerned = true;
            entry.doubtful |= !seen;
        }
        let Ok(report) = &mut artifact.result else { return 0 };
        let mut accepted = 0;
        report.findings.retain(|judged| {
            let mut holds = false;
            for acceptance in concerning.iter().filter(|it| covers(it, judged)) {
                self.entry(acceptance).used = true;
                holds |= !acceptance.is_expired(terms.today);
            }
            let told = config.level(judged.finding.rule.id) != Some(Level::Allow);
            let leaves = holds && told && !terms.no_ignores;
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
        })
    }

    /// What is to be said of the acceptances: those whose day has passed, and those that matched
    /// nothing. `whole` says whether the run looked at everything that a file speaks of.
    pub fn diagnostics(&self, today: Date, whole: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        let entries = self.entries.values();
        entries
            .filter(|it| it.concerned || whole(&it.acceptance.span.path))
            .filter_map(|it| match it.acceptance.is_expired(today) {
                true => Some(it.acceptance.expired()),
                false if !it.used && !it.doubtful => Some(it.acceptance.unmatched()),
                false => None,
            })
            .collect()
    }
}

fn covers(acceptance: &Acceptance, judged: &Judged) -> bool {
    let finding = &judged.finding;
    let candidate =
        Candidate { rule: finding.rule.id, export: finding.export.as_ref(), id: &judged.id };
    finding.kind == Kind::Fail && acceptance.covers(candidate)
}

/// Whether only an execution can show what a rule finds.
pub(super) fn needs_calls(rule: &str) -> bool {
    rules::of_calls().any(|it| it.id == rule)
}
