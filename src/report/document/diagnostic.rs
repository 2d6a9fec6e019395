//! A diagnostic of a configuration or a baseline.

use serde::{Deserialize, Serialize};

use crate::config::diagnostic;
use crate::report::document::artifact::Origin;
use crate::verdict::Severity;

/// A diagnostic of a text that the user wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// An error keeps a file from being used.
    pub severity: Severity,
    /// A word: `expired_accept`.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// The next step; empty if there is nothing to say.
    pub help: String,
    /// Where.
    pub origin: Origin,
}

impl Diagnostic {
    /// The diagnostic for a report.
    pub fn of(diagnostic: &diagnostic::Diagnostic) -> Self {
        Diagnostic {
            severity: if diagnostic.code.is_error() { Severity::Error } else { Severity::Warning },
            code: diagnostic.code.as_str().to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            origin: Origin::of(&diagnostic.span),
        }
    }
}
