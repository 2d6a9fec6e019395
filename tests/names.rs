//! Names are data: of a component whose names, file and host functions are hostile, every format and command prints no
//! character that acts on a terminal, a log or a page. `tests/formats/untrusted.rs` does the same with saved reports.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Control characters of both sets, a command of GitHub on a line of its own, the end of a CDATA section, a tag of HTML,
/// and marks that change the direction of writing or are not seen.
const HOSTILE: &str = "##[error]x\\u{1b}[31m\\u{9b}2J\\r\\n::error::y\\u{7}]]><b onload=z>\\u{202e}\\u{2066}\\u{200f}\\u{61c}\\u{feff}\\u{e0041}\\u{7f}|`";

/// A component that works once, with hostile names wherever a binary may have one.
fn component() -> Vec<u8> {
    let text = format!(
        r#"(component
          (core module $inner (@name "{HOSTILE}m")
            (@producers (language "{HOSTILE}l" "{HOSTILE}v") (processed-by "{HOSTILE}p" "1"))
            (@custom "{HOSTILE}c" "")
            (import "{HOSTILE}i" "{HOSTILE}j" (func $host (@name "{HOSTILE}h")))
            (memory (export "memory") 1)
            (global $g (@name "{HOSTILE}g") (mut i32) (i32.const 0))
            (func $start (@name "{HOSTILE}s") (export "{HOSTILE}e")
              (if (i32.load (i32.const 1040)) (then unreachable))
              (i32.store (i32.const 1040) (i32.const 1))
              (global.set $g (i32.const 1))
              call $host))
          (core module $other (func (export "{HOSTILE}j")))
          (core instance $other (instantiate $other))
          (core instance $inner (instantiate $inner (with "{HOSTILE}i" (instance $other))))
          (func (export "run") (canon lift (core func $inner "{HOSTILE}e"))))"#
    );
    wat::parse_str(text).unwrap()
}

fn acts(it: char) -> bool {
    it.is_control() && it != '\n'
        || matches!(it,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Nothing in what was printed acts on a terminal or on a service that reads logs.
fn check(words: &[&str], text: &str) {
    let at = text.find(acts).map(|at| text[..at].chars().rev().take(60).collect::<Vec<_>>());
    let before = at.map(|it| it.iter().rev().collect::<String>());
    assert_eq!(before, None, "{words:?}");
    // A line after white space is a command of GitHub, too.
    let is_command = |line: &str| line.trim_start().starts_with("::error::y");
    assert!(!text.lines().any(is_command), "{words:?}: {text}");
    assert!(!text.contains("##["), "{words:?}: {text}");
}

/// What the program prints on both streams.
fn printed(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words).current_dir(folder).env_clear().stdin(Stdio::null());
    let output = command.env("SECONDCALL_CACHE_DIR", folder.join("cache")).output().unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 5), "{words:?}: {output:?}");
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn no_name_of_a_component_acts_on_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    // Of a file's name, too.
    let name = "x\u{1b}[31m\u{202e}\r\n::error::y.wasm";
    fs::write(folder.path().join(name), component()).unwrap();
    let broken = "y\u{1b}]0;title\u{7}.wasm";
    fs::write(folder.path().join(broken), [&component()[..], b"\x7f"].concat()).unwrap();
    let mut commands: Vec<Vec<&str>> = Vec::new();
    for format in [
        "human", "concise", "agent", "json", "ndjson", "sarif", "github", "gitlab", "junit",
        "markdown", "html",
    ] {
        for calls in [&["--static-only"][..], &["--no-cache"]] {
            commands
                .push([&["check", ".", "-v", "--no-config", "--format", format], calls].concat());
        }
    }
    for format in ["human", "json"] {
        commands.push(vec!["inspect", name, "--all", "--format", format]);
        if cfg!(feature = "exec") {
            commands.push(vec!["exec", name, "--format", format]);
        }
    }
    for format in ["svg", "dot", "mermaid"] {
        commands.push(vec!["graph", name, "--format", format]);
    }
    commands.extend([
        vec!["inspect", name, "--wit"],
        vec!["inspect", broken],
        vec!["wat", name],
        vec!["explain", "wasm trap: wasm `unreachable` instruction executed", name],
        vec!["bug-report", name],
        vec!["config", "show", name],
    ]);
    let mut named = 0;
    for words in &commands {
        let text = printed(folder.path(), words);
        check(words, &text);
        if words.contains(&"markdown")
            || words.contains(&"svg")
            || words.contains(&"junit")
            || words.contains(&"html")
        {
            assert!(!text.contains("<b onload"), "{words:?}: {text}");
        }
        if words.contains(&"junit") {
            roxmltree::Document::parse(&text).unwrap();
        }
        if words.contains(&"json") {
            serde_json::from_str::<Value>(&text).unwrap();
        }
        named += usize::from(text.contains("2J") || text.contains("[31m"));
    }
    // The names are shown, in a form that does nothing.
    assert!(named > 20, "{named} of {} commands show a name", commands.len());
}

/// Paths and arguments, of files that there are and that there are not.
#[test]
fn no_argument_acts_on_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let name = "x\u{1b}[31m\u{202e}\r\n::error::y##[error].wasm";
    let none = "z\u{1b}[31m\u{202e}\n::error::y##[error].wasm";
    let first = "::error::y.wasm";
    let broken = "b\n::error::y##[error].wasm";
    let text = "t\n::error::y##[error].json";
    let (config, manifest) = ("c\n::error::y##[error].toml", "m\n::error::y##[error].yaml");
    let inside = "f\n::error::y/##[error]/a";
    write(name, &component());
    write(first, &component());
    write(broken, &[&component()[..], b"\x7f"].concat());
    write(text, b"none of ours");
    write(config, b"version = 1\n");
    write(manifest, b"- a: [\n");
    fs::create_dir(folder.path().join("two\n::error::y")).unwrap();
    for file in ["1.wasm", "2.wasm"] {
        write(&format!("two\n::error::y/{file}"), &component());
    }
    let (unknown, two) = ("--x\n::error::y##[error]", "two\n::error::y");
    let (glob, report) = (format!("rules.{none}"), format!("json={inside}"));
    let rule = format!("run_once_guard:{none}");
    let mut commands = vec![
        vec!["wat", name, "--func", none],
        vec!["wat", name, "--func", "0"],
        vec!["wat", name, "--func", "9"],
        vec!["wat", first],
        vec!["wat", first, "--func", "9"],
        vec!["wat", none],
        vec!["wat", broken, "--func", "0"],
        vec!["inspect", none],
        vec!["inspect", first, name],
        vec!["inspect", first, name, broken, "--wit"],
        vec!["inspect", "--fingerprint", name],
        vec!["graph", none],
        vec!["graph", two],
        vec!["graph", broken],
        vec!["graph", name, "--export", none],
        vec!["check", none, "--static-only"],
        vec!["check", first, name, "--static-only", "--format", "concise"],
        vec!["check", name, "--static-only", "--since", none],
        vec!["check", name, "--static-only", "--baseline", none],
        vec!["check", name, "--static-only", "--baseline", text],
        vec!["check", name, "--static-only", "--config", none],
        vec!["check", name, "--static-only", "--config", text],
        vec!["check", name, "--static-only", "--output", &report],
        vec!["check", name, "--static-only", "--host", none],
        vec!["check", name, "--static-only", "-D", &glob],
        vec!["check", name, "--static-only", "--export", none],
        vec!["check", manifest, "--static-only"],
        vec!["render", none],
        vec!["render", text],
        vec!["allow", none, "--reason", none],
        vec!["allow", "00000000", none, "--reason", none],
        vec!["allow", "00000000", two, "--reason", none],
        vec!["allow", "00000000", "--report", text, "--reason", none],
        vec!["allow", &rule, "--reason", none, "--config", config],
        vec!["allow", &rule, "--reason", none, "--config", inside],
        vec!["allow", "run_once_guard", "--reason", "x", "--until", none],
        vec!["baseline", "write", name, "--static-only", "--output", config],
        vec!["baseline", "write", broken, "--static-only"],
        vec!["baseline", "diff", name, "--static-only", "--baseline", none],
        vec!["baseline", "prune", first, "--static-only", "--baseline", config],
        vec!["config", "show", none],
        vec!["config", "show", name, "--config", config],
        vec!["config", "verify", none],
        vec!["config", "verify", config],
        vec!["config", "verify", text],
        vec!["fix", none, "--dry-run"],
        vec!["fix", name, "--dry-run"],
        vec!["fix", first, "--dry-run"],
        vec!["fix", broken, "--dry-run"],
        vec!["fix", name, "--dry-run", "--keep", none],
        vec!["fix", name, "--dry-run", "--adapter", none],
        vec!["fix", name, "--unverified", "--output", "o\n::error::y"],
        vec!["fix", name, "--unverified", "--output", inside],
        vec!["fix", name, "--explain", "--static-only"],
        vec!["fix", "--manifest", manifest, "--diff", "--static-only"],
        vec!["diff", name, none, "--static-only"],
        vec!["diff", name, first, "--static-only", "--verbose"],
        vec!["diff", name, first, "--static-only", "--verbose", "--format", "json"],
        vec!["diff", name, first, "--static-only", "--verbose", "--format", "markdown"],
        vec!["certify", name, "--unsigned", "--static-only"],
        vec!["certify", none, "--unsigned", "--static-only"],
        vec!["certify", name, "--key", none],
        vec!["verify", name, "--certificate", none, "--key", none],
        vec!["verify", name, "--certificate", text, "--key", text],
        vec!["inspect", name, "--format", "cyclonedx"],
        vec!["inspect", name, "--policy"],
        vec!["inspect", name, "--policy", "--embed", inside],
        vec!["bug-report", none],
        vec!["explain", none],
        vec!["explain", text],
        vec!["explain", "::error::y"],
        vec!["explain", "00000000", none],
        vec!["explain", "unreachable", none],
        vec!["explain", "unreachable", two],
        vec!["man", "t\n::error::y##[error].json/x"],
        vec!["completions", none],
        vec!["rules", "--format", none],
        vec!["hosts", none],
        vec!["check", unknown],
        vec![unknown],
        vec![none],
        vec!["check", first, name, "--static-only", "--max-findings", none],
    ];
    if cfg!(feature = "exec") {
        commands.extend([
            vec!["exec", none],
            vec!["exec", broken],
            vec!["exec", name, "--export", none],
            vec!["exec", name, "--schedule", none],
            vec!["exec", name, "--guest-dir", none],
            vec!["exec", name, "--guest-env", none],
            vec!["exec", name, "--call", none],
            vec!["exec", name, "--guest-stdin", none],
            vec!["exec", name, "--answer", none],
            vec!["exec", name, "--with", none],
        ]);
    }
    for words in &commands {
        check(words, &printed(folder.path(), words));
    }
}
