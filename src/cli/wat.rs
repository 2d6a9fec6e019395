//! `secondcall wat`: one function as text, each line with its offset in the file; without a
//! function, the functions that there are.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use thiserror::Error;

use super::exit_code::ExitCode;
use crate::report::listing::{self, Line, Listing, ListingError, Target};
use crate::report::style::Style;

/// Longest line printed, in characters.
const LINE_LIMIT: usize = 1000;

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A component or core module, binary or text
    pub file: PathBuf,
    /// The function: its number, its name, or @ and a file offset inside it (12, _start, @0x853)
    #[arg(long, value_name = "N|NAME|@OFFSET")]
    pub func: Option<Target>,
    /// The core module to look in, by its number in file order
    #[arg(long, value_name = "N")]
    pub module: Option<u32>,
}

/// Why nothing was shown.
#[derive(Debug, Error)]
pub(super) enum WatError {
    /// The file cannot be read, or is text that does not parse.
    #[error("{0}")]
    Input(#[from] wat::Error),
    /// The function cannot be found or printed.
    #[error("{path}: {error}")]
    Listing {
        /// The file.
        path: String,
        /// What is wrong.
        error: ListingError,
    },
    /// The output cannot be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

impl WatError {
    /// The exit code for it: what cannot be read is no wrong usage.
    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            WatError::Input(_)
            | WatError::Listing { error: ListingError::Malformed { .. }, .. } => ExitCode::Unread,
            WatError::Listing { .. } | WatError::Output(_) => ExitCode::Usage,
        }
    }
}

/// Prints the function, one line each: the offset in the file, then the text.
///
/// # Errors
/// If the file cannot be read, no function or more than one is meant, or `out` cannot be written to.
pub(super) fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
) -> Result<(), WatError> {
    let file = wat::parse_file(&arguments.file)?;
    let path = arguments.file.display().to_string();
    let refuse = |error| WatError::Listing { path: path.clone(), error };
    let Some(target) = &arguments.func else {
        for place in listing::functions(&file, arguments.module).map_err(refuse)? {
            let text = style.printable(&place.to_string(), LINE_LIMIT);
            writeln!(out, "{:#08x} {text}", place.span.start)?;
        }
        return Ok(());
    };
    let location = listing::locate(&file, target, arguments.module).map_err(refuse)?;
    let listing = Listing::of_function(&file, &location).map_err(refuse)?;
    writeln!(out, "{:8} ;; {}", "", style.printable(&location.to_string(), LINE_LIMIT))?;
    for Line { offset, text } in &listing.lines {
        let offset = offset.map_or(String::new(), |offset| format!("{offset:#08x}"));
        writeln!(out, "{offset:8} {}", style.printable(text, LINE_LIMIT))?;
    }
    Ok(())
}
