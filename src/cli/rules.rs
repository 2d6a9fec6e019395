//! `secondcall rules`: all rules as a table.

use std::io::{self, Write};

use serde::Serialize;

use super::columns::Table;
use super::listing::{Format, Listing};
use crate::report::style::{Style, Tone};
use crate::rule::{Metadata, Rule};

/// A rule in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    #[serde(flatten)]
    metadata: &'static Metadata,
    /// The page below its block of facts, as Markdown.
    page: &'static str,
    #[serde(skip)]
    pub(super) rule: &'static Rule,
}

impl Item {
    pub(super) fn of(rule: &'static Rule) -> Item {
        let Rule { id, title, summary, metadata, body } = rule;
        Item { id, title, summary, metadata, page: body, rule }
    }
}

pub(super) fn run(
    rules: &[&'static Rule],
    format: Format,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if format == Format::Json {
        #[derive(Serialize)]
        struct Rules {
            rules: Vec<Item>,
        }
        let rules = rules.iter().map(|rule| Item::of(rule)).collect();
        return Listing::of("secondcall-rules", Rules { rules }).write(out);
    }
    let headings = ["rule", "hazard", "precision", "since", "what it finds"];
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
    let table = Table::of(headings, rows.collect(), style);
    if let Some(heading) = table.heading {
        writeln!(out, "{}", style.paint(Tone::Faint, heading))?;
    }
    for (rule, lines) in rules.iter().zip(table.rows) {
        for line in lines {
            match line.strip_prefix(rule.id) {
                Some(rest) => {
                    writeln!(out, "{}{rest}", style.linked(rule.id, rule.id.to_owned()))?;
                }
                None => writeln!(out, "{line}")?,
            }
        }
    }
    Ok(())
}
