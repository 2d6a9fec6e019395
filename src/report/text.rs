//! The format `human`: for each input a verdict table and its findings with excerpts, then one line of numbers.

mod detail;
pub mod diagnostic;
mod excerpt;
pub(in crate::report) mod given;
mod header;
mod marks;
mod snippet;
mod table;

use std::io::{self, Write};

use crate::finding::Evidence;
use crate::location::is_library;
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Call, Document, Finding, Input, Outcome, Role};
use crate::report::style::{Style, Tone};
use crate::report::text::detail::{NAME_LIMIT, SENTENCE_LIMIT, severity_tone};
use crate::report::text::excerpt::Excerpts;
use crate::report::wording;

/// How many source lines of a call path are shown.
const FRAMES: usize = 4;

/// Writes the whole report for a person. Without an artifact's binary, places are named and not shown.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(
    document: &Document,
    binaries: &Binaries<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => {
                let binary = binaries.get(artifact);
                header::write(document, artifact, binary.is_some(), style, out)?;
                table::write(document, artifact, style, out)?;
                let mut excerpts = Excerpts::of(binary);
                for finding in document.problems(artifact) {
                    block(artifact, finding, &mut excerpts, style, out)?;
                }
            }
            Input::Unread(failure) => {
                let path = style.printable(&failure.path, NAME_LIMIT);
                let message = style.printable(&failure.sentence(), SENTENCE_LIMIT);
                let level = style.paint(Tone::Bad, format!("error[{}]", failure.stage));
                writeln!(out, "  {level}: {path}: {message}")?;
                if let (Some(line), Some(column)) = (failure.line, failure.column)
                    && !failure.text.trim().is_empty()
                {
                    let title = style.printable(&failure.path, NAME_LIMIT);
                    let title = format!("{title}:{line}:{column}");
                    let rest = failure.text.chars().skip(column.saturating_sub(1) as usize);
                    let token = rest.take_while(|it| !it.is_whitespace() && !"();\"".contains(*it));
                    let (at, length) = ((line, column), token.count() as u32);
                    snippet::of_line(title, at, length, &failure.text, style).write(style, out)?;
                }
                if let Some(origin) = &failure.origin {
                    diagnostic::quote(origin, style, out)?;
                }
            }
        }
        writeln!(out)?;
    }
    for skips in document.skips() {
        let place = skips.place().map(|place| format!(" {place}")).unwrap_or_default();
        let separator = if skips.first.export.is_some() { "" } else { ":" };
        let text = format!("skipped{place}{separator} {}", skips.sentence());
        writeln!(out, "  {}", style.printable(&text, SENTENCE_LIMIT))?;
    }
    if !document.skipped.is_empty() {
        writeln!(out)?;
    }
    for diagnostic in &document.config {
        diagnostic::write(diagnostic, style, out)?;
        writeln!(out)?;
    }
    writeln!(out, "  {}", numbers(document, style))
}

/// Writes one finding, below the path of its artifact.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn one_finding(
    document: &Document,
    finding: &Finding,
    binaries: &Binaries<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(artifact) = document.artifact(finding.artifact) else { return Ok(()) };
    writeln!(out, "  {}", style.paint(Tone::Strong, style.printable(&artifact.path, NAME_LIMIT)))?;
    block(artifact, finding, &mut Excerpts::of(binaries.get(artifact)), style, out)
}

fn block(
    artifact: &Artifact,
    finding: &Finding,
    excerpts: &mut Excerpts<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let level = format!("{}[{}]", wording::severity(finding.severity), finding.rule);
    let message = style.printable(&finding.message, SENTENCE_LIMIT);
    writeln!(out, "\n  {}: {message}", style.paint(severity_tone(finding.severity), level))?;

    let unshown = excerpts.write(&artifact.path, finding, style, out)?;
    for place in unshown {
        detail::write("place", &place, style, out)?;
    }
    if let Some(source) = source(finding) {
        detail::write("source", &source, style, out)?;
    }
    let marks = style.marks();
    if !finding.call_path.is_empty() {
        let path = std::iter::once("host").chain(finding.call_path.iter().map(String::as_str));
        detail::write("call path", &path.collect::<Vec<_>>().join(marks.arrow), style, out)?;
    }
    detail::write("evidence", &evidence(artifact, finding), style, out)?;
    let hosts = [("fails", &finding.hosts.fails), ("harmless", &finding.hosts.harmless)];
    let hosts = hosts.iter().filter(|(_, ids)| !ids.is_empty());
    let hosts: Vec<_> = hosts.map(|(word, ids)| format!("{word}: {}", ids.join(", "))).collect();
    if !hosts.is_empty() {
        detail::write("hosts", &hosts.join(marks.separator), style, out)?;
    }
    for (host, knob) in &finding.hosts.knobs {
        detail::write("set", &format!("{host}: {knob}"), style, out)?;
    }
    if !finding.help.is_empty() {
        detail::write("help", &finding.help, style, out)?;
    }
    detail::write("more", &format!("secondcall explain {}", finding.rule), style, out)?;
    detail::write("id", &finding.id, style, out)
}

/// The source lines of the finding's place and of the calls that led there, without those of libraries before the
/// first of the user's.
fn source(finding: &Finding) -> Option<String> {
    let places = finding.locations.iter().filter(|it| it.role != Role::Related);
    let known: Vec<_> = places.filter(|it| it.place.source.is_some()).collect();
    let of_user = known
        .iter()
        .position(|it| it.place.source.as_ref().is_some_and(|it| !is_library(&it.path)));
    let lines = known[of_user.unwrap_or(0)..].iter().filter_map(|it| {
        let source = it.place.source.as_ref()?;
        let function = it.place.name.as_ref().map(|name| format!(" in `{name}`"));
        Some(format!("{}:{}{}", source.path, source.line, function.unwrap_or_default()))
    });
    let lines: Vec<_> = lines.take(FRAMES).collect();
    (!lines.is_empty()).then(|| lines.join(", called from "))
}

fn evidence(artifact: &Artifact, finding: &Finding) -> String {
    let words = match finding.evidence {
        Evidence::Possible if finding.calls.is_some() => {
            "possible: it happened with generated arguments or stubbed imports"
        }
        Evidence::Possible => "possible: on some path, or by a step that could not be followed",
        Evidence::Certain if finding.calls.is_some() => {
            "certain: it follows from the code, and it happened when the export was called"
        }
        Evidence::Certain => "certain: it follows from the code",
        Evidence::Observed => "observed: it happened when the export was called",
    };
    let is_own = |name: &str| finding.export.as_deref() == Some(name);
    match artifact.exports.iter().find(|export| is_own(export.name.as_str())) {
        Some(export) if !export.calls.is_empty() => {
            format!("{words}; called: {}", calls(&export.calls).join(", "))
        }
        _ => words.to_owned(),
    }
}

fn outcome_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Differs => "differs".to_owned(),
        Outcome::Trap { trap } => format!("trap ({trap})"),
        Outcome::Exit { status } => format!("exit ({status})"),
        Outcome::Unanswered => "no answer".to_owned(),
        Outcome::HeldBack => "held back".to_owned(),
        Outcome::Exhausted => "out of budget".to_owned(),
    }
}

/// Consecutive calls with the same outcome share an item.
fn calls(all: &[Call]) -> Vec<String> {
    let rows = all.chunk_by(|one, other| one.outcome == other.outcome);
    rows.filter_map(|row| {
        let (Call { call: first, outcome }, Call { call: last, .. }) = (row.first()?, row.last()?);
        Some(match first == last {
            true => format!("call {first} {}", outcome_words(outcome)),
            false => format!("calls {first} to {last} {}", outcome_words(outcome)),
        })
    })
    .collect()
}

fn numbers(document: &Document, style: Style) -> String {
    let summary = &document.summary;
    let mut parts = vec![
        wording::counted(summary.errors, "error"),
        wording::counted(summary.warnings, "warning"),
        wording::counted(summary.notes, "note"),
    ];
    if summary.inconclusive > 0 {
        parts.push(format!("{} inconclusive", summary.inconclusive));
    }
    if summary.skipped > 0 {
        parts.push(format!("{} skipped", summary.skipped));
    }
    if summary.accepted > 0 {
        parts.push(format!("{} accepted", summary.accepted));
    }
    if summary.known > 0 {
        parts.push(format!("{} known", summary.known));
    }
    if summary.unread > 0 {
        parts.push(format!("{} not read", wording::counted(summary.unread, "input")));
    }
    let inputs = document.artifacts.len() + document.errors.len();
    if inputs > 1 {
        parts.push(format!("in {}", wording::counted(inputs as u64, "file")));
    }
    let tone = match (summary.errors + summary.unread, summary.warnings) {
        (0, 0) => Tone::Strong,
        (0, _) => Tone::Doubtful,
        _ => Tone::Bad,
    };
    style.paint(tone, parts.join(", "))
}
