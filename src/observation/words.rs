//! The guest's own words for a failure, found in its output: the line of a panic, of an assertion or of an uncaught
//! exception, as common languages write them.

use super::Call;

/// The longest words that are quoted, in characters.
const LONGEST: usize = 240;
/// How many lines of output are searched.
const LINES: usize = 4000;
/// How many lines of a panic's message are quoted.
const MESSAGE_LINES: usize = 3;

/// Beginnings of lines that say why a program ends: C and C++, the WASI adapter, Go and TinyGo, Swift, OCaml, .NET, Java,
/// JavaScript engines, Rust's allocator.
const BEGINNINGS: [&str; 15] = [
    "Assertion failed:",
    "assertion failed at adapter",
    "unreachable executed at adapter",
    "libc++abi:",
    "terminate called",
    "panic: ",
    "fatal error: ",
    "fatal: ",
    "Fatal error:",
    "Unhandled exception",
    "Unhandled Exception",
    "Unhandled rejection",
    "Uncaught ",
    "Exception in thread ",
    "memory allocation of ",
];
/// Panics that follow from another one and do not explain it.
const ECHOES: [&str; 3] = [
    "panic in a destructor during cleanup",
    "panic in a function that cannot unwind",
    "thread caused non-unwinding panic",
];

impl Call {
    /// The guest's own words for how the call failed.
    pub(crate) fn words(&self) -> Option<String> {
        of_failure(&self.stdout.shown, &self.stderr.shown)
    }
}

/// The line in which a guest says why it fails: on standard error, or else on standard output, where TinyGo writes. Without
/// such a line, the last non-empty one of standard error.
pub(crate) fn of_failure(stdout: &str, stderr: &str) -> Option<String> {
    let said =
        |text: &str| in_lines(&text.lines().take(LINES).map(str::trim_end).collect::<Vec<_>>());
    said(stderr)
        .or_else(|| said(stdout))
        .or_else(|| {
            let last = stderr.lines().rev().take(LINES).find(|line| !line.trim().is_empty());
            last.map(str::to_owned)
        })
        .map(|words| printable(&words))
        .filter(|words| !words.is_empty())
}

/// The last line that says why, with its message.
fn in_lines(lines: &[&str]) -> Option<String> {
    (0..lines.len()).rev().find_map(|at| {
        let line = lines[at].trim_start();
        rust_panic(line, &lines[at + 1..])
            .or_else(|| zig_panic(line))
            .or_else(|| BEGINNINGS.iter().any(|it| line.starts_with(it)).then(|| line.to_owned()))
            .filter(|words| !ECHOES.iter().any(|echo| words.contains(echo)))
    })
}

/// `thread 'main' panicked at src/lib.rs:9:9:` and the message on the lines below; before Rust 1.73,
/// `thread 'main' panicked at 'message', src/lib.rs:9:9`.
fn rust_panic(line: &str, below: &[&str]) -> Option<String> {
    let start = match line.find(" panicked at ") {
        Some(thread) if line.starts_with("thread ") => thread + 1,
        None if line.starts_with("panicked at ") => 0,
        _ => return None,
    };
    let mut words = line[start..].to_owned();
    if words.ends_with(':') {
        let message = below
            .iter()
            .map(|line| line.trim())
            .take_while(|line| !line.is_empty() && !is_after_panic(line))
            .take(MESSAGE_LINES);
        for (number, line) in message.enumerate() {
            words.push_str(if number == 0 { " " } else { ", " });
            words.push_str(line);
        }
    }
    Some(words)
}

/// Whether a line below a panic's location is not part of its message.
fn is_after_panic(line: &str) -> bool {
    line.starts_with("note: ")
        || line.starts_with("stack backtrace:")
        || line.starts_with("thread ")
        || line.starts_with("fatal runtime error")
}

/// `thread 1 panic: reached unreachable code`.
fn zig_panic(line: &str) -> Option<String> {
    let (thread, message) = line.strip_prefix("thread ")?.split_once(' ')?;
    let is_number = !thread.is_empty() && thread.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && message.starts_with("panic: ")).then(|| message.to_owned())
}

/// One line for a sentence: without control characters and colors, and not too long.
fn printable(words: &str) -> String {
    let mut plain = String::new();
    let mut rest = words.trim().chars().peekable();
    while let Some(char) = rest.next() {
        if char == '\u{1b}' && rest.peek() == Some(&'[') {
            rest.next();
            while rest.next().is_some_and(|it| !('@'..='~').contains(&it)) {}
        } else if !char.is_control() {
            plain.push(char);
        } else if char == '\t' {
            plain.push(' ');
        }
    }
    if plain.chars().count() > LONGEST {
        plain = plain.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_stderr(text: &str) -> String {
        of_failure("", text).unwrap_or_default()
    }

    #[test]
    fn panics_are_quoted_with_their_place_and_message() {
        let rust = "starting\n\nthread 'main' (1) panicked at src/lib.rs:9:9:\ninitialise only once\n\
                    note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
        assert_eq!(on_stderr(rust), "panicked at src/lib.rs:9:9: initialise only once");
        let before_1_73 = "thread '<unnamed>' panicked at 'already set', src/lib.rs:9:9\n\
                           note: run with `RUST_BACKTRACE=1` environment variable\n";
        assert_eq!(on_stderr(before_1_73), "panicked at 'already set', src/lib.rs:9:9");
        let compared = "thread 'main' panicked at src/main.rs:2:5:\nassertion `left == right` failed\n  \
                        left: 1\n right: 2\nnote: run with\n";
        assert_eq!(
            on_stderr(compared),
            "panicked at src/main.rs:2:5: assertion `left == right` failed, left: 1, right: 2"
        );
        let hook = "panicked at src/lib.rs:3:1:\nno luck\n\nStack:\n";
        assert_eq!(on_stderr(hook), "panicked at src/lib.rs:3:1: no luck");
    }

    #[test]
    fn a_panic_that_follows_from_another_is_ignored() {
        let text = "\nthread 'main' panicked at src/lib.rs:9:9:\nonce\nnote: run with\n\nthread 'main' panicked \
                    at library/core/src/panicking.rs:225:5:\npanic in a function that cannot unwind\nstack \
                    backtrace:\nthread caused non-unwinding panic. aborting.\n";
        assert_eq!(on_stderr(text), "panicked at src/lib.rs:9:9: once");
    }

    #[test]
    fn assertions_and_errors_of_other_languages_are_found() {
        let table = [
            (
                "Assertion failed: !ready (a.c: init: 7)\n",
                "Assertion failed: !ready (a.c: init: 7)",
            ),
            (
                "panic: close of closed channel\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:7 +0x2\n",
                "panic: close of closed channel",
            ),
            (
                "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select]:\n",
                "fatal error: all goroutines are asleep - deadlock!",
            ),
            (
                "thread 1 panic: reached unreachable code\na.zig:1:1\n",
                "panic: reached unreachable code",
            ),
            (
                "unreachable executed at adapter line 2786\n",
                "unreachable executed at adapter line 2786",
            ),
            (
                "Traceback (most recent call last):\n  File \"a.py\", line 2, in run\nValueError: no\n\n",
                "ValueError: no",
            ),
            ("\u{1b}[1;31merror\u{1b}[0m: no\tsuch file", "error: no such file"),
            ("", ""),
            ("\n \n", ""),
        ];
        for (text, words) in table {
            assert_eq!(on_stderr(text), words, "{text:?}");
        }
    }

    #[test]
    fn standard_output_is_quoted_only_if_it_says_why() {
        let tinygo = "hello\npanic: runtime error: index out of range\n";
        let words = Some("panic: runtime error: index out of range".to_owned());
        assert_eq!(of_failure(tinygo, ""), words);
        assert_eq!(of_failure(tinygo, "bye\n"), words);
        assert_eq!(of_failure("hello\n", ""), None);
        assert_eq!(of_failure("hello\n", "bye\n").as_deref(), Some("bye"));
    }

    #[test]
    fn words_are_cut() {
        let long = on_stderr(&"x".repeat(100_000));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with('…'));
    }
}
