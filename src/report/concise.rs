//! The format `concise`: one line a finding, for logs, editors that parse lines, and the expectations of fixtures.

use std::io::{self, Write};

use crate::report::document::{Diagnostic, Document, Failure, Finding, Input, Origin, Sources};
use crate::report::style::Style;
use crate::report::{Judged, wording};

/// Longer than any message of ours.
const LIMIT: usize = 2000;

/// A finding in one line, without its file and export:
/// ``warning[run_once_guard] core module 0 > func 1 `_start` (0x15): message``.
pub fn line(judged: &Judged) -> String {
    let style = Style::PLAIN;
    let finding = Finding::of((0, "-"), judged, &Sources::new());
    let head = format!("{}[{}]", wording::level(&finding), finding.rule);
    style.printable(&format!("{head} {}", rest(&finding)), LIMIT)
}

/// Writes one line for each finding and for each input that could not be read, then one for what was not examined and for
/// each diagnostic of the configuration. If a manifest names the input, the line begins with the place of the entry. Good news is left out.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => {
                let path = named(artifact.origin.as_ref(), &artifact.path);
                for finding in document.problems(artifact) {
                    let level = wording::level(finding);
                    let head = format!("{path}: {level}[{}]", finding.rule);
                    let also = artifact.also_in();
                    let line = match &finding.export {
                        Some(export) => format!("{head} {export} {}{also}", rest(finding)),
                        None => format!("{head} {}{also}", rest(finding)),
                    };
                    write_line(&line, out)?;
                }
            }
            Input::Unread(failure) => write_line(&unread(failure), out)?,
        }
    }
    skipped(document, out)?;
    for Diagnostic { severity, code, message, origin, .. } in &document.config {
        let Origin { path, line, column, .. } = origin;
        let level = wording::severity(*severity);
        write_line(&format!("{path}:{line}:{column}: {level}[{code}] {message}"), out)?;
    }
    Ok(())
}

/// Writes the lines for inputs that could not be read, and for what was not examined.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write_unexamined(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for failure in &document.errors {
        write_line(&unread(failure), out)?;
    }
    skipped(document, out)
}

fn unread(failure: &Failure) -> String {
    let path = named(failure.origin.as_ref(), &failure.path);
    let (stage, message) = (&failure.stage, failure.with_command());
    let place = failure.offset.map(|at| format!(" ({at:#x})")).unwrap_or_default();
    format!("{path}: error[{stage}]{place}: {message}")
}

fn skipped(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for skips in document.skips().filter(|it| it.first.is_missed() || it.first.is_unchanged()) {
        let place = skips.place().map(|place| format!("{place}: ")).unwrap_or_default();
        write_line(&format!("{place}skipped: {}", skips.sentence()), out)?;
    }
    Ok(())
}

fn write_line(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", Style::PLAIN.printable(text, LIMIT))
}

fn named(origin: Option<&Origin>, path: &str) -> String {
    match origin {
        Some(it) => format!("{}:{}:{}: {path}", it.path, it.line, it.column),
        None => path.to_owned(),
    }
}

fn rest(finding: &Finding) -> String {
    // The whole component is no place.
    let place = finding.place().filter(|it| !it.is_whole());
    let place = place.map(|it| format!("{} ({:#x}): ", it.path, it.offset));
    format!("{}{}", place.unwrap_or_default(), finding.message)
}
