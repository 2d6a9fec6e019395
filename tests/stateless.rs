//! Every export of the fixtures that is proven stateless is called 200 times on one instance, with many arguments, and
//! behaves as on fresh instances.

#![cfg(feature = "exec")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use secondcall::component::Component;
use secondcall::exec::{Observer, Settings};
use secondcall::finding::Kind;
use secondcall::profile::Profile;
use secondcall::report::Report;
use secondcall::rule::Hazard;
use secondcall::verdict::Verdict;
use secondcall::{check, lint};

/// Calls of each export on one instance.
const CALLS: u32 = 200;
/// Folders of fixtures.
const FOLDERS: [&str; 5] = ["rules", "examples", "tests/exec", "tests/inspect", "tests/stateless"];

fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            fixtures(&path, found);
        } else if path.extension().is_some_and(|it| it == "wat" || it == "wasm") {
            found.push(path);
        }
    }
}

fn proven(report: &Report) -> Vec<&str> {
    let exports = report.exports.iter().filter(|it| it.verdict == Verdict::StatelessProven);
    exports.map(|it| it.name.as_str()).collect()
}

#[test]
fn calls_confirm_every_proof() {
    let spec = Profile::by_id(Profile::SPEC).unwrap();
    let mut observer = Observer::new(env!("CARGO_BIN_EXE_secondcall"));
    observer.settings = Settings { calls: CALLS, ..Settings::default() };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    FOLDERS.iter().for_each(|folder| fixtures(&root.join(folder), &mut files));
    files.sort();
    let mut confirmed = 0;
    for file in files {
        let Ok(bytes) = wat::parse_file(&file) else { continue };
        if Component::read(&bytes).is_err() {
            continue;
        }
        let linted = lint(&bytes, &[spec]).unwrap();
        let proven = proven(&linted);
        if proven.is_empty() {
            continue;
        }
        let checked = check(&bytes, &[spec], &observer).unwrap();
        for name in proven {
            let export = checked.exports.iter().find(|it| it.name.as_str() == name).unwrap();
            // It was not called: there is no instance, or it never returns.
            if export.verdict == Verdict::Unknown {
                continue;
            }
            let against: Vec<_> = checked
                .findings
                .iter()
                .map(|judged| &judged.finding)
                .filter(|it| it.export.as_ref() == Some(&export.name) && it.kind == Kind::Fail)
                .filter(|it| {
                    !matches!(it.rule.metadata.hazard, Hazard::Poisoning | Hazard::FailsFirst)
                })
                .map(|it| &it.message)
                .collect();
            assert!(against.is_empty(), "{}: {name}: {against:?}", file.display());
            assert_eq!(export.verdict, Verdict::StatelessProven, "{}: {name}", file.display());
            confirmed += 1;
        }
    }
    assert!(confirmed >= 20, "only {confirmed} exports are proven");
}

/// Which exports of the component are proven, and which are not, with the name of each saying it.
#[test]
fn proofs_are_neither_lost_nor_won() {
    let spec = Profile::by_id(Profile::SPEC).unwrap();
    for entry in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stateless")).unwrap()
    {
        let file = entry.unwrap().path();
        let report = lint(&wat::parse_file(&file).unwrap(), &[spec]).unwrap();
        for export in &report.exports {
            let expected = !export.name.as_str().starts_with("not-");
            let is_proven = export.verdict == Verdict::StatelessProven;
            assert_eq!(is_proven, expected, "{}: {}", file.display(), export.name.as_str());
        }
    }
}
