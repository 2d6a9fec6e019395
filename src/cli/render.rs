//! `secondcall render`: a saved report, told again in any format.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::complain;
use super::exit_code::ExitCode;
use super::formats::Telling;
use crate::check::inputs::{Bytes, Source};
use crate::report::binaries::Binaries;
use crate::report::document::Document;
use crate::report::style::Style;

/// Which report to tell, and how.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A report that `--format json` wrote, or - for standard input
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// How to tell it
    #[command(flatten)]
    pub telling: Telling,
}

/// Tells a saved report.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let name = arguments.report.display();
    let usage = |err: &mut dyn Write, message: String| complain(err, &message, ExitCode::Usage);
    if let Err(message) = arguments.telling.check() {
        return usage(err, message);
    }
    let text = match read(&arguments.report) {
        Ok(text) => text,
        Err(error) => return usage(err, format!("cannot read {name}: {error}")),
    };
    let document = match Document::read(&text) {
        Ok(document) => document,
        Err(error) => return usage(err, format!("{name}: {error}")),
    };
    let binaries = match arguments.telling.is_for_a_person() {
        true => binaries(&document),
        false => Binaries::default(),
    };
    match arguments.telling.tell(&document, &binaries, style, out) {
        Ok(()) => ExitCode::Clean,
        Err(message) => usage(err, message),
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return fs::read(path);
    }
    let mut text = Vec::new();
    io::stdin().lock().read_to_end(&mut text)?;
    Ok(text)
}

/// The binaries that the report speaks of, as far as they are still where they were.
fn binaries(document: &Document) -> Binaries<'static> {
    let mut binaries = Binaries::default();
    for artifact in &document.artifacts {
        let path = PathBuf::from(&artifact.path);
        if path.is_file()
            && let Ok(bytes) = (Source { from: Bytes::File(path), named: None }).read().bytes
        {
            binaries.offer(artifact, bytes);
        }
    }
    binaries
}
