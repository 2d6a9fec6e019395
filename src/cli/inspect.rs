//! `secondcall inspect`: the contents of components, or their worlds as WIT.

mod anatomy;
mod document;
mod gather;
mod linkage;
mod parts;
mod resolver;
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

/// The arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Components (binary or text), manifests, folders to search, or - for standard input; with
    /// --fingerprint, adapters named RELEASE-FLAVOR.wasm
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Show every line of long lists
    #[arg(long)]
    pub all: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Print the world of each component as WIT, with the interfaces it refers to
    #[arg(long, conflicts_with_all = ["all", "format", "fingerprint"])]
    pub wit: bool,
    /// Write the table of published adapters (data/adapters.toml) from these files
    #[arg(long)]
    pub fingerprint: bool,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// JSON for programs: schemas/inspect-v1.json
    Json,
}

/// Inspects the inputs. Reports those that cannot be read on `err` and shows the others.
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
    let report =
        |failure: &Failure| code = complain(err, &failure.for_people(style), ExitCode::Unread);
    let sources = sources.list.as_slice();
    let written = if arguments.wit {
        write_wit(read(sources, wit, report), sources.len() > 1, style, out)
    } else {
        let results = read(sources, |component| Ok(gather::of(component)), report);
        match arguments.format {
            Format::Human => write_text(results, arguments.all, style, out),
            Format::Json => Document::of(results.collect()).write(out),
        }
    };
    finished(written, code, out, err)
}

/// Reads each component and looks into it. `report` is called with each failure.
fn read<'s, T>(
    sources: &'s [Input],
    look: impl for<'a> Fn(&'a Component<'a>) -> Result<T, String> + 's,
    mut report: impl FnMut(&Failure) + 's,
) -> impl Iterator<Item = (String, Result<T, Failure>)> + 's {
    sources.iter().map(move |source| {
        let input = source.read();
        let failure = |offset, message| Failure { path: input.path.clone(), offset, message };
        let result = match &input.bytes {
            Err(error) => Err(failure(None, error.message.clone())),
            Ok(bytes) => match Component::read(bytes) {
                Ok(component) => look(&component).map_err(|message| failure(None, message)),
                Err(error) => Err(failure(Some(error.offset()), error.to_string())),
            },
        };
        if let Err(failure) = &result {
            report(failure);
        }
        (input.path, result)
    })
}

fn write_text(
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
        out.write_all(text::render(&path, &anatomy, style, all).as_bytes())?;
    }
    Ok(())
}

fn wit(component: &Component<'_>) -> Result<String, String> {
    component.wit().map_err(|error| {
        format!("{error}; `secondcall inspect` without --wit lists its imports and exports")
    })
}

/// Writes each WIT, below a comment with its path if there are `several` inputs.
fn write_wit(
    results: impl Iterator<Item = (String, Result<String, Failure>)>,
    several: bool,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    // WIT is UTF-8, whatever the terminal shows.
    let style = Style { unicode: true, ..style };
    let texts = results.filter_map(|(path, result)| Some((path, result.ok()?)));
    for (i, (path, text)) in texts.enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        if several {
            writeln!(out, "// {}", style.printable(&path, usize::MAX))?;
        }
        for line in text.trim_end().lines() {
            writeln!(out, "{}", style.printable(line, usize::MAX))?;
        }
    }
    Ok(())
}

impl Failure {
    fn for_people(&self, style: Style) -> String {
        let lines = format!("{}: {}", self.path, self.message);
        // A message about a text has several lines.
        let lines = lines.lines().map(|line| style.printable(line, 1000)).collect::<Vec<_>>();
        let offset = self.offset.map(|offset| format!(" (at offset {offset:#x})"));
        lines.join("\n") + &offset.unwrap_or_default()
    }
}
