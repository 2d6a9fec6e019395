//! `secondcall baseline`: records findings, removes those that are gone, compares.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::check_options::Checked;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::output::document;
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::paths::{from_here, parent};
use crate::check::settle::{Outcome, baseline};
use crate::report::baseline as file;
use crate::report::baseline::{Baseline, Comparison, Entry};
use crate::report::concise;
use crate::report::style::{LINE_LIMIT, Style};
use crate::report::wording::counted;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write all current findings to a file
    Write(WriteArguments),
    /// Remove entries that are no longer found, and write the others with their present ids
    Prune(Checked),
    /// Show new findings and entries that are no longer found; exit with 1 if there are any
    Diff(Checked),
}

#[derive(Debug, Args)]
pub(super) struct WriteArguments {
    /// File to write [default: the file of --baseline, or secondcall-baseline.json]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    checked: Checked,
}

/// The default name of a baseline.
const FILE: &str = "secondcall-baseline.json";

pub(super) fn run(
    command: &Command,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    let (lines, code) = match command {
        Command::Write(arguments) => write(arguments, err)?,
        Command::Prune(checked) => prune(checked, err)?,
        Command::Diff(checked) => match diff(checked, err)? {
            (lines, code) if lines.is_empty() => (lines, code),
            (lines, _) => (lines, ExitCode::Findings),
        },
    };
    let lines = lines.iter().map(|line| style.printable(line, LINE_LIMIT));
    lines.into_iter().try_for_each(|line| writeln!(out, "{line}")).map_err(unwritten)?;
    Ok(code)
}

/// What a command prints on standard output, and its exit code.
type Printed = Result<(Vec<String>, ExitCode), CheckError>;

/// The result of a check. Tells what was not examined. All inputs must be readable: a baseline of some would hide
/// nothing in the others.
fn examined(checked: &Checked, err: &mut dyn Write) -> Result<Outcome, CheckError> {
    let outcome = checked.options.check(&checked.paths)?;
    // If standard error is closed, nobody reads them.
    let _ = concise::write_unexamined(&document(&outcome.run), err);
    let artifacts = &outcome.run.artifacts;
    if artifacts.is_empty() {
        return Err(CheckError::NoInputs("no component was examined".into()));
    }
    match artifacts.iter().filter(|it| it.result.is_err()).count() {
        0 => Ok(outcome),
        unread => {
            let inputs = counted(unread as u64, "input");
            Err(CheckError::unreadable(format!(
                "{inputs} could not be read: nothing is compared or written"
            )))
        }
    }
}

fn write(arguments: &WriteArguments, err: &mut dyn Write) -> Printed {
    let outcome = examined(&arguments.checked, err)?;
    let entries = file::of(&outcome.run);
    let path = arguments.output.clone().unwrap_or_else(|| path(&arguments.checked));
    save(&path, &entries)?;
    let count = counted(entries.len() as u64, "finding");
    let line = format!("wrote {count} to {}", from_here(&path));
    Ok((vec![line], ExitCode::of_skipped(&outcome)))
}

fn prune(checked: &Checked, err: &mut dyn Write) -> Printed {
    let path = path(checked);
    let known = baseline(&path)?;
    let outcome = examined(checked, err)?;
    let comparison = outcome.compare(&known);
    let entries = known.renewed(&outcome.run, &comparison);
    let gone = gone(comparison, &known, &path);
    let is_new = |(new, (old, _)): &(&Entry, &(Entry, _))| new != &old;
    let renewed = entries.iter().zip(&known.entries).filter(is_new).count();
    let kept = entries.into_iter().enumerate().filter(|(index, _)| !gone.contains(index));
    let kept: Vec<_> = kept.map(|(_, entry)| entry).collect();
    if !gone.is_empty() || renewed > 0 {
        save(&path, &kept)?;
    }
    let renewed = match renewed {
        0 => String::new(),
        renewed => format!(" ({renewed} updated)"),
    };
    let (path, gone) = (from_here(&path), gone.len());
    let line = format!("{path}: {gone} removed, {} kept{renewed}", kept.len());
    Ok((vec![line], ExitCode::of_skipped(&outcome)))
}

fn diff(checked: &Checked, err: &mut dyn Write) -> Printed {
    let path = path(checked);
    let known = baseline(&path)?;
    let outcome = examined(checked, err)?;
    let comparison = outcome.compare(&known);
    let line = |sign: char, entry: &Entry| {
        format!("{sign} {} {} {} {}", entry.artifact, entry.rule, entry.export, entry.id)
    };
    let found = file::found(&outcome.run);
    let new =
        found.into_iter().filter(|(id, number, _)| !comparison.known.contains_key(&(*id, *number)));
    let mut lines: Vec<_> = new.map(|(_, _, entry)| line('+', &entry)).collect();
    let gone = gone(comparison, &known, &path);
    lines.extend(gone.iter().filter_map(|index| Some(line('-', &known.entries.get(*index)?.0))));
    Ok((lines, ExitCode::of_skipped(&outcome)))
}

/// The indices of entries no longer found: their artifact was examined, or no longer exists.
fn gone(comparison: Comparison, known: &Baseline, path: &Path) -> Vec<usize> {
    let is_missing = |index: &usize| {
        known.entries.get(*index).is_some_and(|(entry, _)| !exists(&entry.artifact, path))
    };
    let mut gone = comparison.gone;
    gone.extend(comparison.unseen.into_iter().filter(is_missing));
    gone.sort_unstable();
    gone
}

/// Whether an artifact exists. Its path is relative to the folder in which the baseline was written, which may be the
/// current folder, the baseline's, or one above either.
fn exists(artifact: &str, baseline: &Path) -> bool {
    [Path::new("."), parent(baseline)].iter().any(|folder| {
        let folder = fs::canonicalize(folder).unwrap_or_default();
        folder.ancestors().any(|folder| folder.join(artifact).exists())
    })
}

fn path(checked: &Checked) -> PathBuf {
    checked.options.request().baseline().unwrap_or_else(|| PathBuf::from(FILE))
}

fn save(path: &Path, entries: &[Entry]) -> Result<(), String> {
    atomic_file::write(path, file::text(entries).as_bytes())
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}
