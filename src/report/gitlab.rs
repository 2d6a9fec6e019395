//! GitLab's Code Quality report: a list of issues, shown in a merge request.

use std::io;
use std::io::Write;

use serde::Serialize;

use crate::digest::sha256;
use crate::report::anchor::Anchor;
use crate::report::document::Document;
use crate::report::document::Finding;
use crate::report::document::Input;
use crate::report::json;
use crate::verdict::Severity;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// What GitLab compares between two branches; no other issue of the report has the same.
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

/// Writes one issue for each finding and for each input that could not be read.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut issues = Vec::new();
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => issues.extend(document.problems(artifact).map(|finding| {
                let severity = match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "major",
                    Severity::Note => "info",
                };
                let anchor = Anchor::of(artifact, finding);
                let identity = [&artifact.path, &finding.id];
                issue(description(finding), &finding.rule, identity, severity, anchor)
            })),
            Input::Unread(failure) => {
                let anchor = Anchor::of_failure(failure);
                let identity = [&failure.path, &failure.stage];
                let description = format!("{}: {}", failure.path, failure.message);
                issues.push(issue(description, &failure.stage, identity, "blocker", anchor));
            }
        }
    }
    json::indented(&issues, out)
}

fn issue<'a>(
    description: String,
    check_name: &'a str,
    identity: [&String; 2],
    severity: &'static str,
    anchor: Anchor<'a>,
) -> Issue<'a> {
    let digest = sha256(identity.map(String::as_str).join("\0").as_bytes());
    let location = Location { path: anchor.path, lines: Lines { begin: anchor.line } };
    let fingerprint = digest.chars().take(32).collect();
    Issue { description, check_name, fingerprint, severity, location }
}

fn description(finding: &Finding) -> String {
    match finding.help.as_str() {
        "" => finding.message.clone(),
        help => format!("{}; {help}", finding.message),
    }
}
