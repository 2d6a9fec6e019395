//! Excerpts of code: lines with their offsets, and labels below those that a finding is about.

use std::io::{self, Write};

use super::markup::{name, prose};
use crate::report::document::Finding;
use crate::report::style::Style;
use crate::report::text::excerpt::Excerpts;
use crate::report::text::snippet::{Line, Mark, Snippet};
use crate::report::xml::escaped;

/// Lines of an excerpt are as long as this, in characters.
const STYLE: Style = Style { width: 240, ..Style::PLAIN };
/// Longest line with its end, in characters.
const LINE: usize = 400;

/// The excerpts of a finding, then the places whose code is not at hand.
pub(super) fn write(
    finding: &Finding,
    excerpts: &mut Excerpts<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (snippets, unshown) = excerpts.snippets(finding, STYLE);
    for snippet in &snippets {
        draw(snippet, out)?;
    }
    for place in unshown {
        writeln!(out, "<p class=\"soft\">at {}</p>", prose(&place))?;
    }
    Ok(())
}

fn draw(snippet: &Snippet, out: &mut dyn Write) -> io::Result<()> {
    let (title, label) = (prose(&snippet.title), name(&snippet.title));
    writeln!(out, "<figure class=\"code\"><figcaption>{title}</figcaption>")?;
    write!(out, "<pre tabindex=\"0\" role=\"group\" aria-label=\"{label}\">")?;
    let mut before = None;
    for line in &snippet.lines {
        if before.is_some_and(|before| before + 1 < line.number) {
            writeln!(out, "<span class=\"gap\">…</span>")?;
        }
        before = Some(line.number);
        self::line(line, out)?;
    }
    writeln!(out, "</pre></figure>")
}

fn line(line: &Line, out: &mut dyn Write) -> io::Result<()> {
    let lead = match line.lead.trim() {
        "" => line.number.to_string(),
        offset => offset.to_owned(),
    };
    write!(out, "<span class=\"lead\">{lead:>8}</span>  ")?;
    let shown = |text: Option<&str>| escaped(text.unwrap_or_default(), LINE);
    let Some(Mark { range, label }) = &line.mark else {
        return writeln!(out, "{}", shown(Some(&line.text)));
    };
    let (start, end) = (range.start, range.end);
    let (text, marked) = (&line.text, shown(line.text.get(start..end)));
    write!(out, "{}<mark>{marked}</mark>", shown(text.get(..start)))?;
    writeln!(out, "{}", shown(text.get(end..)))?;
    let left = " ".repeat(text.get(..start).map_or(0, |it| it.chars().count()));
    for label in label.lines() {
        writeln!(
            out,
            "<span class=\"lead\">{:8}</span>  {left}<span class=\"label\">{}</span>",
            "",
            prose(label)
        )?;
    }
    Ok(())
}
