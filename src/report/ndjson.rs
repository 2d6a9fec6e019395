//! The document as one JSON object a line, for programs that read as they go. Each has the members that the format
//! `json` gives it, and `type` before them. What belongs to an input follows it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::report::document::{
    Artifact, Diagnostic, Document, Failure, Finding, Head, Input, Skipped, Summary,
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
    /// Another input with the same bytes and results.
    Also {
        /// The artifact's id.
        artifact: usize,
        path: &'a str,
    },
    Summary(&'a Summary),
}

/// A report in the making.
#[derive(Debug, Default)]
pub struct Lines {
    is_begun: bool,
    copies: Vec<(usize, String)>,
    summary: Summary,
}

impl Lines {
    /// Writes the inputs of a part of the report, each with what belongs to it, then the rest of the part. The first part
    /// begins with the run.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub fn add(&mut self, part: &Document, out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            line(&Line::Run(&part.head), out)?;
        }
        let mut findings: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
        part.findings.iter().for_each(|it| findings.entry(it.artifact).or_default().push(it));
        let mut skipped: BTreeMap<Option<usize>, Vec<&Skipped>> = BTreeMap::new();
        part.skipped.iter().for_each(|it| skipped.entry(it.artifact).or_default().push(it));
        for input in part.inputs() {
            match input {
                Input::Read(artifact) => {
                    let also = artifact.also.iter().map(|path| (artifact.id, path.clone()));
                    self.copies.extend(also);
                    match artifact.also.is_empty() {
                        true => line(&Line::Artifact(artifact), out)?,
                        false => {
                            let alone = Artifact { also: Vec::new(), ..artifact.clone() };
                            line(&Line::Artifact(&alone), out)?;
                        }
                    }
                    for finding in findings.remove(&artifact.id).unwrap_or_default() {
                        line(&Line::Finding(finding), out)?;
                    }
                    for skipped in skipped.remove(&Some(artifact.id)).unwrap_or_default() {
                        line(&Line::Skipped(skipped), out)?;
                    }
                }
                Input::Unread(failure) => line(&Line::Error(failure), out)?,
            }
        }
        for finding in findings.into_values().flatten() {
            line(&Line::Finding(finding), out)?;
        }
        for skipped in skipped.into_values().flatten() {
            line(&Line::Skipped(skipped), out)?;
        }
        for diagnostic in &part.config {
            line(&Line::Config(diagnostic), out)?;
        }
        self.copies.extend(part.copies.iter().cloned());
        self.summary = self.summary.with(&part.summary);
        Ok(())
    }

    /// Writes what is known at the end: the copies, and the numbers.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub fn end(mut self, exit_code: u8, out: &mut dyn Write) -> io::Result<()> {
        self.copies.sort_by_key(|(artifact, _)| *artifact);
        for (artifact, path) in &self.copies {
            line(&Line::Also { artifact: *artifact, path }, out)?;
        }
        line(&Line::Summary(&Summary { exit_code, ..self.summary }), out)
    }
}

/// Writes a whole report.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines::default();
    lines.add(document, out)?;
    lines.end(document.summary.exit_code, out)
}

fn line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    json::compact(line, out)?;
    writeln!(out)
}
