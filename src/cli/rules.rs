//! `secondcall rules`: all rules as a table.

use std::io::{self, Write};

use crate::report::style::{Style, Tone};
use crate::rule::Rule;

/// Writes one line a rule: id, hazard, precision, since, title; in the order given.
///
/// # Errors
/// If `out` cannot be written to.
pub(super) fn run(rules: &[&'static Rule], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let heading = ["rule", "hazard", "precision", "since", "what it finds"].map(str::to_owned);
    let rows = rules.iter().map(|rule| {
        let metadata = &rule.metadata;
        [
            rule.id.to_owned(),
            metadata.hazard.to_string(),
            metadata.precision.to_string(),
            metadata.since.clone(),
            rule.title.to_owned(),
        ]
    });
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3].map(width);
    for (i, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  "));
        let line = cells.collect::<String>() + &style.printable(&row[4], usize::MAX);
        match i {
            0 => writeln!(out, "{}", style.paint(Tone::Faint, line))?,
            _ => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}
