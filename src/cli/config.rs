//! `secondcall config`: what is in effect and where it was chosen; a file begun, checked, described.

mod given;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::choices::Choices;
use super::exit_code::ExitCode;
use super::refuse;
use crate::check::configuration::{Configurations, Effective, FILE, from_here, nearest_file};
use crate::check::settle::Refusal;
use crate::config::{Chosen, FAIL_ON, Origin, read, tables};
use crate::report::style::Style;
use crate::rules;

/// What to do with a configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show every value in effect, and where it was chosen
    Show(Box<Show>),
    /// Say what is wrong with a file
    Verify {
        /// The file, or a spin.toml or Cargo.toml with a table; the nearest secondcall.toml if nothing is said
        #[arg(value_name = "FILE")]
        path: Option<PathBuf>,
    },
    /// Print the JSON schema of the file
    Schema,
    /// Write a secondcall.toml in which every key is explained
    Init,
}

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The component for which it is in effect, or a folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// What is typed
    #[command(flatten)]
    pub choices: Choices,
}

/// The schema of a secondcall.toml.
pub(super) const SCHEMA: &str = include_str!("../../schemas/config-v1.json");
/// The secondcall.toml that `config init` writes.
pub(super) const TEMPLATE: &str = include_str!("config/template.toml");

/// Does what was typed.
pub(super) fn run(
    command: &Command,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let done = match command {
        Command::Show(arguments) => show(arguments, style, out),
        Command::Verify { path } => verify(path.as_deref(), out),
        Command::Schema => write!(out, "{SCHEMA}").map_err(unwritten),
        Command::Init => init(Path::new(FILE), out),
    };
    match done.and_then(|()| out.flush().map_err(unwritten)) {
        Ok(()) => ExitCode::Clean,
        Err(refusal) => refuse(&refusal, err),
    }
}

fn unwritten(error: io::Error) -> Refusal {
    Refusal::Message(error.to_string())
}

fn show(arguments: &Show, style: Style, out: &mut dyn Write) -> Result<(), Refusal> {
    let request = arguments.choices.request();
    let mut configurations = Configurations::new(&request)?;
    let effective = configurations.of(Some(&arguments.path), None);
    configurations.check()?;
    let files = match effective.files.as_slice() {
        [] => "no file".to_owned(),
        files => files.join(", "),
    };
    let of = effective.name.as_ref().map(|name| format!(", as `{name}`")).unwrap_or_default();
    writeln!(out, "{}", style.printable(&format!("# {files}{of}"), 2000)).map_err(unwritten)?;
    let rows = rows(&effective);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths = [width(0).unwrap_or(0), width(1).unwrap_or(0)];
    for [key, value, origin] in &rows {
        let [one, two] = widths;
        let line = style.printable(&format!("{key:one$}  {value:two$}  {origin}"), 2000);
        writeln!(out, "{}", line.trim_end()).map_err(unwritten)?;
    }
    Ok(())
}

/// Key, value as it would be written, and where it was chosen.
fn rows(effective: &Effective) -> Vec<[String; 3]> {
    fn row<T>(key: &str, chosen: &Chosen<T>, written: impl Fn(&T) -> String) -> [String; 3] {
        [key.to_owned(), written(&chosen.value), origin(&chosen.origin)]
    }
    let config = &effective.config;
    let string = |text: &str| toml::Value::from(text).to_string();
    let strings = |list: &Vec<String>| {
        format!("[{}]", list.iter().map(|it| string(it)).collect::<Vec<_>>().join(", "))
    };
    let mut rows = vec![
        row("hosts", &config.hosts, strings),
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
    rows.extend(given::rows(&config.given));
    for (rule, level) in &config.levels {
        rows.push(row(&format!("rules.{rule}"), level, |it| string(it.as_str())));
    }
    for accepted in &config.accept {
        let mut value = format!("{} {}", accepted.rule, accepted.export);
        for (word, part) in [("of", &accepted.component), ("id", &accepted.id)] {
            value += &part.as_ref().map(|it| format!(" {word} {it}")).unwrap_or_default();
        }
        value += &accepted.until.map(|it| format!(" until {it}")).unwrap_or_default();
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

fn verify(path: Option<&Path>, out: &mut dyn Write) -> Result<(), Refusal> {
    let path = match path {
        Some(path) => path.to_owned(),
        None => match nearest_file(Path::new(".")) {
            (path, true) => path,
            (_, false) => {
                let help = "`secondcall config init` writes one";
                let message = format!("there is no {FILE} from here upward; {help}");
                return Err(Refusal::Message(message));
            }
        },
    };
    let name = from_here(&path);
    let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
    let known: Vec<_> = rules::all().map(|rule| rule.id).collect();
    let file = path.file_name().and_then(|it| it.to_str());
    let diagnostics = match file {
        Some("spin.toml") => tables::of_spin(&name, &text, &known).diagnostics,
        Some("Cargo.toml") => tables::of_cargo(&name, &text, &known).diagnostics,
        _ => read::file(&name, &text, &known).diagnostics,
    };
    if !diagnostics.is_empty() {
        return Err(Refusal::Diagnostics(diagnostics));
    }
    writeln!(out, "{name}: nothing is wrong").map_err(unwritten)
}

fn init(path: &Path, out: &mut dyn Write) -> Result<(), Refusal> {
    let refuse = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!("{FILE} exists already; nothing was written"),
        _ => format!("cannot write {FILE}: {error}"),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(refuse)?;
    file.write_all(TEMPLATE.as_bytes()).map_err(refuse)?;
    writeln!(out, "{FILE} is written").map_err(unwritten)
}
