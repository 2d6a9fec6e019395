//! `secondcall check`: examines inputs in parallel and reports findings.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::check_options::CheckOptions;
use super::exit_code::ExitCode;
use super::failure;
use super::output::{OutputOptions, document};
use crate::check::settle::baseline;
use crate::check::source_lines;
use crate::report::binaries::Binaries;
use crate::report::style::Style;
use crate::report::text::totals;
use crate::report::wording;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Components or core modules (binary or text), manifests (spin.toml, Cargo.toml, .wash/config.yaml, *.wac, YAML
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
    let start = Instant::now();
    let request = arguments.options.request();
    let baseline = request.baseline().map(|path| baseline(&path)).transpose()?;
    let mut outcome = arguments.options.check(&arguments.paths)?;
    if let Some(baseline) = baseline {
        outcome.hide(&baseline, request.no_ignores);
    }
    let code = ExitCode::of(&outcome, arguments.exit_zero);
    let mut run = outcome.run;
    run.exit_code = code as u8;
    let document = document(&run);
    let mut binaries = Binaries::of(&run);
    if arguments.output.shows_code() {
        binaries.sources = source_lines::texts(&document);
    }
    arguments.output.write(&document, &binaries, style, out)?;
    // If standard error is closed, nobody reads them.
    if arguments.statistics {
        let _ = totals::statistics(&document, err);
    }
    if arguments.output.is_chatty() && io::stderr().is_terminal() {
        let inputs = wording::counted(run.artifacts.len() as u64, "input");
        let _ = writeln!(err, "  checked {inputs} in {:.1} s", start.elapsed().as_secs_f64());
    }
    Ok(code)
}
