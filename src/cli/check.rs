//! `secondcall check`: examines inputs in parallel and reports findings.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::check_options::CheckOptions;
use super::exit_code::ExitCode;
use super::failure;
use super::output::{OutputOptions, document};
use crate::check::settle::baseline;
use crate::report::binaries::Binaries;
use crate::report::statistics;
use crate::report::style::Style;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Components (binary or text), manifests (spin.toml, Cargo.toml, .wash/config.yaml, *.wac, YAML
    /// of wasmCloud or wadm), folders to search, or - for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    options: CheckOptions,
    /// Exit with 0 even if there are findings
    #[arg(long)]
    exit_zero: bool,
    /// Print the number of findings per rule and of exports per verdict to standard error
    #[arg(long)]
    statistics: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    // Invalid options are reported before the work begins.
    arguments.output.check()?;
    let request = arguments.options.request();
    let baseline = request.baseline().map(|path| baseline(&path)).transpose()?;
    let mut outcome = arguments.options.check(&arguments.paths)?;
    if let Some(baseline) = baseline {
        outcome.hide(&baseline, request.no_ignores);
    }
    let code = ExitCode::of(&outcome, arguments.exit_zero);
    let mut run = outcome.run;
    run.exit_code = code as u8;
    arguments.output.write(&document(&run), &Binaries::of(&run), style, out)?;
    if arguments.statistics {
        // If standard error is closed, nobody reads them.
        let _ = statistics::write(&run, err);
    }
    Ok(code)
}
