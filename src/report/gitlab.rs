//! GitLab's Code Quality report: a list of issues, shown in a merge request.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::digest::sha256;
use crate::report::anchor::Anchor;
use crate::report::document::{Diagnostic, Document, Input};
use crate::report::json;
use crate::verdict::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// Identifies the issue when GitLab compares two branches; unique in a report.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// Writes one issue for each finding, each input that could not be read, what was not examined, and each diagnostic of the
/// configuration.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut issues = Vec::new();
    let mut used = BTreeMap::new();
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => issues.extend(document.problems(artifact).map(|finding| {
                let message = format!("{}{}", finding.message, artifact.also_in());
                let text = with_help(&message, &finding.help);
                let anchor = Anchor::of(artifact, finding);
                let fingerprint = fingerprint([&artifact.path, &finding.id], &mut used);
                issue(text, &finding.rule, fingerprint, severity(finding.severity), anchor)
            })),
            Input::Unread(failure) => {
                let anchor = Anchor::of_failure(failure);
                let fingerprint = fingerprint([&failure.path, &failure.stage], &mut used);
                let text = format!("{}: {}", failure.path, failure.sentence());
                issues.push(issue(text, &failure.stage, fingerprint, "blocker", anchor));
            }
        }
    }
    let skips: Vec<_> = document.skips().filter(|it| it.first.is_missed()).collect();
    for skips in &skips {
        let text = skips.sentence();
        let fingerprint = fingerprint([skips.path.unwrap_or_default(), &text], &mut used);
        let anchor = Anchor::of_skips(document, skips);
        issues.push(issue(text, "skipped", fingerprint, "minor", anchor));
    }
    for Diagnostic { severity: level, code, message, help, origin } in &document.config {
        // The message names the entry, and outlives a change above it; the line does not.
        let fingerprint = fingerprint([&origin.path, &format!("{code}\0{message}")], &mut used);
        let anchor = Anchor::in_manifest(origin);
        issues.push(issue(with_help(message, help), code, fingerprint, severity(*level), anchor));
    }
    json::indented(&issues, out)
}

fn issue<'a>(
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    anchor: Anchor<'a>,
) -> Issue<'a> {
    let location = Location { path: anchor.path, lines: Lines { begin: anchor.line } };
    Issue { description, check_name, fingerprint, severity, location }
}

/// A digest of an issue's identity, and of its number where others have the same, such as a component that two
/// manifests name.
fn fingerprint(identity: [&str; 2], used: &mut BTreeMap<String, u32>) -> String {
    let identity = identity.join("\0");
    let number = used.entry(identity.clone()).or_default();
    *number += 1;
    let text = if *number == 1 { identity } else { format!("{identity}\0{number}") };
    sha256(text).chars().take(32).collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}

fn with_help(message: &str, help: &str) -> String {
    if help.is_empty() { message.to_owned() } else { format!("{message}; {help}") }
}
