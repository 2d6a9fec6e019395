//! What the readers of project files do with texts that nobody meant to write: no panic, no hang.
//! What they do with good ones is shown in `tests/cli/`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use secondcall::manifest::{self, Kind};

const KINDS: [Kind; 5] = [Kind::Spin, Kind::Cargo, Kind::Wash, Kind::Cluster, Kind::Wac];

/// The project files of `tests/manifests/` and `examples/gate/`.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> = vec![root.join("tests/manifests"), root.join("examples/gate")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path().to_str().unwrap().replace('\\', "/");
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else if Kind::of_path(&path).is_some() {
                found.push((path, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    assert!(found.len() > 10);
    found
}

/// Reads a text as every kind, and looks at the spans that come of it.
fn survive(path: &str, text: &str) {
    for kind in KINDS {
        let spans = match manifest::read(kind, path, text) {
            Ok(manifest) => manifest.entries.into_iter().map(|entry| entry.span).collect(),
            Err(error) => vec![error.span],
        };
        for span in spans {
            assert!(text.get(span.clone()).is_some(), "{path}: {span:?}");
        }
    }
}

#[test]
fn a_text_may_end_anywhere() {
    for (path, text) in texts() {
        for (end, _) in text.char_indices() {
            survive(&path, &text[..end]);
        }
        survive(&path, &text);
    }
}

#[test]
fn any_character_may_be_another() {
    for (path, text) in texts() {
        for (at, character) in text.char_indices() {
            for other in ["", "\"", "[", "*", "ü", "\r\n"] {
                let rest = &text[at + character.len_utf8()..];
                survive(&path, &format!("{}{other}{rest}", &text[..at]));
            }
        }
    }
}

#[test]
fn a_deep_or_large_text_is_refused_or_read_at_once() {
    let deep = [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        "- ".repeat(50_000),
        "? ".repeat(50_000),
        "/*".repeat(50_000),
        "a.".repeat(50_000) + "a = 1",
        format!("package a:b;{}", "let x = new a:b {};".repeat(10_000)),
        "a: &a [b]\n".to_owned() + &"c: *a\n".repeat(20_000),
    ];
    for text in deep {
        for path in ["Cargo.toml", "x.yaml"] {
            survive(path, &text);
        }
    }
}
