//! Reports which tests of the suites before it were skipped because they had no input. Cargo runs suites in the order of
//! their names, and this one last. In CI, it fails unless `SECONDCALL_MAY_SKIP` names the input.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

#[test]
fn every_suite_had_its_inputs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped");
    let mut records = Vec::new();
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        records.push(fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    if records.is_empty() {
        return;
    }
    // A record is valid for one run.
    fs::remove_dir_all(&folder).unwrap();
    records.sort();
    let (mut suites, mut lines, mut forbidden) = (BTreeSet::new(), String::new(), false);
    let may_skip = std::env::var("SECONDCALL_MAY_SKIP").unwrap_or_default();
    for record in &records {
        let [suite, test, input] = record.lines().collect::<Vec<_>>()[..] else {
            panic!("not a record: {record}")
        };
        suites.insert(suite);
        lines += &format!("  {suite}: {test} needs {input}\n");
        forbidden |= !may_skip.split_whitespace().any(|name| name == input);
    }
    let (suites, tests) = (suites.len(), records.len());
    // Not `eprint!`, whose output a test that passes does not show.
    write!(
        io::stderr(),
        "\nskipped for want of inputs: tests: {tests}, suites: {suites}\n{lines}\
         CONTRIBUTING.md says how to get these inputs.\n\n"
    )
    .unwrap();
    assert!(!forbidden || std::env::var_os("CI").is_none(), "in CI, nothing may be skipped");
}

#[test]
fn this_suite_runs_last() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let names = fs::read_dir(tests).unwrap().map(|entry| entry.unwrap().file_name());
    let last = names.filter(|name| Path::new(name).extension() == Some("rs".as_ref())).max();
    assert_eq!(last.unwrap(), "untested.rs");
}
