//! Why a check cannot begin.

use crate::config::diagnostic::Diagnostic;

/// Why a check cannot begin.
#[derive(Debug)]
pub(crate) enum CheckError {
    /// An invalid option, or something outside of any file.
    Usage(String),
    /// There are no inputs. The message has several lines.
    NoInputs(String),
    /// An input cannot be read, where all of them are needed.
    Unreadable(String),
    /// Invalid configuration files or values of options.
    Config(Vec<Diagnostic>),
}

impl From<String> for CheckError {
    fn from(message: String) -> Self {
        CheckError::Usage(message)
    }
}

impl From<Vec<Diagnostic>> for CheckError {
    fn from(list: Vec<Diagnostic>) -> Self {
        CheckError::Config(list)
    }
}
