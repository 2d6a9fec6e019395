//! A few lines of a function, with the words of a finding's labels under the instructions they
//! speak of.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io;
use std::io::Write;

use crate::finding::Finding;
use crate::location::ItemKind;
use crate::location::Location;
use crate::report::listing::Listing;
use crate::report::style::Style;
use crate::report::style::Tone;

use super::NAME_LIMIT;

/// How many labels a person is shown.
const LABELS: usize = 3;
/// Lines shown before and after a labelled one.
const CONTEXT: usize = 1;
/// Longest line of a function, in characters.
const LINE_LIMIT: usize = 100;

/// The listings of one file, each printed at most once.
pub(super) struct Excerpts<'a> {
    file: &'a [u8],
    listings: BTreeMap<(u32, u32), Option<Listing>>,
}

/// A place to be shown, and the words that stand there.
#[derive(Clone, Copy)]
struct Place<'a> {
    location: &'a Location,
    text: &'a str,
}

impl<'a> Excerpts<'a> {
    pub(super) fn of(file: &'a [u8]) -> Self {
        Excerpts { file, listings: BTreeMap::new() }
    }

    /// Draws an excerpt of each function that the finding's labels stand in, and returns the places
    /// that could not be drawn, in words.
    pub(super) fn write(
        &mut self,
        path: &str,
        finding: &Finding,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<Vec<String>> {
        let mut unshown = Vec::new();
        let mut functions: Vec<(&Location, Vec<(usize, Place<'_>)>)> = Vec::new();
        for place in places(finding) {
            let line =
                self.listing(place.location).and_then(|it| it.line_at(place.location.span.start));
            let Some(line) = line else {
                let text = if place.text.is_empty() { "" } else { ": " };
                let start = place.location.span.start;
                unshown.push(format!("{} ({start:#x}){text}{}", place.location, place.text));
                continue;
            };
            let key = key(place.location);
            match functions.iter_mut().find(|(location, _)| self::key(location) == key) {
                Some((_, labels)) => labels.push((line, place)),
                None => functions.push((place.location, vec![(line, place)])),
            }
        }
        for (location, labels) in functions {
            if let Some(listing) = self.listing(location) {
                draw(path, location, listing, &labels, style, out)?;
            }
        }
        Ok(unshown)
    }

    fn listing(&mut self, location: &Location) -> Option<&Listing> {
        let file = self.file;
        let listing = self.listings.entry(key(location)?);
        listing.or_insert_with(|| Listing::of_function(file, location).ok()).as_ref()
    }
}

/// The labels to show; the primary place comes first if no label stands on it and there is room.
fn places(finding: &Finding) -> Vec<Place<'_>> {
    let labels = finding.labels.iter();
    let mut places: Vec<_> =
        labels.map(|it| Place { location: &it.location, text: &it.text }).take(LABELS).collect();
    let primary = &finding.location;
    let told = places.iter().any(|it| it.location.span == primary.span);
    if !told && places.len() < LABELS && !primary.path.is_empty() {
        places.insert(0, Place { location: primary, text: "" });
    }
    places
}

fn key(location: &Location) -> Option<(u32, u32)> {
    let module = location.step(ItemKind::CoreModule).map_or(0, |step| step.index);
    Some((module, location.step(ItemKind::Func)?.index))
}

fn draw(
    path: &str,
    location: &Location,
    listing: &Listing,
    labels: &[(usize, Place<'_>)],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let marks = style.marks();
    let shown: BTreeSet<usize> = labels
        .iter()
        .flat_map(|(line, _)| line.saturating_sub(CONTEXT)..=line + CONTEXT)
        .filter(|line| *line < listing.lines.len())
        .collect();
    let width = shown.last().map_or(1, |line| (line + 1).to_string().len());
    let indent = shown.iter().map(|line| indent_of(&listing.lines[*line].text)).min().unwrap_or(0);
    let file = style.printable(path.rsplit('/').next().unwrap_or(path), NAME_LIMIT);
    let steps = location.path.iter().map(|step| style.printable(&step.to_string(), NAME_LIMIT));
    let title = std::iter::once(file).chain(steps).collect::<Vec<_>>().join(marks.separator);
    let gutter = |mark: &str| style.paint(Tone::Faint, mark);
    writeln!(out, "  {:width$} {}[{title}]", "", gutter(marks.open))?;

    let mut previous = None;
    for line in shown {
        if previous.is_some_and(|previous| previous + 1 < line) {
            writeln!(out, "  {:>width$} {}", marks.gap, gutter(marks.bar))?;
        }
        previous = Some(line);
        let number = format!("{:>width$}", line + 1);
        let shown = &listing.lines[line];
        let text = style.printable(&shown.text[indent..], LINE_LIMIT);
        let offset = shown.offset.map_or(String::new(), |offset| format!("{offset:#08x}"));
        let (number, bar, offset) = (gutter(&number), gutter(marks.bar), format!("{offset:8}"));
        writeln!(out, "  {number} {bar} {}   {text}", gutter(&offset))?;

        let here: Vec<_> = labels.iter().filter(|(at, _)| *at == line).collect();
        let start = offset.len() + 3 + indent_of(&text);
        let length = text.trim().chars().count().max(1);
        let under = |rest: &str, out: &mut dyn Write| {
            let mark = gutter(&format!("{:>width$} {}", "", marks.dot));
            writeln!(out, "  {mark} {:start$}{}", "", style.paint(Tone::Notice, rest))
        };
        let joint = length / 2;
        if !here.is_empty() {
            let words = here.iter().any(|(_, place)| !place.text.is_empty());
            let line = (0..length)
                .map(|at| if words && at == joint { marks.under_joint } else { marks.under });
            under(&line.collect::<String>(), out)?;
        }
        let told: Vec<_> = here.iter().filter(|(_, place)| !place.text.is_empty()).collect();
        for (i, (_, place)) in told.iter().enumerate() {
            let lead = if i + 1 == told.len() { marks.last_label } else { marks.label };
            let words = style.printable(place.text, NAME_LIMIT);
            under(&format!("{:joint$}{lead}{words}", ""), out)?;
        }
    }
    writeln!(out, "  {:width$} {}", "", gutter(marks.close))
}

/// Leading spaces, which are one byte each.
fn indent_of(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}
