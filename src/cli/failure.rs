//! Reports why a command failed, and with which exit code.

use std::io::{self, Write};

use super::exit_code::ExitCode;
use crate::check::error::{CheckError, Message};
use crate::check::inputs::Loaded;
use crate::component::Component;
use crate::report::document::Diagnostic;
use crate::report::style::{LINE_LIMIT, Style};
use crate::report::text::diagnostic;

/// The exit code of a command, or why it failed.
pub(super) type Result = std::result::Result<ExitCode, CheckError>;

/// The bytes of an input that the command needs.
///
/// # Errors
/// If the input could not be read.
pub(super) fn bytes(input: &Loaded) -> std::result::Result<&[u8], CheckError> {
    let failed = |message: String| CheckError::unreadable(format!("{}: {message}", input.path));
    input.bytes.as_deref().map_err(|failure| failed(failure.sentence()))
}

/// The component of an input that the command needs.
///
/// # Errors
/// If the input could not be read, or is no component.
pub(super) fn component(input: &Loaded) -> std::result::Result<Component<'_>, CheckError> {
    Component::read(bytes(input)?)
        .map_err(|error| CheckError::unreadable(format!("{}: {error}", input.path)))
}

/// The error for a report that cannot be written.
pub(super) fn unwritten(error: io::Error) -> CheckError {
    CheckError::usage(format!("cannot write: {error}"))
}

/// Prints `error` and returns its exit code. `style` is that of standard output, of which standard error has the
/// characters and the width, but no colors: it may be a file.
pub(super) fn fail(error: &CheckError, style: Style, err: &mut dyn Write) -> ExitCode {
    match error {
        CheckError::Usage(message) => complain(err, message, ExitCode::Usage),
        CheckError::NoInputs(message) => complain(err, message, ExitCode::NoInputs),
        CheckError::Unreadable(message) => complain(err, message, ExitCode::Unread),
        CheckError::Config(diagnostics) => {
            let style = Style { colour: false, links: None, ..style };
            for diagnostic in diagnostics.iter().map(Diagnostic::of) {
                // Ignores a closed standard error: the exit code still shows that the command failed.
                let _ = diagnostic::write(&diagnostic, style, err);
            }
            ExitCode::Usage
        }
    }
}

/// Prints an error message and returns `code`.
pub(super) fn complain(err: &mut dyn Write, message: &Message, code: ExitCode) -> ExitCode {
    let lines = message.lines().iter().map(|line| Style::PLAIN.printable(line, LINE_LIMIT));
    // Ignores a closed standard error: the exit code still shows that the command failed.
    let _ = writeln!(err, "error: {}", lines.collect::<Vec<_>>().join("\n"));
    code
}

/// Flushes `out`, to which a report was `written`, and returns `code`. If writing or flushing failed, prints the error
/// and returns its exit code.
pub(super) fn finished(
    written: io::Result<()>,
    code: ExitCode,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    match written.and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(error) => fail(&unwritten(error), style, err),
    }
}
