//! What is found in one component: by its code, and by what its calls did.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};

use super::repairable;
use crate::component::{Component, ReadError};
use crate::exec::{self, Target};
use crate::facts::Facts;
use crate::finding::{changed_answers, left_something};
use crate::location::{Location, SourceLine};
use crate::manifest::{HostSettings, Implied};
use crate::observation::{Observation, ObservedExport};
use crate::profile::Profile;
use crate::report::document::{Failure, ImpliedHost, Skipped};
use crate::report::run::ObservedCalls;
use crate::report::{Report, obstacle};
use crate::{rules, sources, survey};

/// How a component is analyzed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Examine {
    /// Ids of the hosts.
    pub(super) hosts: Vec<String>,
    /// The host that takes their place.
    pub(super) implied: Implied,
    /// Path and source of its `.wat`, if any.
    pub(super) text: Option<(String, String)>,
    /// Whether its exports are called meanwhile.
    pub(super) calls: bool,
}

/// The result of examining one component.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Examined {
    pub(super) report: Report,
    /// The hosts that a manifest implies, if the component was judged for them.
    pub(super) hosts: Vec<ImpliedHost>,
    pub(super) observed: Vec<ObservedCalls>,
    pub(super) made_up_imports: Vec<String>,
    pub(super) unfiltered: Option<String>,
    pub(super) skipped: Vec<Skipped>,
    /// The source lines of the report's locations.
    #[serde(with = "super::pairs")]
    pub(super) lines: BTreeMap<Location, SourceLine>,
    /// Whether another examination has the same result.
    pub(super) is_repeatable: bool,
}

/// Calls that are made elsewhere while the code is analyzed.
pub(super) trait Calls {
    /// Begins to call these exports.
    fn begin(&mut self, exports: Vec<Target>) -> io::Result<()>;
    /// What they did.
    fn end(&mut self) -> io::Result<Observation>;
}

/// Analyzes a component.
///
/// # Errors
/// If the bytes are no valid component; else if the calls cannot be made, or a host does not exist.
pub(super) fn examine(
    bytes: &[u8],
    how: &Examine,
    calls: &mut dyn Calls,
) -> io::Result<Result<Examined, Box<Failure>>> {
    let text = how.text.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
    let component = match Component::read(bytes) {
        Ok(component) => component,
        Err(error) => return Ok(Err(unreadable(bytes, text, &error))),
    };
    if how.calls {
        calls.begin(Target::all(&component))?;
    }
    let facts = Facts::of(&component);
    let seen = if how.calls { calls.end()? } else { Observation::default() };
    let hosts = Profile::by_ids(&how.hosts).map_err(io::Error::other)?;
    Ok(Ok(Examined::of(&facts, &seen, &hosts, how.implied, text)))
}

impl Examined {
    /// Judges what is inferred and what calls did, for `hosts` or those that are `implied`. `text` is the path and source
    /// of the component's `.wat`, if any.
    pub(super) fn of(
        facts: &Facts<'_>,
        seen: &Observation,
        hosts: &[&Profile],
        implied: Implied,
        text: Option<(&str, &str)>,
    ) -> Self {
        let mut findings = rules::run(facts);
        findings.extend(rules::observe(seen, facts.component));
        let findings = findings.into_sorted();
        let inventory = survey::with_state(
            facts,
            seen,
            |export| changed_answers(&findings, export),
            |export| left_something(&findings, export),
        );
        let exports: Vec<_> = inventory.exports.iter().map(|export| &export.name).collect();
        let implied = implied.hosts(&exports);
        let hosts: Vec<&Profile> = match implied.is_empty() {
            true => hosts.to_vec(),
            false => implied.iter().map(|(host, _)| host.as_ref()).collect(),
        };
        let mut report = Report::of(inventory, findings, seen, &hosts);
        repairable::mark(&mut report, facts, seen);
        let unanalysed = report.inventory.unanalysed.iter().map(|stage| unanalysed(stage));
        let uncalled = seen.exports.iter().filter_map(|it| skipped(it, seen));
        let skipped = unanalysed.chain(uncalled).collect();
        let called = |it: &&ObservedExport| !it.fresh.is_empty();
        Examined {
            lines: lines(facts, text, &report),
            report,
            hosts: implied.iter().map(implied_host).collect(),
            observed: seen.exports.iter().filter(called).map(ObservedCalls::from).collect(),
            made_up_imports: seen.stubbed.clone(),
            unfiltered: seen.unfiltered.clone(),
            skipped,
            is_repeatable: exec::is_repeatable(seen),
        }
    }
}

/// The source lines of all locations in the report.
fn lines(
    facts: &Facts<'_>,
    text: Option<(&str, &str)>,
    report: &Report,
) -> BTreeMap<Location, SourceLine> {
    let findings = report.findings.iter().map(|judged| &judged.finding);
    let locations = findings.flat_map(|it| {
        let labels = it.labels.iter().map(|label| &label.location);
        std::iter::once(&it.location).chain(labels).chain(&it.callers)
    });
    let exports = report.inventory.exports.iter();
    let locations = locations.chain(exports.filter_map(|it| it.core_function.as_ref()));
    let mut lines = match text {
        Some((path, text)) => sources::written(facts.component, text, path, locations),
        None => sources::recorded(facts.component, locations),
    };
    let causes = report.inventory.exports.iter().flat_map(|export| &export.causes);
    for part in causes.flat_map(|cause| &cause.parts) {
        if let (Some(location), Some(line)) = (&part.location, &part.declared) {
            lines.insert(location.clone(), line.clone());
        }
    }
    lines
}

fn implied_host((host, settings): &(Cow<'_, Profile>, HostSettings)) -> ImpliedHost {
    let settings = settings.iter().map(|(name, set)| ((*name).to_owned(), *set)).collect();
    ImpliedHost { id: host.id.clone(), settings }
}

/// What a stage of the analysis left out.
fn unanalysed(stage: &str) -> Skipped {
    let what = match stage {
        "reading" => {
            "it imports or exports more functions than its size pays for; the rest is not listed"
        }
        _ => "its instances have more items than its size pays for; the rest is unknown",
    };
    let detail = format!("not analysed: budget of {stage}: {what}");
    Skipped { reason: ANALYSIS_BUDGET.to_owned(), detail, ..Skipped::default() }
}

/// The reason of what exceeds a budget of the analysis.
const ANALYSIS_BUDGET: &str = "analysis-budget";

fn skipped(export: &ObservedExport, seen: &Observation) -> Option<Skipped> {
    let why = obstacle::of(export, seen)?;
    let export = Some(export.export.clone());
    Some(Skipped { export, reason: why.reason, detail: why.detail, ..Skipped::default() })
}

/// The failure of bytes that are no component. `text` is the path and source that they were encoded from, if any.
fn unreadable(bytes: &[u8], text: Option<(&str, &str)>, error: &ReadError) -> Box<Failure> {
    let failure = Failure::new("read", error.to_string());
    let at = text.and_then(|(_, text)| {
        let place = sources::written_at(bytes, text, error.offset())?;
        let line = text.lines().nth((place.line as usize).checked_sub(1)?)?;
        Some((place, line.to_owned()))
    });
    // Who reads the text does not know its encoding.
    Box::new(match at {
        Some((SourceLine { line, column, .. }, text)) => {
            let column = column.unwrap_or(1);
            let message = format!("{error} (line {line}, column {column})");
            let (line, column) = (Some(line), Some(column));
            Failure { line, column, text, message, ..failure }
        }
        None => Failure { offset: Some(error.offset()), ..failure },
    })
}
