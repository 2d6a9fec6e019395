//! Hover: the verdict of each export, and what was found on the line.

use gen_lsp_types::{Hover, MarkupContent, MarkupKind, Range};

use crate::location::file_name;
use crate::report::document::{Artifact, Finding};
use crate::report::style::Style;
use crate::report::wording;

/// Longest sentence that is shown whole, in characters.
const LIMIT: usize = 2000;
/// How many exports are shown.
const ROWS: usize = 40;

/// The hover over a line that speaks of these artifacts, each with those of its findings that stand there.
pub(super) fn of(
    range: Range,
    told: &[(&Artifact, Vec<&Finding>)],
    hosts: &[String],
    markdown: bool,
) -> Hover {
    let all: Vec<_> =
        told.iter().map(|(artifact, findings)| text(artifact, findings, hosts)).collect();
    let value = all.join("\n\n---\n\n");
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Hover { contents: MarkupContent { kind, value }.into(), range: Some(range) }
}

fn text(artifact: &Artifact, findings: &[&Finding], hosts: &[String]) -> String {
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

/// Words that may hold names from a file, without meaning in Markdown but for the names that a sentence of
/// ours quotes.
fn escaped(words: &str) -> String {
    let mut words = Style::PLAIN.printable(words, LIMIT);
    if words.contains("``") {
        // A name that has the mark itself could end the quotation.
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
            // In a table, it would end the cell even within a quotation.
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
    fn names_mean_nothing_in_markdown() {
        let name = "![x](https://x/y) | <b> *a*\u{1b}[31m";
        let told = escaped(name);
        assert!(told.starts_with("\\!\\[x\\](https://x/y) \\| \\<b\\> \\*a\\*"), "{told}");
        assert!(!told.contains('\u{1b}'), "{told}");
        assert_eq!(escaped("call 2 of `_start` traps"), "call 2 of `_start` traps");
        assert_eq!(escaped("`a``<b>`"), "'a''\\<b\\>'");
    }
}
