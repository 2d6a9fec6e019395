//! Face: terminal. What can be typed; each subcommand stands in a file of its own.

mod allow;
mod baseline;
mod check;
mod choices;
mod completions;
mod config;
mod exec;
mod execution;
mod exit_code;
mod explain;
mod fingerprint;
mod formats;
mod given;
mod graph;
mod hosts;
mod inspect;
mod levels;
mod man;
mod pipe;
mod progress;
mod render;
mod rules;
mod terminal;
mod wat;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::check::settle::Refusal;
use crate::report::document;
use crate::report::style::Style;
use crate::report::text::diagnostic;
use crate::rules as table;
pub use exit_code::ExitCode;
use pipe::Pipe;
use terminal::ColorChoice;

/// Will this WebAssembly component survive its second call?
///
/// Reads components as toolchains emit them, works out what a second call of each export meets on
/// the same instance, and says so.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  \
        secondcall app.wasm                           what a second call of each export meets\n  \
        secondcall check target --host spin-p3        every component below a folder, under Spin\n  \
        secondcall check app.wasm --format json       the same for a program\n  \
        secondcall explain run_once_guard             what a rule finds, and how to fix it\n\n\
        Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 no inputs,\n  \
        4 an input could not be read, 5 with --strict: something was inconclusive, 101 a bug of ours."
)]
pub struct Cli {
    /// What to do; `check` if nothing is said.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// What `check` takes.
    #[command(flatten)]
    pub(crate) check: check::Arguments,
    /// When to colour; auto looks at the terminal, NO_COLOR and FORCE_COLOR
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t = ColorChoice::Auto
    )]
    pub(crate) color: ColorChoice,
}

impl Cli {
    /// The style that suits `--color`, the environment and standard output.
    pub fn style(&self) -> Style {
        self.color.style()
    }

    /// Whether an editor is to be served, which is [`crate::lsp`]'s task.
    pub fn serves_editor(&self) -> bool {
        matches!(self.command, Some(Command::Lsp { .. }))
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a second call of each export meets
    #[command(after_help = "Examples:\n  secondcall check app.wasm\n  \
        secondcall check target --host spin-p3 --format concise\n  \
        secondcall check app.wasm --output json=report.json --fail-on warning\n  \
        secondcall check app.wasm -A memory_grows -D run_once_guard\n\n\
        Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 no inputs,\n  \
        4 an input could not be read, 101 a bug of ours.")]
    Check(check::Arguments),
    /// Call the exports of a component again and again, and show what every call did
    #[command(after_help = "Examples:\n  secondcall exec app.wasm\n  \
        secondcall exec app.wasm --export 'wasi:http/*' --calls 20\n  \
        secondcall exec app.wasm --seed 7 --no-cache  other arguments, all calls made again")]
    Exec(exec::Arguments),
    /// Run one request of the execution check, from standard input
    #[command(name = exec::WORKER, hide = true)]
    Worker,
    /// Show what is in a component: modules, instances, exports, adapters, toolchains
    #[command(after_help = "Examples:\n  secondcall inspect app.wasm\n  \
        secondcall inspect app.wasm --format json")]
    Inspect(inspect::Arguments),
    /// Draw a component: its instances, and the road from an export to where it fails
    #[command(after_help = "Examples:\n  secondcall graph app.wasm > app.svg\n  \
        secondcall graph app.wasm --format mermaid     for Markdown\n  \
        secondcall graph app.wasm --format dot --export 'wasi:cli/run' | dot -Tpng > app.png")]
    Graph(graph::Arguments),
    /// Print a rule's page; or say which rule explains a trap or backtrace
    #[command(after_help = "Examples:\n  secondcall explain run_once_guard\n  \
        secondcall explain 'wasm trap: cannot enter component instance'")]
    Explain {
        /// The rule, or the text that a runtime printed
        #[arg(value_name = "RULE|TRAP-TEXT")]
        topic: String,
    },
    /// Tell a saved report again, in any format
    #[command(after_help = "Examples:\n  secondcall render report.json\n  \
        secondcall render report.json --format junit --output sarif=report.sarif")]
    Render(render::Arguments),
    /// List all rules: what each finds, the kind of harm, how sure it is
    #[command(after_help = "Examples:\n  secondcall rules\n  \
        secondcall explain run_once_guard             what a rule of the list says")]
    Rules,
    /// List all hosts: how long an instance lives there, and which setting changes it
    #[command(after_help = "Examples:\n  secondcall hosts\n  \
        secondcall check app.wasm --host spin-p3      judge for a host of the list")]
    Hosts,
    /// Print one function as text, with offsets in the file; or list the functions
    #[command(after_help = "Examples:\n  \
        secondcall wat app.wasm                       which functions there are\n  \
        secondcall wat app.wasm --func _start\n  \
        secondcall wat app.wasm --func @0x853")]
    Wat(wat::Arguments),
    /// Accept a finding, with a reason: write it into secondcall.toml
    #[command(after_help = "Examples:\n  \
        secondcall allow 5b1f2c9e app.wasm --reason 'our job runner calls it once'\n  \
        secondcall allow run_once_guard:wasi:cli/run --reason 'called once' --until 2027-03-01")]
    Allow(allow::Arguments),
    /// Write down the findings of today, so that only new ones are told
    #[command(
        subcommand,
        after_help = "Examples:\n  secondcall baseline write target\n  \
            secondcall check target --baseline secondcall-baseline.json\n  \
            secondcall baseline diff target               what is new, and what is gone\n  \
            secondcall baseline prune target"
    )]
    Baseline(baseline::Command),
    /// Show, check or begin a configuration
    #[command(
        subcommand,
        after_help = "Examples:\n  secondcall config init\n  \
            secondcall config show app.wasm               what is in effect for it, and why\n  \
            secondcall config verify secondcall.toml\n  \
            secondcall config schema > secondcall.schema.json"
    )]
    Config(config::Command),
    /// Serve an editor: the Language Server Protocol over standard input and output
    #[command(
        after_help = "Examples:\n  secondcall lsp                                an editor starts it so\n\n\
        docs/editor.md tells how VS Code, Neovim, Helix and Zed are told of it."
    )]
    Lsp {
        /// Speak over standard input and output, which it always does
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the script by which a shell completes what is typed
    #[command(after_help = "Examples:\n  \
        secondcall completions bash > ~/.local/share/bash-completion/completions/secondcall\n  \
        secondcall completions zsh > ~/.zfunc/_secondcall\n  \
        secondcall completions fish > ~/.config/fish/completions/secondcall.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page; or write one for each subcommand into a folder
    #[command(after_help = "Examples:\n  secondcall man | man -l -\n  \
        secondcall man ~/.local/share/man/man1        then: man secondcall-check")]
    Man {
        /// The folder to write to; it is made if it is not there
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// Runs what was typed. Reports go to `out` in this style, everything else to `err`.
pub fn run(cli: Cli, style: Style, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let rules: Vec<_> = table::all().collect();
    let mut out = Pipe::new(out);
    let done = match cli.command {
        // `main` serves editors without this function.
        Some(Command::Lsp { .. }) => Ok(()),
        None => return check::run(&cli.check, style, &mut out, err),
        Some(Command::Check(arguments)) => return check::run(&arguments, style, &mut out, err),
        Some(Command::Allow(arguments)) => return allow::run(&arguments, &mut out, err),
        Some(Command::Baseline(command)) => return baseline::run(&command, &mut out, err),
        Some(Command::Config(command)) => return config::run(&command, style, &mut out, err),
        Some(Command::Exec(arguments)) => return exec::run(&arguments, style, &mut out, err),
        Some(Command::Worker) => exec::work(),
        Some(Command::Graph(arguments)) => return graph::run(&arguments, style, &mut out, err),
        Some(Command::Inspect(arguments)) => {
            return inspect::run(&arguments, style, &mut out, err);
        }
        Some(Command::Render(arguments)) => return render::run(&arguments, style, &mut out, err),
        Some(Command::Explain { topic }) => {
            explain::run(&topic, &rules, style, &mut out).map_err(usage)
        }
        Some(Command::Rules) => rules::run(&rules, style, &mut out).map_err(usage),
        Some(Command::Hosts) => hosts::run(&mut out).map_err(usage),
        Some(Command::Wat(arguments)) => wat::run(&arguments, style, &mut out)
            .map_err(|error| (error.to_string(), error.exit_code())),
        Some(Command::Completions { shell }) => completions::run(shell, &mut out).map_err(usage),
        Some(Command::Man { folder }) => man::run(folder.as_deref(), &mut out).map_err(usage),
    };
    match done.and_then(|()| out.flush().map_err(usage)) {
        Err((message, code)) if !out.is_closed() => complain(err, &message, code),
        _ => ExitCode::Clean,
    }
}

fn usage(error: impl ToString) -> (String, ExitCode) {
    (error.to_string(), ExitCode::Usage)
}

/// The exit code of a command that has told what it had to: `code`, unless it could not be written. A reader
/// that has gone is no error.
fn finished(
    told: io::Result<()>,
    code: ExitCode,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    match told.and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(error) => complain(err, &format!("cannot write: {error}"), ExitCode::Usage),
    }
}

/// Says on `err` what went wrong, and gives the exit code for it.
fn complain(err: &mut dyn Write, message: &str, code: ExitCode) -> ExitCode {
    // Where standard error is closed, too, the exit code is all that is left to say.
    let _: io::Result<()> = writeln!(err, "error: {message}");
    code
}

/// Says on `err` why a run does not begin, and returns the exit code for it.
fn refuse(refusal: &Refusal, err: &mut dyn Write) -> ExitCode {
    match refusal {
        Refusal::Message(message) => complain(err, message, ExitCode::Usage),
        Refusal::NoInputs(message) => complain(err, message, ExitCode::NoInputs),
        Refusal::Unread(message) => complain(err, message, ExitCode::Unread),
        Refusal::Diagnostics(list) => {
            for diagnostic in list.iter().map(document::Diagnostic::of) {
                // If standard error is closed, too, the exit code has to do.
                let _: io::Result<()> = diagnostic::write(&diagnostic, Style::default(), err);
            }
            ExitCode::Usage
        }
    }
}
