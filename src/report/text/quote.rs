//! Excerpts of the author's own text: lines of a `.wat`, or of a source file that debug sections name.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::binaries::Text;
use crate::report::document::{Finding, Place, Role, Source};
use crate::report::style::Style;

use super::detail::NAME_LIMIT;
use super::snippet::{FRAME, LEAST_ROOM, Line, Mark, Snippet};

/// Lines shown before and after a labelled one.
const CONTEXT: u32 = 1;

/// What is read of a line, in bytes.
const LONGEST: usize = 2000;

/// Between two steps of a place's path.
const STEP: &str = " > ";

/// A place to show, and its label.
#[derive(Clone, Copy)]
pub(super) struct Label<'a> {
    pub(super) place: &'a Place,
    pub(super) text: &'a str,
}

/// The first place on a line, with the texts of all labels there.
type Marked<'a> = (&'a Place, &'a Source, Vec<&'a str>);

/// An excerpt of each file that holds lines of `labels`; if there is none, the innermost call that led to the finding.
/// `text_of` returns the text of a source file that is at hand.
pub(super) fn snippets<'a>(
    finding: &'a Finding,
    labels: &[Label<'a>],
    text_of: impl Fn(&Source) -> Option<&'a Text<'a>>,
    style: Style,
) -> Vec<Snippet> {
    let caller = |role| if role == Role::Caller { "called from here" } else { "" };
    let others = finding.locations.iter().map(|it| (&it.place, caller(it.role)));
    let labels: Vec<_> = labels.iter().map(|it| (it.place, it.text)).collect();
    let count = labels.len();
    let mut files: BTreeMap<&str, (&Text<'_>, BTreeMap<u32, Marked<'_>>)> = BTreeMap::new();
    for (number, (place, label)) in labels.into_iter().chain(others).enumerate() {
        let is_label = number < count;
        let Some(source) = place.source.as_ref() else { continue };
        let Some(text) = text_of(source).filter(|_| is_label || files.is_empty()) else { continue };
        let (_, lines) = files.entry(&source.path).or_insert_with(|| (text, BTreeMap::new()));
        let (.., texts) = lines.entry(source.line).or_insert((place, source, Vec::new()));
        if !label.is_empty() && !texts.contains(&label) {
            texts.push(label);
        }
    }
    let files = files.into_iter();
    files.filter_map(|(path, (text, marked))| snippet(path, text, &marked, style)).collect()
}

fn snippet(
    path: &str,
    text: &Text<'_>,
    marked: &BTreeMap<u32, Marked<'_>>,
    style: Style,
) -> Option<Snippet> {
    let room = style.width.saturating_sub(FRAME).max(LEAST_ROOM);
    let around = |number: &u32| number.saturating_sub(CONTEXT)..=number.saturating_add(CONTEXT);
    let numbers: BTreeSet<_> = marked.keys().flat_map(around).collect();
    let lines = numbers.into_iter().filter_map(|number| Some((number, text.line(number)?)));
    let lines: Vec<_> = lines
        .map(|(number, line)| {
            // A tab is as wide as the space it becomes, so that columns stay.
            let line = longest(line).replace('\t', " ");
            let text = style.printable(&line, room);
            let mark = marked.get(&number).map(|(_, source, texts)| {
                let start = source.column.and_then(|column| byte_of(&line, column));
                let start = start.unwrap_or(line.len() - line.trim_start().len());
                let end = start + token(&line[start..]);
                let fits = text.starts_with(&line[..end]);
                let range = if fits { start..end } else { 0..text.trim_end().len() };
                Mark::of(range, texts.iter().copied(), room, style)
            });
            Line { number: number as usize, lead: String::new(), text, mark }
        })
        .collect();
    let (place, source, _) = marked.values().next()?;
    let title = titled(&format!("{path}:{}", source.line), place, style);
    (!lines.is_empty()).then_some(Snippet { title, lines })
}

/// The beginning of a line of which no more can be seen on any screen.
fn longest(line: &str) -> &str {
    line.split_at_checked(line.floor_char_boundary(LONGEST)).map_or(line, |(start, _)| start)
}

/// The byte of a column, which counts bytes from 1; `None` if it is none of the line.
fn byte_of(line: &str, column: u32) -> Option<usize> {
    let byte = (column as usize).checked_sub(1)?;
    line.get(byte..).filter(|rest| !rest.trim().is_empty()).map(|_| byte)
}

/// The length of what a mark covers: an instruction with its immediates, or a word of a program.
fn token(text: &str) -> usize {
    let end = text.find(['(', ')', ';', '{', '}', ',', '"']).filter(|end| *end > 0);
    let token = text[..end.unwrap_or(text.len())].trim_end();
    token.len().max(text.chars().next().map_or(0, char::len_utf8))
}

/// The title of an excerpt: a file, and the items that lead to a place in it.
pub(super) fn titled(file: &str, place: &Place, style: Style) -> String {
    let file = style.printable(file, NAME_LIMIT);
    let steps = place.path.split(STEP).map(|step| style.printable(step, NAME_LIMIT));
    let title = std::iter::once(file).chain(steps).collect::<Vec<_>>();
    title.join(style.marks().separator)
}
