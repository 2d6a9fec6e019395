//! The line of a manifest that an error speaks of, with what is meant underlined.

use std::io::{self, Write};

use crate::report::document::Origin;
use crate::report::style::{Style, Tone};

use super::NAME_LIMIT;

/// Longest line of a manifest that is shown whole, in characters.
const LINE_LIMIT: usize = 100;

pub(super) fn write(origin: &Origin, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let marks = style.marks();
    let mut place = format!("{}:{}:{}", origin.path, origin.line, origin.column);
    if !origin.entry.is_empty() {
        place = format!("{place}{}{}", marks.separator, origin.entry);
    }
    let number = origin.line.to_string();
    let width = number.len().max(2);
    let start = origin.column.saturating_sub(1) as usize;
    // A long line is shown from where it matters on. A tab is as wide as the space it becomes.
    let from = if start + (origin.length as usize) < LINE_LIMIT { 0 } else { start };
    let line: String = origin.text.chars().skip(from).collect::<String>().replace('\t', " ");
    let under = (origin.length.max(1) as usize).min(LINE_LIMIT);
    let under: String = std::iter::repeat_n(marks.under, under).collect();
    let indent = " ".repeat(start - from);
    let frame = |text: &str| style.paint(Tone::Faint, text.to_owned());
    let place = style.printable(&place, 2 * NAME_LIMIT);
    writeln!(out, "  {:width$} {}[{place}]", "", frame(marks.open))?;
    let line = style.printable(&line, LINE_LIMIT);
    writeln!(out, "  {number:>width$} {} {line}", frame(marks.bar))?;
    writeln!(
        out,
        "  {:width$} {} {indent}{}",
        "",
        frame(marks.dot),
        style.paint(Tone::Bad, under)
    )?;
    writeln!(out, "  {:width$} {}", "", frame(marks.close))
}
