//! What the parts of the human report share: limits, and the lines of details below a finding.

use std::io::{self, Write};

use crate::finding::Timeline;
use crate::report::style::{Style, Tone, wrapped};
use crate::report::timeline;
use crate::verdict::Severity;

/// What stands before a key.
const INDENT: &str = "    ";
/// Columns of a key.
const KEY: usize = 10;
/// Longest name from a file that is printed whole, in characters.
pub(super) const NAME_LIMIT: usize = 120;
/// Longest sentence of ours that is printed whole, in characters.
pub(super) const SENTENCE_LIMIT: usize = 2000;
/// Longest list of names that is printed whole, in characters.
const LIST_LIMIT: usize = 20_000;

/// Writes `value` behind its key, wrapped.
pub(in crate::report) fn write(
    key: &str,
    value: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    keyed(INDENT, (key, KEY), (Tone::Faint, value), style, out)
}

/// Writes the order of overlapping calls, and how to repeat it.
pub(in crate::report) fn timeline(
    timeline: &Timeline,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let indent = INDENT.len() + KEY + 2;
    for (number, line) in timeline::lines(timeline, style.room(indent)).iter().enumerate() {
        let key = format!("{:<KEY$}", if number == 0 { "order" } else { "" });
        let line = style.printable(line, SENTENCE_LIMIT);
        writeln!(out, "{INDENT}{}  {line}", style.paint(Tone::Faint, &key))?;
    }
    let repeat = format!("secondcall exec FILE --schedule '{}'", timeline.schedule);
    write("repeat", &repeat, style, out)
}

/// Writes a key in `width` columns, and behind it a text, wrapped. The text's tone is its own, except that the key has
/// [`Tone::Faint`].
pub(super) fn keyed(
    indent: &str,
    (key, width): (&str, usize),
    (tone, text): (Tone, &str),
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = style.printable(text, LIST_LIMIT);
    let paint = |line: &str| match tone {
        Tone::Faint => line.to_owned(),
        tone => style.paint(tone, line),
    };
    let left = indent.len() + width + 2;
    if left + style.room(usize::MAX) > style.width {
        // Too little room right of the keys.
        writeln!(out, "{indent}{}", style.paint(Tone::Faint, key))?;
        return style.paragraph((indent.len() + 2, indent.len() + 2), &paint(&text), out);
    }
    for (number, line) in wrapped(&text, style.room(left)).iter().enumerate() {
        let key = format!("{:<width$}", if number == 0 { key } else { "" });
        writeln!(out, "{indent}{}  {}", style.paint(Tone::Faint, key), paint(line))?;
    }
    Ok(())
}

/// Writes a sentence under its level, wrapped: `error[open]: no such file`. The level is linked to the page of a rule.
pub(super) fn headline(
    level: &str,
    (severity, rule): (Severity, Option<&str>),
    text: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = format!("{level}: {}", style.printable(text, SENTENCE_LIMIT));
    let painted = style.paint(severity_tone(severity), level);
    let painted = rule.map_or(painted.clone(), |rule| style.linked(rule, painted));
    for (number, line) in wrapped(&text, style.width.saturating_sub(4)).iter().enumerate() {
        match (number, line.strip_prefix(level)) {
            (0, Some(rest)) => writeln!(out, "  {painted}{rest}")?,
            _ => writeln!(out, "    {line}")?,
        }
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
