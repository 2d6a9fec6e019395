//! Excerpts of functions, with a finding's labels under the instructions they speak of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::location::file_name;
use crate::report::document::{Finding, Place};
use crate::report::listing::Listing;
use crate::report::style::Style;

use super::detail::NAME_LIMIT;
use super::snippet::{Line, Mark, Snippet};

/// How many labels a person is shown.
const LABELS: usize = 3;
/// Lines shown before and after a labelled one.
const CONTEXT: usize = 1;
/// Between two steps of a place's path.
const STEP: &str = " > ";
/// Longest line of a function, in characters.
const LINE_LIMIT: usize = 100;

/// The listings of one file, each printed at most once.
pub(super) struct Excerpts<'a> {
    file: Option<&'a [u8]>,
    listings: BTreeMap<(u32, u32), Option<Listing>>,
}

/// A place to show, and its label.
#[derive(Clone, Copy)]
struct Label<'a> {
    place: &'a Place,
    text: &'a str,
}

impl<'a> Excerpts<'a> {
    pub(super) fn of(file: Option<&'a [u8]>) -> Self {
        Excerpts { file, listings: BTreeMap::new() }
    }

    /// Draws an excerpt of each function that has labels of the finding, and returns the places that could not be drawn,
    /// in words.
    pub(super) fn write(
        &mut self,
        path: &str,
        finding: &Finding,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<Vec<String>> {
        let mut unshown = Vec::new();
        let mut functions: Vec<(&Place, Vec<(usize, Label<'_>)>)> = Vec::new();
        for label in labels(finding) {
            let place = label.place;
            let line = self.listing(place).and_then(|it| it.line_at(place.offset));
            let Some(line) = line else {
                let text = if label.text.is_empty() { "" } else { ": " };
                unshown.push(format!("{} ({:#x}){text}{}", place.path, place.offset, label.text));
                continue;
            };
            match functions.iter_mut().find(|(other, _)| key(other) == key(place)) {
                Some((_, labels)) => labels.push((line, label)),
                None => functions.push((place, vec![(line, label)])),
            }
        }
        for (place, labels) in functions {
            if let Some(listing) = self.listing(place) {
                snippet(path, place, listing, &labels, style).write(style, out)?;
            }
        }
        Ok(unshown)
    }

    fn listing(&mut self, place: &Place) -> Option<&Listing> {
        let file = self.file?;
        let listing = self.listings.entry(key(place)?);
        listing.or_insert_with(|| Listing::of_function(file, &place.location()).ok()).as_ref()
    }
}

/// The labels to show, after the primary place if it has no label and there is room.
fn labels(finding: &Finding) -> Vec<Label<'_>> {
    let all = finding.labels();
    let labels = all.map(|it| Label { place: &it.place, text: it.text.as_deref().unwrap_or("") });
    let mut labels: Vec<_> = labels.take(LABELS).collect();
    if let Some(primary) = finding.place() {
        let bytes = (primary.offset, primary.length);
        let labelled = labels.iter().any(|it| (it.place.offset, it.place.length) == bytes);
        if !labelled && labels.len() < LABELS && !primary.is_whole() {
            labels.insert(0, Label { place: primary, text: "" });
        }
    }
    labels
}

fn key(place: &Place) -> Option<(u32, u32)> {
    Some((place.core_module.unwrap_or(0), place.function?))
}

/// The labelled lines of a function and those around them.
fn snippet(
    path: &str,
    place: &Place,
    listing: &Listing,
    labels: &[(usize, Label<'_>)],
    style: Style,
) -> Snippet {
    let around = |line: usize| line.saturating_sub(CONTEXT)..=line + CONTEXT;
    let mut shown: BTreeSet<usize> = labels.iter().flat_map(|(line, _)| around(*line)).collect();
    shown.retain(|line| *line < listing.lines.len());
    let indent = shown.iter().map(|line| indent_of(&listing.lines[*line].text)).min().unwrap_or(0);
    let lines = shown.into_iter().map(|number| {
        let line = &listing.lines[number];
        let text = style.printable(&line.text[indent..], LINE_LIMIT);
        let offset = line.offset.map_or(String::new(), |offset| format!("{offset:#08x}"));
        let here =
            || labels.iter().filter(|(line, _)| *line == number).map(|(_, label)| label.text);
        let mark = here().next().map(|_| {
            let texts = here().filter(|text| !text.is_empty());
            let texts: Vec<_> = texts.map(|text| style.printable(text, NAME_LIMIT)).collect();
            Mark { range: indent_of(&text)..text.trim_end().len(), label: texts.join("\n") }
        });
        Line { number: number + 1, lead: format!("{offset:8}   "), text, mark }
    });
    let file = style.printable(file_name(path), NAME_LIMIT);
    let steps = place.path.split(STEP).map(|step| style.printable(step, NAME_LIMIT));
    let title = std::iter::once(file).chain(steps).collect::<Vec<_>>();
    Snippet { title: title.join(style.marks().separator), lines: lines.collect() }
}

/// Leading spaces, which are one byte each.
fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}
