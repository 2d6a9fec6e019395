//! The verdict table: may I call this again? Results of execution are plain, those that only follow from the code are in
//! parentheses, and a question mark means unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::inventory::ArtifactKind;
use crate::report::document::{Artifact, Document, Export};
use crate::report::style::{Style, Tone};
use crate::report::text::marks::marks;
use crate::report::wording;
use crate::rule::Hazard;
use crate::verdict::Verdict;

use super::detail::NAME_LIMIT;
use super::view::{Detail, View};

/// With more exports than this without failures, those share one line for each verdict.
const FOLD_ABOVE: usize = 40;
/// Widest column for names and signatures.
const ITEM_WIDTH: usize = 72;
/// Columns of a row beside it: at least, and at most.
const REST_WIDTH: (usize, usize) = (48, 52);
/// In fewer columns, a verdict has a line of its own below its export.
const LEAST_WIDTH: usize = 72;
/// Widths of the columns `first` and `again`.
const FIRST_WIDTH: usize = 8;
const AGAIN_WIDTH: usize = 12;

struct Row {
    item: String,
    /// What stands in the column of `item` on a second line.
    below: &'static str,
    first: String,
    again: String,
    verdict: String,
    tone: Tone,
}

pub(super) fn write(
    document: &Document,
    artifact: &Artifact,
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = view.style;
    if artifact.exports.is_empty() {
        return writeln!(
            out,
            "\n  {}",
            match artifact.kind {
                ArtifactKind::Component => "It exports no function that a host can call.",
                ArtifactKind::CoreModule => "A core module has no component-level export to call.",
            }
        );
    }
    let uneventful = artifact.exports.iter().filter(|it| is_uneventful(&it.verdict));
    let fold = uneventful.clone().count() > FOLD_ABOVE && view.detail != Detail::Verbose;
    let shown = artifact.exports.iter().filter(|it| !(fold && is_uneventful(&it.verdict)));
    let verdicts = shown.map(|it| verdict(it, view).chars().count());
    let room = item_width(style, verdicts.max().unwrap_or(0));
    let rows = rows(document, artifact, fold, room, view);
    let widest = rows.iter().map(|row| row.item.chars().count()).max().unwrap_or(0);
    let width = widest.clamp("export".len(), room);
    let is_narrow = style.width < LEAST_WIDTH;
    let firsts = rows.iter().map(|row| row.first.chars().count() + 2);
    let first_width = firsts.max().unwrap_or(0).max(FIRST_WIDTH);
    writeln!(out)?;
    if !rows.is_empty() && !is_narrow {
        let head = format!(
            "  {:<width$}   {:first_width$}{:AGAIN_WIDTH$}verdict",
            "export", "first", "again"
        );
        writeln!(out, "{}", style.paint(Tone::Faint, head))?;
    }
    for row in &rows {
        let Row { item, below, first, again, verdict, tone } = row;
        if verdict.is_empty() {
            writeln!(out, "  {item}")?;
            continue;
        }
        if is_narrow {
            writeln!(out, "  {item}")?;
            let verdict = style.paint(*tone, verdict);
            let calls = format!("first {first}, again {again}: {verdict}");
            style.paragraph((6, 8), &calls, out)?;
            continue;
        }
        let first = format!("{first:<first_width$}");
        let again = style.paint(*tone, format!("{again:<AGAIN_WIDTH$}"));
        let mut item = item.as_str();
        if item.chars().count() > width {
            // A name that is wider than its column has a line of its own.
            writeln!(out, "  {item}")?;
            item = below;
        }
        writeln!(out, "  {item:<width$}   {first}{again}{}", style.paint(*tone, verdict))?;
    }
    if fold {
        let mut counts = BTreeMap::new();
        for export in uneventful {
            let words = verdict(export, view);
            *counts.entry(words).or_insert(0u64) += 1;
        }
        for (word, count) in counts {
            let exports =
                wording::counted(count, if rows.is_empty() { "export" } else { "more export" });
            style.paragraph((2, 4), &format!("{exports}: {word}"), out)?;
        }
    }
    if rows.iter().any(|row| row.first.starts_with('(') || row.again.starts_with('(')) {
        let legend = "( ) follows from the code; it was not executed";
        style.paragraph((2, 2), &style.paint(Tone::Faint, legend), out)?;
    }
    Ok(())
}

/// The rows, with `room` columns for names and signatures; an interface is a row without a verdict.
fn rows(document: &Document, artifact: &Artifact, fold: bool, room: usize, view: View) -> Vec<Row> {
    let style = view.style;
    let fails_first: BTreeSet<_> = document
        .problems(artifact)
        .filter(|finding| finding.hazard == Some(Hazard::FailsFirst))
        .filter_map(|finding| finding.export.as_deref())
        .collect();
    let shown: Vec<_> =
        artifact.exports.iter().filter(|it| !(fold && is_uneventful(&it.verdict))).collect();
    // Longer names leave no room for a column of signatures.
    let names = shown.iter().map(|it| it.name.function().chars().count());
    let name_width = names.filter(|it| *it <= room / 2).max().unwrap_or(0);
    let mut rows = Vec::new();
    let mut interface = None;
    for (i, export) in shown.iter().enumerate() {
        let of = interface_of(export);
        if of != interface {
            if let Some(name) = of {
                rows.push(heading(style.printable(name, NAME_LIMIT)));
            }
            interface = of;
        }
        let last = shown.get(i + 1).is_none_or(|next| interface_of(next) != of);
        let branch = match (of, last) {
            (None, _) => "",
            (_, true) => style.marks().last_branch,
            (_, false) => style.marks().branch,
        };
        let fails_first = fails_first.contains(export.name.as_str());
        let (first, again) = marks(export, fails_first, style);
        rows.push(Row {
            item: item(branch, export, (name_width, room), style),
            below: if of.is_some() && !last { style.marks().bar } else { "" },
            first,
            again,
            verdict: verdict(export, view),
            tone: tone(&export.verdict),
        });
    }
    rows
}

/// The widest name with its signature, beside verdicts of at most so many characters.
fn item_width(style: Style, verdict: usize) -> usize {
    let (least, most) = REST_WIDTH;
    // The indent, and the gap before the results.
    let rest = 2 + 3 + FIRST_WIDTH + AGAIN_WIDTH + verdict;
    match style.width {
        width @ LEAST_WIDTH.. => (width - rest.clamp(least, most)).min(ITEM_WIDTH),
        width => width - 4,
    }
}

fn heading(item: String) -> Row {
    let (first, again, verdict) = Default::default();
    Row { item, below: "", first, again, verdict, tone: Tone::Strong }
}

pub(in crate::report) fn interface_of(export: &Export) -> Option<&str> {
    export.name.as_str().rsplit_once('#').map(|(interface, _)| interface)
}

fn item(branch: &str, export: &Export, (name_width, room): (usize, usize), style: Style) -> String {
    let name = style.printable(export.name.function(), NAME_LIMIT);
    let start = format!("{branch}{name:<name_width$}");
    let room = room.saturating_sub(start.chars().count() + 2);
    match export.ty.as_deref().unwrap_or_default() {
        "" => start.trim_end().to_owned(),
        // A signature cut to a few characters would say nothing, and one behind a longer name would be out of line.
        signature if room >= 12 && name.chars().count() <= name_width => {
            let whole = signature.chars().count() <= room;
            let limit = if whole { room } else { room - style.marks().cut.chars().count() };
            format!("{start}  {}", style.printable(signature, limit))
        }
        _ => start.trim_end().to_owned(),
    }
}

fn verdict(export: &Export, view: View) -> String {
    let word = wording::verdict(&export.verdict);
    match export.obstacle.as_deref() {
        Some(why) if export.verdict == Verdict::Unknown => {
            // The list of skipped exports gives the details of the reason.
            let reason = why.split_once(": ").map(|(reason, _)| reason);
            let reason = reason.filter(|it| !it.contains(' ') && view.detail != Detail::Verbose);
            format!("{word}: {}", view.style.printable(reason.unwrap_or(why), NAME_LIMIT))
        }
        _ => word.to_owned(),
    }
}

pub(in crate::report) fn is_uneventful(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Unknown | Verdict::ReusableObserved(_) | Verdict::StatelessProven)
}

fn tone(verdict: &Verdict) -> Tone {
    match verdict {
        Verdict::SingleShot | Verdict::BreaksAfter(_) => Tone::Bad,
        Verdict::Stateful => Tone::Doubtful,
        Verdict::ReusableObserved(_) | Verdict::StatelessProven => Tone::Good,
        Verdict::Unknown => Tone::Faint,
    }
}
