//! A finding: what a rule reports, and on what evidence. Knows no particular rule and no format.

mod timeline;

use serde::{Deserialize, Serialize};

pub use timeline::{Moment, Timeline};

use crate::location::{ExportName, Location};
use crate::rule::{Hazard, Rule};

/// How certain a finding is, in increasing order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// It may happen: on some path, or after a step that the analysis could not follow.
    Possible,
    /// It must happen: proven from the binary, under the assumptions that the finding names.
    Certain,
    /// It happened when the export was executed.
    Observed,
}

/// SARIF's `result.kind`, as far as we use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A problem.
    Fail,
    /// Good news.
    Pass,
}

/// A location that explains a finding, with a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// The instruction or item.
    pub location: Location,
    /// What happens there, and in which call: `2nd call traps here`.
    pub text: String,
}

/// The linear memory that each call leaves behind, in bytes, as a fit over many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    /// Whatever its arguments.
    pub per_call: u64,
    /// For each KiB of its arguments.
    pub per_kibibyte: u64,
}

/// What a rule reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Whether it is a problem.
    pub kind: Kind,
    /// The lifted export concerned; `None` for the whole component.
    pub export: Option<ExportName>,
    /// The primary location.
    pub location: Location,
    /// Further locations, in explanatory order; at most three are shown to a person.
    pub labels: Vec<Label>,
    /// How certain it is.
    pub evidence: Evidence,
    /// If it was observed: the call of the export at which it showed, counted on one instance from 1. For good news, the
    /// number of calls. `None` if it took a call of another export.
    pub calls: Option<u32>,
    /// If it is about a call that differs from its reference call: which call it is, and the other export whose call makes
    /// the difference, if it took one. Its cause is known by these.
    pub differs: Option<(u32, Option<ExportName>)>,
    /// One sentence: what happens, naming the export.
    pub message: String,
    /// What to do next.
    pub help: String,
    /// The call path to the location: the export, then core functions, outermost first.
    pub call_path: Vec<String>,
    /// Distinguishes it from others of the same rule and export, and survives a rebuild: the function's name, or a digest
    /// of its opcodes.
    pub discriminator: String,
    /// If it was observed: the locations of the calls that led to it, innermost first.
    pub callers: Vec<Location>,
    /// If it was observed: the guest's own words.
    pub words: Option<String>,
    /// Whether the call exits through `wasi:cli/exit`.
    pub exits: bool,
    /// Whether it shows that answers depend on earlier calls.
    pub answers: bool,
    /// Whether its proof names an assumption.
    pub assumes: bool,
    /// Whether calls returned although the code proves that they do not: a bug of ours, or an assumption that does not
    /// hold.
    pub refuted: bool,
    /// How many calls on an instance are harmless, by what was observed.
    pub at_most: Option<u64>,
    /// If each call leaves linear memory behind: how much.
    pub leak: Option<Leak>,
    /// If it is about calls that overlap: what happens in which order.
    pub timeline: Option<Timeline>,
    /// If it is about calls that overlap: the export of each.
    pub at_once: Vec<ExportName>,
    /// Whether a call traps.
    pub traps: bool,
    /// If handles are left behind: the imported functions that may have given them.
    pub given_by: Vec<String>,
    /// Ids of the facts about the code that explain it.
    pub facts: Vec<String>,
}

impl Finding {
    /// A possible finding about the code of `export`, without a message.
    pub(crate) fn inferred(
        rule: &'static Rule,
        export: &ExportName,
        location: Location,
    ) -> Finding {
        Finding { evidence: Evidence::Possible, ..Finding::observed(rule, export, location) }
    }

    /// A finding about calls of `export`, without a message.
    pub(crate) fn observed(
        rule: &'static Rule,
        export: &ExportName,
        location: Location,
    ) -> Finding {
        Finding {
            rule,
            kind: Kind::Fail,
            export: Some(export.clone()),
            location,
            labels: Vec::new(),
            evidence: Evidence::Observed,
            calls: None,
            differs: None,
            message: String::new(),
            help: String::new(),
            call_path: vec![export.to_string()],
            discriminator: String::new(),
            callers: Vec::new(),
            words: None,
            exits: false,
            answers: false,
            assumes: false,
            refuted: false,
            at_most: None,
            leak: None,
            timeline: None,
            at_once: Vec::new(),
            traps: false,
            given_by: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// A finding about calls that concerns the whole component, without a message.
    pub(crate) fn of_component(rule: &'static Rule, location: Location) -> Finding {
        let nobody = ExportName::new(None, "");
        let observed = Finding::observed(rule, &nobody, location);
        Finding { export: None, call_path: Vec::new(), ..observed }
    }

    /// Extends the call path from the export to the location.
    pub(crate) fn reached_by(mut self, functions: impl IntoIterator<Item = String>) -> Finding {
        self.call_path.extend(functions);
        self.call_path.dedup();
        self
    }

    /// Adds a label at the location.
    pub(crate) fn labelled(mut self, text: &str) -> Finding {
        self.labels.push(Label { location: self.location.clone(), text: text.to_owned() });
        self
    }
}

#[cfg(test)]
impl Finding {
    /// A finding for tests, of a rule that does not exist.
    pub(crate) fn example(
        hazard: crate::rule::Hazard,
        evidence: Evidence,
        export: Option<ExportName>,
    ) -> Finding {
        let page = format!(
            "```toml\nhazard = \"{hazard}\"\nprecision = \"high\"\nsince = \"0.1.0\"\n```\n# Example\n\nText.\n"
        );
        let rule = Box::leak(Box::new(Rule::from_page("example", page.leak())));
        let discriminator = "_start".to_owned();
        let finding = Finding::of_component(rule, Location::default());
        Finding { export, evidence, discriminator, ..finding }
    }
}

/// Whether calls of an export were seen to answer differently than calls on fresh instances.
pub(crate) fn changed_answers(findings: &[Finding], export: &ExportName) -> bool {
    findings.iter().any(|it| {
        it.answers && it.evidence == Evidence::Observed && it.export.as_ref() == Some(export)
    })
}

/// Whether calls of an export were seen to leave something behind.
pub(crate) fn left_something(findings: &[Finding], export: &ExportName) -> bool {
    findings.iter().any(|it| {
        it.kind == Kind::Fail
            && it.evidence == Evidence::Observed
            && matches!(it.rule.metadata.hazard, Hazard::Leak | Hazard::Exhaustion)
            && it.export.as_ref() == Some(export)
    })
}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds all of `findings`.
    pub(crate) fn extend(&mut self, findings: Findings) {
        self.list.extend(findings.list);
    }

    /// All findings, ordered by export, rule, location and message.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        fn key(finding: &Finding) -> impl Ord {
            (&finding.export, finding.rule.id, finding.location.span, &finding.message)
        }
        self.list.sort_by(|a, b| key(a).cmp(&key(b)));
        self.list
    }
}
