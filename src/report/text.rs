//! For people: the verdict table first, then a block for each finding, then one line of numbers.
//! Draws its excerpts itself, from lines of capped length, so that no input can break it.

mod excerpt;
mod header;
mod marks;
mod quote;
mod table;

use std::io;
use std::io::Write;

use crate::finding::Evidence;
use crate::report::Judged;
use crate::report::run::Artifact;
use crate::report::run::Outcome;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::style::Tone;
use crate::report::style::wrapped;
use crate::report::text::excerpt::Excerpts;
use crate::report::wording;
use crate::verdict::Severity;

/// Columns of a finding's details.
const DETAIL_WIDTH: usize = 96;
/// Longest name from a file that is printed whole, in characters.
const NAME_LIMIT: usize = 120;
/// Longest sentence of ours that is printed whole, in characters.
const SENTENCE_LIMIT: usize = 2000;

/// Writes the whole report for a person.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(run: &Run, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for artifact in &run.artifacts {
        match &artifact.result {
            Ok(report) => {
                header::write(run, artifact, &report.inventory, style, out)?;
                table::write(artifact, report, style, out)?;
                let mut excerpts = Excerpts::of(&artifact.bytes);
                for judged in artifact.findings() {
                    block(artifact, judged, &mut excerpts, style, out)?;
                }
            }
            Err(failure) => {
                let path = style.printable(&artifact.path, NAME_LIMIT);
                let place = failure.offset.map(|at| format!(" (at offset {at:#x})"));
                let message = style.printable(&failure.message, SENTENCE_LIMIT);
                let level = style.paint(Tone::Bad, format!("error[{}]", failure.stage));
                writeln!(out, "  {level}: {path}: {message}{}", place.unwrap_or_default())?;
                if let Some(origin) = &artifact.origin {
                    quote::write(origin, style, out)?;
                }
            }
        }
        writeln!(out)?;
    }
    for skipped in &run.skipped {
        let of = skipped.artifact.and_then(|it| run.artifacts.get(it)).map(|it| &it.path);
        let path = of.or(skipped.path.as_ref()).map(String::as_str);
        let export = skipped.export.as_ref().map(|export| export.as_str());
        let what = [path, export].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let text = format!("skipped {what}: {}: {}", skipped.reason, skipped.detail);
        writeln!(out, "  {}", style.printable(&text, SENTENCE_LIMIT))?;
    }
    if !run.skipped.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "  {}", numbers(run, style))
}

fn block(
    artifact: &Artifact,
    judged: &Judged,
    excerpts: &mut Excerpts<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = &judged.finding;
    let level = format!("{}[{}]", wording::severity(judged.severity), finding.rule.id);
    let message = style.printable(&finding.message, SENTENCE_LIMIT);
    writeln!(out, "\n  {}: {message}", style.paint(severity_tone(judged.severity), level))?;

    let unshown = excerpts.write(&artifact.path, finding, style, out)?;
    for place in unshown {
        detail("place", &place, style, out)?;
    }
    let marks = style.marks();
    if !finding.call_path.is_empty() {
        let road = std::iter::once("host").chain(finding.call_path.iter().map(String::as_str));
        detail("call path", &road.collect::<Vec<_>>().join(marks.arrow), style, out)?;
    }
    detail("evidence", &evidence(artifact, judged), style, out)?;
    let hosts = [("fails", &judged.fails), ("harmless", &judged.harmless)];
    let hosts = hosts.iter().filter(|(_, ids)| !ids.is_empty());
    let hosts: Vec<_> = hosts.map(|(word, ids)| format!("{word}: {}", ids.join(", "))).collect();
    if !hosts.is_empty() {
        detail("hosts", &hosts.join(marks.separator), style, out)?;
    }
    for (host, knob) in &judged.knobs {
        detail("set", &format!("{host}: {knob}"), style, out)?;
    }
    if !finding.help.is_empty() {
        detail("help", &finding.help, style, out)?;
    }
    detail("more", &format!("secondcall explain {}", finding.rule.id), style, out)?;
    detail("id", &judged.id, style, out)
}

fn detail(key: &str, value: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let value = style.printable(value, SENTENCE_LIMIT);
    for (i, line) in wrapped(&value, DETAIL_WIDTH).iter().enumerate() {
        let key = if i == 0 { key } else { "" };
        writeln!(out, "    {}  {line}", style.paint(Tone::Faint, format!("{key:<10}")))?;
    }
    Ok(())
}

fn evidence(artifact: &Artifact, judged: &Judged) -> String {
    let words = match judged.finding.evidence {
        Evidence::Possible if judged.finding.calls.is_some() => {
            "possible: it happened with made-up arguments or imports"
        }
        Evidence::Possible => "possible: on some path, or by a step that could not be followed",
        Evidence::Certain => "certain: it follows from the code",
        Evidence::Observed => "observed: it happened when the export was called",
    };
    let export = judged.finding.export.as_ref();
    let Some(outcomes) = export.and_then(|export| artifact.observed(export)) else {
        return words.to_owned();
    };
    format!("{words}; called: {}", calls(outcomes).join(", "))
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Differs => "differs".to_owned(),
        Outcome::Trap(words) => format!("trap ({words})"),
        Outcome::Exit(status) => format!("exit ({status})"),
        Outcome::Unanswered => "no answer".to_owned(),
        Outcome::HeldBack => "held back".to_owned(),
        Outcome::Exhausted => "out of budget".to_owned(),
    }
}

/// Calls in a row that did the same are told as one.
fn calls(outcomes: &[(u32, Outcome)]) -> Vec<String> {
    let rows = outcomes.chunk_by(|(_, one), (_, other)| one == other);
    rows.filter_map(|row| {
        let ((first, outcome), (last, _)) = (row.first()?, row.last()?);
        Some(match first == last {
            true => format!("call {first} {}", told(outcome)),
            false => format!("calls {first} to {last} {}", told(outcome)),
        })
    })
    .collect()
}

fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Note => Tone::Notice,
    }
}

fn numbers(run: &Run, style: Style) -> String {
    let summary = run.summary();
    let mut parts = vec![
        wording::counted(summary.errors, "error"),
        wording::counted(summary.warnings, "warning"),
        wording::counted(summary.notes, "note"),
    ];
    if summary.inconclusive > 0 {
        parts.push(format!("{} inconclusive", summary.inconclusive));
    }
    if run.accepted > 0 {
        parts.push(format!("{} accepted", run.accepted));
    }
    if summary.unread > 0 {
        parts.push(format!("{} not read", wording::counted(summary.unread, "input")));
    }
    if run.artifacts.len() > 1 {
        parts.push(format!("in {}", wording::counted(run.artifacts.len() as u64, "file")));
    }
    let tone = match (summary.errors + summary.unread, summary.warnings) {
        (0, 0) => Tone::Strong,
        (0, _) => Tone::Doubtful,
        _ => Tone::Bad,
    };
    style.paint(tone, parts.join(", "))
}
