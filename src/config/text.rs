//! Spans of texts that a user wrote: of a file, or of an option of the command line.

use std::fmt;
use std::ops::Range;

/// A span of one line, with the line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextSpan {
    /// The file's path, relative and with `/`; for an option, its name with `--`.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The length in characters, at least 1. A span of several lines ends with the first one.
    pub length: u32,
    /// The first 240 bytes of the line; empty if the span ends behind them.
    pub excerpt: String,
}

/// Most bytes of a line that a span keeps. A line may hold any number of spans.
const LONGEST_EXCERPT: usize = 240;
/// Bytes between two numbers of characters in a [`TextFile`].
const BLOCK: usize = 512;

impl TextSpan {
    /// The beginning of a file whose text is not available.
    pub(crate) fn of_file(path: String) -> Self {
        TextSpan { path, line: 1, column: 1, length: 1, excerpt: String::new() }
    }

    pub(crate) fn is_option(&self) -> bool {
        self.path.starts_with("--")
    }
}

/// `secondcall.toml:12` or `--call`.
impl fmt::Display for TextSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_option() {
            true => f.write_str(&self.path),
            false => write!(f, "{}:{}", self.path, self.line),
        }
    }
}

/// A text with its path, as in [`TextSpan`], and a table of its lines, so that a span costs the same wherever it is.
#[derive(Debug, Clone)]
pub(crate) struct TextFile<'a> {
    path: &'a str,
    text: &'a str,
    /// The byte at which each line begins.
    lines: Vec<usize>,
    /// The number of characters before each block of bytes.
    blocks: Vec<usize>,
}

impl<'a> TextFile<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        let blocks = text.as_bytes().chunks(BLOCK).scan(0, |before, block| {
            let own = *before;
            *before += characters(block);
            Some(own)
        });
        TextFile { path, text, lines, blocks: blocks.collect() }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The span of a range of bytes, which may lie outside the text.
    pub(crate) fn span(&self, range: Range<usize>) -> TextSpan {
        let start = self.text.floor_char_boundary(range.start);
        let line = self.lines.partition_point(|it| *it <= start);
        let line_start = self.lines[line - 1];
        let text = match self.lines.get(line) {
            Some(next) => {
                let text = &self.text[line_start..next - 1];
                text.strip_suffix('\r').unwrap_or(text)
            }
            None => &self.text[line_start..],
        };
        let line_end = line_start + text.len();
        let end = self.text.floor_char_boundary(range.end).clamp(start, line_end.max(start));
        let is_shown = text.len() <= LONGEST_EXCERPT || end - line_start <= LONGEST_EXCERPT;
        let excerpt =
            if is_shown { &text[..text.floor_char_boundary(LONGEST_EXCERPT)] } else { "" };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let before = self.characters_before(start);
        TextSpan {
            path: self.path.to_owned(),
            line: number(line),
            column: number(before - self.characters_before(line_start) + 1),
            length: number(self.characters_before(end) - before).max(1),
            excerpt: excerpt.to_owned(),
        }
    }

    fn characters_before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        let Some(before) = self.blocks.get(block) else {
            // Behind the last block, which is full.
            return self
                .blocks
                .last()
                .map_or(0, |it| it + characters(&self.text.as_bytes()[at - BLOCK..]));
        };
        before + characters(&self.text.as_bytes()[block * BLOCK..at])
    }
}

/// The number of characters that begin in `bytes`.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A value that a user wrote, from which the spans of its parts can be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpannedText {
    pub(crate) text: String,
    pub(crate) span: TextSpan,
    /// The characters between the span's beginning and the text's, such as a quotation mark; `None` if
    /// the text is written with escapes or on several lines.
    offset: Option<u32>,
}

impl SpannedText {
    /// The value of an option of the command line.
    pub(crate) fn of_option(option: &str, text: &str) -> Self {
        let span = TextFile::new(option, text).span(0..text.len());
        SpannedText { text: text.to_owned(), span, offset: is_one_line(text).then_some(0) }
    }

    /// A value in a file. `range` includes its quotation marks, if it has any.
    pub(crate) fn new(file: &TextFile<'_>, range: Range<usize>, text: String) -> Self {
        let raw = file.text.get(range.clone()).unwrap_or_default();
        let unquoted = raw.len().checked_sub(1).and_then(|end| raw.get(1..end));
        let offset = match is_one_line(&text) {
            true if raw == text => Some(0),
            true if unquoted == Some(&text) => Some(1),
            _ => None,
        };
        SpannedText { text, span: file.span(range), offset }
    }

    /// The span of a range of the text's bytes; the whole span if the part's is not known.
    pub(crate) fn at(&self, part: Range<usize>) -> TextSpan {
        let characters =
            |range: Range<usize>| self.text.get(range).map(|it| it.chars().count() as u32);
        let known = self.offset.zip(characters(0..part.start)).zip(characters(part));
        let Some(((offset, before), length)) = known else { return self.span.clone() };
        let column = self.span.column + offset + before;
        TextSpan { column, length: length.max(1), ..self.span.clone() }
    }

    /// A part as a text of its own.
    pub(crate) fn part(&self, part: Range<usize>) -> SpannedText {
        SpannedText {
            text: self.text.get(part.clone()).unwrap_or_default().to_owned(),
            span: self.at(part),
            offset: self.offset.map(|_| 0),
        }
    }
}

fn is_one_line(text: &str) -> bool {
    !text.contains(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let file = TextFile::new("x", "a = 1\nbé = 2\r\n\nc");
        for (range, line, column, length, excerpt) in [
            (0..1, 1, 1, 1, "a = 1"),
            (6..9, 2, 1, 2, "bé = 2"),
            (8..9, 2, 2, 1, "bé = 2"),
            (12..40, 2, 6, 1, "bé = 2"),
            (15..15, 3, 1, 1, ""),
            (90..99, 4, 2, 1, "c"),
        ] {
            let span = file.span(range.clone());
            let found = (span.line, span.column, span.length, span.excerpt.as_str());
            assert_eq!(found, (line, column, length, excerpt), "{range:?}");
        }
    }

    #[test]
    fn a_span_of_a_long_line_costs_no_more_than_others() {
        // Counting from the beginning of the line would read 100 GB.
        let text = "é = 1, ".repeat(100_000);
        let file = TextFile::new("x", &text);
        for number in 0..100_000 {
            let start = number * "é = 1, ".len();
            let span = file.span(start..start + 2);
            assert_eq!((span.line, span.column, span.length), (1, number as u32 * 7 + 1, 1));
            assert!(span.excerpt.len() <= LONGEST_EXCERPT);
            assert_eq!(span.excerpt.is_empty(), start + 2 > LONGEST_EXCERPT);
        }
        let full = "x".repeat(2 * BLOCK);
        assert_eq!(TextFile::new("x", &full).span(2 * BLOCK..2 * BLOCK).column, 1025);
        assert_eq!(TextFile::new("x", "").span(5..9).column, 1);
    }

    #[test]
    fn parts_have_spans() {
        let text = "\nx = 'é(1, \"x\")'\ny = \"a\\nb\"\n";
        let file = &TextFile::new("x.toml", text);
        let value = "é(1, \"x\")";
        let from = text.find("'é").unwrap();
        let plain = SpannedText::new(file, from..from + value.len() + 2, value.to_owned());
        let part = value.find('"').unwrap()..value.len() - 1;
        let from = text.find("\"a").unwrap();
        let escaped = SpannedText::new(file, from..from + 6, "a\nb".to_owned());
        let option = SpannedText::of_option("--call", "a(1)");
        for (span, expected, shown) in [
            (plain.span.clone(), (2, 5, 11), "x.toml:2"),
            (plain.at(part.clone()), (2, 11, 3), "x.toml:2"),
            (plain.part(part).at(1..2), (2, 12, 1), "x.toml:2"),
            (escaped.at(2..3), (3, 5, 6), "x.toml:3"),
            (option.at(2..3), (1, 3, 1), "--call"),
            (option.at(7..9), (1, 1, 4), "--call"),
        ] {
            assert_eq!((span.line, span.column, span.length), expected);
            assert_eq!(span.to_string(), shown);
        }
    }
}
