//! The command line: options, subcommands, exit codes. Each subcommand has a file of its own.

mod allow;
mod alone;
mod baseline;
mod bug_report;
mod certify;
mod check;
mod check_options;
mod columns;
mod completions;
mod config;
mod diff;
mod envelope;
mod exec;
mod execution_options;
mod exit_code;
mod explain;
mod failure;
mod fetch_options;
mod fingerprint;
mod fix;
mod graph;
mod help;
mod hosts;
mod image;
mod inspect;
mod keys;
mod last_report;
mod levels;
mod listing;
mod man;
mod output;
mod pages;
mod pictures;
mod pipe;
mod progress;
mod render;
mod rules;
mod script_options;
mod small_file;
mod streaming;
mod terminal;
#[cfg(test)]
mod tests;
mod verify;
mod watch;
mod wat;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::report::style::{Breaks, Style, escape};
use crate::rules as table;
pub(crate) use exit_code::ExitCode;
use failure::{fail, unwritten};
use help::{Help, summary};
pub(crate) use output::rules_of;
use pipe::Pipe;
use terminal::Choice;

macro_rules! exit_codes {
    () => {
        "Exit codes:\n  \
           0  no finding at or above --fail-on\n  \
           1  findings\n  \
           2  invalid options or configuration\n  \
           3  no inputs\n  \
           4  an input cannot be read\n  \
           5  with --strict: something was not examined\n  \
         101  internal error\n  \
         130  interrupted"
    };
}

/// Checks whether a WebAssembly component survives its second call
///
/// Analyzes components as toolchains emit them, and reports what happens when a host calls an export
/// again on the same instance: it traps, exits, leaks or answers differently.
#[derive(Debug, Parser)]
#[command(
    version,
    args = fetch_options::arguments(),
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = concat!("Examples:\n  \
        secondcall app.wasm                           check one component\n  \
        secondcall check target --host spin-p3        check every component in a folder, for Spin\n  \
        secondcall check app.wasm --format json       print a report for programs\n  \
        secondcall explain run_once_guard             what a rule finds, and how to fix it\n\n",
        exit_codes!())
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: check::Arguments,
    /// When to use colors
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t = Choice::Auto
    )]
    color: Choice,
    /// When to link rules to their pages
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t = Choice::Auto
    )]
    hyperlinks: Choice,
}

impl Cli {
    /// The style that suits the options, the environment and standard output.
    pub(crate) fn style(&self) -> Style {
        terminal::style(self.color, self.hyperlinks)
    }

    /// Whether to run the language server, [`crate::lsp::run`], instead of [`run`].
    pub(crate) fn serves_editor(&self) -> bool {
        matches!(self.command, Some(Command::Lsp { .. }))
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check components for exports that fail when called again (default)
    #[command(after_help = concat!("Examples:\n  secondcall check app.wasm\n  \
        secondcall check target --host spin-p3 --format concise\n  \
        secondcall check app.wasm --output json=report.json --fail-on warning\n  \
        secondcall check app.wasm -A memory_grows -D run_once_guard\n\n",
        exit_codes!()))]
    Check(check::Arguments),
    /// Call the exports of a component repeatedly and show every call
    #[command(after_help = "Examples:\n  secondcall exec app.wasm\n  \
        secondcall exec app.wasm --export 'wasi:http/*' --calls 20\n  \
        secondcall exec app.wasm --seed 7 --no-cache  other arguments, no cached results")]
    Exec(exec::Arguments),
    /// Show what is in a component: modules, exports, adapters, toolchains
    #[command(after_help = "Examples:\n  secondcall inspect app.wasm\n  \
        secondcall inspect app.wasm --wit > app.wit   imports and exports, with types\n  \
        secondcall inspect app.wasm --policy          how often each may be called")]
    Inspect(inspect::Arguments),
    /// Draw instances and the call paths from exports to failures
    #[command(after_help = "Examples:\n  secondcall graph app.wasm > app.svg\n  \
        secondcall graph app.wasm --format mermaid     for Markdown\n  \
        secondcall graph app.wasm --format dot --export 'wasi:cli/run' | dot -Tpng > app.png")]
    Graph(graph::Arguments),
    /// Explain a failure, finding, rule, host or word of the report
    #[command(after_help = "Examples:\n  \
        secondcall explain < trace.txt                why a call failed, by what was printed\n  \
        secondcall explain trace.txt app.wasm         with functions and source lines\n  \
        secondcall explain 'wasm trap: cannot enter component instance'\n  \
        secondcall explain run_once_guard             a rule\n  \
        secondcall explain 5b1f2c9e app.wasm          a finding\n  \
        secondcall explain spin-p3                    a host; or a verdict, exit code or reason")]
    Explain(explain::Arguments),
    /// Compare two builds, or saved reports on them: what changed for the second call
    #[command(
        mut_arg("fail_on", |it| it
            .help("Lowest severity of a new or worse finding that fails [default: warning]")
            .long_help("Lowest severity of a new or worse finding that fails [default: warning]\n\nThe exit code is then 1.")),
        after_help = concat!("Examples:\n  secondcall diff old.wasm new.wasm --host spin-p3\n  \
            secondcall diff main.json target              a saved report, and what is built\n  \
            secondcall diff main.json branch.json --format markdown\n\n",
            "Exit codes:\n  \
               0  no finding is new or worse at or above --fail-on\n  \
               1  a finding is new or worse\n  \
               2  invalid options or configuration\n  \
               3  nothing to compare\n  \
               4  an input cannot be read\n  \
               5  with --strict: less is known than before, or something was not examined\n  \
             101  internal error\n  \
             130  interrupted")
    )]
    Diff(Box<diff::Arguments>),
    /// Convert a saved report to another format
    #[command(after_help = "Examples:\n  secondcall render report.json\n  \
        secondcall render report.json --format junit --output sarif=report.sarif")]
    Render(render::Arguments),
    /// List all rules with hazard and precision
    #[command(after_help = "Examples:\n  secondcall rules\n  \
        secondcall explain run_once_guard             the documentation of one rule")]
    Rules {
        /// Format of the list
        #[arg(short, long, value_enum, default_value_t)]
        format: listing::Format,
    },
    /// List hosts: how long each keeps an instance, and its settings
    #[command(after_help = "Examples:\n  secondcall hosts\n  \
        secondcall check app.wasm --host spin-p3      check for one of them")]
    Hosts {
        /// Format of the list
        #[arg(short, long, value_enum, default_value_t)]
        format: listing::Format,
    },
    /// Print a function as text with file offsets, or list all functions
    #[command(after_help = "Examples:\n  \
        secondcall wat app.wasm                       list the functions\n  \
        secondcall wat app.wasm --func _start\n  \
        secondcall wat app.wasm --func @0x853")]
    Wat(wat::Arguments),
    /// Accept a finding: add it to secondcall.toml, with a reason
    #[command(after_help = "Examples:\n  \
        secondcall allow 5b1f2c9e app.wasm --reason 'our job runner calls it once'\n  \
        secondcall allow run_once_guard:wasi:cli/run --reason 'called once' --until 2027-03-01")]
    Allow(allow::Arguments),
    /// Repair a component so that every call begins afresh, or change manifests
    ///
    /// A repaired component has the same imports and exports. It is written only if its calls are like those of fresh
    /// instances of the original.
    #[command(
        after_help = "Examples:\n  secondcall fix app.wasm -o app.fresh.wasm     write a repaired component\n  \
        secondcall fix app.wasm --dry-run             show what would be repaired\n  \
        secondcall fix app.wasm -o app.fresh.wasm --keep 'shop:cart/*'\n  \
        secondcall fix --manifest --diff              show what would change\n  \
        secondcall fix --manifest workload.yaml\n  \
        secondcall fix --manifest --diff | git apply   review, then apply"
    )]
    Fix(fix::Arguments),
    /// Record the current findings, so that checks report only new ones
    #[command(
        subcommand,
        after_help = "Examples:\n  secondcall baseline write target\n  \
            secondcall check target --baseline secondcall-baseline.json\n  \
            secondcall baseline diff target               new findings, and those that are gone\n  \
            secondcall baseline prune target"
    )]
    Baseline(baseline::Command),
    /// Check a component and sign what was found: a certificate about its bytes
    #[command(
        mut_arg("fail_on", |it| it
            .hide_short_help(true)
            .help("Lowest severity that fails [default: never]")
            .long_help("Lowest severity that fails [default: never]\n\nThe certificate is written all the same; the exit code is then 1.")),
        after_help = concat!("Examples:\n  \
            secondcall certify app.wasm --key key.pem --host spin-p3 --time now -o app.json\n  \
            secondcall certify app.wasm --key key.pem --bundle --image manifest.json -o app.json\n  \
            secondcall certify oci://registry.example/app:1.0 --key key.pem --attach -o app.json\n  \
            openssl genpkey -algorithm ed25519 -out key.pem       makes a key\n  \
            openssl pkey -in key.pem -pubout -out key.pub.pem     its public part, for `secondcall verify`\n\n",
            exit_codes!())
    )]
    Certify(Box<certify::Arguments>),
    /// Check a certificate against a component, keys and a policy
    #[command(after_help = concat!("Examples:\n  \
        secondcall verify app.wasm --certificate app.json --key key.pub.pem\n  \
        secondcall verify app.wasm -c app.json -k key.pub.pem --policy policy.toml\n  \
        secondcall verify oci://registry.example/app:1.0 -k key.pub.pem\n\n",
        "Exit codes:\n  0  it holds\n  1  it is refused\n  2  invalid options, key or policy\n  \
           4  the component or the certificate cannot be read"))]
    Verify(verify::Arguments),
    /// Show, verify or create a configuration
    #[command(
        subcommand,
        after_help = "Examples:\n  secondcall config init\n  \
            secondcall config show app.wasm               values in effect, and where they are set\n  \
            secondcall config verify secondcall.toml\n  \
            secondcall config schema > secondcall.schema.json"
    )]
    Config(config::Command),
    /// Print what a bug report needs, and nothing private
    ///
    /// The code of inputs is analyzed, and nothing is executed.
    #[command(after_help = "Examples:\n  secondcall bug-report\n  \
        secondcall bug-report app.wasm                with the shape of a component")]
    BugReport(Box<check_options::Checked>),
    /// Run the language server on standard input and output
    #[command(
        after_help = "Examples:\n  secondcall lsp                                started by an editor\n\n\
        docs/editor.md in secondcall's sources describes the setup of VS Code, Neovim, Helix and Zed."
    )]
    Lsp {
        /// Communicate over standard input and output, which is always the case
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print a completion script for a shell
    #[command(after_help = "Examples:\n  \
        secondcall completions bash > ~/.local/share/bash-completion/completions/secondcall\n  \
        secondcall completions zsh > ~/.zfunc/_secondcall\n  \
        secondcall completions fish > ~/.config/fish/completions/secondcall.fish\n  \
        secondcall completions nushell > ~/.config/nushell/autoload/secondcall.nu")]
    Completions {
        /// Shell to complete for
        shell: completions::Shell,
    },
    /// Print the manual page, or write all manual pages into a folder
    #[command(after_help = "Examples:\n  secondcall man | man -l -\n  \
        secondcall man ~/.local/share/man/man1        then: man secondcall-check")]
    Man {
        /// Folder to write to; created if missing
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// The whole command line, with its options in groups.
pub(crate) fn command() -> clap::Command {
    help::finished(Cli::command())
}

/// Parses the arguments of this program. Ends it after help, version or an error.
pub(crate) fn parse() -> Cli {
    let command = match help::asked_for() {
        Help::Summary => summary(command()),
        Help::Whole => command(),
        // Groups and variables of options are only seen in a help text.
        Help::Nothing => Cli::command(),
    };
    parsed_by(command, env::args_os()).unwrap_or_else(|error| printable().unwrap_or(error).exit())
}

fn parsed_by<T: Into<OsString> + Clone>(
    command: clap::Command,
    words: impl IntoIterator<Item = T>,
) -> clap::error::Result<Cli> {
    Cli::from_arg_matches(&command.try_get_matches_from(words)?)
}

/// The error about the arguments of this program, printable: what `clap` prints repeats them. `None` if these are.
fn printable() -> Option<clap::Error> {
    let words: Vec<_> = env::args_os().collect();
    let escaped = words.iter().map(|word| {
        let mut word = word.to_string_lossy().into_owned();
        escape(&mut word, Breaks::Escaped);
        OsString::from(word)
    });
    let escaped: Vec<_> = escaped.collect();
    if escaped == words {
        return None;
    }
    let other = || clap::Error::new(ErrorKind::InvalidUtf8).with_cmd(&Cli::command());
    Some(parsed_by(Cli::command(), escaped).err().unwrap_or_else(other))
}

/// Parses these arguments, without the name of the program.
///
/// # Errors
/// After help, version or a mistake.
pub(crate) fn parsed(arguments: &[&str]) -> clap::error::Result<Cli> {
    static COMMAND: LazyLock<clap::Command> = LazyLock::new(command);
    parsed_by(COMMAND.clone(), [env!("CARGO_PKG_NAME")].iter().chain(arguments))
}

/// Runs a command. Writes reports to `out` in this style, and everything else to `err`.
pub(crate) fn run(cli: Cli, style: Style, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let out = &mut Pipe { out, closed: false };
    let result = dispatch(cli, style, out, err);
    match result.and_then(|code| out.flush().map(|()| code).map_err(unwritten)) {
        Ok(code) => code,
        Err(error) => fail(&error, style, err),
    }
}

fn dispatch(cli: Cli, style: Style, out: &mut Pipe<'_>, err: &mut dyn Write) -> failure::Result {
    static COMMAND: LazyLock<clap::Command> = LazyLock::new(command);
    let rules: Vec<_> = table::all().collect();
    let written = |result: io::Result<()>| result.map(|()| ExitCode::Clean).map_err(unwritten);
    if cli.command.is_none()
        && let Some(word) = cli.check.mistaken_for_path(&COMMAND)
    {
        return Err(word.into());
    }
    match cli.command.unwrap_or(Command::Check(cli.check)) {
        Command::Check(arguments) => check::run(&arguments, style, out, err),
        Command::Exec(arguments) => exec::run(&arguments, style, out),
        Command::Inspect(arguments) => Ok(inspect::run(&arguments, style, out, err)),
        Command::Graph(arguments) => graph::run(&arguments, out),
        Command::Explain(arguments) => explain::run(&arguments, &rules, style, out),
        Command::Diff(arguments) => diff::run(&arguments, style, out),
        Command::Render(arguments) => render::run(&arguments, style, out),
        Command::Rules { format } => written(rules::run(&rules, format, style, out)),
        Command::Hosts { format } => written(hosts::run(format, style, out)),
        Command::Wat(arguments) => wat::run(&arguments, style, out),
        Command::Allow(arguments) => allow::run(&arguments, style, out),
        Command::Fix(arguments) => fix::run(&arguments, style, out, err),
        Command::Baseline(command) => baseline::run(&command, style, out, err),
        Command::Certify(arguments) => certify::run(&arguments, out, err),
        Command::Verify(arguments) => verify::run(&arguments, style, out),
        Command::Config(command) => config::run(&command, style, out),
        Command::BugReport(arguments) => bug_report::run(&arguments, style, out),
        // `main` serves editors without this function.
        Command::Lsp { .. } => Ok(ExitCode::Clean),
        Command::Completions { shell } => written(completions::run(&COMMAND, shell, out)),
        Command::Man { folder } => written(man::run(COMMAND.clone(), folder.as_deref(), out)),
    }
}
