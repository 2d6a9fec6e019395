//! What is wrong with what the user wrote, under the line that says it.

use std::io::{self, Write};

use crate::report::document::Diagnostic;
use crate::report::style::Style;
use crate::report::text::quote;
use crate::report::wording;

use super::{SENTENCE_LIMIT, detail, severity_tone};

/// Draws one diagnostic.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(diagnostic: &Diagnostic, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let level = format!("{}[{}]", wording::severity(diagnostic.severity), diagnostic.code);
    let level = style.paint(severity_tone(diagnostic.severity), level);
    writeln!(out, "  {level}: {}", style.printable(&diagnostic.message, SENTENCE_LIMIT))?;
    match diagnostic.origin.text.trim().is_empty() {
        true => detail("file", &diagnostic.origin.path, style, out)?,
        false => quote::write(&diagnostic.origin, style, out)?,
    }
    if !diagnostic.help.is_empty() {
        detail("help", &diagnostic.help, style, out)?;
    }
    Ok(())
}
