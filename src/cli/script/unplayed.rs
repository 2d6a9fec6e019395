//! What is read and checked, but not played by the execution check yet: each is told, never passed over in silence.

use crate::config::diagnostic::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::diagnostic::Place;
use crate::config::given::Given;

/// A warning for each thing given that calls do not make use of.
pub(super) fn warnings(given: &Given) -> Vec<Diagnostic> {
    let mut found: Vec<(&Place, &str)> = Vec::new();
    found.extend(given.providers.iter().map(|it| (&it.import.place, "a plugged-in component")));
    let warning = |(place, what): (&Place, &str)| Diagnostic {
        code: Code::NotPlayed,
        place: place.clone(),
        message: format!("{what} is checked here, and calls do not make use of it yet"),
        help: String::new(),
    };
    found.into_iter().map(warning).collect()
}
