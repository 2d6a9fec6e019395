//! The rules that found something: what each is about, for readers who do not know them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::markup::{code, prose, token};
use crate::finding::Kind;
use crate::report::document::Document;
use crate::rules;
use crate::verdict::Severity;

/// The rules with findings, the worst first, and how many of each severity they have.
pub(super) fn found(document: &Document) -> Vec<(&str, BTreeMap<Severity, usize>)> {
    let mut found: BTreeMap<&str, BTreeMap<Severity, usize>> = BTreeMap::new();
    for finding in document.findings.iter().filter(|it| it.kind == Kind::Fail) {
        let counts = found.entry(&finding.rule).or_default();
        *counts.entry(finding.severity).or_default() += 1;
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, counts)| Reverse(counts.last_key_value().map(|(it, n)| (*it, *n))));
    found
}

/// The title of a rule's page; empty for a rule that this program does not know.
pub(super) fn title(rule: &str) -> &'static str {
    rules::all().find(|it| it.id == rule).map_or("", |it| it.title)
}

/// The first paragraph of each rule's page.
pub(super) fn section(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let found = found(document);
    if found.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">Rules</h2>\n<dl class=\"rules\">"
    )?;
    for (rule, _) in found {
        let known = rules::all().find(|it| it.id == rule);
        let (title, summary) =
            known.map_or(("", String::new()), |it| (it.title, it.summary.replace('\n', " ")));
        writeln!(out, "<dt id=\"rule-{}\">{} {}</dt>", token(rule), code(rule), prose(title))?;
        let more = code(&format!("secondcall explain {rule}"));
        writeln!(out, "<dd>{} <span class=\"soft\">More: {more}</span></dd>", prose(&summary))?;
    }
    writeln!(out, "</dl>\n</section>")
}
