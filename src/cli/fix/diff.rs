//! A unified diff of two versions of a text that differ in a few lines.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use crate::report::style::{LINE_LIMIT, Style, Tone, is_unprintable};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

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
    let on_screen = style.colour || io::stdout().is_terminal();
    writeln!(out, "--- {}\n+++ {}", quoted(&format!("a/{path}")), quoted(&format!("b/{path}")))?;
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
            // Any other diff can be applied, and has the lines as they are.
            match on_screen {
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

/// A path as git writes it, in quotes and with octal numbers if it has characters that are not printed.
fn quoted(path: &str) -> Cow<'_, str> {
    let is_special = |it: char| is_unprintable(it) || matches!(it, '"' | '\\');
    if !path.contains(is_special) {
        return path.into();
    }
    let mut text = "\"".to_owned();
    for character in path.chars() {
        if is_special(character) {
            let bytes = character.to_string().into_bytes();
            text.extend(bytes.iter().map(|byte| format!("\\{byte:03o}")));
        } else {
            text.push(character);
        }
    }
    (text + "\"").into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_git_writes_them() {
        assert_eq!(quoted("a/b c.toml"), "a/b c.toml");
        assert_eq!(quoted("a/\n::error::\u{202e}\"x"), r#""a/\012::error::\342\200\256\042x""#);
    }
}
