//! `secondcall allow`: writes an acceptance into the nearest secondcall.toml, and leaves all else in it
//! as it is.

mod lookup;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::configuration::{from_here, nearest_file};
use super::exit_code::ExitCode;
use super::settlement::Refusal;
use crate::config::accept::{Acceptance, Candidate};
use crate::config::date::Date;
use crate::config::read;
use crate::location::{ExportName, file_name};
use crate::rules;

pub(crate) use lookup::Told;
use lookup::{examined, saved};

/// What to accept, and why.
#[derive(Debug, Args)]
pub struct Arguments {
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
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Look for the finding in a report that was saved with --format json
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Write to this file instead of the nearest secondcall.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// A configuration without anything in it, as one begins.
pub(crate) const EMPTY: &str = "version = 1\n";

/// An acceptance to be written.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) rule: String,
    pub(crate) export: String,
    pub(crate) component: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) reason: String,
    pub(crate) until: Option<Date>,
}

impl Entry {
    /// For a finding, without a reason yet; `several`: there are others of its rule in its export.
    pub(crate) fn of(found: &Told, several: bool) -> Self {
        let file = file_name(&found.artifact);
        Entry {
            rule: found.rule.clone(),
            export: found.export.clone().unwrap_or_else(|| "*".to_owned()),
            component: (file != "-").then(|| file.to_owned()),
            // Rule and export outlive more changes than an id does; it stands for one of several.
            id: several.then(|| found.id.clone()),
            ..Entry::default()
        }
    }
}

/// Writes the acceptance.
pub fn run(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    match allow(arguments) {
        Ok(text) => {
            // A closed pipe changes nothing about what was done.
            let _: std::io::Result<()> = writeln!(out, "{text}").and_then(|()| out.flush());
            ExitCode::Clean
        }
        Err(refusal) => refusal.tell(err),
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

/// `text`, the configuration with this name, with one more acceptance.
///
/// # Errors
/// When it cannot be read, or speaks of it already.
pub(crate) fn amended(name: &str, text: &str, entry: &Entry) -> Result<String, Refusal> {
    let known: Vec<_> = rules::all().map(|rule| rule.id).collect();
    let reading = read::file(name, text, &known);
    if !reading.is_usable() {
        return Err(Refusal::Diagnostics(reading.diagnostics));
    }
    if let Some(there) = reading.layer.accept.iter().find(|it| is_accepted(it, entry)) {
        let line = there.place.line;
        return Err(format!("{name}:{line} speaks of it already; change what stands there").into());
    }
    with(text, entry).map_err(|error| format!("{name}: {error}").into())
}

/// Whether an acceptance that is there speaks of all that `entry` does, today or not any more.
fn is_accepted(there: &Acceptance, entry: &Entry) -> bool {
    let export = (entry.export != "*").then(|| ExportName::new(None, &entry.export));
    let id = entry.id.as_deref().unwrap_or_default();
    let candidate = Candidate { rule: &entry.rule, export: export.as_ref(), id };
    let component = entry.component.as_deref();
    there.covers(candidate) && there.concerns(&component.into_iter().collect::<Vec<_>>())
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

/// The rule, export and artifact of the finding with an id.
fn finding(arguments: &Arguments) -> Result<Entry, Refusal> {
    let id = arguments.what.as_str();
    let all = match &arguments.report {
        Some(path) => saved(path, &arguments.paths)?,
        None => examined(&arguments.paths)?,
    };
    let of_id = || all.iter().filter(|it| it.id == id);
    let Some(found) = of_id().next() else {
        let help = match arguments.report {
            Some(_) => "",
            None => "; what only an execution finds stands in a saved report: --report FILE.json",
        };
        return Err(format!("there is no finding {id}{help}").into());
    };
    // An id is made from rule and export: two components may have findings with the same.
    let files: BTreeSet<_> = of_id().map(|it| file_name(&it.artifact)).collect();
    if files.len() > 1 {
        let files = files.into_iter().collect::<Vec<_>>().join(", ");
        let message =
            format!("there is a finding {id} in each of {files}: name the one that is meant");
        return Err(message.into());
    }
    let alike = |it: &&Told| {
        (&it.rule, &it.export, &it.artifact) == (&found.rule, &found.export, &found.artifact)
    };
    Ok(Entry::of(found, all.iter().filter(alike).count() > 1))
}

/// `text` with one more acceptance, with its line ends and its byte order mark.
fn with(text: &str, entry: &Entry) -> Result<String, String> {
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let told = appended(text, entry)?;
    match text.contains("\r\n") {
        true => Ok(mark.to_owned() + &told.replace("\r\n", "\n").replace('\n', "\r\n")),
        false => Ok(mark.to_owned() + &told),
    }
}

/// `text` with one more acceptance. The editor writes `\n` and no byte order mark, whatever it read.
fn appended(text: &str, entry: &Entry) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut pairs: Vec<(&str, Value)> =
        vec![("rule", entry.rule.as_str().into()), ("export", entry.export.as_str().into())];
    pairs.extend(entry.component.as_deref().map(|it| ("component", it.into())));
    pairs.extend(entry.id.as_deref().map(|it| ("id", it.into())));
    pairs.push(("reason", entry.reason.as_str().into()));
    if let Some(until) = entry.until {
        let day: toml_edit::Datetime = until.to_string().parse().map_err(|_| "no such day")?;
        pairs.push(("until", day.into()));
    }
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let item =
        document.entry("accept").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match item {
        Item::ArrayOfTables(tables) => {
            let mut table: Table = pairs.into_iter().collect();
            // Comments at the end stay above it: they may hold keys, and a key that is uncommented below
            // the entry would be the entry's.
            let mut above = trailing;
            if !above.is_empty() && !above.ends_with('\n') {
                above.push('\n');
            }
            table.decor_mut().set_prefix(above + "\n");
            tables.push(table);
            document.set_trailing("");
        }
        Item::Value(Value::Array(array)) => {
            let mut value = Value::from(pairs.into_iter().collect::<InlineTable>());
            // What follows the last entry, such as a comment, stays on its line.
            let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
            if trailing.contains('\n') {
                value.decor_mut().set_prefix(format!("{trailing}  "));
                array.set_trailing("\n");
                array.push_formatted(value);
            } else {
                array.push(value);
            }
        }
        _ => return Err("`accept` is no array".to_owned()),
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            rule: "run_once_guard".to_owned(),
            export: "wasi:cli/run#run".to_owned(),
            reason: "it says \"once\"".to_owned(),
            until: "2027-03-01".parse().ok(),
            ..Entry::default()
        }
    }

    const APPENDED: &str = "\n[[accept]]\nrule = \"run_once_guard\"\nexport = \"wasi:cli/run#run\"\n\
        reason = 'it says \"once\"'\nuntil = 2027-03-01\n";

    #[test]
    fn what_stands_there_stays() {
        let text = "# ours\nversion   = 1 # one\n\n[rules]\nall = 'warn'\n";
        assert_eq!(with(text, &entry()).unwrap(), format!("{text}{APPENDED}"));
        let twice = with(&format!("{text}{APPENDED}# the end\n"), &entry()).unwrap();
        assert_eq!(twice, format!("{text}{APPENDED}# the end\n{APPENDED}"));
        assert_eq!(with("# ours", &entry()).unwrap(), format!("# ours\n{APPENDED}"));
    }

    #[test]
    fn a_key_of_the_template_can_be_uncommented_above_an_entry() {
        let told = with(crate::cli::config::TEMPLATE, &entry()).unwrap();
        let told = told.replace("# hosts = ", "hosts = ");
        let reading = read::file("x", &told, &["run_once_guard"]);
        assert_eq!(reading.diagnostics, []);
        assert!(reading.layer.hosts.is_some() && reading.layer.accept.len() == 1, "{told}");
    }

    #[test]
    fn a_file_keeps_its_line_ends() {
        let text = "\u{feff}# ours\r\nversion = 1\r\n";
        let expected = format!("{text}{}", APPENDED.replace('\n', "\r\n"));
        assert_eq!(with(text, &entry()).unwrap(), expected);
    }

    #[test]
    fn an_inline_array_grows() {
        let told = with("accept = []\n", &entry()).unwrap();
        assert!(told.starts_with("accept = [{ rule = \"run_once_guard\""), "{told}");
        assert!(read::file("x", &told, &["run_once_guard"]).diagnostics.is_empty());
        let told = with("accept = [\n  {}, # keep\n]\n", &entry()).unwrap();
        assert!(told.starts_with("accept = [\n  {}, # keep\n  { rule = "), "{told}");
        assert!(told.ends_with(" },\n]\n"), "{told}");
    }

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
