//! Acceptances: findings that are known and need no fix, each with a reason.

use std::collections::BTreeSet;

use crate::config::date::Date;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::glob;
use crate::config::text::TextSpan;
use crate::location::ExportName;

/// The keys of an `[[accept]]` table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) rule: String,
    /// A glob for the export; `*` also matches findings of the whole component.
    pub(crate) export: String,
    /// A glob for the artifact's path, file name or manifest name.
    pub(crate) component: Option<String>,
    /// The finding's id.
    pub(crate) id: Option<String>,
    pub(crate) reason: String,
    /// The last day on which it applies.
    pub(crate) until: Option<Date>,
}

/// An `[[accept]]` table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acceptance {
    pub(crate) entry: Entry,
    pub(crate) span: TextSpan,
    /// The span of `until`, or of the entry if it has none.
    pub(crate) until_span: TextSpan,
}

/// The properties of a finding that an acceptance can match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) rule: &'a str,
    /// `None` for a finding of the whole component.
    pub(crate) export: Option<&'a ExportName>,
    pub(crate) id: &'a str,
}

/// Another finding that an acceptance may be meant for: it has the rule and the export, and another id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Other {
    pub(crate) id: String,
    /// Its export and function.
    pub(crate) place: String,
}

/// Most findings that a diagnostic names.
const LISTED: usize = 4;

/// Whether a text has the form of a finding's id: eight hexadecimal digits.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl Entry {
    /// Whether it applies to an artifact with these names: its path, and its name in a manifest.
    pub(crate) fn applies_to(&self, names: &[&str]) -> bool {
        self.component.as_ref().is_none_or(|glob| glob::matches_artifact(glob, names))
    }

    /// Whether it matches a finding, whatever the day.
    pub(crate) fn covers(&self, finding: Candidate<'_>) -> bool {
        self.id.as_ref().is_none_or(|id| id == finding.id) && self.covers_but_for_id(finding)
    }

    /// Whether it would match a finding if it named no id.
    pub(crate) fn covers_but_for_id(&self, finding: Candidate<'_>) -> bool {
        self.rule == finding.rule
            && match finding.export {
                Some(export) => glob::matches_export(&self.export, export),
                None => self.export == "*",
            }
    }

    pub(crate) fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }

    fn subject(&self) -> String {
        let id = self.id.as_ref().map(|id| format!(" with id {id}")).unwrap_or_default();
        let component = self.component.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
        format!("`{}` in `{}`{component}{id}", self.rule, self.export)
    }
}

impl Acceptance {
    /// The diagnostic for an expired acceptance that matches a finding.
    pub(crate) fn expired(&self) -> Diagnostic {
        let until = self.entry.until.map(|it| it.to_string()).unwrap_or_default();
        Diagnostic {
            code: Code::ExpiredAccept,
            span: self.until_span.clone(),
            message: format!("the acceptance of {} was valid until {until}", self.entry.subject()),
            help: "fix the finding, or review it and set a later day".to_owned(),
        }
    }

    /// The diagnostic for an acceptance that matches no finding. `others` are those that it would match without its id,
    /// and that nothing accepts.
    pub(crate) fn unmatched(&self, others: &BTreeSet<Other>) -> Diagnostic {
        let named = others.iter().take(LISTED).map(|it| format!("{} ({})", it.id, it.place));
        let separator = if others.len() > LISTED { ", " } else { " or " };
        let named = named.collect::<Vec<_>>().join(separator);
        let help = match others.len() {
            0 => "remove this entry if the finding is fixed".to_owned(),
            1..=LISTED => {
                format!("did you mean id {named}? If the finding is fixed, remove this entry")
            }
            all => {
                let more = all - LISTED;
                format!(
                    "did you mean id {named} or {more} more? If the finding is fixed, remove this entry"
                )
            }
        };
        Diagnostic {
            code: Code::UnmatchedAccept,
            span: self.span.clone(),
            message: format!("the acceptance of {} matches no finding", self.entry.subject()),
            help,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_covers_what_it_names() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let accepted = Entry {
            rule: "run_once_guard".to_owned(),
            export: "wasi:cli/run".to_owned(),
            component: Some("api.wasm".to_owned()),
            id: None,
            reason: "known".to_owned(),
            until: Date::new(2027, 3, 1).ok(),
        };
        let any = Entry { export: "*".to_owned(), ..accepted.clone() };
        let of_id = Entry { id: Some("0b".to_owned()), ..accepted.clone() };
        let found = Candidate { rule: "run_once_guard", export: Some(&run), id: "0a" };
        let whole = Candidate { export: None, ..found };
        for (acceptance, candidate, expected) in [
            (&accepted, found, true),
            (&accepted, Candidate { rule: "exits_after_success", ..found }, false),
            (&accepted, whole, false),
            (&any, whole, true),
            (&any, found, true),
            (&of_id, found, false),
            (&of_id, Candidate { id: "0b", ..found }, true),
        ] {
            assert_eq!(acceptance.covers(candidate), expected, "{candidate:?}");
        }
        assert!(accepted.applies_to(&["target/api.wasm"]) && !accepted.applies_to(&["api.wat"]));
        let expired = |text: &str| accepted.is_expired(text.parse().unwrap());
        assert!(!expired("2027-03-01") && expired("2027-03-02"));
    }

    #[test]
    fn an_outdated_id_is_corrected() {
        let span = TextSpan::of_file(String::new());
        let entry = Entry {
            rule: "run_once_guard".to_owned(),
            export: "*".to_owned(),
            id: Some("0a0a0a0a".to_owned()),
            ..Entry::default()
        };
        let acceptance = Acceptance { entry, until_span: span.clone(), span };
        let help = |ids: &[&str]| {
            let other = |id: &&str| Other { id: (*id).to_owned(), place: format!("of {id}") };
            acceptance.unmatched(&ids.iter().map(other).collect()).help
        };
        assert_eq!(help(&[]), "remove this entry if the finding is fixed");
        let asks = |ids: &[&str], names: &str| {
            let expected =
                format!("did you mean id {names}? If the finding is fixed, remove this entry");
            assert_eq!(help(ids), expected);
        };
        asks(&["1b"], "1b (of 1b)");
        asks(&["2c", "1b"], "1b (of 1b) or 2c (of 2c)");
        asks(&["1", "2", "3", "4", "5", "6"], "1 (of 1), 2 (of 2), 3 (of 3), 4 (of 4) or 2 more");
    }
}
