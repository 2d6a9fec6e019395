//! The verdict table: may I call this again? What was executed is said plainly, what only follows
//! from the code stands in parentheses, and what is not known is a question mark.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use crate::inventory::ArtifactKind;
use crate::inventory::ExportedFunction;
use crate::location::ExportName;
use crate::report::ExportVerdict;
use crate::report::Report;
use crate::report::run::Artifact;
use crate::report::style::Style;
use crate::report::style::Tone;
use crate::report::text::marks::marks;
use crate::report::wording;
use crate::verdict::Verdict;

use super::NAME_LIMIT;

/// More exports than this, of which nothing bad is known, are told as one line each verdict.
const FOLD_ABOVE: usize = 40;
/// Widest column for names and signatures; a longer name pushes its row to the right.
const ITEM_WIDTH: usize = 56;
/// Widths of the columns `first` and `again`.
const FIRST_WIDTH: usize = 8;
const AGAIN_WIDTH: usize = 12;

struct Row {
    item: String,
    first: String,
    again: String,
    verdict: String,
    tone: Tone,
}

pub(super) fn write(
    artifact: &Artifact,
    report: &Report,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if report.exports.is_empty() {
        return writeln!(
            out,
            "\n  {}",
            match report.inventory.kind {
                ArtifactKind::Component => "It exports no function that a host can call.",
                ArtifactKind::CoreModule => "A core module has no component-level export to call.",
            }
        );
    }
    let uneventful = report.exports.iter().filter(|it| is_uneventful(&it.verdict));
    let fold = uneventful.clone().count() > FOLD_ABOVE;
    let rows = rows(artifact, report, fold, style);
    let widest = rows.iter().map(|row| row.item.chars().count()).max().unwrap_or(0);
    let width = widest.clamp("export".len(), ITEM_WIDTH);
    writeln!(out)?;
    if !rows.is_empty() {
        let head = format!(
            "  {:<width$}   {:FIRST_WIDTH$}{:AGAIN_WIDTH$}verdict",
            "export", "first", "again"
        );
        writeln!(out, "{}", style.paint(Tone::Faint, head))?;
    }
    for row in &rows {
        let Row { item, first, again, verdict, tone } = row;
        if verdict.is_empty() {
            writeln!(out, "  {item}")?;
            continue;
        }
        let first = format!("{first:<FIRST_WIDTH$}");
        let again = style.paint(*tone, format!("{again:<AGAIN_WIDTH$}"));
        writeln!(out, "  {item:<width$}   {first}{again}{}", style.paint(*tone, verdict))?;
    }
    if fold {
        let declared = declared(report);
        let mut counts = BTreeMap::new();
        for export in uneventful {
            let words = verdict(export, declared.get(&export.name).copied(), style);
            *counts.entry(words).or_insert(0u64) += 1;
        }
        for (word, count) in counts {
            let exports =
                wording::counted(count, if rows.is_empty() { "export" } else { "more export" });
            writeln!(out, "  {exports}: {word}")?;
        }
    }
    if rows.iter().any(|row| row.first.starts_with('(') || row.again.starts_with('(')) {
        let legend = "( ) follows from the code; it was not executed";
        writeln!(out, "  {}", style.paint(Tone::Faint, legend))?;
    }
    Ok(())
}

fn declared(report: &Report) -> BTreeMap<&ExportName, &ExportedFunction> {
    report.inventory.exports.iter().map(|export| (&export.name, export)).collect()
}

/// The rows; an interface is a row without a verdict.
fn rows(artifact: &Artifact, report: &Report, fold: bool, style: Style) -> Vec<Row> {
    let declared = declared(report);
    let shown: Vec<_> =
        report.exports.iter().filter(|it| !(fold && is_uneventful(&it.verdict))).collect();
    let names = shown.iter().map(|it| it.name.function().chars().count());
    let name_width = names.max().unwrap_or(0).min(ITEM_WIDTH / 2);
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
        let declared = declared.get(&export.name).copied();
        let observed = artifact.observed(&export.name);
        let (first, again) = marks(report, export, declared, observed, style);
        rows.push(Row {
            item: item(branch, export, declared, name_width, style),
            first,
            again,
            verdict: verdict(export, declared, style),
            tone: tone(&export.verdict),
        });
    }
    rows
}

fn heading(item: String) -> Row {
    let (first, again, verdict) = Default::default();
    Row { item, first, again, verdict, tone: Tone::Strong }
}

fn interface_of(export: &ExportVerdict) -> Option<&str> {
    export.name.as_str().rsplit_once('#').map(|(interface, _)| interface)
}

fn item(
    branch: &str,
    export: &ExportVerdict,
    declared: Option<&ExportedFunction>,
    name_width: usize,
    style: Style,
) -> String {
    let name = style.printable(export.name.function(), NAME_LIMIT);
    let start = format!("{branch}{name:<name_width$}");
    let room = ITEM_WIDTH.saturating_sub(start.chars().count() + 2);
    match declared.map(|it| it.signature.as_str()).unwrap_or_default() {
        "" => start.trim_end().to_owned(),
        // A signature cut to a few characters would say nothing.
        signature if room >= 12 => {
            let whole = signature.chars().count() <= room;
            let limit = if whole { room } else { room - style.marks().cut.chars().count() };
            format!("{start}  {}", style.printable(signature, limit))
        }
        _ => start.trim_end().to_owned(),
    }
}

fn verdict(export: &ExportVerdict, declared: Option<&ExportedFunction>, style: Style) -> String {
    let word = wording::verdict(&export.verdict);
    match declared.and_then(|it| it.obstacle.as_deref()) {
        Some(why) if export.verdict == Verdict::Unknown => {
            format!("{word}: {}", style.printable(why, NAME_LIMIT))
        }
        _ => word.to_owned(),
    }
}

fn is_uneventful(verdict: &Verdict) -> bool {
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
