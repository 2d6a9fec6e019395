//! The words of reports, from `data/terms.toml`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A word that reports use: a verdict, a hazard, an exit code, a reason, a severity, a stage.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    /// What kind of word it is.
    #[serde(rename(serialize = "of"))]
    pub(super) kind: String,
    /// The word.
    pub(super) id: String,
    /// Its meaning, as a heading.
    pub(super) title: String,
    /// Its meaning.
    pub(super) text: String,
    /// What to do; may be empty.
    pub(super) next: String,
}

static TERMS: LazyLock<Vec<Term>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        term: Vec<Term>,
    }
    let text = include_str!("../../../data/terms.toml");
    let file: File = toml::from_str(text).expect("data/terms.toml holds terms; a test reads it");
    file.term
});

/// All words.
pub(super) fn all() -> &'static [Term] {
    &TERMS
}

/// The term of a word: `single_shot`, `single-shot`, `breaks_after 3`, `5`, `exit code 5`.
pub(super) fn find(text: &str) -> Option<&'static Term> {
    let text = text.to_lowercase();
    let word = ["exit code", "exit", "verdict"].iter().find_map(|it| text.strip_prefix(it));
    let word = word.unwrap_or(&text).trim();
    let word = match word.split_once(' ') {
        Some((word, calls)) if calls.parse::<u64>().is_ok() => word,
        _ => word,
    };
    let alike = |id: &str| id == word || id.replace('_', "-") == word;
    TERMS.iter().find(|term| alike(&term.id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::diagnostic::Code;
    use crate::rules;

    /// The schema lists all reasons.
    #[test]
    fn every_reason_is_explained() {
        let schema = include_str!("../../../schemas/report-v1.json");
        let (_, list) = schema.split_once("docs/manifests.md: ").unwrap();
        let (list, _) = list.split_once('.').unwrap();
        let of_reasons = all().iter().filter(|term| term.kind == "reason");
        let terms: BTreeSet<_> = of_reasons.map(|term| term.id.as_str()).collect();
        assert_eq!(list.split(", ").collect::<BTreeSet<_>>(), terms);
        for code in [Code::ExpiredAccept, Code::UnmatchedAccept, Code::Unreadable] {
            assert!(find(code.as_str()).is_some(), "{}", code.as_str());
        }
    }

    #[test]
    fn every_word_is_explained_once() {
        let mut ids = BTreeSet::new();
        for term in all() {
            assert!(ids.insert(&term.id), "{} is there twice", term.id);
            assert!(!term.title.is_empty() && !term.text.is_empty(), "{}", term.id);
        }
        let hazards = rules::all().map(|rule| rule.metadata.hazard.to_string());
        for word in hazards.chain((0..=5).map(|code| code.to_string())) {
            assert!(find(&word).is_some(), "{word}");
        }
        for (text, id) in [
            ("breaks_after 3", "breaks_after"),
            ("Exit code 4", "4"),
            ("single-shot", "single_shot"),
            ("not-exercised", "not-exercised"),
        ] {
            assert_eq!(find(text).map(|term| term.id.as_str()), Some(id), "{text}");
        }
        assert!(find("exited 3 times").is_none() && find("").is_none());
    }
}
