//! `secondcall man`: manual pages, generated from the same texts as `--help`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use crate::atomic_file;

/// Writes the manual page of `command` to `out`, or its page and one per subcommand into `folder`.
pub(super) fn run(command: Command, folder: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
    // `help` has no page of its own.
    let mut command = command.disable_help_subcommand(true);
    let Some(folder) = folder else { return Man::new(command).render(&mut &mut *out) };
    // Gives subcommands their full names.
    command.build();
    fs::create_dir_all(folder)
        .and_then(|()| pages(&command, folder))
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))
}

fn pages(command: &Command, folder: &Path) -> io::Result<()> {
    let visible = |it: &&Command| !it.is_hide_set();
    command.get_subcommands().filter(visible).try_for_each(|it| pages(it, folder))?;
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    atomic_file::write(&folder.join(page.get_filename()), &text)
}
