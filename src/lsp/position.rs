//! Lines and columns of a text, as the client counts them.

use gen_lsp_types::{Position, Range};

use super::abilities::Encoding;

/// How a column is counted that is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// From 1, in characters: places in manifests.
    Characters(u32, Option<u32>),
    /// From 1, in bytes: places that compilers write down.
    Bytes(u32),
    /// Unknown: the whole line is meant.
    Unknown,
}

/// A text whose lines are found at once.
#[derive(Debug)]
pub(super) struct Lines {
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: String) -> Self {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(behind).collect();
        Lines { text, starts }
    }

    /// A line, from 0, without its end.
    fn line(&self, number: u32) -> Option<&str> {
        let start = *self.starts.get(number as usize)?;
        self.text[start..].lines().next()
    }
}

/// The largest number that the protocol has.
const LARGEST: u32 = i32::MAX as u32;

/// A part of a line, from 1, of `text`. Without the text, the start of the line.
pub(super) fn range(text: Option<&Lines>, line: u32, column: Column, encoding: Encoding) -> Range {
    let number = line.saturating_sub(1).min(LARGEST);
    let content = text.and_then(|text| text.line(number)).unwrap_or_default();
    let start = content.len() - content.trim_start().len();
    let end = content.trim_end().len().max(start);
    let (start, end) = match column {
        Column::Characters(column, length) => {
            let from = byte_of(content, column.saturating_sub(1));
            let to = length.map(|it| from + byte_of(&content[from..], it));
            (from, to.unwrap_or(end).max(from))
        }
        Column::Bytes(column) => {
            let at = (column.saturating_sub(1) as usize).min(end);
            let from = (0..=at).rev().find(|at| content.is_char_boundary(*at)).unwrap_or(0);
            (from, end)
        }
        Column::Unknown => (start, end),
    };
    let position =
        |at: usize| Position { line: number, character: count(&content[..at], encoding) };
    Range { start: position(start), end: position(end) }
}

/// The byte at which the character with this number, from 0, begins.
fn byte_of(text: &str, character: u32) -> usize {
    text.char_indices().nth(character as usize).map_or(text.len(), |(at, _)| at)
}

/// The length of a text within a line, as the client counts it.
pub(super) fn count(text: &str, encoding: Encoding) -> u32 {
    let units = match encoding {
        Encoding::Utf8 => text.len(),
        Encoding::Utf16 => text.encode_utf16().count(),
    };
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_the_client_does() {
        let text = Lines::of("one\n  é😀 = \"x.wasm\" \nthree".to_owned());
        let columns = |column, encoding| {
            let range = range(Some(&text), 2, column, encoding);
            assert_eq!((range.start.line, range.end.line), (1, 1));
            (range.start.character, range.end.character)
        };
        let path = Column::Characters(8, Some(8));
        assert_eq!(columns(path, Encoding::Utf8), (11, 19));
        assert_eq!(columns(path, Encoding::Utf16), (8, 16));
        assert_eq!(columns(Column::Unknown, Encoding::Utf16), (2, 16));
        assert_eq!(columns(Column::Bytes(12), Encoding::Utf16), (8, 16));
        // In the middle of a character, and behind the line's end.
        assert_eq!(columns(Column::Bytes(6), Encoding::Utf8), (4, 19));
        assert_eq!(columns(Column::Bytes(400), Encoding::Utf8), (19, 19));
        assert_eq!(columns(Column::Characters(400, Some(9)), Encoding::Utf8), (20, 20));
    }

    #[test]
    fn a_line_that_is_not_there() {
        let one = Lines::of("one".to_owned());
        for text in [None, Some(&one)] {
            let range = range(text, 7, Column::Bytes(3), Encoding::Utf8);
            assert_eq!((range.start, range.end), (Position::new(6, 0), Position::new(6, 0)));
        }
    }

    #[test]
    fn lines_end_as_editors_have_it() {
        let text = Lines::of("\tone\r\n\r\n three\n".to_owned());
        let columns = |line| {
            let range = range(Some(&text), line, Column::Unknown, Encoding::Utf16);
            (range.start.line, range.start.character, range.end.character)
        };
        assert_eq!([1, 2, 3, 4].map(columns), [(0, 1, 4), (1, 0, 0), (2, 1, 6), (3, 0, 0)]);
        assert_eq!(columns(u32::MAX), (LARGEST, 0, 0));
    }
}
