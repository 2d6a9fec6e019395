//! `secondcall exec`: the execution check alone, in detail.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::alone;
use super::execution_options::ExecutionOptions;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::fetch_options::FetchOptions;
use crate::check::calling::Calling;
use crate::check::configuration::ConfigResolver;
use crate::check::error::CheckError;
use crate::check::inputs::{self, Loaded};
use crate::check::patterns::mismatch;
use crate::check::script;
use crate::exec;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::observation::Observation;
use crate::report::given::Given;
use crate::report::style::Style;
use crate::report::timeline::svg::{self, Captioned};
use crate::report::{calls, json};
use crate::{rules, survey};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component, binary or text
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// Output format
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Repeat overlapping calls in an order that a report shows, and make no other calls
    #[arg(long, value_name = "SCHEDULE", conflicts_with_all = ["calls", "exports"])]
    schedule: Option<String>,
    #[command(flatten)]
    options: ExecutionOptions,
    #[command(flatten)]
    fetch: FetchOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table of calls for each export
    Human,
    /// JSON with everything recorded about each call
    Json,
    /// SVG: the order in which overlapping calls disturb each other, or that of --schedule
    Svg,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    if let Some(reason) = exec::MISSING {
        return Err(CheckError::usage(reason));
    }
    let source = inputs::argument(&arguments.path, arguments.fetch.access());
    let input = alone::read(&source);
    let component = failure::component(&input)?;
    let names: Vec<_> = component.exports.iter().map(|it| &it.name).collect();
    let patterns = arguments.options.exports.iter();
    if let Some(message) = patterns.filter_map(|it| mismatch("--export", it, &names)).next() {
        return Err(CheckError::usage(message));
    }
    let (calling, given) = calling(arguments, source.path(), &input)?;
    let observe = || {
        let mut observer = calling.observer()?;
        observer.settings.schedule.clone_from(&arguments.schedule);
        observer.observe(&component, |it| calling.wants(&it.name))
    };
    let mut observation =
        observe().map_err(|error| format!("cannot start a process for the guest: {error}"))?;
    if let Some(schedule) = &arguments.schedule {
        only_overlapping(&mut observation, schedule)?;
    }
    let findings = rules::observe(&observation, &component).into_sorted();
    let has_causes = observation.exports.iter().any(|it| !it.causes.is_empty());
    let facts = (has_causes && arguments.format == Format::Human).then(|| Facts::of(&component));
    let inventory = facts.map(|it| survey::with_state(&it, &observation, |_| false, |_| false));
    let exports = inventory.map(|it| it.exports).unwrap_or_default();
    let written = match arguments.format {
        Format::Human => {
            let inner = survey::inner(&component);
            let explained = (&findings[..], &exports[..], &inner[..]);
            calls::write(&observation, explained, given.as_ref(), style, out)
        }
        Format::Json => json::indented(&observation, out),
        Format::Svg => svg::write(&orders(&observation, &findings)?, out),
    };
    written.map(|()| ExitCode::Clean).map_err(unwritten)
}

/// The orders in which calls overlapped, to be drawn.
///
/// # Errors
/// If there are none.
fn orders(observation: &Observation, findings: &[Finding]) -> Result<Vec<Captioned>, CheckError> {
    let mut orders = Vec::new();
    for export in &observation.exports {
        let Some(found) = export.overlapping.as_ref().and_then(|it| it.found.as_ref()) else {
            continue;
        };
        let finding = findings
            .iter()
            .find(|it| it.timeline.is_some() && it.export.as_ref() == Some(&export.export));
        let calls = found.calls.len();
        let sentence = match finding {
            Some(finding) => finding.message.clone(),
            None => format!("{calls} calls that do what they do in sequence"),
        };
        orders.push(Captioned { sentence, timeline: rules::timeline(found) });
    }
    match orders.is_empty() {
        true => Err(CheckError::usage(
            "nothing to draw: no calls that overlap were seen to disturb each other",
        )),
        false => Ok(orders),
    }
}

/// Leaves the export whose calls were repeated.
///
/// # Errors
/// If they could not be made.
fn only_overlapping(observation: &mut Observation, schedule: &str) -> Result<(), CheckError> {
    let unseen = observation.exports.iter().find_map(|it| it.inconclusive.clone());
    observation.exports.retain(|export| export.overlapping.is_some());
    if !observation.exports.is_empty() {
        return Ok(());
    }
    let detail = unseen.map_or_else(|| "it has no exports".to_owned(), |it| it.detail);
    Err(CheckError::usage(format!("cannot repeat `{schedule}`: {detail}")))
}

/// How to call, from command line and configuration, and what reports show of the script.
fn calling(
    arguments: &Arguments,
    path: Option<&Path>,
    input: &Loaded,
) -> Result<(Calling, Option<Given>), CheckError> {
    let request = arguments.options.request();
    let mut resolver = ConfigResolver::new(&request)?;
    let resolved = resolver.resolve(path, None);
    resolver.finish()?;
    let prepared = script::prepare([(&resolved, Some(input))])?;
    let script = prepared.all.into_iter().next().unwrap_or_default();
    let given = script.reported().cloned();
    Ok((Calling::new(&resolved.config, &request, script), given))
}
