//! What the program says of itself: help, completions, manual pages, and lists on a narrow screen.

use std::fs;

use clap::error::ErrorKind;
use clap::{Command, Parser};
use tempfile::TempDir;

use super::{Cli, ExitCode, command, run, summary};
use crate::config::environment::VARIABLES;
use crate::report::style::Style;

/// Every command that help shows, by its words: `["check"]`, `["baseline", "write"]`.
fn commands() -> Vec<(Vec<String>, Command)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), command())];
    while let Some((words, command)) = open.pop() {
        for below in command.get_subcommands().filter(|it| !it.is_hide_set()) {
            let words = [&words[..], &[below.get_name().to_owned()]].concat();
            open.push((words, below.clone()));
        }
        found.push((words, command));
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// The commands that a help text shows, without what is said beside them.
fn examples(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let lines = text.lines().filter(|line| line.starts_with("  secondcall "));
    lines.map(|line| line.trim().split("  ").next().unwrap().to_owned()).collect()
}

/// What a command writes to standard output.
fn told(words: &[&str], style: Style) -> String {
    let cli = Cli::try_parse_from([&["secondcall"], words].concat()).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(cli, style, &mut out, &mut err);
    assert_eq!((code, err.as_slice()), (ExitCode::Clean, &[][..]), "{words:?}");
    String::from_utf8(out).unwrap()
}

#[test]
fn every_command_has_an_example() {
    let commands = commands();
    for (words, command) in &commands {
        // A command below another one may be shown by the one above.
        let above = commands
            .iter()
            .filter(|(it, _)| it == words || words.len() > 1 && it[..] == words[..words.len() - 1]);
        let start = [&["secondcall".to_owned()], &words[..]].concat().join(" ");
        let shown = above.flat_map(|(_, command)| examples(command)).any(|example| {
            example.strip_prefix(&start).is_some_and(|it| it.is_empty() || it.starts_with(' '))
        });
        assert!(shown, "no example in the help of `{start}`: {:?}", examples(command));
    }
}

#[test]
fn every_example_can_be_typed() {
    for (words, command) in commands() {
        for example in examples(&command) {
            if let Err(error) = Cli::try_parse_from(typed(&example)) {
                panic!("the help of {words:?} shows `{example}`: {error}");
            }
        }
    }
}

/// The words of an example, some of them in single quotes, up to a pipe or redirection.
fn typed(example: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for (number, part) in example.split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace()),
            _ => words.push(part),
        }
    }
    words.into_iter().take_while(|word| !matches!(*word, ">" | "|" | "<")).collect()
}

/// What `-h` shows of a command in a terminal of this width.
fn summary_of(words: &[String], columns: usize) -> String {
    let mut command = summary(command()).term_width(columns);
    command.build();
    let mut below = &mut command;
    for word in words {
        below = below.find_subcommand_mut(word).unwrap();
    }
    below.render_help().to_string()
}

#[test]
fn a_summary_fits_on_one_screen() {
    for (words, command) in commands() {
        let typed = [&["secondcall".to_owned()], &words[..], &["-h".to_owned()]].concat();
        let shown = super::summary(super::command()).try_get_matches_from(typed);
        assert_eq!(shown.unwrap_err().kind(), ErrorKind::DisplayHelp, "{words:?}");
        let summary = summary_of(&words, 80);
        let lines = summary.trim_end().lines().count();
        assert!(lines <= 24, "{words:?} has {lines} lines:\n{summary}");
        if words.is_empty() || words == ["check"] {
            assert!(summary.lines().all(|line| line.chars().count() <= 80), "{summary}");
            assert!(summary.contains("-f, --format"), "{summary}");
            let words = summary.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains("Format: human (default), concise, agent, json,"), "{words}");
            assert!(words.contains("-H, --host <NAME>"), "{words}");
        }
        let names_variables = summary.contains("[env: SECONDCALL_HOSTS]");
        assert!(names_variables || words != ["check"], "{summary}");
        let about = command.get_about().unwrap().to_string();
        assert!(summary.contains(about.split(' ').next().unwrap()), "{summary}");
    }
}

#[test]
fn what_is_listed_fits_on_a_narrow_screen() {
    for words in [&["rules"][..], &["hosts"], &["explain", "wears_out"], &["explain", "spec"]] {
        let style = Style { width: 40, is_screen: true, ..Style::PLAIN };
        let mut in_code = false;
        for line in told(words, style).lines() {
            in_code ^= line.starts_with("```");
            // A word is not broken: it may be an option or a path to copy.
            let is_word = line.trim_start().trim_start_matches("* ").split(' ').count() == 1;
            assert!(line.chars().count() <= 40 || in_code || is_word, "{words:?}: {line}");
        }
    }
}

#[test]
fn help_names_every_variable() {
    let help = command().try_get_matches_from(["secondcall", "check", "--help"]);
    let help = help.unwrap_err().to_string();
    for variable in VARIABLES {
        // No option of the command line has this name.
        let has_option = variable != "SECONDCALL_EXCLUDE_EXPORTS";
        assert_eq!(help.contains(&format!("[env: {variable}]")), has_option, "{variable}");
    }
}

#[test]
fn every_option_is_explained() {
    for (words, command) in commands() {
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.is_empty(), "{words:?} says nothing of {}", argument.get_id());
        }
        assert!(command.get_about().is_some(), "{words:?} does not say what it does");
    }
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "elvish", "fish", "nushell", "powershell", "zsh"] {
        let script = told(&["completions", shell], Style::PLAIN);
        for (words, command) in commands() {
            let name = words.last().map_or("secondcall", String::as_str);
            assert!(script.contains(name), "{shell} does not know {name}");
            for long in command
                .get_arguments()
                .filter(|it| !it.is_hide_set())
                .filter_map(|it| it.get_long())
            {
                assert!(script.contains(long), "{shell} does not know --{long} of {words:?}");
            }
        }
    }
}

#[test]
fn manual_pages_name_every_command() {
    let page = told(&["man"], Style::PLAIN);
    assert!(page.contains(".TH secondcall 1"), "{page}");
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("share/man1");
    assert_eq!(told(&["man", folder.to_str().unwrap()], Style::PLAIN), "");
    let mut written: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("secondcall-help"))
        .collect();
    written.sort();
    let mut expected: Vec<_> = commands()
        .iter()
        .map(|(words, _)| [&["secondcall".to_owned()], &words[..]].concat().join("-") + ".1")
        .collect();
    expected.sort();
    assert_eq!(written, expected);
    assert_eq!(fs::read_to_string(folder.join("secondcall.1")).unwrap(), page);
    for (words, command) in commands().into_iter().filter(|(words, _)| words.len() == 1) {
        let name = words[0].replace('-', "\\-");
        assert!(page.contains(&format!("secondcall\\-{name}(1)")), "{words:?} is not in the page");
        let page = fs::read_to_string(folder.join(format!("secondcall-{}.1", words[0]))).unwrap();
        for long in
            command.get_arguments().filter(|it| !it.is_hide_set()).filter_map(|it| it.get_long())
        {
            let long = long.replace('-', "\\-");
            assert!(page.contains(&long), "{words:?} has no --{long} in its page");
        }
    }
}
