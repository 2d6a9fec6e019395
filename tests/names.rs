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
const HOSTILE: &str = "x\\u{1b}[31m\\u{9b}2J\\r\\n::error::y\\u{7}]]><b onload=z>\\u{202e}\\u{2066}\\u{200f}\\u{61c}\\u{feff}\\u{e0041}\\u{7f}|`";

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
        "markdown",
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
        let at = text.find(acts).map(|at| &text[at.saturating_sub(60)..]);
        assert_eq!(at.map(|it| it.escape_debug().to_string()), None, "{words:?}");
        assert!(!text.lines().any(|line| line.starts_with("::error::y")), "{words:?}: {text}");
        if words.contains(&"markdown") || words.contains(&"svg") || words.contains(&"junit") {
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
