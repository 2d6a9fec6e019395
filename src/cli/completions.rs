//! `secondcall completions`: completion scripts for shells.

use std::io::{self, Write};

use clap::Command;
use clap_complete::Shell;

/// Writes the completion script of `command` for `shell`.
pub(super) fn run(command: &'static Command, shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The generator panics if it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut shown(command), command.get_name(), &mut script);
    out.write_all(&script)
}

/// A command without hidden subcommands, which the generator would offer, too.
fn shown(command: &'static Command) -> Command {
    let subcommands = command.get_subcommands().filter(|it| !it.is_hide_set()).map(shown);
    Command::new(command.get_name())
        .about(command.get_about().cloned().unwrap_or_default())
        .version(command.get_version())
        .args(command.get_arguments())
        .subcommands(subcommands)
}
