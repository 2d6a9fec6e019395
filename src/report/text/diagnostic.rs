//! A diagnostic of a text that the user wrote, under the line it speaks of.

use std::io::{self, Write};

use crate::report::document::{Diagnostic, Origin};
use crate::report::style::Style;
use crate::report::wording;

use super::detail::{self, NAME_LIMIT};
use super::snippet;

/// Draws one diagnostic.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(diagnostic: &Diagnostic, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let level = format!("{}[{}]", wording::severity(diagnostic.severity), diagnostic.code);
    detail::headline(&level, (diagnostic.severity, None), &diagnostic.message, style, out)?;
    quote(&diagnostic.origin, style, out)?;
    if !diagnostic.help.is_empty() {
        detail::write("help", &diagnostic.help, style, out)?;
    }
    Ok(())
}

/// Draws the line of a manifest or configuration. Names the place if the line is not at hand.
pub(super) fn quote(origin: &Origin, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Origin { path, line, column, entry, text, length } = origin;
    if text.trim().is_empty() {
        return match (line, column) {
            (1, 1) => detail::write("file", path, style, out),
            _ => detail::write("place", &format!("{path}:{line}:{column}"), style, out),
        };
    }
    let separator = if entry.is_empty() { "" } else { style.marks().separator };
    let title = format!("{path}:{line}:{column}{separator}{entry}");
    let title = style.printable(&title, 2 * NAME_LIMIT);
    snippet::of_line(title, (*line, *column), *length, text, style).write(style, out)
}
