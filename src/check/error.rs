//! The error of a check, and of every other command.

use std::fmt::{self, Display, Formatter};

use crate::config::diagnostic::Diagnostic;
use crate::report::style::{Breaks, escape};

/// Why a check or another command failed.
#[derive(Debug)]
pub(crate) enum CheckError {
    /// An invalid option or environment variable, or a failure that no other variant covers, such as output that cannot
    /// be written.
    Usage(Message),
    /// There are no inputs.
    NoInputs(Message),
    /// An input that the command needs cannot be read.
    Unreadable(Message),
    /// Errors in configuration files, in a baseline or in the values of options.
    Config(Vec<Diagnostic>),
}

/// The lines of a message. No text becomes several lines, or a command of a terminal: what a path, a name or an argument
/// may have in it is escaped.
#[derive(Debug, Clone)]
pub(crate) struct Message(Vec<String>);

impl Message {
    /// A message of several lines.
    pub(crate) fn of_lines(lines: impl IntoIterator<Item = String>) -> Message {
        let escaped = lines.into_iter().map(|mut line| {
            escape(&mut line, Breaks::Escaped);
            line
        });
        Message(escaped.collect())
    }

    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Message {
    fn from(line: T) -> Self {
        Message::of_lines([line.into()])
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl CheckError {
    /// The error as a sentence; of several the first one.
    pub(crate) fn into_message(self) -> String {
        match self {
            CheckError::Usage(message)
            | CheckError::NoInputs(message)
            | CheckError::Unreadable(message) => message.to_string(),
            CheckError::Config(list) => list.first().map_or(String::new(), |first| {
                format!("{}:{}: {}", first.span.path, first.span.line, first.message)
            }),
        }
    }

    /// [`CheckError::Usage`] with a message of one line.
    pub(crate) fn usage(message: impl Into<Message>) -> Self {
        CheckError::Usage(message.into())
    }

    /// [`CheckError::Unreadable`] with a message of one line.
    pub(crate) fn unreadable(message: impl Into<Message>) -> Self {
        CheckError::Unreadable(message.into())
    }
}

impl From<String> for CheckError {
    fn from(message: String) -> Self {
        CheckError::usage(message)
    }
}

impl From<Message> for CheckError {
    fn from(message: Message) -> Self {
        CheckError::Usage(message)
    }
}

impl From<Vec<Diagnostic>> for CheckError {
    fn from(list: Vec<Diagnostic>) -> Self {
        CheckError::Config(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line() {
        let path = "x\n::error::y\u{1b}[2J\u{202e}.wasm";
        let message = Message::from(format!("there is no file {path}"));
        let line = "there is no file x\\u{a}::error::y\\u{1b}[2J\\u{202e}.wasm";
        assert_eq!(message.lines(), [line]);
        let lines = Message::of_lines(["two lines:".to_owned(), "a\nb".to_owned()]);
        assert_eq!(lines.to_string(), "two lines:\na\\u{a}b");
    }
}
