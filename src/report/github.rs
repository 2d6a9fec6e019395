//! GitHub's workflow commands: lines on standard output that become annotations of a change.

use std::io::{self, Write};

use crate::digest::sha256;
use crate::report::anchor::Anchor;
use crate::report::document::{Document, Input};
use crate::report::style::Style;
use crate::report::wording;
use crate::verdict::Severity;

/// Longer than any sentence of ours.
const LIMIT: usize = 2000;

/// Writes one command for each finding, each input that could not be read, what was not examined, and each diagnostic of
/// the configuration.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => {
                for finding in document.problems(artifact) {
                    let command = command(finding.severity);
                    let anchor = Anchor::of(artifact, finding);
                    let text =
                        format!("{}: {}{}", artifact.path, finding.message, artifact.also_in());
                    let text = wording::with_help(&text, &finding.help);
                    annotate(out, command, anchor, &finding.rule, &text)?;
                }
            }
            Input::Unread(failure) => {
                let anchor = Anchor::of_failure(failure);
                let text = format!("{}: {}", failure.path, failure.sentence());
                annotate(out, "error", anchor, &failure.stage, &text)?;
            }
        }
    }
    for skips in document.skips().filter(|it| it.first.is_missed()) {
        let path = skips.path.map(|path| format!("{path}: ")).unwrap_or_default();
        let text = format!("{path}{}", skips.sentence());
        annotate(out, "notice", Anchor::of_skips(document, &skips), "skipped", &text)?;
    }
    for diagnostic in &document.config {
        let text = wording::with_help(&diagnostic.message, &diagnostic.help);
        let anchor = Anchor::in_manifest(&diagnostic.origin);
        annotate(out, command(diagnostic.severity), anchor, &diagnostic.code, &text)?;
    }
    Ok(())
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Writes `log`, a report for a person, and the commands after it. Commands are stopped for the log, so that no name in
/// it acts as one. The word that resumes them is a digest of the log, which cannot contain it.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_after(log: &[u8], document: &Document, out: &mut dyn Write) -> io::Result<()> {
    if !log.is_empty() {
        let word = sha256(log);
        writeln!(out, "::stop-commands::{word}")?;
        out.write_all(log)?;
        writeln!(out, "::{word}::")?;
    }
    write(document, out)
}

fn annotate(
    out: &mut dyn Write,
    command: &str,
    anchor: Anchor<'_>,
    title: &str,
    text: &str,
) -> io::Result<()> {
    let column = anchor.column.map(|column| format!(",col={column}")).unwrap_or_default();
    // Standard input is no file that a change could show.
    let place = match anchor.path {
        "-" => String::new(),
        path => format!("file={},line={}{column},", property(path), anchor.line),
    };
    let title = property(&format!("secondcall {title}"));
    writeln!(out, "::{command} {place}title={title}::{}", data(text))
}

/// Escapes the message, after the second `::`. Line breaks are the only control characters that it keeps.
fn data(text: &str) -> String {
    let style = Style::PLAIN;
    let lines: Vec<_> = text.split('\n').map(|line| style.printable(line, LIMIT)).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_it() {
        assert_eq!(property("100%: a,b\r\n"), "100%25%3A a%2Cb\\u{d}%0A");
        assert_eq!(data("100%: a,b\n::error::"), "100%25: a,b%0A\\u{3a}:error::");
    }
}
