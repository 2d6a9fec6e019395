//! `secondcall rules`: all rules as a table.

use std::io::{self, Write};

use super::columns::aligned;
use crate::report::style::{Style, Tone};
use crate::rule::Rule;

pub(super) fn run(rules: &[&'static Rule], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let heading = ["rule", "hazard", "precision", "since", "what it finds"].map(str::to_owned);
    let rows = rules.iter().map(|rule| {
        let metadata = &rule.metadata;
        [
            rule.id.to_owned(),
            metadata.hazard.to_string(),
            metadata.precision.to_string(),
            metadata.since.clone(),
            style.printable(rule.title, usize::MAX),
        ]
    });
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    for (index, line) in aligned(&rows).into_iter().enumerate() {
        match index {
            0 => writeln!(out, "{}", style.paint(Tone::Faint, line))?,
            _ => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}
