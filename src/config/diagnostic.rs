//! Mistakes in what a user wrote, with their spans.

use crate::config::text::TextSpan;

/// The kind of a mistake. The names are part of the JSON format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The file is not TOML, or not JSON.
    Syntax,
    /// The table has no such key.
    UnknownKey,
    /// The key takes a value of another type.
    WrongType,
    /// The value is out of range or malformed.
    WrongValue,
    /// A required key is missing.
    MissingKey,
    /// The text of a required key is empty.
    EmptyValue,
    /// There is no such rule.
    UnknownRule,
    /// There is no such host.
    UnknownHost,
    /// The component has no such export.
    UnknownExport,
    /// The component has no such import.
    UnknownImport,
    /// A named file cannot be read.
    Unreadable,
    /// An entry matches no component of the run.
    UnmatchedEntry,
    /// An acceptance matches no finding.
    UnmatchedAccept,
    /// The last day of an acceptance has passed.
    ExpiredAccept,
    /// An entry of a baseline matches no finding.
    StaleBaseline,
    /// The file is in no repository and was not named, so it does not count.
    OutsideRepository,
}

impl Code {
    /// All kinds.
    #[cfg(test)]
    pub(crate) const ALL: [Code; 15] = [
        Code::Syntax,
        Code::UnknownKey,
        Code::WrongType,
        Code::WrongValue,
        Code::MissingKey,
        Code::EmptyValue,
        Code::UnknownRule,
        Code::UnknownHost,
        Code::UnknownExport,
        Code::UnknownImport,
        Code::Unreadable,
        Code::UnmatchedEntry,
        Code::UnmatchedAccept,
        Code::ExpiredAccept,
        Code::StaleBaseline,
    ];

    /// Its name in every output format.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Syntax => "syntax",
            Code::UnknownKey => "unknown_key",
            Code::WrongType => "wrong_type",
            Code::WrongValue => "wrong_value",
            Code::MissingKey => "missing_key",
            Code::EmptyValue => "empty_value",
            Code::UnknownRule => "unknown_rule",
            Code::UnknownHost => "unknown_host",
            Code::UnknownExport => "unknown_export",
            Code::UnknownImport => "unknown_import",
            Code::Unreadable => "unreadable",
            Code::UnmatchedEntry => "unmatched_entry",
            Code::UnmatchedAccept => "unmatched_accept",
            Code::ExpiredAccept => "expired_accept",
            Code::StaleBaseline => "stale_baseline",
            Code::OutsideRepository => "outside_repository",
        }
    }

    /// Whether it makes the file unusable; otherwise it is a warning.
    pub fn is_error(self) -> bool {
        use Code as C;
        !matches!(
            self,
            C::UnmatchedEntry
                | C::UnmatchedAccept
                | C::ExpiredAccept
                | C::StaleBaseline
                | C::OutsideRepository
        )
    }
}

/// A mistake, where it is and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// The key or value, or the table that lacks one.
    pub span: TextSpan,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do next; may be empty.
    pub help: String,
}
