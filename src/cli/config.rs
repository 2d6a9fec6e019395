//! `secondcall config`: shows, verifies and creates configurations.

mod script;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::check_options::CheckOptions;
use super::columns::aligned;
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::pages::addressed;
use crate::atomic_file;
use crate::check::configuration::{ConfigResolver, FILE, ResolvedConfig, is_found, nearest_file};
use crate::check::error::CheckError;
use crate::check::paths::from_here;
use crate::config::{Chosen, FAIL_ON, Origin, read, tables};
use crate::report::style::{LINE_LIMIT, Style};
use crate::rules;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show every value in effect and where it is set
    Show(Box<Show>),
    /// Check a file for errors
    Verify {
        /// File to check: a secondcall.toml, or a spin.toml or Cargo.toml with a table [default: the
        /// nearest secondcall.toml]
        #[arg(value_name = "FILE")]
        path: Option<PathBuf>,
    },
    /// Print the JSON schema of secondcall.toml
    Schema,
    /// Create a secondcall.toml that explains every key
    Init,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Component or folder whose configuration to show
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    options: CheckOptions,
}

const SCHEMA: &str = include_str!("../../schemas/config-v1.json");
/// The file that `config init` writes.
const TEMPLATE: &str = include_str!("config/template.toml");

pub(super) fn run(command: &Command, style: Style, out: &mut dyn Write) -> failure::Result {
    let text = match command {
        Command::Show(arguments) => show(arguments, style)?,
        Command::Verify { path } => verify(path.as_deref(), style)?,
        Command::Schema => SCHEMA.to_owned(),
        Command::Init => init(Path::new(FILE))?,
    };
    out.write_all(text.as_bytes()).map(|()| ExitCode::Clean).map_err(unwritten)
}

fn show(arguments: &Show, style: Style) -> Result<String, CheckError> {
    let request = arguments.options.request();
    let mut resolver = ConfigResolver::new(&request)?;
    let resolved = resolver.resolve(Some(&arguments.path), None);
    let ignored = resolver.finish()?;
    let files = match resolved.files.as_slice() {
        [] => "no file".to_owned(),
        files => files.join(", "),
    };
    let name = resolved.name.as_ref().map(|name| format!(", as `{name}`")).unwrap_or_default();
    let mut lines = vec![format!("# {files}{name}")];
    lines.extend(ignored.iter().map(|it| format!("# {}: {}", it.span.path, it.message)));
    lines.extend(aligned(&rows(&resolved)));
    Ok(lines.iter().map(|line| style.printable(line, LINE_LIMIT) + "\n").collect())
}

/// Key, value as written in TOML, and where it is set.
pub(super) fn rows(resolved: &ResolvedConfig) -> Vec<[String; 3]> {
    fn row<T>(key: &str, chosen: &Chosen<T>, written: impl Fn(&T) -> String) -> [String; 3] {
        [key.to_owned(), written(&chosen.value), origin(&chosen.origin)]
    }
    let config = &resolved.config;
    let string = |text: &str| toml::Value::from(text).to_string();
    let strings = |list: &Vec<String>| toml::Value::from(list.clone()).to_string();
    let mut hosts = row("hosts", &config.hosts, strings);
    if config.hosts.origin == Origin::Default {
        hosts[2] += ", unless a manifest implies its own";
    }
    let mut rows = vec![
        hosts,
        row("fail-on", &config.fail_on, |it| {
            string(FAIL_ON.iter().find(|(_, level)| level == it).map_or("", |(word, _)| word))
        }),
        row("calls", &config.calls, u32::to_string),
        row("budget", &config.budget, |it| string(&it.to_string())),
        row("memory", &config.memory, |it| string(&it.to_string())),
        row("seed", &config.seed, |it| format!("{it:#x}")),
        row("static-only", &config.static_only, bool::to_string),
        row("strict", &config.strict, bool::to_string),
        row("exclude-exports", &config.exclude_exports, strings),
    ];
    rows.extend(script::rows(&config.given));
    for (rule, level) in &config.levels {
        rows.push(row(&format!("rules.{rule}"), level, |it| string(it.as_str())));
    }
    for accepted in &config.accept {
        let entry = &accepted.entry;
        let mut value = format!("{} {}", entry.rule, entry.export);
        for (word, part) in [("of", &entry.component), ("id", &entry.id)] {
            value += &part.as_ref().map(|it| format!(" {word} {it}")).unwrap_or_default();
        }
        value += &entry.until.map(|it| format!(" until {it}")).unwrap_or_default();
        rows.push(["accept".to_owned(), value, accepted.span.to_string()]);
    }
    rows
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File(span) => span.to_string(),
        Origin::Environment(name) => format!("environment, {name}"),
        Origin::CommandLine => "command line".to_owned(),
    }
}

fn verify(path: Option<&Path>, style: Style) -> Result<String, CheckError> {
    let path = match path.map_or_else(
        || nearest_file(Path::new("."), &[PathBuf::from(".")]),
        |it| (it.to_owned(), true),
    ) {
        (path, true) => path,
        (_, false) => {
            let message = format!(
                "there is no {FILE} in this folder or above; `secondcall config init` creates one"
            );
            return Err(message.into());
        }
    };
    let name = from_here(&path);
    let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
    let rules = rules::ids();
    let diagnostics = match path.file_name().and_then(|name| name.to_str()) {
        Some("spin.toml") => tables::of_spin(&name, &text, &rules).diagnostics,
        Some("Cargo.toml") => tables::of_cargo(&name, &text, &rules).diagnostics,
        _ => read::file(&name, &text, &rules).diagnostics,
    };
    match diagnostics.is_empty() {
        true => Ok(format!("{}: no errors\n", style.printable(&name, LINE_LIMIT))),
        false => Err(diagnostics.into()),
    }
}

/// What to do for a file that no search finds.
pub(super) fn unfound(file: &Path) -> &'static str {
    match is_found(file) {
        true => "",
        false => "; it is in no repository, so it counts only where it is named: `--config`",
    }
}

fn init(path: &Path) -> Result<String, CheckError> {
    atomic_file::create(path, addressed(TEMPLATE).as_bytes()).map_err(|error| {
        match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{FILE} exists already; nothing was written"),
            _ => format!("cannot write {FILE}: {error}"),
        }
    })?;
    Ok(format!("wrote {FILE}{}\n", unfound(path)))
}
