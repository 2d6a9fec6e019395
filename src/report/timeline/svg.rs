//! Timelines as a picture: a column for the host, and one for each call. An arrow shows what the host lets happen, a bar that
//! the call goes on, until the next arrow.

use std::io::{self, Write};

use super::{MOST, heading};
use crate::finding::{Moment, Timeline};
use crate::report::drawing::{self, MARGIN, PLAIN, STRONG, Within, round, width};
use crate::report::style::wrapped;
use crate::report::xml::escaped;

/// Longest text in a column, in characters.
const LIMIT: usize = 64;
/// Columns of a sentence above a timeline.
const SENTENCE: usize = 84;
/// Longest sentence, in characters.
const SENTENCE_LIMIT: usize = 400;
/// Height of a line of a sentence, of a heading, and of what happens.
const LINE: f64 = 18.0;
const HEAD: f64 = 26.0;
const ROW: f64 = 34.0;
/// Space between columns, and between timelines.
const GAP: f64 = 28.0;
/// Width of a bar.
const BAR: f64 = 10.0;
const PADDING: f64 = 10.0;

/// A timeline with the sentence that stands above it.
pub(crate) struct Captioned {
    pub(crate) sentence: String,
    pub(crate) timeline: Timeline,
}

/// Writes timelines, one below the other, as a document of their own.
pub(crate) fn write(timelines: &[Captioned], out: &mut dyn Write) -> io::Result<()> {
    draw(timelines, Within::File, out)
}

/// Writes timelines for a file or a page.
pub(in crate::report) fn draw(
    timelines: &[Captioned],
    within: Within,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut body = Vec::new();
    let (mut wide, mut y) = (0.0_f64, MARGIN);
    for captioned in timelines {
        for line in wrapped(&captioned.sentence, SENTENCE) {
            wide = wide.max(width(&line, STRONG) * 1.08);
            y += LINE;
            text("strong", (MARGIN, y - 5.0), "start", &line, SENTENCE_LIMIT, &mut body)?;
        }
        let columns = Columns::of(&captioned.timeline);
        wide = wide.max(columns.width());
        y = columns.write(y + LINE / 2.0, &mut body)? + GAP;
    }
    let (w, h) = ((wide + 2.0 * MARGIN).ceil(), (y - GAP + MARGIN).ceil());
    let sentences: Vec<_> = timelines.iter().map(|it| it.sentence.as_str()).collect();
    let title = sentences.join("; ");
    drawing::begin((&title, &[]), SENTENCE_LIMIT, (w, h), within, out)?;
    out.write_all(&body)?;
    writeln!(out, "</svg>")
}

/// The columns of a timeline: the host's, then those of the calls.
struct Columns<'t> {
    timeline: &'t Timeline,
    headings: Vec<String>,
    /// The middle of each column.
    middles: Vec<f64>,
    widths: Vec<f64>,
}

impl<'t> Columns<'t> {
    fn of(timeline: &'t Timeline) -> Self {
        let calls = (0..).zip(&timeline.calls).map(heading);
        let headings: Vec<_> = std::iter::once("the host".to_owned()).chain(calls).collect();
        let shown = |text: &str, size| width(&text.chars().take(LIMIT).collect::<String>(), size);
        let widths: Vec<_> = headings
            .iter()
            .enumerate()
            .map(|(column, heading)| {
                let cells = match column.checked_sub(1) {
                    None => timeline.moments.iter().take(MOST).map(said).collect(),
                    Some(call) => timeline.ends.get(call).cloned().into_iter().collect::<Vec<_>>(),
                };
                let cells = cells.iter().map(|it| shown(it, PLAIN));
                cells.fold(shown(heading, STRONG) * 1.08, f64::max) + 2.0 * PADDING
            })
            .collect();
        let mut left = MARGIN;
        let middles = widths.iter().map(|width| {
            let middle = left + width / 2.0;
            left += width + GAP;
            middle
        });
        Columns { middles: middles.collect(), timeline, headings, widths }
    }

    fn width(&self) -> f64 {
        self.widths.iter().map(|width| width + GAP).sum::<f64>() - GAP
    }

    /// Writes the timeline below `top`. Returns where it ends.
    fn write(&self, top: f64, out: &mut dyn Write) -> io::Result<f64> {
        let moments: Vec<_> = self.timeline.moments.iter().take(MOST).collect();
        let more = self.timeline.moments.len() - moments.len();
        let first = top + HEAD + ROW * 0.8;
        let at = |number: usize| first + ROW * number as f64;
        let end = at(moments.len() + usize::from(more > 0));
        for middle in &self.middles[1..] {
            let (x, y) = (round(*middle), round(top + HEAD));
            writeln!(out, "  <path class=\"line dashed\" d=\"M{x} {y}V{}\"/>", round(end))?;
        }
        for (number, moment) in moments.iter().enumerate() {
            self.moment(moment, at(number), out)?;
            self.bar(moment, (at(number), at(number + 1)), out)?;
        }
        if more > 0 {
            let words = format!("and {more} more");
            let place = (self.middles[0], at(moments.len()) + PLAIN * 0.35);
            text("small", place, "middle", &words, LIMIT, out)?;
        }
        for (column, heading) in self.headings.iter().enumerate() {
            let class = if column == 0 { "box import" } else { "box export" };
            self.cell(column, (class, "strong"), top, heading, out)?;
        }
        for (call, words) in self.timeline.ends.iter().enumerate().take(self.middles.len() - 1) {
            let class = match words.starts_with("answers") || words == "returns" {
                true => ("box plumbing", ""),
                false => ("box end error", "error-text"),
            };
            self.cell(call + 1, class, end, words, out)?;
        }
        let ends = if self.timeline.ends.is_empty() { 0.0 } else { HEAD };
        Ok(end + ends)
    }

    /// A text in a box as wide as its column.
    fn cell(
        &self,
        column: usize,
        (class, tone): (&str, &str),
        top: f64,
        words: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (middle, width) = (self.middles[column], self.widths[column]);
        let (x, y, w, h) = (round(middle - width / 2.0), round(top), round(width), round(HEAD));
        writeln!(
            out,
            "  <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>"
        )?;
        text(tone, (middle, top + HEAD / 2.0 + 4.0), "middle", words, LIMIT, out)
    }

    /// What the host lets happen, and an arrow to the call.
    fn moment(&self, moment: &Moment, y: f64, out: &mut dyn Write) -> io::Result<()> {
        let words = said(moment);
        let Some(middle) = self.middles.get(moment.call + 1) else { return Ok(()) };
        text("", (self.middles[0], y + PLAIN * 0.35), "middle", &words, LIMIT, out)?;
        let left = self.middles[0] + self.widths[0] / 2.0;
        let tip = middle - BAR / 2.0;
        writeln!(
            out,
            "  <path class=\"line\" d=\"M{} {}H{}\"/>",
            round(left),
            round(y),
            round(tip)
        )?;
        writeln!(out, "  <path class=\"tip\" d=\"M{} {}l-8 -4v8Z\"/>", round(tip), round(y))
    }

    fn bar(&self, moment: &Moment, (from, to): (f64, f64), out: &mut dyn Write) -> io::Result<()> {
        let Some(middle) = self.middles.get(moment.call + 1) else { return Ok(()) };
        let (x, y) = (round(middle - BAR / 2.0), round(from));
        let (w, h) = (round(BAR), round((to - from) * 0.8));
        writeln!(
            out,
            "  <rect class=\"box instance\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"2\"/>"
        )
    }
}

/// What happens in a moment, as the host sees it.
fn said(moment: &Moment) -> String {
    let name = Timeline::name(moment.call);
    let words = match moment.text.as_str() {
        "begins" => format!("{name} begins"),
        words => format!("{words} for {name}"),
    };
    if moment.at_once { format!("{words}, at the same time") } else { words }
}

fn text(
    class: &str,
    (x, y): (f64, f64),
    anchor: &str,
    words: &str,
    limit: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let (x, y, words) = (round(x), round(y), escaped(words, limit));
    writeln!(out, "  <text{class} x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>")
}
