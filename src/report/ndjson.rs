//! The document as one JSON object a line, for programs that read as they go. Each has the members
//! that the format `json` gives it, and `type` before them.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::document::{
    Artifact, Diagnostic, Document, Failure, Finding, Head, Skipped, Summary,
};
use crate::report::json;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Run(&'a Head),
    Artifact(&'a Artifact),
    Finding(&'a Finding),
    Skipped(&'a Skipped),
    Error(&'a Failure),
    Config(&'a Diagnostic),
    Summary(&'a Summary),
}

/// Writes the run first, then what was found, then the numbers.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let lines = std::iter::once(Line::Run(&document.head))
        .chain(document.artifacts.iter().map(Line::Artifact))
        .chain(document.findings.iter().map(Line::Finding))
        .chain(document.skipped.iter().map(Line::Skipped))
        .chain(document.errors.iter().map(Line::Error))
        .chain(document.config.iter().map(Line::Config))
        .chain([Line::Summary(&document.summary)]);
    for line in lines {
        json::compact(&line, out)?;
        writeln!(out)?;
    }
    Ok(())
}
