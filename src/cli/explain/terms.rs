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

/// The term of a word: `single_shot`, `single-shot`, `breaks_after 3`, `5`, `exit code 5`, `FAIL 2`.
pub(super) fn find(text: &str) -> Option<&'static Term> {
    let text = text.to_lowercase();
    let kinds = ["exit code", "exit ", "verdict", "mark "];
    let word = kinds.iter().find_map(|it| text.strip_prefix(it));
    let word = word.unwrap_or(&text).trim();
    let word = match word.split_once(' ') {
        Some((word, calls)) if calls.parse::<u64>().is_ok() => word,
        _ => word,
    };
    let alike = |id: &str| id == word || id.replace('_', "-") == word;
    TERMS.iter().find(|term| alike(&term.id)).or_else(|| {
        let mark = mark(word)?;
        TERMS.iter().find(|term| term.kind == "outcome" && term.id == mark)
    })
}

/// The mark in a cell of the verdict table: `exits` of `exits (0)`, `ok` of `ok ×7` or `5 of 8 ok`, `( )` of `(same)`.
fn mark(cell: &str) -> Option<&str> {
    let inner = cell.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let word = inner.unwrap_or(cell).trim_end_matches('?').trim();
    if inner.is_some() && (word.is_empty() || word == "same") {
        return Some("( )");
    }
    let is_count = |it: char| it.is_ascii_digit() || " ×x()-".contains(it);
    let marks = TERMS.iter().filter(|term| term.kind == "outcome").map(|term| term.id.as_str());
    let mut marks = marks.filter(|id| id.chars().all(|it| it.is_alphabetic() || it == ' '));
    let is_mark = |id: &&str| {
        let rest = word.strip_prefix(id).or_else(|| word.strip_suffix(id)?.strip_suffix(' '));
        rest.is_some_and(|rest| rest.replace(" of ", " ").chars().all(is_count))
    };
    marks.find(is_mark)
}

/// Why a text such as `exit code 99` names no exit code; `None` if it does, or speaks of something else.
pub(super) fn unknown_exit_code(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    let code = ["exit code", "exit"].iter().find_map(|it| text.strip_prefix(it));
    let code = code.unwrap_or(&text).trim();
    let number = code.parse::<u8>().ok().filter(|_| find(code).is_none())?;
    let codes = TERMS.iter().filter(|term| term.kind == "exit code");
    let codes = codes.map(|term| term.id.as_str()).collect::<Vec<_>>().join(", ");
    let signal = match number {
        129..=192 => {
            format!("; a shell prints it for a program that signal {} ended", number - 128)
        }
        _ => String::new(),
    };
    Some(format!("secondcall has no exit code {number}, only {codes}{signal}"))
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
        for code in Code::ALL {
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
            ("?", "?"),
            ("mark -", "-"),
            ("FAIL 2", "fail"),
            ("(FAIL?)", "fail"),
            ("exits (0)", "exits"),
            ("exits (1) 2", "exits"),
            ("5 of 8 ok", "ok"),
            ("ok ×7", "ok"),
            ("no answer 1", "no answer"),
            ("(differs)", "differs"),
            ("(same)", "( )"),
        ] {
            assert_eq!(find(text).map(|term| term.id.as_str()), Some(id), "{text}");
        }
        for text in ["exited 3 times", "", "fails", "it is ok", "exit", "(none)"] {
            assert!(find(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_unknown_exit_code_is_said_to_be_none() {
        let codes = "only 0, 1, 2, 3, 4, 5, 101, 130";
        let expected = format!("secondcall has no exit code 99, {codes}");
        assert_eq!(unknown_exit_code("exit code 99").as_deref(), Some(&*expected));
        let killed = unknown_exit_code("137").unwrap();
        assert!(killed.ends_with("; a shell prints it for a program that signal 9 ended"));
        assert!(
            ["exit code 5", "exit", "999", "5b1f2c9e"]
                .iter()
                .all(|it| unknown_exit_code(it).is_none())
        );
    }
}
