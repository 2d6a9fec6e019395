//! Acceptances: findings that are known and need no fix, each with a reason.

use crate::config::date::Date;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::glob;
use crate::config::text::TextSpan;
use crate::location::ExportName;

/// An `[[accept]]` entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acceptance {
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

/// Whether a text has the form of a finding's id: eight hexadecimal digits.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl Acceptance {
    /// Whether it applies to an artifact with these names: its path, and its name in a manifest.
    pub(crate) fn applies_to(&self, names: &[&str]) -> bool {
        self.component.as_ref().is_none_or(|glob| glob::matches_artifact(glob, names))
    }

    /// Whether it matches a finding, whatever the day.
    pub(crate) fn covers(&self, finding: Candidate<'_>) -> bool {
        self.rule == finding.rule
            && self.id.as_ref().is_none_or(|id| id == finding.id)
            && match finding.export {
                Some(export) => glob::matches_export(&self.export, export),
                None => self.export == "*",
            }
    }

    pub(crate) fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }

    /// The diagnostic for an expired acceptance that matches a finding.
    pub(crate) fn expired(&self) -> Diagnostic {
        let until = self.until.map(|it| it.to_string()).unwrap_or_default();
        Diagnostic {
            code: Code::ExpiredAccept,
            span: self.until_span.clone(),
            message: format!("the acceptance of {} was valid until {until}", self.subject()),
            help: "fix the finding, or review it and set a later day".to_owned(),
        }
    }

    /// The diagnostic for an acceptance that matches no finding.
    pub(crate) fn unmatched(&self) -> Diagnostic {
        Diagnostic {
            code: Code::UnmatchedAccept,
            span: self.span.clone(),
            message: format!("the acceptance of {} matches no finding", self.subject()),
            help: "remove this entry if the finding is fixed".to_owned(),
        }
    }

    fn subject(&self) -> String {
        let id = self.id.as_ref().map(|id| format!(" with id {id}")).unwrap_or_default();
        let component = self.component.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
        format!("`{}` in `{}`{component}{id}", self.rule, self.export)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_covers_what_it_names() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let span = TextSpan::of_file(String::new());
        let accepted = Acceptance {
            rule: "run_once_guard".to_owned(),
            export: "wasi:cli/run".to_owned(),
            component: Some("api.wasm".to_owned()),
            id: None,
            reason: "known".to_owned(),
            until: Date::new(2027, 3, 1).ok(),
            until_span: span.clone(),
            span,
        };
        let any = Acceptance { export: "*".to_owned(), ..accepted.clone() };
        let of_id = Acceptance { id: Some("0b".to_owned()), ..accepted.clone() };
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
}
