//! `secondcall exec`: the execution check alone, in detail.

#[cfg(feature = "exec")]
use std::io;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[cfg(feature = "exec")]
use super::choices::Choices;
use super::complain;
#[cfg(feature = "exec")]
use super::configuration::Configurations;
#[cfg(feature = "exec")]
use super::execution::Calling;
use super::execution::Options;
use super::exit_code::ExitCode;
#[cfg(feature = "exec")]
use super::finished;
#[cfg(feature = "exec")]
use super::inputs::Bytes;
#[cfg(feature = "exec")]
use super::inputs::Input;
#[cfg(feature = "exec")]
use super::inputs::Source;
#[cfg(feature = "exec")]
use super::script;
#[cfg(feature = "exec")]
use super::settlement::Refusal;
#[cfg(feature = "exec")]
use crate::component::Component;
#[cfg(feature = "exec")]
use crate::report::calls;
#[cfg(feature = "exec")]
use crate::report::given::Given;
use crate::report::style::Style;
#[cfg(feature = "exec")]
use crate::rules;

/// The hidden subcommand by which this program runs a guest in a process of its own.
#[cfg(feature = "exec")]
pub const WORKER: &str = crate::exec::SUBCOMMAND;
/// The hidden subcommand, in a build that does not execute.
#[cfg(not(feature = "exec"))]
pub const WORKER: &str = "exec-worker";

/// What to call.
#[derive(Debug, Args)]
pub struct Arguments {
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
pub enum Format {
    /// For a person: a table of calls for each export
    Human,
    /// For a program: everything that was written down of each call
    Json,
}

/// Calls the exports and shows what each call did.
#[cfg(not(feature = "exec"))]
pub fn run(_: &Arguments, _: Style, _: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let message = "this build of secondcall executes nothing: install it with its default features, \
                   `cargo install secondcall`";
    complain(err, message, ExitCode::Usage)
}

/// Runs one request of the execution check.
#[cfg(not(feature = "exec"))]
pub(crate) fn work() -> Result<(), (String, ExitCode)> {
    Err(("this build of secondcall executes nothing".to_owned(), ExitCode::Usage))
}

/// Runs one request of the execution check.
#[cfg(feature = "exec")]
pub(crate) fn work() -> Result<(), (String, ExitCode)> {
    crate::exec::serve().map_err(|error| (error.to_string(), ExitCode::Usage))
}

/// Calls the exports and shows what each call did.
#[cfg(feature = "exec")]
pub fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
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
        Err(refusal) => return refusal.tell(err),
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
#[cfg(feature = "exec")]
fn calling(arguments: &Arguments, input: &Input) -> Result<(Calling, Option<Given>), Refusal> {
    let choices = Choices { execution: arguments.options.clone(), ..Choices::default() };
    let mut configurations = Configurations::new(&choices)?;
    let effective = configurations.of(Some(&arguments.path), None);
    configurations.check()?;
    let prepared = script::prepare([(&effective, input)])?;
    let script = prepared.all.into_iter().next().unwrap_or_default();
    let given = script.told().cloned();
    Ok((arguments.options.under(&effective.config, script), given))
}
