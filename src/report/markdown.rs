//! The format `markdown`: the run as tables, for the summary of a job on GitHub and for comments. Text from files cannot
//! add markup.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::report::anchor::Anchor;
use crate::report::document::{Artifact, Diagnostic, Document, Finding, Input};
use crate::report::markup::{code, prose, table};
use crate::report::wording::{self, counted};
use crate::verdict::Severity;

/// Writes the numbers of the run, then a table of inputs, one of errors and warnings, and one of what was not examined.
/// Notes are counted.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let summary = &document.summary;
    let (errors, warnings) = (summary.errors, summary.warnings);
    let mut numbers = vec![
        counted(errors, "error"),
        counted(warnings, "warning"),
        counted(summary.notes, "note"),
    ];
    numbers.extend(
        (summary.inconclusive > 0).then(|| format!("{} inconclusive", summary.inconclusive)),
    );
    numbers.extend((summary.skipped > 0).then(|| format!("{} skipped", summary.skipped)));
    numbers.extend((summary.unread > 0).then(|| format!("{} not read", summary.unread)));
    numbers.extend((summary.accepted > 0).then(|| format!("{} accepted", summary.accepted)));
    numbers.extend((summary.known > 0).then(|| format!("{} in the baseline", summary.known)));
    writeln!(out, "### secondcall: {}", numbers.join(", "))?;

    let inputs = document.inputs().into_iter().map(|input| match input {
        Input::Read(artifact) => {
            let hosts: Vec<_> = match artifact.hosts.as_slice() {
                [] => document.head.run.hosts.iter().map(String::as_str).collect(),
                hosts => hosts.iter().map(|host| host.id.as_str()).collect(),
            };
            let answers = artifact.answers.iter();
            let answers = answers.map(|it| prose(&format!("{}: {}", it.host, it.text)));
            let hosts = match artifact.answers.is_empty() {
                true => hosts.join(", "),
                false => answers.collect::<Vec<_>>().join("<br>"),
            };
            let path = format!("{}{}", artifact.path, artifact.also_in());
            [code(&path), hosts, verdicts(artifact)]
        }
        Input::Unread(failure) => {
            let message = format!("not read: {}", failure.sentence());
            [code(&failure.path), String::new(), prose(&message)]
        }
    });
    table(["input", "hosts", "exports"], inputs.collect(), out)?;

    let mut rows = Vec::new();
    for artifact in &document.artifacts {
        let problems =
            document.problems(artifact).filter(|it| it.severity > Severity::Note || it.refuted);
        rows.extend(problems.map(|finding| row(artifact, finding)));
    }
    for Diagnostic { severity, code: name, message, origin, .. } in &document.config {
        let place = code(&format!("{}:{}", origin.path, origin.line));
        let level = wording::severity(*severity);
        rows.push([level.to_owned(), code(name), place, prose(message)]);
    }
    table(["", "rule", "where", "what happens"], rows, out)?;

    let skipped = document.skips();
    let skipped = skipped.map(|it| [code(&it.place().unwrap_or_default()), prose(&it.sentence())]);
    table(["not examined", "why"], skipped.collect(), out)
}

/// How many exports have each verdict.
fn verdicts(artifact: &Artifact) -> String {
    let mut counts = BTreeMap::new();
    for export in &artifact.exports {
        *counts.entry(wording::verdict(&export.verdict)).or_insert(0u64) += 1;
    }
    let counts: Vec<_> =
        counts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    match counts.is_empty() {
        true => "none".to_owned(),
        false => counts.join(", "),
    }
}

fn row(artifact: &Artifact, finding: &Finding) -> [String; 4] {
    let Anchor { path, line, .. } = Anchor::of(artifact, finding);
    let mut place = code(&artifact.path);
    if path != artifact.path {
        place += &format!(" {}", code(&format!("{path}:{line}")));
    }
    if let Some(export) = &finding.export {
        place += &format!(" {}", code(export));
    }
    let level = wording::level(finding).to_string();
    let components = finding.components.iter().map(|it| it.words());
    let traps = wording::by_words(&finding.hosts.traps);
    let traps = traps.iter().map(|(hosts, lost)| wording::trap(hosts, lost));
    let lines = std::iter::once(finding.message.clone()).chain(components).chain(traps);
    let lines: Vec<_> = lines.map(|it| prose(&it)).collect();
    [level, code(&finding.rule), place, lines.join("<br>")]
}
