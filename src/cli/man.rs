//! `secondcall man`: manual pages, generated from the same texts as `--help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

/// Writes the manual page of `command` to `out`, or its page and one per subcommand into `folder`.
pub(super) fn run(command: Command, folder: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    // `help` has no page of its own.
    let command = command.disable_help_subcommand(true);
    let Some(folder) = folder else { return Man::new(command).render(&mut &mut *out) };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))
}
