//! `secondcall completions`: the script by which a shell completes what is typed.

use std::io::{self, Write};
use std::sync::LazyLock;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::Cli;

/// Writes the script for `shell`.
///
/// # Errors
/// If `out` cannot be written to.
pub(super) fn run(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    static COMMAND: LazyLock<Command> = LazyLock::new(Cli::command);
    let mut command = shown(&COMMAND);
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, COMMAND.get_name(), &mut script);
    out.write_all(&script)
}

/// A command as help shows it. The generator would offer hidden commands, too.
fn shown(command: &'static Command) -> Command {
    let below = command.get_subcommands().filter(|it| !it.is_hide_set()).map(shown);
    Command::new(command.get_name())
        .about(command.get_about().cloned().unwrap_or_default())
        .version(command.get_version())
        .args(command.get_arguments())
        .subcommands(below)
}
