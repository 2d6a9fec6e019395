//! Numbered lines with labels below them, drawn by miette: the only module that knows it. Takes text that is fit to be
//! printed.

use std::io::{self, Write};
use std::ops::Range;
use std::panic::catch_unwind;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError,
    MietteSpanContents, Report, SourceCode, SourceSpan, SpanContents,
};

use crate::report::style::{Style, Tone, wrapped};
use crate::report::text::detail::NAME_LIMIT;

/// Longest line that is drawn, in columns. miette panics on lines of 65,536.
const COLUMNS: usize = 400;
/// Columns of a frame: a number of two digits, and what is left and right of the text.
pub(super) const FRAME: usize = 10;
/// A screen of fewer columns has no room for offsets before lines, or for long lines in labels.
pub(super) const NARROW: usize = 60;
/// The least columns of a label on such a screen.
const LEAST_LABEL: usize = 12;
/// In a narrower frame, lines would say nothing.
pub(super) const LEAST_ROOM: usize = 24;

/// Lines in one frame. Where numbers are missing, a gap is drawn.
pub(in crate::report) struct Snippet {
    pub(in crate::report) title: String,
    pub(in crate::report) lines: Vec<Line>,
}

/// A line of a [`Snippet`].
pub(in crate::report) struct Line {
    /// From 1.
    pub(in crate::report) number: usize,
    /// Before the text of each line, such as an offset.
    pub(in crate::report) lead: String,
    pub(in crate::report) text: String,
    pub(in crate::report) mark: Option<Mark>,
}

/// The underlined part of a line.
pub(in crate::report) struct Mark {
    /// Bytes of the line.
    pub(in crate::report) range: Range<usize>,
    /// Lines below it; may be empty.
    pub(in crate::report) label: String,
}

impl Mark {
    /// A mark with these texts below it, wrapped so that they fit into `room`.
    pub(super) fn of<'a>(
        range: Range<usize>,
        texts: impl Iterator<Item = &'a str>,
        room: usize,
        style: Style,
    ) -> Mark {
        // The texts begin in the middle of the mark, behind an arrow.
        let left = room.saturating_sub((range.start + range.end) / 2 + "╰── ".chars().count());
        let texts = texts.map(|text| style.printable(text, NAME_LIMIT));
        let least = if style.width < NARROW { LEAST_LABEL } else { LEAST_ROOM };
        let lines = texts.flat_map(|text| wrapped(&text, left.max(least)));
        Mark { range, label: lines.collect::<Vec<_>>().join("\n") }
    }
}

impl Snippet {
    /// Draws it. If miette panics, the same lines are written without a frame.
    pub(super) fn write(&self, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let drawn = catch_unwind(|| self.drawn(style)).ok().flatten();
        let lines = drawn.unwrap_or_else(|| self.plain());
        lines.iter().try_for_each(|line| writeln!(out, " {}", line.trim_end()))
    }

    /// Draws each run of consecutive lines, and joins them to one frame. `None` where miette draws nothing.
    fn drawn(&self, style: Style) -> Option<Vec<String>> {
        // Two digits at least, so that the frames of most diagnostics are aligned.
        let width = digits(self.lines.last()?.number).max(2);
        let mut drawn: Vec<String> = Vec::new();
        for run in self.lines.chunk_by(|line, next| line.number + 1 == next.number) {
            let indent = width - digits(run.last()?.number);
            let room = (style.width + 2).saturating_sub(FRAME + width).max(LEAST_ROOM);
            let rendered = self.render(run, room, style)?;
            // The first line is the message, which is empty.
            let mut lines = rendered.lines().skip(1).map(|line| format!("{:indent$}{line}", ""));
            let head = lines.next()?;
            if drawn.pop().is_some() {
                let marks = style.marks();
                drawn.push(format!(" {:>width$} {}", marks.gap, marks.bar));
            } else {
                drawn.push(head);
            }
            drawn.extend(lines);
        }
        Some(drawn)
    }

    /// Draws consecutive lines below a title of at most `room` columns.
    fn render(&self, run: &[Line], room: usize, style: Style) -> Option<String> {
        let mut text = String::new();
        let mut labels = Vec::new();
        for line in run {
            if !line.lead.is_empty() {
                text += &style.paint(Tone::Faint, &line.lead);
            }
            let drawn: String = line.text.chars().take(COLUMNS).collect();
            if let Some(Mark { range, label }) = &line.mark {
                let label = Some(label.clone()).filter(|label| !label.is_empty());
                let (start, end) = (range.start.min(drawn.len()), range.end.min(drawn.len()));
                labels.push(LabeledSpan::new(label, text.len() + start, end - start));
            }
            text += &drawn;
            text.push('\n');
        }
        let title = style.printable(&self.title, room);
        let source = Run { title, first: run.first()?.number, text };
        let report = Report::new(MietteDiagnostic::new("").with_labels(labels));
        let report = report.with_source_code(source);
        let handler = GraphicalReportHandler::new_themed(theme(style)).without_primary_span_start();
        let mut rendered = String::new();
        handler.render_report(&mut rendered, &*report).ok()?;
        Some(rendered)
    }

    fn plain(&self) -> Vec<String> {
        let mut lines = vec![format!(" [{}]", self.title)];
        for line in &self.lines {
            lines.push(format!(" {}  {}{}", line.number, line.lead, line.text));
            let labels = line.mark.iter().flat_map(|mark| mark.label.lines());
            lines.extend(labels.map(|label| format!("   {label}")));
        }
        lines
    }
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

fn theme(style: Style) -> GraphicalTheme {
    let mut theme = match (style.unicode, style.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    if !style.unicode {
        // `:` marks a gap.
        theme.characters.vbar_break = '.';
        theme.characters.underbar = theme.characters.underline;
    }
    theme
}

/// Consecutive lines, which are always read as a whole.
struct Run {
    title: String,
    /// The number of the first line, from 1.
    first: usize,
    text: String,
}

impl SourceCode for Run {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let span = (0, self.text.len()).into();
        let (title, text) = (self.title.clone(), self.text.as_bytes());
        let count = self.text.lines().count();
        let before = self.first.saturating_sub(1);
        Ok(Box::new(MietteSpanContents::new_named(title, text, span, before, 0, count)))
    }
}

/// One line of a text file, with `length` characters from `column` on underlined. `number` and `column` count from 1.
pub(super) fn of_line(
    title: String,
    (number, column): (u32, u32),
    length: u32,
    text: &str,
    style: Style,
) -> Snippet {
    let (start, length) = (column.saturating_sub(1) as usize, length.max(1) as usize);
    // A long line is shown from the mark on. A tab is as wide as the space it becomes.
    let width = digits(number as usize).max(2);
    let room = (style.width + 2).saturating_sub(FRAME + width).max(LEAST_ROOM);
    let first = if start + length < room { 0 } else { start };
    let last = first + room;
    let end = (start + length).min(last);
    let text = text.replace('\t', " ");
    let piece = |from: usize, to: usize| {
        let characters = text.chars().skip(from).take(to.saturating_sub(from));
        style.printable(&characters.collect::<String>(), room)
    };
    let (before, marked) = (piece(first, start), piece(start, end));
    let range = before.len()..before.len() + marked.len();
    let cut = if text.chars().nth(last).is_some() { style.marks().cut } else { "" };
    let shown = format!("{before}{marked}{}{cut}", piece(end, last));
    let mark = Some(Mark { range, label: String::new() });
    let line = Line { number: number as usize, lead: String::new(), text: shown, mark };
    Snippet { title, lines: vec![line] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: usize, text: &str, label: Option<&str>) -> Line {
        let mark = label.map(|label| Mark { range: 2..text.len(), label: label.to_owned() });
        Line { number, lead: "0x10 ".to_owned(), text: text.to_owned(), mark }
    }

    fn drawn(lines: Vec<Line>) -> String {
        Snippet { title: "a.wasm".to_owned(), lines }.drawn(Style::PLAIN).unwrap().join("\n")
    }

    #[test]
    fn labels_of_one_line_share_a_mark_and_missing_lines_are_a_gap() {
        let lines =
            [(7, "  nop", Some("twice\nhere")), (8, "end", None), (120, "  drop", Some(""))];
        let lines = lines.map(|(number, text, label)| line(number, text, label));
        let expected = "     ╭─[a.wasm]
   7 │ 0x10   nop
     ·        ─┬─
     ·         ╰─┤ twice
     ·           │ here
   8 │ 0x10 end
   … │
 120 │ 0x10   drop
     ·        ────
     ╰────";
        assert_eq!(drawn(lines.into()), expected);
    }

    #[test]
    fn any_line_can_be_drawn() {
        let wide = drawn(vec![line(1, &"\u{4e00}".repeat(100_000), Some("wide"))]);
        assert!(wide.lines().all(|line| line.chars().count() < 2 * COLUMNS + 20));
        assert!(wide.contains("wide"));
        for (column, length, text) in [(1, 1, "x"), (2, 1, "x"), (900, 3, "x"), (3, u32::MAX, "[a")]
        {
            let title = String::new();
            let snippet = of_line(title, (u32::MAX, column), length, text, Style::PLAIN);
            assert!(snippet.drawn(Style::PLAIN).is_some(), "{column} {length} {text}");
        }
        let lines = vec![line(3, "  nop", Some("one\ntwo"))];
        let plain = Snippet { title: "a.wasm".to_owned(), lines }.plain();
        assert_eq!(plain, [" [a.wasm]", " 3  0x10   nop", "   one", "   two"]);
    }
}
