//! A comparison for a person: one line for each change, then one line of numbers.

use std::io::{self, Write};

use crate::report::diff::model::{Change, Comparison, ComponentChange, Trend};
use crate::report::diff::sentences::{self, Line};
use crate::report::style::{Style, Tone, wrapped};
use crate::report::wording::{self, counted};

/// Columns of the word that says what happened.
const KEY: usize = 10;
/// The longest sentence that is printed whole, in characters.
const LIMIT: usize = 2000;

/// Writes the changes; with `all`, also what is the same.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write(
    comparison: &Comparison,
    all: bool,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for component in &comparison.components {
        heading(component, style, out)?;
        let lines = sentences::of(component, style.marks().arrow);
        let (same, changed): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|it| it.is_same && !all);
        for Line { key, trend, text, .. } in &changed {
            line(key, tone(*trend), text, style, out)?;
        }
        if !same.is_empty() {
            line("same", Tone::Faint, &sentences::folded(&same), style, out)?;
        }
        writeln!(out)?;
    }
    for text in comparison.settings() {
        line("settings", Tone::Doubtful, &text, style, out)?;
    }
    style.paragraph((2, 4), &style.paint(Tone::Strong, numbers(comparison)), out)
}

/// The numbers of a comparison, in one line.
pub(super) fn numbers(comparison: &Comparison) -> String {
    let summary = &comparison.summary;
    let mut parts = vec![
        format!("{} new", counted(summary.new, "finding")),
        format!("{} gone", summary.gone),
        format!("{} worse", summary.worse),
        format!("{} better", summary.better),
        format!("{} as before", summary.same),
    ];
    if summary.not_compared > 0 {
        parts.push(format!("{} not compared", summary.not_compared));
    }
    parts.join(", ")
}

fn heading(component: &ComponentChange, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut inputs = [&component.old, &component.new].into_iter().flatten();
    let (Some(first), second) = (inputs.next(), inputs.next()) else { return Ok(()) };
    let path = second.unwrap_or(first);
    let name = style.paint(Tone::Strong, style.printable(&path.path, LIMIT));
    let size = wording::size(path.bytes);
    let arrow = style.marks().arrow;
    let text = match (component.change, second) {
        (Change::Added, _) => format!("added, {size}"),
        (Change::Removed, _) => format!("removed, {size}"),
        (Change::Same, _) => format!("the same bytes, {size}"),
        (Change::Changed, _) => format!("{}{arrow}{size}", wording::size(first.bytes)),
    };
    style.paragraph((2, 4), &format!("{name} ({text})"), out)?;
    match first.path == path.path {
        true => Ok(()),
        false => line("compared", Tone::Faint, &format!("with {}", first.path), style, out),
    }
}

fn line(key: &str, tone: Tone, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let indent = KEY + 4;
    for (number, line) in
        wrapped(&style.printable(text, LIMIT), style.room(indent)).iter().enumerate()
    {
        match number {
            0 => writeln!(out, "  {}  {line}", style.paint(tone, format!("{key:<KEY$}")))?,
            _ => writeln!(out, "{:indent$}{line}", "")?,
        }
    }
    Ok(())
}

fn tone(trend: Trend) -> Tone {
    match trend {
        Trend::Worse => Tone::Bad,
        Trend::LessKnown => Tone::Doubtful,
        Trend::Different => Tone::Notice,
        Trend::Better => Tone::Good,
        Trend::Same => Tone::Faint,
    }
}
