//! The format `human`: for each input how it fares under each host, a verdict table and its findings with excerpts, then
//! one line of numbers. A long report counts inputs, rules and verdicts instead.

pub(in crate::report) mod block;
pub(in crate::report) mod detail;
pub mod diagnostic;
pub(in crate::report) mod excerpt;
pub(in crate::report) mod given;
pub(in crate::report) mod header;
pub(in crate::report) mod marks;
mod quote;
pub(in crate::report) mod snippet;
pub(in crate::report) mod table;
pub(crate) mod totals;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::profile::Profile;
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Document, Failure, Finding, Input};
use crate::report::style::{Style, Tone, wrapped};
use crate::report::wording;
use crate::verdict::Severity;
use block::Blocks;
use detail::{NAME_LIMIT, SENTENCE_LIMIT};
use excerpt::Excerpts;
use view::Shown;

pub use self::view::{Detail, View};

/// Writes the report for a person. Without an artifact's binary, places are named and not shown.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(
    document: &Document,
    binaries: &Binaries<'_>,
    view: impl Into<View>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = view.into();
    let style = view.style;
    let shown = Shown::of(document, view);
    let mut blocks = Blocks { view, written: BTreeSet::new(), fixes: BTreeSet::new() };
    let is_quiet = view.detail == Detail::Quiet;
    if shown.is_long {
        totals::answers(document, &document.artifacts.iter().collect::<Vec<_>>(), view, out)?;
    }
    for input in document.inputs() {
        match input {
            Input::Read(artifact) if shown.has_part(artifact) => {
                header::write(document, artifact, binaries.get(artifact).is_some(), view, out)?;
                if !is_quiet {
                    table::write(document, artifact, view, out)?;
                }
                let mut excerpts = Excerpts::of(binaries, artifact);
                for finding in shown.blocks(artifact) {
                    blocks.write(artifact, finding, &mut excerpts, out)?;
                }
                let folded: Vec<_> = shown.folded(artifact).collect();
                if !folded.is_empty() {
                    writeln!(out)?;
                    fold(&folded, style, out)?;
                }
                writeln!(out)?;
            }
            Input::Read(_) => {}
            Input::Unread(failure) => unread(failure, style, out)?,
        }
    }
    let counted = document.artifacts.iter().filter(|it| !shown.has_part(it)).collect::<Vec<_>>();
    if !is_quiet && !shown.is_long && !counted.is_empty() {
        totals::answers(document, &counted, view, out)?;
    }
    if !is_quiet || document.head.run.strict {
        if !shown.is_long {
            skipped(document, view, out)?;
        }
        for diagnostic in &document.config {
            diagnostic::write(diagnostic, style, out)?;
            writeln!(out)?;
        }
    }
    if is_quiet {
        return Ok(());
    }
    if shown.is_long {
        totals::rules_and_verdicts(document, style, out)?;
    }
    match shown.left_out() {
        0 => {}
        more => {
            let more = wording::counted(more as u64, "more finding");
            style.paragraph((2, 4), &format!("{more} not shown (--max-findings)"), out)?;
        }
    }
    if view.detail == Detail::Usual && counted.iter().any(|it| shown.folded(it).next().is_some()) {
        let hint =
            "notes are what cannot hurt on these hosts, or is only possible; `-v` shows them";
        detail::keyed("", ("", 0), (Tone::Faint, hint), style, out)?;
    }
    let is_for_spec = |it: &Artifact| it.answers.iter().all(|answer| answer.host == Profile::SPEC);
    let mut judged = document.artifacts.iter().filter(|it| !it.answers.is_empty());
    if judged
        .any(|it| is_for_spec(it) && document.problems(it).any(|it| it.severity > Severity::Note))
    {
        let hint =
            "judged for `spec`, which is no host: name yours with `--host` (`secondcall hosts`)";
        detail::keyed("", ("", 0), (Tone::Faint, hint), style, out)?;
    }
    style.paragraph((2, 4), &numbers(document, style), out)
}

/// Findings that matter too little for a block, in one sentence: the rules, by the reason why they matter so little.
fn fold(findings: &[&Finding], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for finding in findings {
        *reasons.entry(&finding.reason).or_default().entry(&finding.rule).or_default() += 1;
    }
    let groups = reasons.into_iter().map(|(reason, rules)| {
        let rules = rules.into_iter().map(|(rule, number)| match number {
            1 => rule.to_owned(),
            number => format!("{number} {rule}"),
        });
        let rules = rules.collect::<Vec<_>>().join(", ");
        if reason.is_empty() { rules } else { format!("{rules} ({reason})") }
    });
    let groups = groups.collect::<Vec<_>>().join(", ");
    let (s, them) = if findings.len() == 1 { ("", "it") } else { ("s", "them") };
    let text = format!("{} finding{s} folded, {groups}; -v shows {them}", findings.len());
    detail::headline("note", (Severity::Note, None), &text, style, out)
}

fn unread(failure: &Failure, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let path = style.printable(&failure.path, NAME_LIMIT);
    let at = failure.offset.map(|at| format!(" (at offset {at:#x})")).unwrap_or_default();
    let message = format!("{path}: {}{at}", failure.message);
    let level = format!("error[{}]", failure.stage);
    detail::headline(&level, (Severity::Error, None), &message, style, out)?;
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
    if !failure.command.is_empty() {
        // Not wrapped, to be copied.
        writeln!(out, "    {}", style.printable(&failure.command, SENTENCE_LIMIT))?;
    }
    writeln!(out)
}

/// What was not examined.
fn skipped(document: &Document, view: View, out: &mut dyn Write) -> io::Result<()> {
    let style = view.style;
    let all: Vec<_> = document.skips().collect();
    let folds = view.detail != Detail::Verbose && all.len() > SKIPPED + 1;
    let shown = if folds { SKIPPED } else { all.len() };
    let limit = if view.detail == Detail::Verbose { SENTENCE_LIMIT } else { SKIPPED_LIMIT };
    for skips in &all[..shown] {
        let place = skips.place().map(|place| format!(" {place}")).unwrap_or_default();
        let separator = if skips.first.export.is_some() { "" } else { ":" };
        let text = format!("skipped{place}{separator} {}", skips.sentence());
        let text = style.printable(&text, limit);
        for (number, line) in wrapped(&text, style.width.saturating_sub(4)).iter().enumerate() {
            writeln!(out, "  {}{line}", if number == 0 { "" } else { "  " })?;
        }
    }
    if folds {
        writeln!(out, "  skipped {} more; -v shows all", all.len() - shown)?;
    }
    match all.is_empty() {
        true => Ok(()),
        false => writeln!(out),
    }
}

/// How many sentences say what was skipped, and the longest that is printed whole.
const SKIPPED: usize = 10;
const SKIPPED_LIMIT: usize = 600;

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
    let mut blocks =
        Blocks { view: style.into(), written: BTreeSet::new(), fixes: BTreeSet::new() };
    blocks.write(artifact, finding, &mut Excerpts::of(binaries, artifact), out)
}

/// The numbers of the run, in one line.
pub(in crate::report) fn numbers(document: &Document, style: Style) -> String {
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
    let copies: usize = document.artifacts.iter().map(|it| it.also.len()).sum();
    let inputs = document.artifacts.len() + document.errors.len() + copies;
    if inputs > 1 {
        parts.push(format!("in {}", wording::counted(inputs as u64, "file")));
    }
    let tone = match (summary.errors.saturating_add(summary.unread), summary.warnings) {
        (0, 0) => Tone::Strong,
        (0, _) => Tone::Doubtful,
        _ => Tone::Bad,
    };
    style.paint(tone, parts.join(", "))
}
