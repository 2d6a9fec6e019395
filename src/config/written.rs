//! A text that the user wrote, and where each part of it stands.

use std::ops::Range;

use crate::config::diagnostic::{Place, Source};

/// A text that the user wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// By how many characters it begins after that place, if it stands there as it is, on one line.
    inner: Option<u32>,
}

impl Written {
    /// The value of an option of the command line: it stands in that option.
    pub fn typed(option: &str, text: &str) -> Self {
        let place = Source { path: option, text }.place(0..text.len());
        Written { text: text.to_owned(), place, inner: is_one_line(text).then_some(0) }
    }

    /// A value in a file, which stands at `range`, maybe between quotes.
    pub(crate) fn of(source: Source<'_>, range: Range<usize>, text: String) -> Self {
        let raw = source.text.get(range.clone()).unwrap_or_default();
        let inside = raw.len().checked_sub(1).and_then(|end| raw.get(1..end));
        let as_it_is = is_one_line(&text);
        let inner = match as_it_is {
            true if raw == text => Some(0),
            true if inside == Some(&text) => Some(1),
            _ => None,
        };
        Written { text, place: source.place(range), inner }
    }

    /// Where a part stands; where the whole does, if that is not known.
    pub fn at(&self, part: Range<usize>) -> Place {
        let characters =
            |range: Range<usize>| self.text.get(range).map(|it| it.chars().count() as u32);
        let known = self.inner.zip(characters(0..part.start)).zip(characters(part));
        let Some(((inner, before), length)) = known else { return self.place.clone() };
        let column = self.place.column + inner + before;
        Place { column, length: length.max(1), ..self.place.clone() }
    }

    /// A part as a text of its own.
    #[must_use]
    pub fn part(&self, part: Range<usize>) -> Written {
        Written {
            text: self.text.get(part.clone()).unwrap_or_default().to_owned(),
            place: self.at(part),
            inner: self.inner.map(|_| 0),
        }
    }

    /// Whether it is an option of the command line.
    pub fn is_typed(&self) -> bool {
        is_typed(&self.place)
    }
}

/// Whether a place is an option of the command line.
pub fn is_typed(place: &Place) -> bool {
    place.path.starts_with("--")
}

/// A place in a few words: `secondcall.toml:12` or `--call`.
pub fn told(place: &Place) -> String {
    match is_typed(place) {
        true => place.path.clone(),
        false => format!("{}:{}", place.path, place.line),
    }
}

fn is_one_line(text: &str) -> bool {
    !text.contains(['\n', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_places() {
        let text = "\nx = 'é(1, \"x\")'\ny = \"a\\nb\"\n";
        let source = Source { path: "x.toml", text };
        let value = "é(1, \"x\")";
        let from = text.find("'é").unwrap();
        let written = Written::of(source, from..from + value.len() + 2, value.to_owned());
        let at = |place: Place| (place.line, place.column, place.length);
        assert_eq!(at(written.place.clone()), (2, 5, 11));
        let part = value.find('"').unwrap()..value.len() - 1;
        assert_eq!(at(written.at(part.clone())), (2, 11, 3));
        assert_eq!(at(written.part(part).at(1..2)), (2, 12, 1));
        let from = text.find("\"a").unwrap();
        let escaped = Written::of(source, from..from + 6, "a\nb".to_owned());
        assert_eq!(at(escaped.at(2..3)), (3, 5, 6));
        let typed = Written::typed("--call", "a(1)");
        assert_eq!((at(typed.at(2..3)), typed.is_typed()), ((1, 3, 1), true));
        assert_eq!(at(typed.at(7..9)), (1, 1, 4));
    }
}
