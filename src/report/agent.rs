//! The format `agent`: one line a finding, each value with its key, for language models and scripts. Values that may hold
//! spaces are JSON strings.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use crate::report::document::{Artifact, Diagnostic, Document, Export, Finding, Input};
use crate::report::{json, wording};

/// Writes one line for each finding, then one for each export that could not be examined, each
/// input that could not be read, and each thing that is wrong with the configuration.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for artifact in &document.artifacts {
        let exports: FxHashMap<_, _> =
            artifact.exports.iter().rev().map(|it| (it.name.as_str(), it)).collect();
        for finding in document.problems(artifact) {
            let own = exports.get(finding.export.as_deref().unwrap_or_default());
            writeln!(out, "{}", line(artifact, finding, own.copied()))?;
        }
    }
    for skipped in &document.skipped {
        let path = quoted(document.path_of(skipped).unwrap_or_default());
        let export = quoted(skipped.export().unwrap_or_default());
        let (reason, detail) = (quoted(&skipped.reason), quoted(&skipped.detail));
        let line =
            skipped.origin.as_ref().map(|it| format!("line={} ", it.line)).unwrap_or_default();
        writeln!(out, "path={path} {line}export={export} skipped={reason} message={detail}")?;
    }
    for input in document.inputs() {
        if let Input::Unread(failure) = input {
            let (path, message) = (quoted(&failure.path), quoted(&failure.sentence()));
            writeln!(out, "path={path} unread={} message={message}", quoted(&failure.stage))?;
        }
    }
    for Diagnostic { code, message, help, origin, .. } in &document.config {
        let (path, line) = (quoted(&origin.path), origin.line);
        let (message, help) = (quoted(message), quoted(help));
        writeln!(out, "path={path} line={line} config={code} message={message} help={help}")?;
    }
    Ok(())
}

fn line(artifact: &Artifact, finding: &Finding, own: Option<&Export>) -> String {
    let export = finding.export.as_deref().unwrap_or_default();
    let verdict = own.map_or("unknown", |it| wording::verdict(&it.verdict));
    let also: String = artifact.also.iter().map(|it| format!(" also={}", quoted(it))).collect();
    let fix =
        finding.fix.as_ref().map(|it| format!(" fix={}", quoted(&it.command))).unwrap_or_default();
    format!(
        "path={} export={} verdict={verdict} rule={} severity={} message={} help={}{fix} id={}{also}",
        quoted(&artifact.path),
        quoted(export),
        finding.rule,
        wording::severity(finding.severity),
        quoted(&finding.message),
        quoted(&finding.help),
        finding.id,
    )
}

/// A JSON string, in one line.
fn quoted(text: &str) -> String {
    let mut quoted = Vec::new();
    // Writing to memory cannot fail, and JSON is text.
    let _ = json::compact(&text, &mut quoted);
    String::from_utf8(quoted).unwrap_or_default()
}
