//! `secondcall diff`: what a new build changed for its second call.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::check_options::CheckOptions;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::output::{document, files_to_write, output};
use super::render::saved;
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::settle::baseline;
use crate::report::diff::{self, Comparison};
use crate::report::document::{Document, Skipped};
use crate::report::json;
use crate::report::style::Style;
use crate::verdict::Severity;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old build: a component, reference, folder or manifest, or a report saved with --format json
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new build, or a report on it
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Format of the comparison
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Also write the comparison to a file; may be repeated
    #[arg(short = 'o', long = "output", value_name = "FORMAT=FILE", value_parser = output::<Format>)]
    outputs: Vec<(Format, PathBuf)>,
    /// Also print what is the same
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    options: CheckOptions,
    /// Exit with 0 even if something got worse
    #[arg(short, long)]
    exit_zero: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each change
    Human,
    /// JSON as in schemas/diff-v1.json
    Json,
    /// Markdown, for a comment on a change
    Markdown,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    let Arguments { old, new, options, .. } = arguments;
    files_to_write(arguments.outputs.iter().map(|(_, path)| path.as_path()))?;
    if [old, new].iter().all(|path| path.as_os_str() == "-") {
        return Err("standard input can be read once: name a file".to_owned().into());
    }
    let (old, was_missed) = side(old, options)?;
    let (new, is_missed) = side(new, options)?;
    let mut comparison = diff::of(&old, &new);
    let is_less_known = comparison.summary.less_known > 0 || was_missed || is_missed;
    let least = options.chosen_fail_on().unwrap_or(Some(Severity::Warning));
    let is_strict = old.head.run.strict || new.head.run.strict;
    let is_strict = options.chosen_strict().unwrap_or(is_strict);
    let code = if arguments.exit_zero {
        ExitCode::Clean
    } else if comparison.fails(least) {
        ExitCode::Findings
    } else if is_less_known && is_strict {
        ExitCode::Inconclusive
    } else {
        ExitCode::Clean
    };
    comparison.summary.exit_code = code as u8;
    for (format, path) in &arguments.outputs {
        let mut text = Vec::new();
        arguments
            .write(*format, &comparison, Style::PLAIN, &mut text)
            .and_then(|()| atomic_file::write(path, &text))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    arguments.write(arguments.format, &comparison, style, out).map_err(unwritten)?;
    Ok(code)
}

impl Arguments {
    fn write(
        &self,
        format: Format,
        comparison: &Comparison,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => diff::text::write(comparison, self.verbose, style, out),
            Format::Json => json::indented(comparison, out),
            Format::Markdown => diff::markdown::write(comparison, self.verbose, out),
        }
    }
}

/// The report on one side, and whether something of it was not examined.
///
/// # Errors
/// If there is no report, nothing to examine, or an input that cannot be read: without it, findings would seem gone.
fn side(path: &Path, options: &CheckOptions) -> Result<(Document, bool), CheckError> {
    let (document, is_missed) = match is_json(path) {
        true => {
            let document = saved(path).map_err(CheckError::unreadable)?;
            let is_missed = document.skipped.iter().any(Skipped::is_missed);
            (document, is_missed)
        }
        false => {
            let request = options.request();
            let mut outcome = options.check_as(&request, &[path.to_owned()])?;
            if let Some(path) = request.baseline() {
                outcome.hide(&baseline(&path)?, request.no_ignores);
            }
            (document(&outcome.run), ExitCode::of_skipped(&outcome) == ExitCode::Inconclusive)
        }
    };
    if let Some(failure) = document.errors.first() {
        let failure = format!("{}: {}", failure.path, failure.sentence());
        return Err(CheckError::unreadable(failure + "; nothing is compared"));
    }
    match document.artifacts.is_empty() {
        true => Err(CheckError::NoInputs(
            format!("{}: no component was examined", path.display()).into(),
        )),
        false => Ok((document, is_missed)),
    }
}

/// Whether a file is JSON, as a saved report is and no other input: YAML that begins with a brace has another name.
fn is_json(path: &Path) -> bool {
    let is_yaml = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
    if is_yaml || !path.is_file() {
        return false;
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
    let text = start.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&start);
    read.is_ok() && text.trim_ascii_start().starts_with(b"{")
}
