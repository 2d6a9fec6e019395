//! Findings that somebody looked at and accepts, each with a reason and, maybe, a last day.

use crate::config::date::Date;
use crate::config::diagnostic::{Code, Diagnostic, Place};
use crate::config::glob;
use crate::location::ExportName;

/// One `[[accept]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The rule.
    pub rule: String,
    /// The export, as a glob; `*` means findings of the whole component, too.
    pub export: String,
    /// The artifact, as a glob for its path, its file's name or its name in a manifest.
    pub component: Option<String>,
    /// The finding's id.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it stands.
    pub place: Place,
    /// Where its last day stands; else, where it does.
    pub until_place: Place,
}

/// A finding, as far as an acceptance looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The rule.
    pub rule: &'a str,
    /// The export; `None` for the whole component.
    pub export: Option<&'a ExportName>,
    /// The finding's id.
    pub id: &'a str,
}

impl Acceptance {
    /// Whether it speaks of an artifact that goes by these names: its path, and its name in a manifest.
    pub fn concerns(&self, names: &[&str]) -> bool {
        self.component.as_ref().is_none_or(|glob| glob::means_artifact(glob, names))
    }

    /// Whether it speaks of a finding, whatever the day.
    pub fn covers(&self, finding: Candidate<'_>) -> bool {
        self.rule == finding.rule
            && self.id.as_ref().is_none_or(|id| id == finding.id)
            && match finding.export {
                Some(export) => glob::means(&self.export, export),
                None => self.export == "*",
            }
    }

    /// Whether its last day has passed.
    pub fn is_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }

    /// What it accepts, in words.
    fn told(&self) -> String {
        let id = self.id.as_ref().map(|id| format!(" with id {id}")).unwrap_or_default();
        let component = self.component.as_ref().map(|it| format!(" of `{it}`")).unwrap_or_default();
        format!("`{}` in `{}`{component}{id}", self.rule, self.export)
    }

    /// That its last day has passed.
    pub fn expired(&self) -> Diagnostic {
        let until = self.until.map(|it| it.to_string()).unwrap_or_default();
        Diagnostic {
            code: Code::ExpiredAccept,
            place: self.until_place.clone(),
            message: format!("{} was accepted until {until}, and is no more", self.told()),
            help: "fix it, or look at it again and choose a later day".to_owned(),
        }
    }

    /// That no finding needs it.
    pub fn unmatched(&self) -> Diagnostic {
        Diagnostic {
            code: Code::UnmatchedAccept,
            place: self.place.clone(),
            message: format!("{} is accepted, and was not found", self.told()),
            help: "remove this entry if it is fixed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_covers_what_it_names() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let place =
            Place { path: String::new(), line: 1, column: 1, length: 1, excerpt: String::new() };
        let accepted = Acceptance {
            rule: "run_once_guard".to_owned(),
            export: "wasi:cli/run".to_owned(),
            component: Some("api.wasm".to_owned()),
            id: None,
            reason: "known".to_owned(),
            until: Date::new(2027, 3, 1),
            until_place: place.clone(),
            place,
        };
        let found = Candidate { rule: "run_once_guard", export: Some(&run), id: "0a" };
        assert!(accepted.covers(found));
        assert!(!accepted.covers(Candidate { rule: "exits_after_success", ..found }));
        assert!(!accepted.covers(Candidate { export: None, ..found }));
        let any = Acceptance { export: "*".to_owned(), ..accepted.clone() };
        assert!(any.covers(Candidate { export: None, ..found }) && any.covers(found));
        let of_id = Acceptance { id: Some("0b".to_owned()), ..accepted.clone() };
        assert!(!of_id.covers(found) && of_id.covers(Candidate { id: "0b", ..found }));

        assert!(accepted.concerns(&["target/api.wasm"]) && !accepted.concerns(&["api.wat"]));
        let day = |text: &str| accepted.is_expired(text.parse().unwrap());
        assert!(!day("2027-03-01") && day("2027-03-02"));
    }
}
