//! `secondcall inspect`: what is in a component.

mod anatomy;
mod document;
mod gather;
mod lifting;
mod linkage;
mod parts;
mod source;
mod surface;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit_code::ExitCode;
use super::failure::{complain, finished};
use super::fingerprint;
use crate::check::inputs::{self, Input};
use crate::component::Component;
use crate::report::style::Style;
use anatomy::Anatomy;
use document::{Document, Failure};

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Components (binary or text), manifests, folders to search, or - for standard input; with
    /// --fingerprint, adapters named RELEASE-FLAVOR.wasm
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Show every line: fold nothing
    #[arg(long)]
    pub all: bool,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Write the table of published adapters (data/adapters.toml) from these files
    #[arg(long)]
    pub fingerprint: bool,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    Human,
    /// For a program: schemas/inspect-v1.json
    Json,
}

/// Shows what the arguments name. What cannot be read is told on `err`, and the rest shown.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    if arguments.fingerprint {
        return match fingerprint::run(&arguments.files, out) {
            Ok(()) => ExitCode::Clean,
            Err(error) => complain(err, &error.to_string(), ExitCode::Usage),
        };
    }
    let sources = inputs::find(&arguments.files);
    if sources.list.is_empty() {
        return complain(err, &sources.nothing_found(), ExitCode::NoInputs);
    }
    let mut code = ExitCode::Clean;
    let results = sources.list.iter().map(|source| {
        let (path, result) = inspect(source);
        if let Err(failure) = &result {
            code = complain(err, &failure.told(style), ExitCode::Unread);
        }
        (path, result)
    });
    let told = match arguments.format {
        Format::Human => tell(results, arguments.all, style, out),
        Format::Json => Document::of(results.collect()).write(out),
    };
    finished(told, code, out, err)
}

fn tell(
    results: impl Iterator<Item = (String, Result<Anatomy, Failure>)>,
    all: bool,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let anatomies = results.filter_map(|(path, result)| Some((path, result.ok()?)));
    for (i, (path, anatomy)) in anatomies.enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        out.write_all(text::tell(&path, &anatomy, style, all).as_bytes())?;
    }
    Ok(())
}

fn inspect(source: &Input) -> (String, Result<Anatomy, Failure>) {
    let input = source.read();
    let failure = |offset, message| Failure { path: input.path.clone(), offset, message };
    let anatomy = match &input.bytes {
        Err(error) => Err(failure(None, error.message.clone())),
        Ok(bytes) => match Component::read(bytes) {
            Ok(component) => Ok(gather::of(&component)),
            Err(error) => Err(failure(Some(error.offset()), error.to_string())),
        },
    };
    (input.path, anatomy)
}

impl Failure {
    fn told(&self, style: Style) -> String {
        let lines = format!("{}: {}", self.path, self.message);
        // Messages about text show the lines concerned.
        let lines = lines.lines().map(|line| style.printable(line, 1000)).collect::<Vec<_>>();
        let offset = self.offset.map(|offset| format!(" (at offset {offset:#x})"));
        lines.join("\n") + &offset.unwrap_or_default()
    }
}
