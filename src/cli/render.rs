//! `secondcall render`: converts a saved report to another format.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit_code::ExitCode;
use super::failure;
use super::output::OutputOptions;
use super::pictures;
use crate::check::inputs::{Input, Loaded};
use crate::check::source_lines;
use crate::report::binaries::Binaries;
use crate::report::document::Document;
use crate::report::style::Style;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Report saved with --format json, or - for standard input
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    arguments.output.check()?;
    let document = saved(&arguments.report)?;
    let mut binaries = match arguments.output.shows_code() {
        true => binaries(&document),
        false => Binaries::default(),
    };
    if arguments.output.draws() {
        let pictures = pictures::of(&document, &binaries);
        binaries.add_pictures(pictures);
    }
    arguments.output.write(&document, &binaries, style, out)?;
    Ok(ExitCode::Clean)
}

/// Reads a saved report.
///
/// # Errors
/// If it cannot be read, or is not a report.
pub(super) fn saved(path: &Path) -> Result<Document, String> {
    let name = path.display();
    let text = read(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    Document::read(&text).map_err(|error| format!("{name}: {error}"))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path);
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    Ok(text)
}

/// The binaries of the report that still exist.
pub(super) fn binaries(document: &Document) -> Binaries<'static> {
    let mut binaries = Binaries::default();
    for artifact in &document.artifacts {
        let path = Path::new(&artifact.path);
        if path.is_file() {
            let Loaded { bytes, text, .. } = Input::file(path).read();
            if let Ok(bytes) = bytes {
                binaries.offer(artifact, bytes, text);
            }
        }
    }
    binaries.add_sources(source_lines::texts(document));
    binaries
}
