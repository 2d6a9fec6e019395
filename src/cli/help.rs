//! The groups of `--help`, the variables that it names, and the summary that `-h` shows on one screen.

use clap::{Arg, ArgAction, Command};

use super::fetch_options;
use crate::config::environment::VARIABLES;

/// Options that `-h` does not show, by their group.
const GROUPS: [(&str, &[&str]); 6] = [
    ("Inputs", &["since", "watch"]),
    (
        "Rules and exit code",
        &["allow", "warn", "deny", "baseline", "no-ignores", "strict", "exit-zero"],
    ),
    (
        "Execution",
        &["calls", "budget", "memory", "seed", "no-cause", "cause-budget", "export", "no-cache"],
    ),
    (
        "Calls and guest",
        &[
            "call",
            "init",
            "cleanup",
            "requests",
            "answer",
            "with",
            "guest-arg",
            "guest-env",
            "guest-config",
            "guest-stdin",
            "guest-dir",
        ],
    ),
    ("Configuration", &["config", "no-config"]),
    (
        "Report and progress",
        &[
            "sarif-profile",
            "max-findings",
            "statistics",
            "timings",
            "quiet",
            "verbose",
            "no-progress",
            "jobs",
        ],
    ),
];

/// Commands that `-h` describes.
const COMMON: [&str; 4] = ["check", "exec", "inspect", "explain"];

/// Commands that `-h` does not even name.
const SETUP: [&str; 7] = ["lsp", "completions", "man", "help", "bug-report", "render", "wat"];

/// Options of every command, which `-h` does not show.
const UNCOMMON: [&str; 5] = ["color", "hyperlinks", "fetch", "offline", "version"];

/// Commands that read no reference: they fetch nothing in any case.
const FETCHING_NOTHING: [&str; 7] =
    ["rules", "hosts", "completions", "man", "config", "render", "lsp"];

/// Options that the summary of `check` shows, and not that of the program, which names commands as well.
const BELOW: [&str; 1] = ["fail-on"];

/// A help text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Help {
    /// None.
    Nothing,
    /// All options, and examples.
    Whole,
    /// A screen of them.
    Summary,
}

/// The help text that the arguments may ask for.
pub(super) fn asked_for() -> Help {
    let before_end = std::env::args_os().skip(1).take_while(|it| it != "--");
    let asked = before_end.map(|it| match it.to_str() {
        Some("-h") => Help::Summary,
        // `h` may stand among other letters, and after the first two the rest of `--help` may be missing.
        Some(text) if text == "help" || text.starts_with("--h") => Help::Whole,
        Some(text) if !text.starts_with("--") && text.starts_with('-') && text.contains('h') => {
            Help::Whole
        }
        _ => Help::Nothing,
    });
    asked.max().unwrap_or(Help::Nothing)
}

/// What `-h` shows: at most a screen of 24 lines.
pub(super) fn summary(command: Command) -> Command {
    let has_more = command.get_arguments().any(|it| it.get_help_heading().is_some());
    let name = command.get_name().to_owned();
    let is_root = name == env!("CARGO_PKG_NAME");
    let others = command.get_subcommands().filter(|it| !it.is_hide_set());
    let others = others.map(Command::get_name);
    let others = others.filter(|it| !COMMON.contains(it) && !SETUP.contains(it));
    let others = others.map(str::to_owned).collect::<Vec<_>>().join(", ");
    let command = command
        .mut_args(|argument| {
            let hides = argument.is_hide_set()
                || argument.get_help_heading().is_some()
                || UNCOMMON.contains(&argument.get_id().as_str())
                || is_root && argument.get_long().is_some_and(|long| BELOW.contains(&long));
            let argument = argument.hide(hides).hide_possible_values(true);
            match argument.get_long() {
                Some("format") => with_values(argument),
                _ if is_root || !has_more => argument,
                _ => with_variable(argument),
            }
        })
        .mut_subcommands(|below| {
            let hides = below.is_hide_set() || is_root && !COMMON.contains(&below.get_name());
            summary(below).hide(hides)
        });
    let command = match is_root {
        true => command.disable_version_flag(true).disable_help_subcommand(true),
        false => command,
    };
    // A command inherits that its parent has no flag for help, so each gets one of its own.
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let command = command.disable_help_flag(true);
    match (is_root, has_more) {
        (true, _) => {
            let text = "Print help; --help has all options, and examples";
            command.arg(help.help(text)).after_help(format!("Also: {others}"))
        }
        (false, true) => command
            .arg(help.help("Print help"))
            .after_help(format!("More options, and examples: secondcall {name} --help")),
        (false, false) => command.arg(help.help("Print help")),
    }
}

/// The option with its values in its help.
fn with_values(argument: Arg) -> Arg {
    let default = argument.get_default_values().first().cloned();
    let values = argument.get_possible_values().into_iter().map(|value| {
        let is_default = default.as_deref().is_some_and(|it| *value.get_name() == *it);
        format!("{}{}", value.get_name(), if is_default { " (default)" } else { "" })
    });
    let values = values.collect::<Vec<_>>().join(", ");
    argument.help(format!("Format: {values}")).hide_default_value(true)
}

/// The option with the variable that sets it beside its help.
fn with_variable(argument: Arg) -> Arg {
    match (variable(&argument), argument.get_help().cloned()) {
        (Some(variable), Some(help)) => argument.help(format!("{help}\n[env: {variable}]")),
        _ => argument,
    }
}

/// The command with its options in groups, if it executes or reports: these have many.
pub(super) fn finished(command: Command) -> Command {
    let marks = |option: &Arg| matches!(option.get_long(), Some("calls" | "sarif-profile"));
    let has_many = command.get_arguments().any(marks);
    // These fail for a severity only if it is typed.
    let is_typed_only = matches!(command.get_name(), "certify" | "diff");
    let grouped = |option: Arg| {
        let reads = !(is_typed_only && option.get_long() == Some("fail-on"));
        grouped(option, reads)
    };
    let command = if has_many { command.mut_args(grouped) } else { command };
    let command = match FETCHING_NOTHING.contains(&command.get_name()) {
        true => command.args(fetch_options::arguments().map(|option| option.hide(true))),
        false => command,
    };
    command.mut_subcommands(finished)
}

/// The option in its group, with the variable that sets it if the command reads that.
fn grouped(argument: Arg, reads_variable: bool) -> Arg {
    let name = argument.get_long().unwrap_or_default().to_owned();
    let group = GROUPS.iter().find(|(_, names)| names.contains(&name.as_str()));
    let argument = match group {
        Some((group, _)) => argument.help_heading(*group),
        None => argument,
    };
    let help = argument.get_long_help().or_else(|| argument.get_help()).cloned();
    match (variable(&argument).filter(|_| reads_variable), help) {
        (Some(variable), Some(help)) => argument.long_help(format!("{help}\n\n[env: {variable}]")),
        _ => argument,
    }
}

/// The variable that sets an option.
fn variable(argument: &Arg) -> Option<&'static str> {
    const SETTINGS: [&str; 3] =
        ["SECONDCALL_BASELINE", "SECONDCALL_CONFIG", "SECONDCALL_NO_CONFIG"];
    let name = argument.get_long()?;
    let plural = if name == "host" { "hosts" } else { name };
    let variable = format!("SECONDCALL_{}", plural.to_uppercase().replace('-', "_"));
    VARIABLES.iter().chain(&SETTINGS).find(|it| **it == variable).copied()
}
