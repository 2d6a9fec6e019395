//! What was not examined, and what is wrong with the configuration.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::markup::{code, name, prose, verbatim};
use crate::report::document::{Diagnostic, Document, Failure};
use crate::report::wording;

/// With more entries than this, they are folded.
const SHOWN: usize = 10;

/// What was not examined although it was asked for.
pub(super) fn skipped(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let skips: Vec<_> = document.skips().collect();
    if skips.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section aria-labelledby=\"skipped\">\n<h2 id=\"skipped\">Not examined</h2>")?;
    let folds = skips.len() > SHOWN;
    if folds {
        writeln!(out, "<details>\n<summary>{}</summary>", name(&reasons(document)))?;
    }
    writeln!(
        out,
        "<table class=\"rest\">\n<thead><tr><th scope=\"col\">Where</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>"
    )?;
    for skips in skips {
        let place = skips.place().map_or_else(|| "–".to_owned(), |it| code(&it));
        writeln!(
            out,
            "<tr><th scope=\"row\">{place}</th><td>{}</td></tr>",
            prose(&skips.sentence())
        )?;
    }
    let end = if folds { "</details>\n" } else { "" };
    writeln!(out, "</tbody></table>\n{end}</section>")
}

/// How often each reason is given.
fn reasons(document: &Document) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for skipped in &document.skipped {
        *counts.entry(&skipped.reason).or_default() += 1;
    }
    let reasons: Vec<_> =
        counts.iter().map(|(reason, number)| format!("{number} {reason}")).collect();
    reasons.join(", ")
}

/// Problems of the configuration.
pub(super) fn configuration(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    if document.config.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section aria-labelledby=\"configuration\">\n<h2 id=\"configuration\">Configuration</h2>\n<ul>"
    )?;
    for Diagnostic { severity, code: word, message, help, origin } in &document.config {
        let place = code(&format!("{}:{}", origin.path, origin.line));
        let severity = wording::severity(*severity);
        write!(out, "<li><span class=\"badge {severity}\">{severity}</span> {place} ")?;
        writeln!(
            out,
            "{} <span class=\"soft\">{} {}</span></li>",
            prose(message),
            prose(help),
            code(word)
        )?;
    }
    writeln!(out, "</ul>\n</section>")
}

/// An input that could not be read, in the list of components.
pub(super) fn unread(failure: &Failure, out: &mut dyn Write) -> io::Result<()> {
    let (id, path) = (failure.id, name(&failure.path));
    writeln!(
        out,
        "<article id=\"c{id}\" class=\"unread\" data-answers=\"\" data-rules=\"\" aria-labelledby=\"h{id}\">"
    )?;
    writeln!(
        out,
        "<h3 id=\"h{id}\" class=\"path\">{path}</h3> <span class=\"badge error\">not read</span>"
    )?;
    let at = failure.offset.map(|at| format!(" (at offset {at:#x})")).unwrap_or_default();
    writeln!(out, "<p>{}</p>", prose(&(failure.message.clone() + &at)))?;
    if !failure.command.is_empty() {
        writeln!(
            out,
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"Command\"><code>{}</code></pre>",
            verbatim(&failure.command)
        )?;
    }
    writeln!(out, "</article>")
}
