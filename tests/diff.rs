//! `secondcall diff` of two builds that can be opened, `tests/diff/old.wat` and `new.wat`, compared with the files beside
//! them; `BLESS=1` rewrites those. Exit codes and what is typed wrongly are in `tests/cli/diff.txt`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::{Ran, secondcall};
use serde_json::{Value, json};
use tempfile::TempDir;

const OLD: &str = "tests/diff/old.wat";
const NEW: &str = "tests/diff/new.wat";
const HOST: [&str; 4] = ["--host", "jco-transpiled", "--no-cache", "--no-config"];

fn diff(old: &str, new: &str, options: &[&str]) -> Ran {
    secondcall(&[&["diff", old, new], &HOST[..], options].concat())
}

/// The comparison as JSON, held to its schema.
fn json_of(ran: &Ran) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/diff-v1.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let comparison: Value = serde_json::from_str(&ran.out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&comparison).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    comparison
}

/// The report of a check, saved in `folder`.
fn saved(folder: &TempDir, name: &str, input: &str, options: &[&str]) -> PathBuf {
    let path = folder.path().join(name);
    let output = format!("json={}", path.display());
    let ran = secondcall(&[&["check", input, "-q", "-o", &output], &HOST[..], options].concat());
    assert!(matches!(ran.code, Some(0 | 1)), "{}", ran.err);
    path
}

#[test]
fn what_a_new_build_changes() {
    for (format, name) in
        [("human", "changes.txt"), ("markdown", "changes.md"), ("json", "changes.json")]
    {
        let ran = diff(OLD, NEW, &["--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""), "{}", ran.out);
        expected::compare("diff", name, &ran.out);
        if format == "json" {
            assert_eq!(json_of(&ran)["summary"]["exit_code"], 1);
        }
    }
}

#[test]
fn the_way_back_is_no_worse() {
    let ran = diff(NEW, OLD, &["--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    let comparison = json_of(&ran);
    assert_eq!(comparison["summary"]["new"], 0);
    assert_eq!(comparison["summary"]["better"], 1);
    assert!(comparison["summary"]["gone"].as_u64() > Some(0));
}

#[test]
fn a_saved_report_stands_for_its_component() {
    let folder = TempDir::new().unwrap();
    let (old, new) = (saved(&folder, "old.json", OLD, &[]), saved(&folder, "new.json", NEW, &[]));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let of_components = diff(OLD, NEW, &["--format", "json"]);
    for ran in [diff(old, new, &["--format", "json"]), diff(old, NEW, &["--format", "json"])] {
        assert_eq!(ran.out, of_components.out);
        assert_eq!(ran.code, Some(1));
    }
    let same = diff(old, OLD, &["--format", "json"]);
    assert_eq!(same.code, Some(0));
    let comparison = json_of(&same);
    assert_eq!(comparison["components"][0]["change"], "same");
    for list in ["hosts", "exports", "findings"] {
        let all = comparison["components"][0][list].as_array().unwrap();
        assert!(!all.is_empty() && all.iter().all(|it| it["trend"] == "same"), "{list}: {all:?}");
    }
}

/// What only calls show is neither gone nor new where one side made none.
#[test]
fn a_report_without_calls_is_not_compared_in_what_calls_show() {
    let folder = TempDir::new().unwrap();
    let code = saved(&folder, "code.json", NEW, &["--static-only"]);
    let calls = saved(&folder, "calls.json", NEW, &[]);
    let (code, calls) = (code.to_str().unwrap(), calls.to_str().unwrap());
    let presences = |ran: &Ran| {
        let comparison = json_of(ran);
        assert_eq!(
            (&comparison["summary"]["new"], &comparison["summary"]["gone"]),
            (&json!(0), &json!(0))
        );
        let findings = comparison["components"][0]["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .map(|it| it["presence"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let ran = diff(code, calls, &["--format", "json"]);
    assert!(presences(&ran).contains(&"newly_seen".to_owned()), "{}", ran.out);
    assert_eq!(ran.code, Some(0));
    let ran = diff(calls, code, &["--format", "json"]);
    assert!(presences(&ran).contains(&"unseen".to_owned()), "{}", ran.out);
    assert_eq!(ran.code, Some(0));
    assert!(diff(code, calls, &[]).out.contains("settings    static only: true, then false"));
}

/// Names in a saved report may be anything.
#[test]
fn names_add_no_markup() {
    let folder = TempDir::new().unwrap();
    let path = saved(&folder, "report.json", OLD, &[]);
    let hostile = r"a|b`](https://example.org)<img src=x>\u001b[31m @you.wasm";
    let text = fs::read_to_string(&path).unwrap().replace("tests/diff/old.wat", hostile);
    fs::write(&path, text).unwrap();
    let ran = diff(path.to_str().unwrap(), NEW, &["--format", "markdown"]);
    let heading = ran.out.lines().find(|line| line.contains("compared with")).unwrap();
    let expected = r"`a\|b'](https://example.org)<img src=x>\u{1b}[31m @you.wasm`";
    assert!(heading.ends_with(expected), "{heading}");
    let human = diff(path.to_str().unwrap(), NEW, &[]).out;
    assert!(!human.contains('\u{1b}') && human.contains(r"\u{1b}[31m"), "{human}");
}
