//! `secondcall explain` of what people paste: `tests/explain/*.txt`, one for each kind of text.
//!
//! ```text
//! $ secondcall explain [-] [COMPONENT]   the first line; the component's path counts from the repository's root
//! …                                      what was printed: standard input of the command
//! =====
//! …                                      the explanation; `! …` is what goes to standard error
//! => 0                                   the exit code
//! ```
//!
//! `BLESS=1` rewrites what stands below the line.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const LINE: &str = "\n=====\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fixtures, in the order of their names.
fn fixtures() -> Vec<PathBuf> {
    let files = fs::read_dir(root().join("tests/explain")).unwrap();
    let mut files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension() == Some("txt".as_ref()));
    files.sort();
    assert!(files.len() > 30);
    files
}

fn run(words: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words).current_dir(root()).env("SECONDCALL_STATIC_ONLY", "true");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that does not read closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The arguments and the text of a fixture.
fn parts(fixture: &str) -> (Vec<&str>, &str) {
    let (command, rest) = fixture.split_once('\n').unwrap();
    let words = command.strip_prefix("$ secondcall ").unwrap().split(' ').collect();
    (words, rest.split_once(LINE).map_or(rest, |(text, _)| text))
}

#[test]
fn what_people_paste() {
    let mut differing = Vec::new();
    for path in fixtures() {
        let fixture = fs::read_to_string(&path).unwrap();
        let (words, text) = parts(&fixture);
        let output = run(&words, text);
        let errors = String::from_utf8(output.stderr).unwrap();
        let errors: String = errors.lines().map(|line| format!("! {line}\n")).collect();
        let code = output.status.code().unwrap();
        let told = String::from_utf8(output.stdout).unwrap() + &errors + &format!("=> {code}\n");
        let now = format!("$ secondcall {}\n{text}{LINE}{told}", words.join(" "));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &now).unwrap();
        } else if now != fixture {
            differing.push(format!("{}: now\n{told}", path.display()));
        }
    }
    assert!(differing.is_empty(), "BLESS=1 rewrites:\n{}", differing.join("\n"));
}

#[test]
fn json_is_what_the_schema_says_and_every_row_has_a_fixture() {
    let schema = fs::read_to_string(root().join("schemas/explain-v1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let check = |words: &[&str], input: &str| -> Option<Value> {
        let output = run(words, input);
        let value = serde_json::from_slice(&output.stdout).ok()?;
        let errors: Vec<_> = validator.iter_errors(&value).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{words:?} {input}: {errors:#?}");
        Some(value)
    };
    let mut explained = BTreeSet::new();
    for path in fixtures() {
        let fixture = fs::read_to_string(&path).unwrap();
        let (words, text) = parts(&fixture);
        let document = check(&[&words[..], &["--format", "json"]].concat(), text);
        // A text that is not known has no document.
        let Some(document) = document else { continue };
        explained.extend(document["causes"][0]["id"].as_str().map(str::to_owned));
    }
    let table = fs::read_to_string(root().join("data/failures.toml")).unwrap();
    let rows: BTreeSet<_> =
        table.lines().filter_map(|it| it.strip_prefix("id = \"")?.strip_suffix('"')).collect();
    assert_eq!(explained.iter().map(String::as_str).collect::<BTreeSet<_>>(), rows);
    for topic in ["run_once_guard", "spin-p3", "single_shot", "4", "not-exercised"] {
        assert!(check(&["explain", topic, "--format", "json"], "").is_some(), "{topic}");
    }
    let found = ["explain", "29d844ab", "examples/hello.wasm", "--format", "json"];
    assert_eq!(check(&found, "").unwrap()["finding"]["rule"], "run_once_guard");
}

#[test]
fn lists_are_what_their_schemas_say() {
    for list in ["rules", "hosts"] {
        let schema = fs::read_to_string(root().join(format!("schemas/{list}-v1.json"))).unwrap();
        let schema = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let output = run(&[list, "--format", "json"], "");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{list}: {errors:#?}");
        assert!(document[list].as_array().unwrap().len() > 10);
    }
}

/// Every trap of the engine that this build has. A new one needs a row in `data/failures.toml`.
#[cfg(feature = "exec")]
#[test]
fn every_trap_of_the_engine_is_known() {
    let traps: Vec<_> = (0..=u8::MAX).filter_map(wasmtime::Trap::from_u8).collect();
    assert!(traps.len() > 40);
    for trap in traps {
        let output = run(&["explain"], &trap.to_string());
        assert_eq!(output.status.code(), Some(0), "{trap}");
    }
}

/// A trap that only calls show is known, once they were made.
#[cfg(feature = "exec")]
#[test]
fn a_failure_that_was_observed_is_found_again() {
    let cache = tempfile::tempdir().unwrap();
    let component = "rules/later_call_fails/fires_second_object.wat";
    let secondcall = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
        command.args(words).current_dir(root()).env("SECONDCALL_CACHE_DIR", cache.path());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let report = secondcall(&["check", component, "--format", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|it| it["rule"] == "later_call_fails").unwrap();
    let offset = finding["locations"][0]["offset"].as_u64().unwrap();
    let trace = format!("    0: {offset:#x} - value\n\nCaused by:\n    wasm trap: unreachable\n");
    let explained = secondcall(&["explain", &trace, component]);
    let id = finding["id"].as_str().unwrap();
    assert!(explained.contains(&format!("secondcall explain {id} {component}")), "{explained}");
    assert!(explained.starts_with("A later call fails"), "{explained}");
}
