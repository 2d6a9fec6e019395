//! `secondcall check`: reads inputs, in parallel, and tells what was found.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::choices::Choices;
use super::exit_code::ExitCode;
use super::formats::{self, Telling};
use super::{complain, refuse};
use crate::check::settle::{Gathered, Refusal, baseline};
use crate::report::binaries::Binaries;
use crate::report::statistics;
use crate::report::style::Style;

/// What to check, and how to tell of it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Components (binary or text), manifests (spin.toml, Cargo.toml, .wash/config.yaml, *.wac, YAML
    /// of wasmCloud or wadm), folders to search, or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to tell it
    #[command(flatten)]
    pub telling: Telling,
    /// How to examine and judge
    #[command(flatten)]
    pub choices: Choices,
    /// Exit with 0 whatever was found
    #[arg(long)]
    pub exit_zero: bool,
    /// Show on standard error how many findings each rule has, and how many exports each verdict
    #[arg(long)]
    pub statistics: bool,
}

/// Checks what the arguments name.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let gathered = match settled(arguments) {
        Ok(gathered) => gathered,
        Err(refusal) => return refuse(&refusal, err),
    };
    let code = ExitCode::of(&gathered, arguments.exit_zero);
    let mut run = gathered.run;
    run.exit_code = code as u8;
    let document = formats::document(&run);
    if let Err(message) = arguments.telling.tell(&document, &Binaries::of(&run), style, out) {
        return complain(err, &message, ExitCode::Usage);
    }
    if arguments.statistics {
        // Where standard error is closed, too, nobody wants to know.
        let _ = statistics::write(&run, err);
    }
    code
}

/// What was found, less what the baseline knows. What was typed wrong is told before the work.
fn settled(arguments: &Arguments) -> Result<Gathered, Refusal> {
    arguments.telling.check()?;
    let request = arguments.choices.request();
    let baseline = request.baseline().map(|path| baseline(&path)).transpose()?;
    let mut gathered = arguments.choices.gather(&arguments.paths)?;
    if let Some(baseline) = baseline {
        gathered.hide(&baseline, request.no_ignores);
    }
    Ok(gathered)
}
