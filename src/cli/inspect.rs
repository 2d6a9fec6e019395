//! `secondcall inspect`: the contents of components, or their worlds as WIT.

mod anatomy;
mod cyclonedx;
mod document;
mod gather;
mod linkage;
mod parts;
mod policy;
mod resolver;
mod surface;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::alone;
use super::exit_code::ExitCode;
use super::failure::{complain, fail, finished};
use super::fetch_options::FetchOptions;
use super::fingerprint;
use crate::check::inputs::{self, Input};
use crate::component::Component;
use crate::config::date;
use crate::inventory::Wrapping;
use crate::report::json;
use crate::report::style::Style;
use anatomy::Anatomy;
use cyclonedx::Bom;
use document::{Document, Failure};

/// The arguments of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Components (binary or text), references, manifests, folders to search, or - for standard input; with
    /// --fingerprint, adapters named RELEASE-FLAVOR.wasm
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Show every line of long lists
    #[arg(short, long)]
    pub(super) all: bool,
    /// The output format
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Time to record in a bill of materials
    ///
    /// In UTC, such as 2026-11-29T12:00:00Z. Without it, the bill has no time.
    #[arg(long, value_name = "TIME", value_parser = date::time)]
    pub(super) time: Option<String>,
    /// Print what documentation says of later calls
    ///
    /// How often each export may be called, how many calls at a time, and what stays after a call.
    /// Exports are called as secondcall.toml and the variables of `check` say. Markdown, or JSON with --format json.
    #[arg(long, conflicts_with_all = ["all", "fingerprint", "time"])]
    pub(super) policy: bool,
    /// Also write the component with that in a section
    ///
    /// It is a custom section named `secondcall-policy`, which holds JSON.
    #[arg(long, value_name = "FILE", requires = "policy")]
    pub(super) embed: Option<PathBuf>,
    /// Print the world of each component as WIT
    ///
    /// With every interface that it refers to.
    #[arg(long, conflicts_with_all = ["all", "format", "fingerprint", "policy"])]
    pub(super) wit: bool,
    /// Write data/adapters.toml from these files
    ///
    /// It is the table of published adapters.
    #[arg(long)]
    pub(super) fingerprint: bool,
    #[command(flatten)]
    fetch: FetchOptions,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// JSON for programs: schemas/inspect-v1.json
    Json,
    /// CycloneDX 1.6 bill of materials: core modules, adapters, toolchains, digests
    Cyclonedx,
}

/// Writes the contents or the worlds of the inputs to `out`, or the table of adapters with `--fingerprint`. Reports an
/// input that cannot be read on `err` and continues with the next; the exit code is then `Unread`.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    if arguments.fingerprint {
        return match fingerprint::run(&arguments.files, out) {
            Ok(()) => ExitCode::Clean,
            Err(error) => complain(err, &error.to_string().into(), ExitCode::Usage),
        };
    }
    if arguments.policy {
        if arguments.format == Format::Cyclonedx {
            let message = "--policy is Markdown, or JSON with --format json";
            return complain(err, &message.into(), ExitCode::Usage);
        }
        let policy = match policy::run(
            &arguments.files,
            arguments.fetch.access(),
            arguments.embed.as_deref(),
        ) {
            Ok(policy) => policy,
            Err(error) => return fail(&error, style, err),
        };
        let written = match arguments.format {
            Format::Json => json::indented(&policy, out),
            Format::Human | Format::Cyclonedx => policy::markdown::write(&policy, out),
        };
        return finished(written, ExitCode::Clean, style, out, err);
    }
    let inputs = inputs::find(&arguments.files, arguments.fetch.access());
    if inputs.list.is_empty() {
        return complain(err, &inputs.nothing_found(), ExitCode::NoInputs);
    }
    let mut code = ExitCode::Clean;
    let report =
        |failure: &Failure| code = complain(err, &failure.message().into(), ExitCode::Unread);
    let inputs = inputs.list.as_slice();
    let written = if arguments.wit {
        write_wit(read(inputs, |component, _| wit(component), report), inputs.len() > 1, style, out)
    } else {
        let results = read(
            inputs,
            |component, wrapped| Ok(Anatomy { wrapped, ..gather::of(component) }),
            report,
        );
        match arguments.format {
            Format::Human => write_text(results, arguments.all, style, out),
            Format::Json => Document::of(results.collect()).write(out),
            Format::Cyclonedx => Bom::of(results, arguments.time.clone()).write(out),
        }
    };
    finished(written, code, style, out, err)
}

/// The path of each input and what `extract` returns for its component, or why there is none. Reads an input only when
/// the iterator reaches it, and then calls `report` if it failed.
fn read<'i, T>(
    inputs: &'i [Input],
    extract: impl for<'a> Fn(&'a Component<'a>, Option<Wrapping>) -> Result<T, String> + 'i,
    mut report: impl FnMut(&Failure) + 'i,
) -> impl Iterator<Item = (String, Result<T, Failure>)> + 'i {
    inputs.iter().map(move |input| {
        let loaded = alone::read(input);
        let failure = |offset, message| Failure { path: loaded.path.clone(), offset, message };
        let result = match &loaded.bytes {
            Err(error) => Err(failure(error.offset, error.with_command())),
            Ok(bytes) => match Component::read(bytes) {
                Ok(component) => extract(&component, loaded.wrapping.clone())
                    .map_err(|message| failure(None, message)),
                Err(error) => Err(failure(Some(error.offset()), error.to_string())),
            },
        };
        if let Err(failure) = &result {
            report(failure);
        }
        (loaded.path, result)
    })
}

/// Writes the contents of the components that were read, separated by empty lines.
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

/// The world as WIT.
///
/// # Errors
/// If WIT cannot express the world, or would be too long. The message names a command that lists the world instead.
fn wit(component: &Component<'_>) -> Result<String, String> {
    component.wit().map_err(|error| {
        format!("{error}; `secondcall inspect` without --wit lists its imports and exports")
    })
}

/// Writes the worlds of the components that were read, separated by empty lines; each below a comment with its path if
/// there are `several` inputs.
fn write_wit(
    results: impl Iterator<Item = (String, Result<String, Failure>)>,
    several: bool,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    // WIT files are UTF-8, even if the terminal shows ASCII only.
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
    /// The path, the message and the offset.
    fn message(&self) -> String {
        let offset = self.offset.map(|offset| format!(" (at offset {offset:#x})"));
        format!("{}: {}{}", self.path, self.message, offset.unwrap_or_default())
    }
}
