//! A comparison of two reports, member by member as `schemas/diff-v1.json` has it.

use serde::Serialize;

use crate::finding::Evidence;
use crate::location::ExportName;
use crate::report::answer::Outlook;
use crate::report::document::{Options, Tool};
use crate::verdict::{Severity, Verdict};

/// The name of the format.
pub(super) const FORMAT: &str = "secondcall-diff";
/// The version of the format. Within it, members are only added.
pub(super) const VERSION: u32 = 1;

/// What changed from one report to another.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    pub(crate) format: &'static str,
    pub(crate) version: u32,
    pub(crate) tool: Tool,
    pub(crate) old: Side,
    pub(crate) new: Side,
    /// The components of the new report, in its order, then those that are removed.
    pub(crate) components: Vec<ComponentChange>,
    pub(crate) summary: Summary,
}

/// How one of the two reports came about.
#[derive(Debug, Serialize)]
pub(crate) struct Side {
    pub(crate) tool: Tool,
    pub(crate) run: Options,
    /// Findings that the user has accepted. They are in no report, so they are not compared.
    pub(crate) accepted: u64,
}

/// The numbers of a comparison.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Findings that are new.
    pub(crate) new: u64,
    /// Findings that are gone.
    pub(crate) gone: u64,
    /// Findings that are in both and got worse.
    pub(crate) worse: u64,
    /// Findings that are in both and got better.
    pub(crate) better: u64,
    /// Findings that are in both and did neither.
    pub(crate) same: u64,
    /// Findings that only one of the two reports could have, because the other made no such calls.
    pub(crate) not_compared: u64,
    /// Exports and hosts of which less is known.
    pub(crate) less_known: u64,
    /// The program's exit code.
    pub(crate) exit_code: u8,
}

/// What happened to a component or an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// Nothing.
    Same,
    /// It is in both, and differs.
    Changed,
    /// It is only in the new report.
    Added,
    /// It is only in the old report.
    Removed,
}

/// What a change means for later calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trend {
    /// There is none.
    Same,
    /// It is neither better nor worse.
    Different,
    /// Less harm, or more is known.
    Better,
    /// What was known is unknown.
    LessKnown,
    /// More harm.
    Worse,
}

/// A component.
#[derive(Debug, Serialize)]
pub(crate) struct ComponentChange {
    pub(crate) change: Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<Input>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<Input>,
    pub(crate) hosts: Vec<HostChange>,
    pub(crate) exports: Vec<ExportChange>,
    pub(crate) findings: Vec<FindingChange>,
}

/// One of the two builds of a component.
#[derive(Debug, Serialize)]
pub(crate) struct Input {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// How the component fares under a host.
#[derive(Debug, Serialize)]
pub(crate) struct HostChange {
    pub(crate) host: String,
    pub(crate) trend: Trend,
    /// `None` if it was not judged for this host.
    pub(crate) before: Option<Fares>,
    pub(crate) after: Option<Fares>,
}

/// How the exports of a build fare under a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Fares {
    pub(crate) outlook: Outlook,
    pub(crate) text: String,
}

/// An exported function.
#[derive(Debug, Serialize)]
pub(crate) struct ExportChange {
    pub(crate) name: ExportName,
    /// Its name in the old report, if its interface had another version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) was_named: Option<ExportName>,
    pub(crate) change: Change,
    pub(crate) trend: Trend,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Known>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Known>,
}

/// What is known of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Known {
    /// The members `verdict` and `verdict_calls`.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<Evidence>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(crate) ty: Option<String>,
}

/// What happened to a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Presence {
    /// It is only in the new report.
    New,
    /// It is in both reports.
    Kept,
    /// It is only in the old report.
    Gone,
    /// It is only in the new report; the old one made no such calls.
    NewlySeen,
    /// It is only in the old report; the new one made no such calls.
    Unseen,
}

/// A finding.
#[derive(Debug, Serialize)]
pub(crate) struct FindingChange {
    pub(crate) presence: Presence,
    pub(crate) trend: Trend,
    /// Its id in the new report, or in the old one if it is gone.
    pub(crate) id: String,
    /// Its id in the old report, if that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) was_id: Option<String>,
    pub(crate) rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) export: Option<String>,
    pub(crate) severity: Severity,
    pub(crate) evidence: Evidence,
    pub(crate) message: String,
    /// What differs, if it is in both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) facts: Vec<FactChange>,
}

/// Something that is said of a finding, before and after.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FactChange {
    pub(crate) fact: Fact,
    pub(crate) trend: Trend,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<String>,
}

/// What is said of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fact {
    /// How bad it is under the hosts.
    Severity,
    /// How it is known.
    Evidence,
    /// The call at which it showed.
    Call,
    /// How many calls on an instance are harmless.
    HarmlessCalls,
    /// The linear memory that each call leaves behind.
    MemoryPerCall,
    /// The linear memory that a call leaves behind for each KiB of its arguments.
    MemoryPerKibibyte,
    /// The order of overlapping calls in which it showed.
    Schedule,
    /// The state that makes the call differ.
    Cause,
    /// What a host would have to put back.
    Reset,
}

impl Fact {
    /// Its name in a sentence.
    pub(super) fn words(self) -> &'static str {
        match self {
            Fact::Severity => "severity",
            Fact::Evidence => "evidence",
            Fact::Call => "call at which it shows",
            Fact::HarmlessCalls => "harmless calls",
            Fact::MemoryPerCall => "memory per call",
            Fact::MemoryPerKibibyte => "memory per KiB of arguments",
            Fact::Schedule => "order of calls",
            Fact::Cause => "cause",
            Fact::Reset => "to put back",
        }
    }
}

impl Comparison {
    /// Whether a finding at or above `least` is new or got worse; `None` if nothing counts.
    pub(crate) fn fails(&self, least: Option<Severity>) -> bool {
        let findings = self.components.iter().flat_map(|it| &it.findings);
        let mut worse = findings.filter(|it| it.trend == Trend::Worse);
        worse.any(|it| least.is_some_and(|least| it.severity >= least))
    }

    /// The settings in which the two reports differ: `calls: 8, then 20`.
    pub(super) fn settings(&self) -> Vec<String> {
        let (old, new) = (&self.old.run, &self.new.run);
        let version = |side: &Side| side.tool.version.clone();
        let hosts = |run: &Options| run.hosts.join(" ");
        [
            ("version of secondcall", version(&self.old), version(&self.new)),
            ("hosts", hosts(old), hosts(new)),
            ("seed", old.seed.clone(), new.seed.clone()),
            ("calls", old.calls.to_string(), new.calls.to_string()),
            ("static only", old.static_only.to_string(), new.static_only.to_string()),
            ("accepted findings", self.old.accepted.to_string(), self.new.accepted.to_string()),
        ]
        .into_iter()
        .filter(|(_, old, new)| old != new)
        .map(|(name, old, new)| format!("{name}: {old}, then {new}"))
        .collect()
    }
}
