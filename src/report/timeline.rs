//! The timeline of calls that overlap: a column for each call, from top to bottom.

pub(crate) mod svg;

use crate::finding::{Moment, Timeline};

/// Moments that are shown.
const MOST: usize = 24;
/// Spaces between columns.
const GAP: usize = 2;

/// The lines of a timeline, at most `width` columns wide if names and words allow it.
pub(crate) fn lines(timeline: &Timeline, width: usize) -> Vec<String> {
    let headings: Vec<_> = (0..).zip(&timeline.calls).map(heading).collect();
    let moments = || timeline.moments.iter().take(MOST);
    let cell = |moment: &Moment| match moment.at_once {
        true => format!("{}, at the same time", moment.text),
        false => moment.text.clone(),
    };
    let widths: Vec<_> = headings
        .iter()
        .enumerate()
        .map(|(call, heading)| {
            let cells = moments().filter(|it| it.call == call).map(|it| cell(it).chars().count());
            let end = timeline.ends.get(call).map_or(0, |end| end.chars().count());
            cells.chain([heading.chars().count(), end]).max().unwrap_or_default()
        })
        .collect();
    let row = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(text, &width)| format!("{text:width$}"));
        padded.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
    };
    let left = |call: usize| widths.iter().take(call).map(|width| width + GAP).sum::<usize>();
    let mut lines = Vec::new();
    let in_columns = left(widths.len()).saturating_sub(GAP) <= width;
    if in_columns {
        lines.push(row(&headings));
        lines.extend(moments().map(|it| format!("{}{}", " ".repeat(left(it.call)), cell(it))));
    } else {
        lines.extend(headings);
        lines.extend(moments().map(|it| format!("{}  {}", Timeline::name(it.call), cell(it))));
    }
    match timeline.moments.len().saturating_sub(MOST) {
        0 => {}
        more => lines.push(format!("and {more} more")),
    }
    match timeline.ends.as_slice() {
        [] => {}
        ends if in_columns => lines.push(row(ends)),
        ends => lines
            .extend((0..).zip(ends).map(|(call, end)| format!("{}  {end}", Timeline::name(call)))),
    }
    lines
}

fn heading((call, text): (usize, &String)) -> String {
    format!("{} = {text}", Timeline::name(call))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline() -> Timeline {
        let moment = |call, text: &str, at_once| Moment { call, text: text.to_owned(), at_once };
        Timeline {
            schedule: "0.0+0.3:A&BA".to_owned(),
            calls: vec!["take(1)".to_owned(), "take(0)".to_owned()],
            moments: vec![
                moment(0, "begins", false),
                moment(1, "begins", true),
                moment(0, "`wait` is done", false),
            ],
            ends: vec!["answers `1`".to_owned(), "answers `0`".to_owned()],
        }
    }

    #[test]
    fn each_call_has_a_column() {
        let expected = [
            "A = take(1)     B = take(0)",
            "begins",
            "                begins, at the same time",
            "`wait` is done",
            "answers `1`     answers `0`",
        ];
        assert_eq!(lines(&timeline(), 60), expected);
    }

    #[test]
    fn a_narrow_screen_has_a_list() {
        let expected = [
            "A = take(1)",
            "B = take(0)",
            "A  begins",
            "B  begins, at the same time",
            "A  `wait` is done",
            "A  answers `1`",
            "B  answers `0`",
        ];
        assert_eq!(lines(&timeline(), 30), expected);
    }
}
