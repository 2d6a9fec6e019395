//! For programs: `json-v1`, whose schema is `schemas/report-v1.json`. Within version 1, members are
//! only added. Holds no colour, no clock and no path but those in the document.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::document::Document;

/// How many spaces a level is indented by.
const INDENT: &[u8] = b"  ";

/// Writes the document, indented, with a line break at its end.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    indented(document, out)
}

/// Writes any value as indented JSON, with a line break at its end.
pub(crate) fn indented(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(INDENT);
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, formatter);
    value.serialize(&mut serializer)?;
    writeln!(out)
}
