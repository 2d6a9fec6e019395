//! What is wrong with what the user wrote, and where: path, line, column, and the line itself.

use std::ops::Range;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The file is not TOML, or not JSON.
    Syntax,
    /// A key that means nothing here.
    UnknownKey,
    /// A value of another type than the key takes.
    WrongType,
    /// A value that cannot be meant.
    WrongValue,
    /// A key that must be there is not.
    MissingKey,
    /// There is no such rule.
    UnknownRule,
    /// There is no such host.
    UnknownHost,
    /// There is no such export.
    UnknownExport,
    /// There is no such import.
    UnknownImport,
    /// A file that is named cannot be read.
    Unreadable,
    /// What is given for a component that is not among those of the run.
    UnmatchedEntry,
    /// An acceptance that no finding needs.
    UnmatchedAccept,
    /// An acceptance whose last day has passed.
    ExpiredAccept,
    /// An entry of a baseline that no finding needs.
    StaleBaseline,
}

impl Code {
    /// Its word, the same in every format.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Syntax => "syntax",
            Code::UnknownKey => "unknown_key",
            Code::WrongType => "wrong_type",
            Code::WrongValue => "wrong_value",
            Code::MissingKey => "missing_key",
            Code::UnknownRule => "unknown_rule",
            Code::UnknownHost => "unknown_host",
            Code::UnknownExport => "unknown_export",
            Code::UnknownImport => "unknown_import",
            Code::Unreadable => "unreadable",
            Code::UnmatchedEntry => "unmatched_entry",
            Code::UnmatchedAccept => "unmatched_accept",
            Code::ExpiredAccept => "expired_accept",
            Code::StaleBaseline => "stale_baseline",
        }
    }

    /// Whether the file cannot be used. What is no error is a warning.
    pub fn is_error(self) -> bool {
        use Code as C;
        !matches!(
            self,
            C::UnmatchedEntry | C::UnmatchedAccept | C::ExpiredAccept | C::StaleBaseline
        )
    }
}

/// A place in a file that the user wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative, with `/`.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How many characters of the line are meant; at least 1.
    pub length: u32,
    /// The line.
    pub excerpt: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of thing.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// One sentence.
    pub message: String,
    /// The next step; empty if there is nothing to say.
    pub help: String,
}

/// A file that the user wrote.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// How it is told.
    pub(crate) path: &'a str,
    /// What it holds.
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// The place of a range of bytes.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        let start = floor(self.text, range.start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &self.text[line_start..];
        let excerpt = rest.lines().next().unwrap_or_default();
        let end = floor(self.text, range.end).clamp(start, (line_start + excerpt.len()).max(start));
        Place {
            path: self.path.to_owned(),
            line: self.text[..line_start].matches('\n').count() as u32 + 1,
            column: self.text[line_start..start].chars().count() as u32 + 1,
            length: (self.text[start..end].chars().count() as u32).max(1),
            excerpt: excerpt.to_owned(),
        }
    }
}

/// The last place not after `at` at which a character begins, or the end.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let source = Source { path: "x", text: "a = 1\nbé = 2\r\n\nc" };
        let at = |range| {
            let place = source.place(range);
            (place.line, place.column, place.length, place.excerpt)
        };
        assert_eq!(at(0..1), (1, 1, 1, "a = 1".to_owned()));
        assert_eq!(at(6..9), (2, 1, 2, "bé = 2".to_owned()));
        assert_eq!(at(12..40), (2, 6, 1, "bé = 2".to_owned()));
        assert_eq!(at(15..15), (3, 1, 1, String::new()));
        assert_eq!(at(90..99), (4, 2, 1, "c".to_owned()));
        assert_eq!(at(8..9).1, 2);
    }
}
