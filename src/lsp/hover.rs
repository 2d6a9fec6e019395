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
    let sections = artifacts.iter().map(|(artifact, findings)| section(artifact, findings, hosts));
    let value = sections.collect::<Vec<_>>().join("\n\n---\n\n");
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Hover { contents: MarkupContent { kind, value }.into(), range: Some(range) }
}

fn section(artifact: &Artifact, findings: &[&Finding], hosts: &[String]) -> String {
    let judged: Vec<_> = match artifact.hosts.is_empty() {
        true => hosts.to_vec(),
        false => artifact.hosts.iter().map(|host| host.id.clone()).collect(),
    };
    let name = file_name(&artifact.path);
    let mut text = format!("**{}** on {}\n", escaped(name), judged.join(", "));
    if !artifact.exports.is_empty() {
        text += "\n| export | verdict | evidence |\n|---|---|---|\n";
    }
    for export in artifact.exports.iter().take(ROWS) {
        let evidence = export.evidence.map(wording::evidence).unwrap_or_default();
        let (name, verdict) = (escaped(export.name.as_str()), wording::verdict(&export.verdict));
        text += &format!("| {name} | {verdict} | {evidence} |\n");
    }
    if artifact.exports.len() > ROWS {
        text += &format!("\nand {} more\n", artifact.exports.len() - ROWS);
    }
    for finding in findings {
        let level = format!("{}[{}]", wording::severity(finding.severity), finding.rule);
        text += &format!("\n**{level}** {}", escaped(&finding.message));
        if !finding.hosts.fails.is_empty() {
            text += &format!("  \nfails on {}", finding.hosts.fails.join(", "));
        }
        if !finding.help.is_empty() {
            text += &format!("  \n{}", escaped(&finding.help));
        }
        text.push('\n');
    }
    text
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
