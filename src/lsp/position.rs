//! Columns of a line, in the client's encoding.

use gen_lsp_types::{Position, Range};

use super::capabilities::Encoding;

/// The part of a line to show. Columns start at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// A column and a length in characters, as manifests have them.
    Characters(u32, u32),
    /// From a column in bytes, as compilers record it, to the end of the line.
    FromByte(u32),
    /// The line without surrounding white space.
    All,
}

/// The largest `uinteger` of the protocol.
const LARGEST: u32 = i32::MAX as u32;

/// The range of `columns` in the line with this number, from 1. If `lines` lacks that line, its start.
pub(super) fn range(lines: &[String], line: u32, columns: Columns, encoding: Encoding) -> Range {
    let line = line.saturating_sub(1).min(LARGEST);
    let content = lines.get(line as usize).map_or("", String::as_str);
    let start = content.len() - content.trim_start().len();
    let end = content.trim_end().len().max(start);
    let (start, end) = match columns {
        Columns::Characters(column, length) => {
            let start = byte_of(content, column.saturating_sub(1));
            (start, start + byte_of(&content[start..], length))
        }
        Columns::FromByte(column) => {
            (content.floor_char_boundary((column.saturating_sub(1) as usize).min(end)), end)
        }
        Columns::All => (start, end),
    };
    let position = |byte: usize| Position { line, character: width(&content[..byte], encoding) };
    Range { start: position(start), end: position(end) }
}

/// The byte at which a character, counted from 0, begins.
fn byte_of(text: &str, character: u32) -> usize {
    text.char_indices().nth(character as usize).map_or(text.len(), |(byte, _)| byte)
}

/// The length of a text without line breaks, in the encoding's unit.
pub(super) fn width(text: &str, encoding: Encoding) -> u32 {
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
    fn columns_are_in_the_clients_encoding() {
        use Columns::{All, Characters, FromByte};
        use Encoding::{Utf8, Utf16};
        let lines = ["one", "  é😀 = \"x.wasm\" ", "\tthree", "", "  "].map(str::to_owned);
        for (line, columns, encoding, expected) in [
            (2, Characters(8, 8), Utf8, (1, 11, 19)),
            (2, Characters(8, 8), Utf16, (1, 8, 16)),
            (2, Characters(400, 9), Utf8, (1, 20, 20)),
            (2, All, Utf16, (1, 2, 16)),
            (2, FromByte(12), Utf16, (1, 8, 16)),
            // Within a character, and beyond the end of the line.
            (2, FromByte(6), Utf8, (1, 4, 19)),
            (2, FromByte(400), Utf8, (1, 19, 19)),
            (3, All, Utf16, (2, 1, 6)),
            (4, All, Utf16, (3, 0, 0)),
            (5, All, Utf16, (4, 2, 2)),
            (7, FromByte(3), Utf8, (6, 0, 0)),
            (0, All, Utf8, (0, 0, 3)),
            (u32::MAX, All, Utf8, (LARGEST, 0, 0)),
        ] {
            let Range { start, end } = range(&lines, line, columns, encoding);
            assert_eq!((start.line, start.character, end.character), expected, "{columns:?}");
            assert_eq!(end.line, start.line);
        }
    }
}
