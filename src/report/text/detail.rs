//! What the parts of the human report share: limits, and the lines of details below a finding.

use std::io::{self, Write};

use crate::report::style::{Style, Tone, wrapped};
use crate::verdict::Severity;

/// Longest name from a file that is printed whole, in characters.
pub(super) const NAME_LIMIT: usize = 120;
/// Longest sentence of ours that is printed whole, in characters.
pub(super) const SENTENCE_LIMIT: usize = 2000;
/// Columns of a detail's value.
const DETAIL_WIDTH: usize = 96;

/// Writes `value` behind its key, wrapped.
pub(super) fn write(key: &str, value: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let value = style.printable(value, SENTENCE_LIMIT);
    for (i, line) in wrapped(&value, DETAIL_WIDTH).iter().enumerate() {
        let key = if i == 0 { key } else { "" };
        writeln!(out, "    {}  {line}", style.paint(Tone::Faint, format!("{key:<10}")))?;
    }
    Ok(())
}

pub(super) fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Note => Tone::Notice,
    }
}
