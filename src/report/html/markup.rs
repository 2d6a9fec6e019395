//! Text in markup that is both HTML and XML. No text adds markup or acts on a reader: all pass through [`escaped`].

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

/// A sentence of ours, in which names stand between backticks.
pub(super) fn prose(text: &str) -> String {
    let text: String = text.chars().take(SENTENCE).collect();
    let spans = spans(&text).into_iter().filter(|(_, part)| !part.is_empty());
    spans
        .map(|(is_name, part)| if is_name { code(part) } else { escaped(part, SENTENCE) })
        .collect()
}

/// The same with a capital at its beginning, unless that is a name.
pub(super) fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => prose(&format!("{}{}", first.to_ascii_uppercase(), rest.as_str())),
        None => String::new(),
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
        assert_eq!(token("a b\"<é_1"), "a-b---_1");
        assert!(name(&"x".repeat(1 << 20)).len() < 300);
    }
}
