//! Hover texts: the verdict of each export, and the findings of a line.

use gen_lsp_types::{Hover, MarkupContent, MarkupKind, Range};

use crate::location::file_name;
use crate::report::document::{Artifact, Finding};
use crate::report::style::Style;
use crate::report::wording;

/// Longest sentence shown whole, in characters.
const LIMIT: usize = 2000;
/// Most exports shown.
const ROWS: usize = 40;

/// The hover text of a line about these artifacts, each with its findings at that line. An artifact without hosts of
/// its own was judged for `hosts`.
pub(super) fn hover(
    range: Range,
    artifacts: &[(&Artifact, Vec<&Finding>)],
    hosts: &[String],
    markdown: bool,
) -> Hover {
    let (kind, separator) = match markdown {
        true => (MarkupKind::Markdown, "\n\n---\n\n"),
        false => (MarkupKind::PlainText, "\n\n"),
    };
    let sections = artifacts.iter().map(|(artifact, findings)| {
        let judged: Vec<_> = match artifact.hosts.is_empty() {
            true => hosts.to_vec(),
            false => artifact.hosts.iter().map(|host| host.id.clone()).collect(),
        };
        let section = if markdown { section } else { plain_section };
        section(artifact, findings, &judged.join(", "))
    });
    let value = sections.collect::<Vec<_>>().join(separator);
    Hover { contents: MarkupContent { kind, value }.into(), range: Some(range) }
}

fn section(artifact: &Artifact, findings: &[&Finding], hosts: &str) -> String {
    let name = file_name(&artifact.path);
    let mut text = format!("**{}** on {hosts}\n", escaped(name));
    if !artifact.exports.is_empty() {
        text += "\n| export | verdict | evidence |\n|---|---|---|\n";
    }
    for [name, verdict, evidence] in rows(artifact) {
        text += &format!("| {} | {verdict} | {evidence} |\n", escaped(&name));
    }
    if artifact.exports.len() > ROWS {
        text += &format!("\nand {} more\n", artifact.exports.len() - ROWS);
    }
    for finding in findings {
        let level = format!("{}[{}]", wording::severity(finding.severity), finding.rule);
        text += &format!("\n**{level}** {}", escaped(&finding.message));
        if !finding.hosts.fails.is_empty() {
            text += &format!("  \nhurts on {}", finding.hosts.fails.join(", "));
        }
        if !finding.help.is_empty() {
            text += &format!("  \n{}", escaped(&finding.help));
        }
        if let Some(fix) = &finding.fix {
            text += &format!("  \nfix available without a build: {}", escaped(&fix.command));
        }
        text.push('\n');
    }
    text
}

/// The same without Markdown, in aligned columns.
fn plain_section(artifact: &Artifact, findings: &[&Finding], hosts: &str) -> String {
    let printable = |text: &str| Style::PLAIN.printable(text, LIMIT);
    let mut text = format!("{} on {hosts}\n\n", printable(file_name(&artifact.path)));
    let rows: Vec<_> = rows(artifact).map(|row| row.map(|cell| printable(&cell))).collect();
    let widths: [usize; 3] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    if artifact.exports.len() > ROWS {
        text += &format!("and {} more\n", artifact.exports.len() - ROWS);
    }
    for finding in findings {
        let level = format!("{}[{}]", wording::severity(finding.severity), finding.rule);
        text += &format!("\n{level}: {}\n", printable(&finding.message));
        if !finding.hosts.fails.is_empty() {
            text += &format!("hurts on {}\n", finding.hosts.fails.join(", "));
        }
        if !finding.help.is_empty() {
            text += &format!("{}\n", printable(&finding.help));
        }
        if let Some(fix) = &finding.fix {
            text += &format!("fix available without a build: {}\n", printable(&fix.command));
        }
    }
    text
}

/// Name, verdict and evidence of the first exports.
fn rows(artifact: &Artifact) -> impl Iterator<Item = [String; 3]> {
    artifact.exports.iter().take(ROWS).map(|export| {
        let evidence = export.evidence.map(wording::evidence).unwrap_or_default();
        [export.name.as_str(), wording::verdict(&export.verdict), evidence].map(str::to_owned)
    })
}

/// Escapes Markdown in a sentence that may contain names from a file, except for backticks that quote a name.
fn escaped(sentence: &str) -> String {
    let mut words = Style::PLAIN.printable(sentence, LIMIT);
    if words.contains("``") {
        // A name that contains a backtick could end the quotation.
        words = words.replace('`', "'");
    }
    let mut escaped = String::with_capacity(words.len());
    let mut quoted = false;
    for character in words.chars() {
        quoted ^= character == '`';
        if !quoted && matches!(character, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '!' | '&') {
            escaped.push('\\');
        }
        if character == '|' {
            // Ends a table's cell, even within a quotation.
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_markdown() {
        for (sentence, expected) in [
            (
                "![x](https://x/y) | <b> *a*\u{1b}[31m",
                "\\!\\[x\\](https://x/y) \\| \\<b\\> \\*a\\*",
            ),
            ("call 2 of `_start` traps", "call 2 of `_start` traps"),
            ("`a``<b>`", "'a''\\<b\\>'"),
        ] {
            let escaped = escaped(sentence);
            assert!(escaped.starts_with(expected), "{escaped}");
            assert!(!escaped.contains('\u{1b}'), "{escaped}");
        }
    }
}
