//! The texts of `data/failures.toml`, and those that a trace contains.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::trace::{Frame, Trace};

/// A text that is printed when a call fails, and what it means.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failure {
    /// Its name in JSON.
    pub(super) id: String,
    #[serde(default, skip_serializing)]
    marks: Vec<String>,
    #[serde(default, skip_serializing)]
    guest_marks: Vec<String>,
    #[serde(default, skip_serializing)]
    functions: Vec<String>,
    #[serde(default, skip_serializing)]
    frames: Vec<String>,
    /// Says that something failed, but not what: any other explanation comes first.
    #[serde(default, rename(serialize = "is_consequence"))]
    weak: bool,
    /// The rule that finds the cause in a component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<String>,
    /// Who prints the text: projects, with files and versions.
    source: String,
    /// The cause, as a heading.
    pub(super) title: String,
    /// What happened and what to do.
    pub(super) text: String,
}

static FAILURES: LazyLock<Vec<Failure>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        failure: Vec<Failure>,
    }
    let text = include_str!("../../../data/failures.toml");
    let file: File = toml::from_str(text).expect("data/failures.toml holds texts; a test reads it");
    file.failure
});

/// The failures that a trace contains, the most telling first. At most one for each of its lines.
pub(super) fn recognize(trace: &Trace) -> Vec<&'static Failure> {
    let is_of_guest = trace.is_of_guest();
    let mut taken = Vec::new();
    let mut found = Vec::new();
    for failure in FAILURES.iter() {
        let guest_marks = failure.guest_marks.iter().filter(|_| is_of_guest);
        let marks: Vec<_> = failure.marks.iter().chain(guest_marks).collect();
        let has_mark = |line: &String| marks.iter().any(|mark| line.contains(*mark));
        let line = trace.messages.iter().position(has_mark);
        let is_new = line.is_some_and(|line| !taken.contains(&line));
        let ends = failure.frames.is_empty() || failure.ends_in(&trace.frames);
        if is_new && ends || failure.is_called(&trace.frames) {
            taken.extend(line);
            found.push(failure);
        }
    }
    found.sort_by_key(|failure| failure.weak);
    found
}

impl Failure {
    /// Whether it is the trap by which guests end after a panic or abort.
    pub(super) fn is_abort(&self) -> bool {
        self.id == "aborted"
    }

    /// Whether one of its functions is in the backtrace.
    fn is_called(&self, frames: &[Frame]) -> bool {
        let names = frames.iter().filter_map(|frame| frame.name.as_deref());
        let mut names = names.filter(|name| self.functions.iter().any(|it| name.contains(&**it)));
        names.next().is_some()
    }

    /// Whether the innermost frame is in one of the named functions; or the second one, if the innermost has no name.
    fn ends_in(&self, frames: &[Frame]) -> bool {
        let named = frames.iter().take(2).find_map(|frame| frame.name.as_deref());
        named.is_some_and(|name| words(name).any(|word| self.frames.iter().any(|it| it == word)))
    }
}

/// The names in a function's name: `wasi:cli/run@0.2.6#run` contains `wasi:cli/run`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | ':' | '/')))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules;

    #[test]
    fn the_table_is_sound() {
        let mut ids = BTreeSet::new();
        let rules = rules::ids();
        for failure in FAILURES.iter() {
            assert!(ids.insert(&failure.id), "{} is there twice", failure.id);
            let marks: Vec<_> = failure.marks.iter().chain(&failure.guest_marks).collect();
            assert!(!marks.is_empty() && !failure.source.is_empty(), "{}", failure.id);
            assert!(marks.iter().all(|it| **it == it.to_lowercase()), "{}", failure.id);
            assert!(failure.rule.iter().all(|it| rules.contains(&it.as_str())), "{}", failure.id);
        }
    }
}
