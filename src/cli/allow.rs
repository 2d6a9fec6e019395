//! `secondcall allow`: writes an acceptance into the nearest secondcall.toml, and leaves all else in it
//! as it is.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit_code::ExitCode;
use super::refuse;
use crate::check;
use crate::check::acceptance::{self, amended};
use crate::check::configuration::{from_here, nearest_file};
use crate::check::request::Request;
use crate::check::settle::Refusal;
use crate::config::Chosen;
use crate::config::amend::{EMPTY, Entry};
use crate::config::date::{self, Date};
use crate::location::file_name;
use crate::report::document::{Document, Finding};
use crate::rules;

/// What to accept, and why.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The id of a finding; or a rule, with :EXPORT if it is accepted there alone
    #[arg(value_name = "FINDING-ID|RULE[:EXPORT]")]
    pub what: String,
    /// Where to look for the finding; the current folder, or all of a saved report, if nothing is said
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The last day on which it is
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    pub until: Option<Date>,
    /// Look for the finding in a report that was saved with --format json
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Write to this file instead of the nearest secondcall.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Writes the acceptance.
pub(super) fn run(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    match allow(arguments) {
        Ok(text) => {
            // A closed pipe changes nothing about what was done.
            let _: std::io::Result<()> = writeln!(out, "{text}").and_then(|()| out.flush());
            ExitCode::Clean
        }
        Err(refusal) => refuse(&refusal, err),
    }
}

fn allow(arguments: &Arguments) -> Result<String, Refusal> {
    if arguments.reason.trim().is_empty() {
        return Err("say why: --reason TEXT".to_owned().into());
    }
    let found = if is_id(&arguments.what) { finding(arguments)? } else { rule(&arguments.what)? };
    let (reason, until) = (arguments.reason.trim().to_owned(), arguments.until);
    let entry = Entry { reason, until, ..found };
    let beside = arguments.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let path = arguments.config.clone().unwrap_or_else(|| nearest_file(beside).0);
    let name = from_here(&path);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => EMPTY.to_owned(),
        Err(error) => return Err(format!("{name}: {error}").into()),
    };
    let text = amended(&name, &text, &entry)?;
    fs::write(&path, text).map_err(|error| format!("cannot write {name}: {error}"))?;
    let component = entry.component.map(|it| format!(" of {it}")).unwrap_or_default();
    Ok(format!("{name} accepts {} in {}{component}", entry.rule, entry.export))
}

/// Whether this is an id and no rule: eight hexadecimal digits.
fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

fn rule(text: &str) -> Result<Entry, Refusal> {
    let (rule, export) = text.split_once(':').unwrap_or((text, "*"));
    if export.is_empty() {
        let message = format!("`{text}` names no export: write one after the colon, or no colon");
        return Err(message.into());
    }
    if !rules::all().any(|known| known.id == rule) {
        let message = format!(
            "`{rule}` is no rule and no id of a finding; `secondcall rules` lists the rules"
        );
        return Err(message.into());
    }
    Ok(Entry { rule: rule.to_owned(), export: export.to_owned(), ..Entry::default() })
}

/// An entry for the finding with an id.
fn finding(arguments: &Arguments) -> Result<Entry, Refusal> {
    let id = arguments.what.as_str();
    let document = match &arguments.report {
        Some(path) => saved(path)?,
        None => examined(&arguments.paths)?,
    };
    // What was examined is what the paths name; of a saved report, they name a part.
    let paths = if arguments.report.is_some() { &arguments.paths[..] } else { &[] };
    let paths: Vec<_> = paths.iter().map(|path| from_here(path)).collect();
    let artifact =
        |finding: &Finding| document.artifact(finding.artifact).map_or("", |it| &it.path);
    let is_named = |finding: &&Finding| {
        let artifact = Path::new(artifact(finding));
        paths.is_empty() || paths.iter().any(|path| artifact.starts_with(path))
    };
    let with_id: Vec<_> =
        document.findings.iter().filter(|it| it.id == id).filter(is_named).collect();
    let Some(found) = with_id.first() else {
        let help = match arguments.report {
            Some(_) => "",
            None => "; what only an execution finds stands in a saved report: --report FILE.json",
        };
        return Err(format!("there is no finding {id}{help}").into());
    };
    // Ids are made from rule and export, so that two components may share one.
    let files: BTreeSet<_> = with_id.iter().map(|it| file_name(artifact(it))).collect();
    if files.len() > 1 {
        let files = files.into_iter().collect::<Vec<_>>().join(", ");
        let message =
            format!("there is a finding {id} in each of {files}: name the one that is meant");
        return Err(message.into());
    }
    Ok(acceptance::entry(&document, found))
}

/// The findings that the code shows in what `paths` name, whatever is accepted already.
fn examined(paths: &[PathBuf]) -> Result<Document, Refusal> {
    let mut request = Request { no_config: true, no_ignores: true, ..Request::default() };
    request.layer.static_only = Some(Chosen::typed(true));
    Ok(Document::of(&check::gather(&request, paths, None)?.run))
}

fn saved(path: &Path) -> Result<Document, Refusal> {
    let refuse = |what: String| format!("{}: {what}", path.display());
    let text = fs::read(path).map_err(|error| refuse(error.to_string()))?;
    Ok(Document::read(&text).map_err(|error| refuse(error.to_string()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant() {
        assert!(is_id("5b1f2c9e") && !is_id("5B1F2C9E") && !is_id("memory_g"));
        let entry = rule("run_once_guard:wasi:cli/run").unwrap();
        assert_eq!(
            (entry.rule.as_str(), entry.export.as_str()),
            ("run_once_guard", "wasi:cli/run")
        );
        assert_eq!(rule("run_once_guard").unwrap().export, "*");
        assert!(rule("nothing:x").is_err() && rule("run_once_guard:").is_err());
    }
}
