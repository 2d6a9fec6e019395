//! For programs: `json-v1`, whose schema is `schemas/report-v1.json`. Within version 1, members are
//! only added. Holds no colour, no clock and no path but those in the document.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::report::document::Document;
use crate::report::style::find_acting;

/// How many spaces a level is indented by.
const INDENT: &[u8] = b"  ";

/// Writes the document, indented, with a line break at its end.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    indented(document, out)
}

/// Writes any value as indented JSON, with a line break at its end. JSON is read on terminals, too: characters that
/// change what a terminal shows are written as `\u009b`.
pub(crate) fn indented(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Printable(PrettyFormatter::with_indent(INDENT));
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, formatter);
    value.serialize(&mut serializer)?;
    writeln!(out)
}

/// Writes any value as JSON in one line, with the same escapes and without a line break.
pub(crate) fn compact(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer =
        serde_json::Serializer::with_formatter(&mut *out, Printable(CompactFormatter));
    value.serialize(&mut serializer)?;
    Ok(())
}

/// Escapes in strings what JSON need not escape but a terminal or a log acts on; all else is the inner formatter's.
struct Printable<F>(F);

impl<F: Formatter> Formatter for Printable<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = find_acting(rest) {
            let (before, after) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut characters = after.chars();
            if let Some(character) = characters.next() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_read_back_as_it_was_and_acts_on_no_terminal() {
        let text = "a\u{9b}1m\u{202e}b\u{e0001}\u{1b}c\u{7f}";
        let mut out = Vec::new();
        indented(&[text], &mut out).unwrap();
        assert_eq!(out, b"[\n  \"a\\u009b1m\\u202eb\\udb40\\udc01\\u001bc\\u007f\"\n]\n");
        assert_eq!(serde_json::from_slice::<Vec<String>>(&out).unwrap(), [text]);
        let mut out = Vec::new();
        compact(&["# ##[error]x"], &mut out).unwrap();
        assert_eq!(out, b"[\"# \\u0023#[error]x\"]");
    }
}
