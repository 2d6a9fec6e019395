//! A unified diff of two versions of a text that differ in a few lines.

use std::io::{self, Write};

use crate::report::style::{Style, Tone};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// The longest line printed in color; a plain diff can be applied and is never cut.
const LINE_LIMIT: usize = 2000;

/// A line, and the sign before it.
type Line<'a> = (char, &'a str);

/// Writes the difference of a file, as `git apply` reads it.
pub(super) fn write(
    path: &str,
    before: &str,
    after: &str,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "--- a/{path}\n+++ b/{path}")?;
    let lines = compared(before, after);
    let changed: Vec<_> = (0..lines.len()).filter(|at| lines[*at].0 != ' ').collect();
    for hunk in changed.chunk_by(|a, b| b - a <= 2 * CONTEXT) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let start = first.saturating_sub(CONTEXT);
        let hunk = &lines[start..lines.len().min(last + CONTEXT + 1)];
        let count = |lines: &[Line<'_>], other| lines.iter().filter(|it| it.0 != other).count();
        let range = |other| match count(hunk, other) {
            0 => format!("{},0", count(&lines[..start], other)),
            1 => format!("{}", count(&lines[..start], other) + 1),
            lines_in => format!("{},{lines_in}", count(&lines[..start], other) + 1),
        };
        let head = format!("@@ -{} +{} @@", range('+'), range('-'));
        writeln!(out, "{}", style.paint(Tone::Notice, head))?;
        for (sign, line) in hunk {
            let tone = match sign {
                '-' => Tone::Bad,
                '+' => Tone::Good,
                _ => Tone::Faint,
            };
            let text = line.strip_suffix('\n');
            match style.colour {
                true => {
                    let line = style.printable(line.trim_end(), LINE_LIMIT);
                    writeln!(out, "{}", style.paint(tone, format!("{sign}{line}")))?;
                }
                false => writeln!(out, "{sign}{}", text.unwrap_or(line))?,
            }
            if text.is_none() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// The lines of both texts. After a difference, it goes on at the nearest line that both have.
fn compared<'a>(before: &'a str, after: &'a str) -> Vec<Line<'a>> {
    let old: Vec<_> = before.split_inclusive('\n').collect();
    let new: Vec<_> = after.split_inclusive('\n').collect();
    let (mut a, mut b) = (0, 0);
    let mut lines = Vec::new();
    while a < old.len() || b < new.len() {
        let longest = old.len() - a + new.len() - b;
        let nearest = (0..=longest).find_map(|sum| {
            (0..=sum)
                .map(|skipped| (a + sum - skipped, b + skipped))
                .find(|(a, b)| old.get(*a) == new.get(*b) && *a <= old.len() && *b <= new.len())
        });
        let (to_a, to_b) = nearest.unwrap_or((old.len(), new.len()));
        lines.extend(old[a..to_a].iter().map(|line| ('-', *line)));
        lines.extend(new[b..to_b].iter().map(|line| ('+', *line)));
        (a, b) = (to_a, to_b);
        if let Some(line) = old.get(a) {
            lines.push((' ', line));
            (a, b) = (a + 1, b + 1);
        }
    }
    lines
}
