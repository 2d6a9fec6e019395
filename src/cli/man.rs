//! `secondcall man`: the manual pages, written from the same words as `--help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::Cli;

/// Writes the program's page to `out`; or, given a folder, its page and one for each subcommand
/// into that folder.
///
/// # Errors
/// If `out` or the folder cannot be written to.
pub(super) fn run(folder: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    // `help` has no page of its own.
    let command = Cli::command().disable_help_subcommand(true);
    let Some(folder) = folder else { return Man::new(command).render(&mut &mut *out) };
    let refused = |error: io::Error| {
        io::Error::new(error.kind(), format!("cannot write to {}: {error}", folder.display()))
    };
    fs::create_dir_all(folder).map_err(refused)?;
    clap_mangen::generate_to(command, folder).map_err(refused)
}
