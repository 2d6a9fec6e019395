//! For programs: `json-v1`, whose schema is `schemas/report-v1.json`. Within version 1, members are
//! only added. Holds no colour, no clock and no path but those in the run.

mod artifact;
mod document;
mod finding;
mod place;

use std::io;
use std::io::Write;

use serde::Serialize;

use crate::report::run::Run;

/// How many spaces a level is indented by.
const INDENT: &[u8] = b"  ";

/// Writes the whole run as one indented JSON document, with a line break at its end.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let formatter = serde_json::ser::PrettyFormatter::with_indent(INDENT);
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, formatter);
    document::Document::of(run).serialize(&mut serializer)?;
    writeln!(out)
}
