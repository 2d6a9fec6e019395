//! Messages between a session and the process that analyzes its inputs. Each is a value with bytes behind it
//! ([`crate::frames`]).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::analysis::{Examine, Examined};
use crate::exec::Target;
use crate::inventory::{Part, Wrapping};
use crate::location::{Location, SourceLine};
use crate::observation::Observation;
use crate::report::Report;
use crate::report::document::{Failure, ImpliedHost, Skipped};
use crate::report::run::ObservedCalls;
use crate::rules;

/// The longest part of a message, in bytes: the largest input, and a text that was encoded from as much.
pub(super) const LONGEST: u64 = (1 << 30) + (1 << 20);

/// The processor time that the analysis of an input of so many bytes may take.
pub(super) fn patience(bytes: usize) -> Duration {
    Duration::from_secs(60 + bytes as u64 / 100_000)
}

/// What the process is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Makes a component of the bytes behind it: text, or a core module. `path` is the input's.
    Convert { path: String },
    /// Analyzes the component behind it.
    Examine(Examine),
    /// What the calls of that component did.
    Observed(Observation),
}

/// What the process answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// A component, whose bytes are behind it. `text` is what it was encoded from.
    Converted {
        text: Option<String>,
        wrapping: Option<Wrapping>,
    },
    /// The exports that can be called.
    Exports(Vec<Target>),
    Examined(Box<Sent>),
    /// Why there is no result, and the line of the text that it is about.
    Failed(Box<Failure>, String),
    /// The message of a panic. The process is not used again.
    Panicked(String),
}

/// A result on its way. What reports do not need is left out: what survives a call, and the causes by export.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    report: Report,
    /// The rule of each finding.
    rules: Vec<String>,
    /// The location of each part of the findings' causes.
    parts: Vec<Option<Location>>,
    hosts: Vec<ImpliedHost>,
    observed: Vec<ObservedCalls>,
    made_up_imports: Vec<String>,
    unfiltered: Option<String>,
    skipped: Vec<Skipped>,
    lines: Vec<(Location, SourceLine)>,
}

impl From<Examined> for Sent {
    fn from(mut examined: Examined) -> Self {
        let Examined { report, .. } = &mut examined;
        let rules = report.findings.iter().map(|it| it.finding.rule.id.to_owned()).collect();
        let parts = parts(report).map(|part| part.location.clone()).collect();
        let Examined { report, hosts, observed, made_up_imports, unfiltered, skipped, lines } =
            examined;
        let lines = lines.into_iter().collect();
        Sent { report, rules, parts, hosts, observed, made_up_imports, unfiltered, skipped, lines }
    }
}

impl Sent {
    /// The result as it was; `None` if it names a rule that does not exist.
    pub(super) fn received(mut self) -> Option<Examined> {
        for (judged, id) in self.report.findings.iter_mut().zip(&self.rules) {
            judged.finding.rule = rules::all().find(|rule| rule.id == id)?;
        }
        for (part, location) in parts(&mut self.report).zip(self.parts) {
            part.location = location;
        }
        let Sent { report, hosts, observed, made_up_imports, unfiltered, skipped, lines, .. } =
            self;
        let lines = lines.into_iter().collect();
        Some(Examined { report, hosts, observed, made_up_imports, unfiltered, skipped, lines })
    }
}

fn parts(report: &mut Report) -> impl Iterator<Item = &mut Part> {
    let causes = report.findings.iter_mut().filter_map(|judged| judged.cause.as_mut());
    causes.flat_map(|(cause, _)| &mut cause.parts)
}
