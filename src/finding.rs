//! What is reported, by which rule, on what evidence. Knows no particular rule and no format.

use serde::{Deserialize, Serialize};

use crate::location::{ExportName, Location};
use crate::rule::Rule;

/// How surely a finding is true, from may to did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// May: some path, or a step the analysis could not follow.
    Possible,
    /// Must: proven from the binary, assuming that no stray store changes the state concerned.
    Certain,
    /// Did: it happened when the export was executed.
    Observed,
}

/// SARIF's `result.kind`, as far as we use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something is wrong.
    Fail,
    /// Something is proven to be right.
    Pass,
}

/// A place that explains a finding, with the words that stand beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The instruction or item.
    pub location: Location,
    /// What happens there, and in which call: `2nd call traps here`.
    pub text: String,
}

/// One thing found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Good or bad news.
    pub kind: Kind,
    /// The lifted export concerned; `None` for the whole component.
    pub export: Option<ExportName>,
    /// The primary place.
    pub location: Location,
    /// Further places, in the order in which they explain; at most three are shown to a person.
    pub labels: Vec<Label>,
    /// How surely it is true.
    pub evidence: Evidence,
    /// For what was observed: the call of the export at which it showed, counted on one instance from 1;
    /// for good news, how many calls were good. `None` where it took a call of another export.
    pub calls: Option<u32>,
    /// One sentence: what will happen, naming the export.
    pub message: String,
    /// The next step for the author, fitted to this case.
    pub help: String,
    /// The road from the export to the place: export, then core functions, outermost first.
    pub call_path: Vec<String>,
    /// What tells this finding from others of the same rule and export and survives a rebuild:
    /// the function's name, or a digest of its opcodes.
    pub discriminator: String,
    /// For what was observed: where the calls stood that led to the place, innermost first.
    pub callers: Vec<Location>,
    /// For what was observed: the guest's own words for it.
    pub words: Option<String>,
    /// Whether the call ends by leaving through `wasi:cli/exit`.
    pub exits: bool,
    /// How many calls a host may give an instance without harm, by what was observed.
    pub at_most: Option<u64>,
}

impl Finding {
    /// What follows from the code of `export`, without words yet.
    pub fn inferred(rule: &'static Rule, export: &ExportName, location: Location) -> Finding {
        Finding { evidence: Evidence::Possible, ..Finding::observed(rule, export, location) }
    }

    /// What calls of `export` showed, without words yet.
    pub fn observed(rule: &'static Rule, export: &ExportName, location: Location) -> Finding {
        Finding {
            rule,
            kind: Kind::Fail,
            export: Some(export.clone()),
            location,
            labels: Vec::new(),
            evidence: Evidence::Observed,
            calls: None,
            message: String::new(),
            help: String::new(),
            call_path: vec![export.to_string()],
            discriminator: String::new(),
            callers: Vec::new(),
            words: None,
            exits: false,
            at_most: None,
        }
    }

    /// What calls showed of the whole component, without words yet.
    pub fn of_component(rule: &'static Rule, location: Location) -> Finding {
        let nobody = ExportName::new(None, "");
        let observed = Finding::observed(rule, &nobody, location);
        Finding { export: None, call_path: Vec::new(), ..observed }
    }

    /// Puts words beside the primary place, and tells the finding from others by its function; a finding
    /// about no instruction stays as it is.
    pub fn labelled(mut self, text: String) -> Finding {
        if let Some(function) = self.location.path.last() {
            self.discriminator = function.name.clone().unwrap_or_default();
            self.labels = vec![Label { location: self.location.clone(), text }];
        }
        self
    }

    /// Puts down the calls that led to the place, innermost first, and the road that they make.
    pub fn led_to_by(mut self, callers: Vec<Location>) -> Finding {
        let places = callers.iter().rev().chain([&self.location]);
        let functions = places.filter(|it| !it.path.is_empty()).map(|it| {
            let steps: Vec<_> = it.path.iter().map(ToString::to_string).collect();
            steps.join(" ")
        });
        self.call_path.extend(functions);
        self.call_path.dedup();
        self.callers = callers;
        self
    }
}

#[cfg(test)]
impl Finding {
    /// A finding for tests, of a rule that exists nowhere.
    pub(crate) fn example(
        hazard: crate::rule::Hazard,
        evidence: Evidence,
        export: Option<ExportName>,
    ) -> Finding {
        let page = format!(
            "```toml\nhazard = \"{hazard}\"\nprecision = \"high\"\nsince = \"0.1.0\"\n```\n# Example\n\nText.\n"
        );
        let rule = Box::leak(Box::new(Rule::from_page("example", page.leak())));
        Finding {
            rule,
            kind: Kind::Fail,
            export,
            location: Location::default(),
            labels: Vec::new(),
            evidence,
            calls: None,
            message: String::new(),
            help: String::new(),
            call_path: Vec::new(),
            discriminator: "_start".to_owned(),
            callers: Vec::new(),
            words: None,
            exits: false,
            at_most: None,
        }
    }
}

/// The findings of a run, in the order in which they are told.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn report(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds many.
    pub fn extend(&mut self, findings: Findings) {
        self.list.extend(findings.list);
    }

    /// All findings, ordered by place, rule and export: the same input gives the same order.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by(|a, b| {
            (&a.export, a.rule.id, a.location.span, &a.message).cmp(&(
                &b.export,
                b.rule.id,
                b.location.span,
                &b.message,
            ))
        });
        self.list
    }
}
