//! `secondcall baseline`: writes down the findings of a day, drops those that are gone, compares.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::choices::Choices;
use super::exit_code::ExitCode;
use super::refuse;
use crate::check::configuration::from_here;
use crate::check::settle::{Gathered, Refusal, baseline};
use crate::report::baseline as file;
use crate::report::baseline::{Baseline, Entry};
use crate::report::wording::counted;

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write all findings of today to a file
    Write(WriteArguments),
    /// Remove what is found no more
    Prune(Arguments),
    /// Show what is new and what is found no more; exit with 1 if there is any
    Diff(Arguments),
}

/// What to write down.
#[derive(Debug, Args)]
pub(crate) struct WriteArguments {
    /// The file to write [default: the one that --baseline names, or secondcall-baseline.json]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What to examine
    #[command(flatten)]
    pub arguments: Arguments,
}

/// What to examine.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Components (binary or text), folders to search, or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to examine it
    #[command(flatten)]
    pub choices: Choices,
}

/// The name of a baseline, unless another is given.
const FILE: &str = "secondcall-baseline.json";

/// Does what was typed.
pub(super) fn run(command: &Command, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let done = match command {
        Command::Write(arguments) => write(arguments, out),
        Command::Prune(arguments) => prune(arguments, out),
        Command::Diff(arguments) => diff(arguments, out),
    };
    done.unwrap_or_else(|refusal| refuse(&refusal, err))
}

/// What the paths hold, if all of it can be read: a baseline of a part would hide nothing of the rest.
fn examined(arguments: &Arguments) -> Result<Gathered, Refusal> {
    let gathered = arguments.choices.gather(&arguments.paths)?;
    let mut artifacts = gathered.run.artifacts.iter();
    match artifacts.find_map(|it| Some((it, it.result.as_ref().err()?))) {
        Some((artifact, failure)) => {
            Err(Refusal::Unread(format!("{}: {}", artifact.path, failure.message)))
        }
        None => Ok(gathered),
    }
}

fn write(arguments: &WriteArguments, out: &mut dyn Write) -> Result<ExitCode, Refusal> {
    let gathered = examined(&arguments.arguments)?;
    let entries = file::of(&gathered.run);
    let path = arguments.output.clone().unwrap_or_else(|| path(&arguments.arguments));
    save(&path, &entries)?;
    tell(out, &format!("{} knows {}", from_here(&path), counted(entries.len() as u64, "finding")))
}

fn prune(arguments: &Arguments, out: &mut dyn Write) -> Result<ExitCode, Refusal> {
    let path = path(arguments);
    let known = baseline(&path)?;
    let gone = gone(&examined(arguments)?, &known, &path);
    let entries = known.entries.iter().enumerate();
    let kept: Vec<_> =
        entries.filter(|(at, _)| !gone.contains(at)).map(|(_, (entry, _))| entry.clone()).collect();
    if !gone.is_empty() {
        save(&path, &kept)?;
    }
    tell(out, &format!("{}: {} removed, {} kept", from_here(&path), gone.len(), kept.len()))
}

fn diff(arguments: &Arguments, out: &mut dyn Write) -> Result<ExitCode, Refusal> {
    let path = path(arguments);
    let known = baseline(&path)?;
    let gathered = examined(arguments)?;
    let comparison = gathered.compare(&known);
    let mut lines = Vec::new();
    for (id, number, entry) in file::found(&gathered.run) {
        if !comparison.known.contains(&(id, number)) {
            lines.push(line('+', &entry));
        }
    }
    let gone = gone(&gathered, &known, &path);
    lines.extend(gone.iter().filter_map(|at| Some(line('-', &known.entries.get(*at)?.0))));
    for line in &lines {
        tell(out, line)?;
    }
    Ok(if lines.is_empty() { ExitCode::Clean } else { ExitCode::Findings })
}

/// Entries that are needed no more: what they speak of was examined, or does not exist any more.
fn gone(gathered: &Gathered, known: &Baseline, path: &Path) -> Vec<usize> {
    let mut comparison = gathered.compare(known);
    comparison.unseen.retain(|at| {
        known.entries.get(*at).is_some_and(|(entry, _)| !exists(&entry.artifact, path))
    });
    let mut gone = comparison.gone;
    gone.extend(comparison.unseen);
    gone.sort_unstable();
    gone
}

/// Whether there is such an artifact. Its path counts from where the baseline was written, which may be
/// this folder or the baseline's, or one above either.
fn exists(artifact: &str, baseline: &Path) -> bool {
    let beside = baseline.parent().filter(|it| !it.as_os_str().is_empty());
    [Some(Path::new(".")), beside].into_iter().flatten().any(|folder| {
        let folder = fs::canonicalize(folder).unwrap_or_default();
        folder.ancestors().any(|it| it.join(artifact).exists())
    })
}

fn path(arguments: &Arguments) -> PathBuf {
    arguments.choices.request().baseline().unwrap_or_else(|| PathBuf::from(FILE))
}

fn line(sign: char, entry: &Entry) -> String {
    format!("{sign} {} {} {} {}", entry.artifact, entry.rule, entry.export, entry.id)
}

fn save(path: &Path, entries: &[Entry]) -> Result<(), Refusal> {
    let refuse = |error: io::Error| format!("cannot write {}: {error}", path.display());
    Ok(fs::write(path, file::text(entries)).map_err(refuse)?)
}

fn tell(out: &mut dyn Write, text: &str) -> Result<ExitCode, Refusal> {
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    Ok(ExitCode::Clean)
}
