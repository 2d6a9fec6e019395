//! Text in markup that is both HTML and XML. No text adds markup or acts on a reader: all pass through [`escaped`].

use std::io::{self, Write};

use crate::report::markup::spans;
use crate::report::xml::escaped;

/// Longest name from a file that is shown whole, in characters.
const NAME: usize = 240;
/// Longest sentence, in characters.
const SENTENCE: usize = 2000;

/// A name from a file, or a path.
pub(super) fn name(text: &str) -> String {
    escaped(text, NAME)
}

/// A name as code.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", name(text))
}

/// A list of facts, each a word of ours and markup.
pub(super) fn facts(facts: &[(&str, String)], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<dl class=\"facts\">")?;
    for (key, value) in facts {
        writeln!(out, "<div><dt>{key}</dt><dd>{value}</dd></div>")?;
    }
    writeln!(out, "</dl>")
}

/// A sentence of ours, in which names stand between backticks.
pub(super) fn prose(text: &str) -> String {
    let mut left = SENTENCE;
    let mut shown = String::new();
    for (is_name, part) in spans(text) {
        if left == 0 {
            break;
        }
        shown += &match is_name {
            true if part.is_empty() => String::new(),
            true => code(part),
            false => escaped(part, left),
        };
        left = left.saturating_sub(part.chars().count());
    }
    shown
}

/// The same with a capital at its beginning, unless that is a name.
pub(super) fn sentence(text: &str) -> String {
    let first = text.split([' ', ',', ':', ';']).next().unwrap_or_default();
    match first.bytes().all(|it| it.is_ascii_lowercase()) {
        true => prose(
            &(first[..first.len().min(1)].to_ascii_uppercase() + text.get(1..).unwrap_or_default()),
        ),
        false => prose(text),
    }
}

/// Text that is typed or read as it is, such as a command.
pub(super) fn verbatim(text: &str) -> String {
    escaped(text, SENTENCE)
}

/// Words for the values of attributes: letters, digits and `-` alone.
pub(super) fn token(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    text.chars().take(NAME).map(|it| if is_plain(it) { it } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_add_no_markup() {
        let hostile = "</script>\0\u{202e}&\"'`";
        assert_eq!(code(hostile), "<code>&lt;/script&gt;\\u{0}\\u{202e}&amp;&quot;'`</code>");
        assert_eq!(prose("`<b>` & `x"), "<code>&lt;b&gt;</code> &amp; 'x");
        assert_eq!(sentence("give `x`"), "Give <code>x</code>");
        assert_eq!(sentence("jco-serve calls").as_str(), "jco-serve calls");
        assert_eq!(
            (sentence("`x` is"), sentence("")),
            ("<code>x</code> is".to_owned(), String::new())
        );
        assert_eq!(token("a b\"<é_1"), "a-b---_1");
        let long = "x".repeat(1 << 20);
        assert!(name(&long).len() < 300);
        assert!(prose(&format!("`{long}` traps, {long}")).len() < 3000);
        assert!(prose(&"`a` ".repeat(1 << 20)).len() < 40_000);
    }
}
