//! `secondcall graph`: draws a component.

use std::io::Write;
use std::path::PathBuf;
use std::slice;

use clap::{Args, ValueEnum};

use super::alone;
use super::exit_code::ExitCode;
use super::failure::{self, bytes, unwritten};
use super::fetch_options::FetchOptions;
use super::pictures;
use super::render::saved;
use crate::check::error::CheckError;
use crate::check::inputs;
use crate::graph::{self, causes};
use crate::location::file_name;
use crate::report::graph::{dot, mermaid, svg};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component (binary or text), manifest that names one, or - for standard input
    file: PathBuf,
    /// Draw also the state that makes calls differ, from a report saved with `check --output json=REPORT`
    #[arg(long, value_name = "REPORT")]
    report: Option<PathBuf>,
    /// Format of the picture
    #[arg(short, long, value_enum, default_value_t = Format::Svg)]
    format: Format,
    /// Draw only the call paths of exports that match, such as `wasi:http/*` or `tick`; may be
    /// repeated
    #[arg(long = "export", value_name = "GLOB")]
    exports: Vec<String>,
    #[command(flatten)]
    fetch: FetchOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// SVG, for browsers and documents; needs no other program
    Svg,
    /// DOT, for Graphviz
    Dot,
    /// Mermaid, for Markdown
    Mermaid,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> failure::Result {
    let inputs = inputs::find(slice::from_ref(&arguments.file), arguments.fetch.access());
    let input = match inputs.list.as_slice() {
        [] => return Err(CheckError::NoInputs(inputs.nothing_found())),
        [input] => alone::read(input),
        list => {
            let (path, count) = (arguments.file.display(), list.len());
            let message = format!("{path} names {count} components: name one of them");
            return Err(CheckError::usage(message));
        }
    };
    let bytes = bytes(&input)?;
    // A picture is shown to others, so it does not contain the file's folder.
    let title = match file_name(&input.path) {
        "-" => "standard input",
        name => name,
    };
    let report = arguments.report.as_deref().map(saved).transpose()?;
    let caused = report.map(|report| causes::of(&report, bytes)).unwrap_or_default();
    let picture = pictures::deep(|| graph::of(bytes, title, &arguments.exports, &caused))
        .map_err(|error| format!("cannot start a thread: {error}"))?
        .map_err(|error| {
            let offset = error.offset();
            CheckError::unreadable(format!("{}: {error} (at offset {offset:#x})", input.path))
        })?;
    let written = match arguments.format {
        Format::Svg => svg::write(&picture, out),
        Format::Dot => dot::write(&picture, out),
        Format::Mermaid => mermaid::write(&picture, out),
    };
    written.map(|()| ExitCode::Clean).map_err(unwritten)
}
