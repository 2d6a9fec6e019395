//! What the program says of itself: `--help`, shell completions, manual pages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::process::Command as Process;

use clap::{Command, Parser};
use secondcall::cli::{self, Cli};
use tempfile::TempDir;

/// Every command that help shows, by its words: `["check"]`, `["baseline", "write"]`.
fn commands() -> Vec<(Vec<String>, Command)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), cli::command())];
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

/// Runs the program; what it writes to standard output.
fn told(words: &[&str]) -> String {
    let output = Process::new(env!("CARGO_BIN_EXE_secondcall")).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
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
fn summary(words: &[String], columns: usize) -> String {
    let mut command = cli::summary(cli::command()).term_width(columns);
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
        let summary = summary(&words, 80);
        let lines = summary.trim_end().lines().count();
        assert!(lines <= 24, "{words:?} has {lines} lines:\n{summary}");
        let mut options = summary.lines().filter(|line| line.starts_with(' '));
        let is_common = words.is_empty() || words == ["check"];
        let fits = |line: &str| line.chars().count() <= 80 && !line.starts_with("       ");
        assert!(!is_common || options.all(|it| fits(it) || it.contains("<COMMAND>")), "{summary}");
        let about = command.get_about().unwrap().to_string();
        assert!(summary.contains(about.split(' ').next().unwrap()), "{summary}");
    }
}

#[test]
fn what_is_listed_fits_on_a_narrow_screen() {
    for words in [&["rules"][..], &["hosts"], &["explain", "wears_out"], &["explain", "spec"]] {
        let program = env!("CARGO_BIN_EXE_secondcall");
        let output = Process::new(program).args(words).env("COLUMNS", "40").output().unwrap();
        let mut in_code = false;
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            in_code ^= line.starts_with("```");
            // A word is not broken: it may be an option or a path to copy.
            let is_word = line.trim_start().trim_start_matches("* ").split(' ').count() == 1;
            assert!(line.chars().count() <= 40 || in_code || is_word, "{words:?}: {line}");
        }
    }
}

#[test]
fn help_names_every_variable() {
    let help = told(&["check", "--help"]);
    for variable in secondcall::config::environment::VARIABLES {
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
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = told(&["completions", shell]);
        assert!(!script.contains("exec-worker"), "{shell} offers what help hides");
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
    let page = told(&["man"]);
    assert!(page.contains(".TH secondcall 1"), "{page}");
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("share/man1");
    assert_eq!(told(&["man", folder.to_str().unwrap()]), "");
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
