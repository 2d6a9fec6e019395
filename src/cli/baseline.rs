//! `secondcall baseline`: records findings, removes those that are gone, compares.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::check_options::Checked;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::paths::{from_here, parent};
use crate::check::settle::{Outcome, baseline};
use crate::report::baseline as file;
use crate::report::baseline::{Baseline, Comparison, Entry};
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

pub(super) fn run(command: &Command, out: &mut dyn Write) -> failure::Result {
    let (lines, code) = match command {
        Command::Write(arguments) => (write(arguments)?, ExitCode::Clean),
        Command::Prune(checked) => (prune(checked)?, ExitCode::Clean),
        Command::Diff(checked) => match diff(checked)? {
            lines if lines.is_empty() => (lines, ExitCode::Clean),
            lines => (lines, ExitCode::Findings),
        },
    };
    lines.iter().try_for_each(|line| writeln!(out, "{line}")).map_err(unwritten)?;
    Ok(code)
}

/// The result of a check. All inputs must be readable: a baseline of some would hide nothing in the others.
fn examined(checked: &Checked) -> Result<Outcome, CheckError> {
    let outcome = checked.options.check(&checked.paths)?;
    if outcome.run.artifacts.is_empty() {
        return Err(CheckError::NoInputs("no component was examined".to_owned()));
    }
    let mut artifacts = outcome.run.artifacts.iter();
    match artifacts.find_map(|it| Some((it, it.result.as_ref().err()?))) {
        Some((artifact, failure)) => {
            Err(CheckError::Unreadable(format!("{}: {}", artifact.path, failure.sentence())))
        }
        None => Ok(outcome),
    }
}

fn write(arguments: &WriteArguments) -> Result<Vec<String>, CheckError> {
    let outcome = examined(&arguments.checked)?;
    let entries = file::of(&outcome.run);
    let path = arguments.output.clone().unwrap_or_else(|| path(&arguments.checked));
    save(&path, &entries)?;
    let count = counted(entries.len() as u64, "finding");
    Ok(vec![format!("wrote {count} to {}", from_here(&path))])
}

fn prune(checked: &Checked) -> Result<Vec<String>, CheckError> {
    let path = path(checked);
    let known = baseline(&path)?;
    let outcome = examined(checked)?;
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
    Ok(vec![format!("{path}: {gone} removed, {} kept{renewed}", kept.len())])
}

fn diff(checked: &Checked) -> Result<Vec<String>, CheckError> {
    let path = path(checked);
    let known = baseline(&path)?;
    let outcome = examined(checked)?;
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
    Ok(lines)
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
