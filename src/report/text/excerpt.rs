//! Excerpts of functions, with a finding's labels under the instructions they speak of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::location::file_name;
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Finding, Place, Source};
use crate::report::listing::Listing;
use crate::report::style::Style;

use super::quote::{self, Label, titled};
use super::snippet::{FRAME, LEAST_ROOM, Line, Mark, NARROW, Snippet};

/// How many labels a person is shown.
const LABELS: usize = 3;
/// Lines shown before and after a labelled one.
const CONTEXT: usize = 1;
/// Columns of the offset before a line.
const LEAD: usize = 11;

/// The listings of one file, each printed at most once.
pub(in crate::report) struct Excerpts<'a> {
    binaries: &'a Binaries<'a>,
    artifact: &'a Artifact,
    listings: BTreeMap<(u32, u32), Option<Listing>>,
}

impl<'a> Excerpts<'a> {
    pub(in crate::report) fn of(binaries: &'a Binaries<'a>, artifact: &'a Artifact) -> Self {
        Excerpts { binaries, artifact, listings: BTreeMap::new() }
    }

    /// Draws the [`Excerpts::snippets`] of a finding. Returns the places that could not be shown, in words.
    pub(super) fn write(
        &mut self,
        finding: &Finding,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<Vec<String>> {
        let (snippets, unshown) = self.snippets(finding, style);
        snippets.iter().try_for_each(|snippet| snippet.write(style, out))?;
        Ok(unshown)
    }

    /// The source lines of the finding's labels, and an excerpt of each function that has labels, unless the source is that
    /// function in the author's own text; then the places that cannot be shown, in words.
    pub(in crate::report) fn snippets(
        &mut self,
        finding: &Finding,
        style: Style,
    ) -> (Vec<Snippet>, Vec<String>) {
        let (path, labels) = (&self.artifact.path, labels(finding));
        let text_of = |source: &Source| self.binaries.text(self.artifact, source);
        let mut snippets = quote::snippets(finding, &labels, text_of, style);
        let is_quoted = !snippets.is_empty();
        let mut unshown = Vec::new();
        let mut functions: Vec<(&Place, Vec<(usize, Label<'_>)>)> = Vec::new();
        for label in labels {
            let place = label.place;
            if place.source.as_ref().is_some_and(|it| it.path == *path) && is_quoted {
                continue;
            }
            // A memory or global, which the cause names.
            if place.function.is_none() && !label.text.is_empty() && !place.is_whole() {
                continue;
            }
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
                snippets.push(snippet(path, place, listing, &labels, style));
            }
        }
        (snippets, unshown)
    }

    /// Whether the artifact is a text that is at hand, so that its lines are quoted.
    pub(in crate::report) fn quote_text(&self) -> bool {
        self.binaries.is_text(self.artifact)
    }

    fn listing(&mut self, place: &Place) -> Option<&Listing> {
        let file = self.binaries.get(self.artifact)?;
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
    let lead = if style.width < NARROW { 0 } else { LEAD };
    let room = style.width.saturating_sub(FRAME + lead).max(LEAST_ROOM);
    let indent = shown.iter().map(|line| indent_of(&listing.lines[*line].text)).min().unwrap_or(0);
    let lines = shown.into_iter().map(|number| {
        let line = &listing.lines[number];
        let text = style.printable(&line.text[indent..], room);
        let offset = line.offset.map_or(String::new(), |offset| format!("{offset:#08x}"));
        let here =
            || labels.iter().filter(|(line, _)| *line == number).map(|(_, label)| label.text);
        let mark = here().next().map(|_| {
            let texts = here().filter(|text| !text.is_empty());
            Mark::of(indent_of(&text)..text.trim_end().len(), texts, room, style)
        });
        let lead = if lead == 0 { String::new() } else { format!("{offset:8}   ") };
        Line { number: number + 1, lead, text, mark }
    });
    let title = titled(file_name(path), place, style);
    Snippet { title, lines: lines.collect() }
}

/// Leading spaces, which are one byte each.
fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}
