//! The error of a check, and of every other command.

use crate::config::diagnostic::Diagnostic;

/// Why a check or another command failed.
#[derive(Debug)]
pub(crate) enum CheckError {
    /// An invalid option or environment variable, or a failure that no other variant covers, such as output that cannot
    /// be written.
    Usage(String),
    /// There are no inputs. The message may have several lines.
    NoInputs(String),
    /// An input that the command needs cannot be read.
    Unreadable(String),
    /// Errors in configuration files, in a baseline or in the values of options.
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
