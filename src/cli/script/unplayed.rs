//! What is read and checked, but not played by the execution check yet: each is told, never passed over in silence.

use crate::config::diagnostic::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::diagnostic::Place;
use crate::config::given::Given;
use crate::config::given::Stdin;

/// A warning for each thing given that calls do not make use of.
pub(super) fn warnings(given: &Given) -> Vec<Diagnostic> {
    let mut found: Vec<(&Place, &str)> = Vec::new();
    for scenario in given.scenarios.iter().filter(|it| it.calls.len() > 1) {
        found.push((&scenario.place, "a scenario of several calls"));
    }
    match &given.guest.stdin {
        Some(Stdin::Text(_, place)) => found.push((place, "standard input")),
        Some(Stdin::File(file)) => found.push((&file.written.place, "standard input")),
        None => {}
    }
    found.extend(given.guest.config.iter().map(|it| (&it.place, "a value of `wasi:config/store`")));
    found.extend(given.guest.folder.iter().map(|it| (&it.written.place, "the guest's folder")));
    found.extend(given.answers.iter().map(|it| (&it.import.place, "an answer of an import")));
    let warning = |(place, what): (&Place, &str)| Diagnostic {
        code: Code::NotPlayed,
        place: place.clone(),
        message: format!("{what} is checked here, and calls do not make use of it yet"),
        help: String::new(),
    };
    found.into_iter().map(warning).collect()
}
