//! Which configuration files count, and what those of a checkout may ask for.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const ONCE: &str = include_str!("../rules/run_once_guard/fires_wasip2_run.wat");
/// A file that silences everything.
const SILENT: &str = "version = 1\n[rules]\nall = \"allow\"\n";

/// A folder with a component in `inner`, and these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("inner/app.wat", ONCE)].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What the program prints in a folder, and its exit code. The user's own configuration is below `own`.
fn run(folder: &Path, words: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("XDG_CONFIG_HOME", folder.join("own")).env("SECONDCALL_STATIC_ONLY", "true");
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

/// The number of findings of a check, and the codes of what is told of configurations.
fn checked(folder: &Path, options: &[&str]) -> (usize, Vec<String>, i32) {
    let (text, code) =
        run(folder, &[&["check", "inner/app.wat", "--format", "json"], options].concat());
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    let codes = report["config"].as_array().unwrap().iter();
    let codes = codes.map(|it| it["code"].as_str().unwrap().to_owned()).collect();
    (report["findings"].as_array().unwrap().len(), codes, code)
}

#[test]
fn a_file_outside_of_repositories_counts_only_where_it_is_named() {
    let planted = folder(&[("secondcall.toml", SILENT)]);
    let ignored = vec!["outside_repository".to_owned()];
    assert_eq!(checked(planted.path(), &[]), (1, ignored.clone(), 0));
    assert_eq!(checked(planted.path(), &["--strict"]), (1, ignored, 1));
    assert_eq!(checked(planted.path(), &["--config", "secondcall.toml"]), (0, vec![], 0));
    assert_eq!(checked(planted.path(), &["--no-config"]), (1, vec![], 0));
    let (shown, code) = run(planted.path(), &["config", "show", "inner"]);
    assert!(code == 0 && shown.contains("# secondcall.toml: this file does not count"), "{shown}");
    let (shown, _) =
        run(planted.path(), &["config", "show", "inner", "--config", "secondcall.toml"]);
    let line = shown.lines().find(|line| line.starts_with("rules.all")).unwrap();
    assert!(line.contains("\"allow\"") && line.ends_with("secondcall.toml:3"), "{line}");
    fs::create_dir(planted.path().join(".git")).unwrap();
    assert_eq!(checked(planted.path(), &[]), (0, vec![], 0));
}

#[test]
fn a_manifest_outside_of_repositories_configures_no_more_than_what_it_names() {
    let table = "[package]\nname = \"x\"\n[package.metadata.secondcall.rules]\nall = \"allow\"\n";
    let planted = folder(&[("Cargo.toml", table)]);
    assert_eq!(checked(planted.path(), &[]).0, 1);
    fs::create_dir(planted.path().join(".git")).unwrap();
    assert_eq!(checked(planted.path(), &[]).0, 0);
}

#[test]
#[cfg(all(unix, not(target_os = "macos")))]
fn the_users_own_file_counts_outside_of_repositories() {
    let own = folder(&[("own/secondcall/secondcall.toml", SILENT)]);
    assert_eq!(checked(own.path(), &[]), (0, vec![], 0));
    let (shown, _) = run(own.path(), &["config", "show", "inner"]);
    assert!(shown.contains("own/secondcall/secondcall.toml:3"), "{shown}");
    fs::create_dir(own.path().join(".git")).unwrap();
    assert_eq!(checked(own.path(), &[]).0, 1);
}

#[test]
fn a_checkout_lowers_limits_and_raises_none_above_the_ceilings() {
    let of = |text: &str| folder(&[(".git/HEAD", ""), ("secondcall.toml", text)]);
    let lower = of("version = 1\nbudget = \"100ms\"\nmemory = \"1MiB\"\n");
    let (shown, code) = run(lower.path(), &["config", "show", "inner"]);
    assert!(
        code == 0 && shown.contains("\"1MiB\"") && shown.contains("secondcall.toml:2"),
        "{shown}"
    );
    for limit in ["budget = \"61s\"", "memory = \"5GiB\"", "memory = \"200000GiB\""] {
        let higher = of(&format!("version = 1\n{limit}\n"));
        let (told, code) = run(higher.path(), &["check", "inner/app.wat"]);
        assert!(code == 2 && told.contains("is too high"), "{limit}: {told}");
        // Who names it may ask for it.
        let named = ["check", "inner/app.wat", "--config", "secondcall.toml"];
        let (told, code) = run(higher.path(), &named);
        assert_eq!(code, 0, "{limit}: {told}");
    }
    let table = "[package]\nname = \"x\"\n[package.metadata.secondcall]\nbudget = \"61s\"\n";
    let manifest = folder(&[(".git/HEAD", ""), ("Cargo.toml", table)]);
    assert_eq!(run(manifest.path(), &["check", "inner/app.wat"]).1, 2);
}

#[test]
fn who_writes_a_file_that_does_not_count_is_told_so() {
    let outside = folder(&[]);
    let (told, code) = run(outside.path(), &["config", "init"]);
    assert!(code == 0 && told.contains("counts only where it is named: `--config`"), "{told}");
    let accept = |rule| ["allow", rule, "inner/app.wat", "--reason", "called once"];
    let (told, code) = run(outside.path(), &accept("run_once_guard"));
    assert!(code == 0 && told.contains("`--config`"), "{told}");
    fs::create_dir(outside.path().join(".git")).unwrap();
    let (told, code) = run(outside.path(), &accept("memory_grows"));
    assert!(code == 0 && !told.contains("`--config`"), "{told}");
}
