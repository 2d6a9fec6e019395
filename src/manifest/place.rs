//! A place in a text, as a person is shown it: line, column, and the line itself.

use std::ops::Range;

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column of its first character, from 1.
    pub column: u32,
    /// How many characters of the line it covers.
    pub length: u32,
    /// The line, without its end.
    pub text: String,
}

impl Place {
    /// The place of a range of bytes. Of several lines it shows the first.
    pub fn of(text: &str, span: Range<usize>) -> Place {
        let start = floor(text, span.start);
        let end = floor(text, span.end.max(span.start));
        let before = &text[..start];
        let first = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[first..];
        let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let column = text[first..start].chars().count().min(line.chars().count());
        let covered = line
            .get(start - first..)
            .map_or(0, |rest| rest.char_indices().take_while(|(at, _)| start + at < end).count());
        Place {
            line: number(before.matches('\n').count() + 1),
            column: number(column + 1),
            length: number(covered),
            text: line.to_owned(),
        }
    }
}

/// The start of the character that a byte belongs to.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, span: Range<usize>) -> (u32, u32, u32, String) {
        let place = Place::of(text, span);
        (place.line, place.column, place.length, place.text)
    }

    #[test]
    fn lines_and_columns() {
        let text = "ä = 1\r\nname = \"ü\" # x\n";
        assert_eq!(place(text, 0..2), (1, 1, 1, "ä = 1".to_owned()));
        assert_eq!(place(text, 15..19), (2, 8, 3, "name = \"ü\" # x".to_owned()));
        assert_eq!(place(text, 15..999), (2, 8, 7, "name = \"ü\" # x".to_owned()));
        assert_eq!(place(text, 999..999), (3, 1, 0, String::new()));
        assert_eq!(place(text, 1..1), (1, 1, 0, "ä = 1".to_owned()));
        assert_eq!(place("", 3..5), (1, 1, 0, String::new()));
    }
}
