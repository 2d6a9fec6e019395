//! `secondcall wat`: prints a function as text with file offsets, or lists all functions.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::alone;
use super::exit_code::ExitCode;
use super::failure::{self, bytes, unwritten};
use super::fetch_options::FetchOptions;
use crate::check::error::CheckError;
use crate::check::inputs;
use crate::report::listing::{self, Line, Listing, ListingError, Target};
use crate::report::style::Style;

/// The longest line printed, in characters.
const LINE_LIMIT: usize = 1000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component or core module, binary or text
    file: PathBuf,
    /// Function to print: its index, its name, or @ and a file offset inside it (12, _start, @0x853)
    #[arg(long, value_name = "N|NAME|@OFFSET")]
    func: Option<Target>,
    /// Index of the core module to search, in file order
    #[arg(long, value_name = "N")]
    module: Option<u32>,
    #[command(flatten)]
    fetch: FetchOptions,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    let input = alone::read_module(&inputs::argument(&arguments.file, arguments.fetch.access()));
    let file = bytes(&input)?;
    let failed = |error: ListingError| {
        let message = format!("{}: {error}", input.path);
        match error {
            ListingError::Malformed { .. } => CheckError::unreadable(message),
            _ => CheckError::usage(message),
        }
    };
    let module = arguments.module;
    let lines = match &arguments.func {
        None => listing::functions(file, module)
            .map_err(failed)?
            .iter()
            .map(|function| {
                format!(
                    "{:#08x} {}",
                    function.span.start,
                    style.printable(&function.to_string(), LINE_LIMIT)
                )
            })
            .collect(),
        Some(target) => {
            let location = listing::locate(file, target, module).map_err(failed)?;
            let listing = Listing::of_function(file, &location).map_err(failed)?;
            let mut lines =
                vec![format!("{:8} ;; {}", "", style.printable(&location.to_string(), LINE_LIMIT))];
            lines.extend(listing.lines.iter().map(|Line { offset, text }| {
                let offset = offset.map_or(String::new(), |offset| format!("{offset:#08x}"));
                format!("{offset:8} {}", style.printable(text, LINE_LIMIT))
            }));
            lines
        }
    };
    write(&lines, out).map(|()| ExitCode::Clean).map_err(unwritten)
}

fn write(lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}
