//! `secondcall completions`: completion scripts for shells.

use std::io::{self, Write};

use clap::{Command, ValueEnum};
use clap_complete::{generate, shells};
use clap_complete_nushell::Nushell;

/// A shell that completes commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    Powershell,
    Zsh,
}

/// Writes the completion script of `command` for `shell`.
pub(super) fn run(command: &'static Command, shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    // The generators panic if they cannot write, so they write to memory.
    let mut script = Vec::new();
    let (mut shown, name, to) = (command.clone(), command.get_name(), &mut script);
    match shell {
        Shell::Bash => generate(shells::Bash, &mut shown, name, to),
        Shell::Elvish => generate(shells::Elvish, &mut shown, name, to),
        Shell::Fish => generate(shells::Fish, &mut shown, name, to),
        Shell::Nushell => generate(Nushell, &mut shown, name, to),
        Shell::Powershell => generate(shells::PowerShell, &mut shown, name, to),
        Shell::Zsh => generate(shells::Zsh, &mut shown, name, to),
    }
    out.write_all(&script)
}
