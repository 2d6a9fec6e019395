//! Text for XML.

use crate::report::style::Style;

/// At most `limit` characters of `text`, escaped for an attribute and for text. A control character becomes its number:
/// XML cannot hold most of them, not even escaped.
pub(super) fn escaped(text: &str, limit: usize) -> String {
    let text = Style::PLAIN.printable(text, limit);
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element() {
        let text = "</failure>]]>&\"\0\u{1b}\u{ffff}\u{1f980}";
        let expected = "&lt;/failure&gt;]]&gt;&amp;&quot;\\u{0}\\u{1b}\u{fffd}\u{1f980}";
        assert_eq!(escaped(text, 100), expected);
        assert_eq!(escaped("&&&", 2), "&amp;&amp;…");
    }
}
