//! `secondcall exec`: the execution check alone, in detail.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::execution::Options;
use super::exit_code::ExitCode;
use super::{complain, finished, refuse};
use crate::check::calling::Calling;
use crate::check::configuration::Configurations;
use crate::check::inputs::{Bytes, Input, Source};
use crate::check::script;
use crate::check::settle::Refusal;
use crate::component::Component;
use crate::exec;
use crate::report::calls;
use crate::report::given::Given;
use crate::report::style::Style;
use crate::rules;

/// The hidden subcommand by which this program runs a guest in a process of its own.
pub(super) const WORKER: &str = exec::SUBCOMMAND;

/// What to call.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A component, binary or text
    #[arg(value_name = "FILE")]
    pub path: PathBuf,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// How to call
    #[command(flatten)]
    pub options: Options,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person: a table of calls for each export
    Human,
    /// For a program: everything that was written down of each call
    Json,
}

/// Runs one request of the execution check.
pub(crate) fn work() -> Result<(), (String, ExitCode)> {
    exec::serve().map_err(|error| (error.to_string(), ExitCode::Usage))
}

/// Calls the exports and shows what each call did.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    if let Some(why) = exec::MISSING {
        return complain(err, why, ExitCode::Usage);
    }
    let input = Source { from: Bytes::File(arguments.path.clone()), named: None }.read();
    let unread = |err: &mut dyn Write, message: String| {
        complain(err, &format!("{}: {message}", input.path), ExitCode::Unread)
    };
    let bytes = match &input.bytes {
        Ok(bytes) => bytes,
        Err(failure) => return unread(err, failure.message.clone()),
    };
    let component = match Component::read(bytes) {
        Ok(component) => component,
        Err(error) => return unread(err, error.to_string()),
    };
    let (calling, given) = match calling(arguments, &input) {
        Ok(calling) => calling,
        Err(refusal) => return refuse(&refusal, err),
    };
    let seen = calling
        .observer()
        .and_then(|observer| observer.observe(&component, |it| calling.wants(&it.name)));
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => {
            let message = format!("no process to run it could be started: {error}");
            return complain(err, &message, ExitCode::Usage);
        }
    };
    let findings = rules::observe(&seen, &component).into_sorted();
    let told = match arguments.format {
        Format::Human => calls::write(&seen, &findings, given.as_ref(), style, out),
        Format::Json => serde_json::to_writer_pretty(&mut *out, &seen)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out)),
    };
    finished(told, ExitCode::Clean, out, err)
}

/// How to call, as typed and as configured, and what was given, for a report.
fn calling(arguments: &Arguments, input: &Input) -> Result<(Calling, Option<Given>), Refusal> {
    let request = arguments.options.request();
    let mut configurations = Configurations::new(&request)?;
    let effective = configurations.of(Some(&arguments.path), None);
    configurations.check()?;
    let prepared = script::prepare([(&effective, input)])?;
    let script = prepared.all.into_iter().next().unwrap_or_default();
    let given = script.told().cloned();
    Ok((Calling::new(&effective.config, &request, script), given))
}
