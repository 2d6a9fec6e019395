//! `secondcall allow`: adds an acceptance to the nearest secondcall.toml and keeps the rest of the file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::config::unfound;
use super::exit_code::ExitCode;
use super::failure;
use super::{last_report, render};
use crate::atomic_file;
use crate::check;
use crate::check::acceptance::{self, amended};
use crate::check::configuration::nearest_file;
use crate::check::error::{CheckError, Message};
use crate::check::paths::from_here;
use crate::check::request::Request;
use crate::config::Chosen;
use crate::config::accept::{Entry, is_id};
use crate::config::amend::EMPTY;
use crate::config::date::{self, Date};
use crate::config::nearest::did_you_mean;
use crate::location::file_name;
use crate::report::document::{Document, Finding};
use crate::report::style::{LINE_LIMIT, Style};
use crate::rules;

/// The most files to list.
const LISTED: usize = 8;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Id of a finding; or a rule, optionally with the only export for which to accept it
    #[arg(value_name = "FINDING-ID|RULE[:EXPORT]")]
    what: String,
    /// Where to look for the finding [default: the last report here, else the current folder, or all of --report]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Why the finding is accepted
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Last day on which it is accepted
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    until: Option<Date>,
    /// Look for the finding in a report saved with --format json
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Write to this file instead of the nearest secondcall.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    let reason = arguments.reason.trim().to_owned();
    if reason.is_empty() {
        return Err("the reason is empty: write --reason TEXT".to_owned().into());
    }
    if let Some(until) = arguments.until {
        let today = Request::default().acceptance_policy()?.today;
        if until < today {
            return Err(format!("--until {until} is past: today is {today} (UTC)").into());
        }
    }
    let (found, artifact) = match is_id(&arguments.what) {
        true => finding(arguments)?,
        false => {
            let entry = rule(&arguments.what)?;
            existing(&arguments.paths)?;
            (entry, String::new())
        }
    };
    let entry = Entry { reason, until: arguments.until, ..found };
    let artifact = Some(Path::new(&artifact)).filter(|path| path.is_file());
    let input = arguments.paths.first().map(PathBuf::as_path).or(artifact);
    let input = input.unwrap_or(Path::new("."));
    let path =
        arguments.config.clone().unwrap_or_else(|| nearest_file(input, &[PathBuf::from(".")]).0);
    let name = from_here(&path);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => EMPTY.to_owned(),
        Err(error) => return Err(format!("{name}: {error}").into()),
    };
    let text = amended(&name, &text, &entry)?;
    atomic_file::write(&path, text.as_bytes())
        .map_err(|error| format!("cannot write {name}: {error}"))?;
    let component = entry.component.map(|it| format!(" of {it}")).unwrap_or_default();
    // The file is written even if this line is not.
    let hint = if arguments.config.is_some() { "" } else { unfound(&path) };
    let (rule, export) = (&entry.rule, &entry.export);
    let line = format!("{name} now accepts {rule} in {export}{component}{hint}");
    let _ = writeln!(out, "{}", style.printable(&line, LINE_LIMIT));
    Ok(ExitCode::Clean)
}

/// An acceptance for `RULE` or `RULE:EXPORT`.
fn rule(text: &str) -> Result<Entry, CheckError> {
    let (rule, export) = text.split_once(':').unwrap_or((text, "*"));
    if export.is_empty() {
        let message = format!("`{text}` has no export after the colon: add one, or drop the colon");
        return Err(message.into());
    }
    if !rules::all().any(|it| it.id == rule) {
        let help = match did_you_mean(rule, rules::ids()) {
            help if help.is_empty() => "`secondcall rules` lists the rules".to_owned(),
            help => help,
        };
        let message = format!("`{rule}` is neither a rule nor the id of a finding; {help}");
        return Err(message.into());
    }
    Ok(Entry { rule: rule.to_owned(), export: export.to_owned(), ..Entry::default() })
}

/// An acceptance for the finding with an id, and the path of its file, which is empty for a saved report.
fn finding(arguments: &Arguments) -> Result<(Entry, String), CheckError> {
    let id = arguments.what.as_str();
    let paths = &arguments.paths[..];
    if let Some(report) = &arguments.report {
        let found = found(arguments, &render::saved(report)?, paths)?;
        let (entry, _) = found.ok_or_else(|| format!("there is no finding {id}"))?;
        return Ok((entry, String::new()));
    }
    let printed = || last_report::kept().map_or(Ok(None), |it| found(arguments, &it, paths));
    if paths.is_empty()
        && let Some(found) = printed()?
    {
        return Ok(found);
    }
    existing(paths)?;
    // Nothing but `paths` is examined.
    if let Some(found) = found(arguments, &examined(paths, true)?, &[])? {
        return Ok(found);
    }
    if let Ok(calls) = examined(paths, false)
        && let Some(found) = found(arguments, &calls, &[])?
    {
        return Ok(found);
    }
    let help = "name its component, or a saved report: --report FILE.json";
    Ok(printed()?.ok_or_else(|| format!("there is no finding {id}; {help}"))?)
}

/// The acceptance of the finding with an id in one of `paths`, or anywhere if there are none, and the path of its file.
///
/// # Errors
/// If several files have it.
fn found(
    arguments: &Arguments,
    document: &Document,
    paths: &[PathBuf],
) -> Result<Option<(Entry, String)>, CheckError> {
    let id = arguments.what.as_str();
    let paths: Vec<_> = paths.iter().map(|path| from_here(path)).collect();
    let artifact =
        |finding: &Finding| document.artifact(finding.artifact).map_or("", |it| &it.path);
    let is_selected = |finding: &&Finding| {
        let artifact = document.artifact(finding.artifact);
        let origin = artifact.and_then(|it| it.origin.as_ref()).map(|it| &it.path);
        let own = artifact.into_iter().flat_map(|it| it.also.iter().chain([&it.path]));
        let mut own = own.chain(origin);
        paths.is_empty() || own.any(|it| paths.iter().any(|path| Path::new(it).starts_with(path)))
    };
    let with_id = document.findings.iter().filter(|it| it.id == id);
    let found: Vec<_> = with_id.filter(is_selected).collect();
    // Ids are made from rule and export, so two components may share one.
    let files: BTreeMap<_, _> =
        found.iter().map(|it| (file_name(artifact(it)), artifact(it))).collect();
    if files.len() > 1 {
        let named = |option: &str, path: &Option<PathBuf>| {
            path.as_ref().map(|it| format!(" {option} {}", quoted(&it.display().to_string())))
        };
        let until = arguments.until.map(|it| format!(" --until {it}"));
        let options =
            [named("--report", &arguments.report), named("--config", &arguments.config), until];
        let options = options.into_iter().flatten().collect::<String>();
        let reason = quoted(arguments.reason.trim());
        let command = |path: &&str| {
            format!("  secondcall allow {id} {}{options} --reason {reason}", quoted(path))
        };
        let commands = files.values().take(LISTED).map(command);
        let head = format!("{} files have a finding {id}; name one of them:", files.len());
        return Err(Message::of_lines([head].into_iter().chain(commands)).into());
    }
    let first = found.first();
    Ok(first.map(|it| (acceptance::entry(document, it), artifact(it).to_owned())))
}

/// A word of a command line, in quotes if a shell would split or change it.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "/._-+@:".contains(it);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// # Errors
/// If one of `paths` does not exist.
fn existing(paths: &[PathBuf]) -> Result<(), String> {
    let missing = paths.iter().find(|path| path.as_os_str() != "-" && !path.exists());
    missing.map_or(Ok(()), |path| Err(format!("there is no file {}", path.display())))
}

/// The findings in `paths`, including accepted ones: those in the code, or those of calls that were made before, with the
/// settings of the configuration.
fn examined(paths: &[PathBuf], static_only: bool) -> Result<Document, CheckError> {
    let mut request =
        Request { no_config: static_only, no_ignores: true, only_kept: true, ..Request::default() };
    request.layer.static_only = Some(Chosen::typed(static_only));
    Ok(Document::of(&check::run(&request, paths, None)?.run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_be_typed() {
        assert_eq!(quoted("a/b_c.wasm"), "a/b_c.wasm");
        assert_eq!(quoted("it's mine.wasm"), r"'it'\''s mine.wasm'");
    }

    #[test]
    fn ids_and_rules() {
        assert!(is_id("5b1f2c9e") && !is_id("5B1F2C9E") && !is_id("memory_g"));
        let parsed = |text| rule(text).map(|entry| (entry.rule, entry.export)).ok();
        let expected = |export: &str| Some(("run_once_guard".to_owned(), export.to_owned()));
        assert_eq!(parsed("run_once_guard:wasi:cli/run"), expected("wasi:cli/run"));
        assert_eq!(parsed("run_once_guard"), expected("*"));
        assert_eq!((parsed("nothing:x"), parsed("run_once_guard:")), (None, None));
    }
}
