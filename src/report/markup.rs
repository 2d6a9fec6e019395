//! Tables, code spans and sentences in Markdown. Text from files cannot add markup.

use std::io::{self, Write};

use crate::report::style::Style;

/// The most rows of a table: GitHub drops a summary of more than 1 MiB.
const ROWS: usize = 200;
/// The most characters of a cell.
const LIMIT: usize = 400;

/// Writes a table, unless it has no rows.
pub(crate) fn table<const N: usize>(
    head: [&str; N],
    rows: Vec<[String; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n| {} |\n|{}", head.join(" | "), "---|".repeat(N))?;
    for row in rows.iter().take(ROWS) {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    match rows.len() - rows.len().min(ROWS) {
        0 => Ok(()),
        more => writeln!(out, "\n… and {more} more"),
    }
}

/// A code span.
pub(crate) fn code(text: &str) -> String {
    match Style::PLAIN.printable(text, LIMIT).replace('`', "'").replace('|', "\\|") {
        empty if empty.is_empty() => empty,
        text => format!("`{text}`"),
    }
}

/// A sentence of ours, in which names stand between backticks.
pub(crate) fn prose(text: &str) -> String {
    let text = Style::PLAIN.printable(text, LIMIT);
    let spans = spans(&text).into_iter();
    spans.map(|(is_name, part)| if is_name { code(part) } else { escaped(part) }).collect()
}

/// The parts of a sentence, and whether each is a name that stands between backticks.
pub(super) fn spans(text: &str) -> Vec<(bool, &str)> {
    let mut parts: Vec<_> = text.split('`').collect();
    // A backtick that closes nothing.
    let rest = if parts.len() % 2 == 0 { parts.pop() } else { None };
    let parts = parts.into_iter().enumerate().map(|(number, part)| (number % 2 == 1, part));
    parts.chain(rest.into_iter().flat_map(|rest| [(false, "'"), (false, rest)])).collect()
}

fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        match character {
            '<' => shown += "&lt;",
            '&' => shown += "&amp;",
            '\\' | '|' | '*' | '_' | '[' | ']' | '!' | '#' | '@' | '~' => {
                shown.extend(['\\', character])
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_add_no_markup() {
        assert_eq!(code("a`|b\n"), "`a'\\|b\\u{a}`");
        assert_eq!(prose("`[m]x.y|z` works_once <b>"), "`[m]x.y\\|z` works\\_once &lt;b>");
        assert_eq!(prose("`a` `![x](y)"), "`a` '\\!\\[x\\](y)");
        assert_eq!((code(""), prose("``")), (String::new(), String::new()));
    }
}
