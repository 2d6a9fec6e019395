//! The wall around the analysis: an input that ends, hangs or fills the process that analyzes it is an input that could
//! not be analyzed, and the batch goes on. `SECONDCALL_TEST_FAULT` makes such inputs.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const ONCE: &str = include_str!("../rules/run_once_guard/fires_wasip2_run.wat");
/// What makes an input fail.
const FAULTY: &str = "a name that ends it";

/// A folder with three components, of which the second one is faulty.
fn batch() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, section) in [("a", "harmless"), ("b", FAULTY), ("c", "harmless, too")] {
        let mut bytes = wat::parse_str(ONCE).unwrap();
        // A custom section without content.
        bytes.extend([0, section.len() as u8 + 1, section.len() as u8]);
        bytes.extend(section.as_bytes());
        fs::write(folder.path().join(name).with_extension("wasm"), bytes).unwrap();
    }
    folder
}

fn program(arguments: &[&str], fault: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(arguments).args(["--no-config", "--color", "never"]);
    command.env("SECONDCALL_TEST_FAULT", format!("{fault}:{FAULTY}")).stdin(Stdio::null());
    command
}

/// The report of a check and its exit code.
fn checked(folder: &Path, options: &[&str], fault: &str) -> (Value, i32) {
    let arguments = [&["check", "--no-cache", "--format", "json"], options].concat();
    let output = program(&arguments, fault).arg(folder).output().unwrap();
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (report, output.status.code().unwrap())
}

/// What is found in each component, by name.
fn found(report: &Value) -> Vec<(String, Vec<String>)> {
    let artifacts = report["artifacts"].as_array().unwrap().iter();
    let findings = report["findings"].as_array().unwrap();
    let of = |artifact: &Value| {
        let own = findings.iter().filter(|it| it["artifact"] == artifact["id"]);
        own.map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
    };
    let name = |it: &Value| it["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    artifacts.map(|it| (name(it), of(it))).collect()
}

#[test]
fn an_input_that_ends_its_analysis_costs_that_input_alone() {
    let folder = batch();
    let (whole, code) = checked(folder.path(), &["--static-only"], "none");
    assert_eq!((found(&whole).len(), code), (3, 0));
    let rest: Vec<_> = found(&whole).into_iter().filter(|(name, _)| name != "b.wasm").collect();
    assert!(rest.iter().all(|(_, rules)| !rules.is_empty()), "{rest:?}");
    for (fault, reason) in [
        ("abort", "the process that analyzed it ended: signal: 6 (SIGABRT)"),
        ("stack", "its analysis overflowed the stack"),
        ("memory", "its analysis ran out of memory"),
        ("time", "its analysis took longer than 60 s of processor time"),
        ("panic", "internal error in secondcall, please report it: a test asked for it"),
    ] {
        // With one job, one process analyzes all of them in turn.
        for jobs in ["1", "2"] {
            let (report, code) = checked(folder.path(), &["--static-only", "--jobs", jobs], fault);
            let errors = report["errors"].as_array().unwrap();
            assert_eq!((errors.len(), code), (1, 4), "{fault}: {errors:?}");
            let [error] = errors.as_slice() else { unreachable!() };
            assert!(error["path"].as_str().unwrap().ends_with("b.wasm"), "{fault}: {error}");
            assert_eq!(error["stage"], "analyze", "{fault}");
            let message = error["message"].as_str().unwrap();
            assert!(message.starts_with(reason), "{fault}: {message}");
            assert_eq!(found(&report), rest, "{fault}, {jobs} jobs");
        }
    }
}

#[test]
#[cfg(feature = "exec")]
fn so_it_is_where_exports_are_called() {
    let folder = batch();
    let (report, code) = checked(folder.path(), &[], "stack");
    assert_eq!((report["errors"].as_array().unwrap().len(), code), (1, 4));
    let exports = report["artifacts"].as_array().unwrap().iter();
    let calls: Vec<_> = exports.map(|it| it["exports"][0]["calls"].as_array().unwrap()).collect();
    assert!(calls.len() == 2 && calls.iter().all(|it| it.len() > 1), "{calls:?}");
}

#[test]
fn texts_and_core_modules_are_read_behind_the_wall() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("text.wat"), format!("(component) ;; {FAULTY}")).unwrap();
    let module = format!(
        "(module (memory (export \"memory\") 1) (func (export \"_start\")) (func (export \"{FAULTY}\")))"
    );
    fs::write(folder.path().join("module.wasm"), wat::parse_str(module).unwrap()).unwrap();
    for name in ["text.wat", "module.wasm"] {
        let (whole, _) = checked(&folder.path().join(name), &["--static-only"], "none");
        assert_eq!(whole["artifacts"].as_array().unwrap().len(), 1, "{name}: {whole}");
        let (report, code) = checked(&folder.path().join(name), &["--static-only"], "abort");
        assert_eq!((report["errors"][0]["stage"].as_str(), code), (Some("analyze"), 4), "{name}");
    }
}

#[test]
fn every_format_of_a_gate_tells_it() {
    let folder = batch();
    for format in [
        "human", "concise", "agent", "ndjson", "sarif", "github", "gitlab", "junit", "markdown",
        "html",
    ] {
        let arguments = ["check", "--static-only", "--format", format];
        let output = program(&arguments, "stack").arg(folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("its analysis overflowed the stack"), "{format}: {text}");
        assert_eq!(output.status.code(), Some(4), "{format}");
    }
}

#[test]
fn a_worker_ends_with_its_parent_whatever_it_does() {
    if !Path::new("/proc/self/stat").exists() {
        return;
    }
    let folder = batch();
    let mut parent = program(&["check", "--static-only"], "hang");
    let mut parent = parent.arg(folder.path()).stdout(Stdio::null()).spawn().unwrap();
    let wait_until = |done: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !done() {
            assert!(begun.elapsed() < Duration::from_secs(20));
            thread::sleep(Duration::from_millis(20));
        }
    };
    let own = parent.id().to_string();
    let workers = || -> Vec<u32> {
        let all = fs::read_dir("/proc")
            .unwrap()
            .filter_map(|it| it.ok()?.file_name().to_str()?.parse().ok());
        let is_child = |process: &u32| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            // The state and the parent follow the name in parentheses; a zombie has ended.
            let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
            fields.get(1) == Some(&own.as_str()) && fields[0] != "Z"
        };
        all.filter(is_child).collect()
    };
    wait_until(&|| !workers().is_empty());
    // Those that analyzed the other inputs are idle; one hangs.
    thread::sleep(Duration::from_millis(500));
    let started = workers();
    assert!(!started.is_empty());
    parent.kill().unwrap();
    parent.wait().unwrap();
    let is_running = |process: &u32| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        line.windows(15).any(|it| it == b"analysis-worker")
    };
    wait_until(&|| !started.iter().any(is_running));
}

/// Commands for one file analyze it in their own process, with the same limits.
#[test]
fn a_command_for_one_file_has_the_limits_of_a_worker() {
    use std::os::unix::process::ExitStatusExt;
    let folder = batch();
    let file = folder.path().join("b.wasm");
    let file = file.to_str().unwrap();
    let mut commands = vec![
        vec!["inspect", file],
        vec!["inspect", file, "--wit"],
        vec!["graph", file],
        vec!["wat", file],
        vec!["explain", "unreachable", file],
        vec!["fix", file, "--dry-run"],
    ];
    if cfg!(feature = "exec") {
        commands.push(vec!["exec", file]);
    }
    for words in &commands {
        for (fault, signal, words_of_it) in
            [("memory", 6, "memory allocation of"), ("time", 24, "")]
        {
            let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
            command.args(words).stdin(Stdio::null());
            command.env("SECONDCALL_TEST_FAULT", format!("{fault}:{FAULTY}"));
            let output = command.output().unwrap();
            assert_eq!(output.status.signal(), Some(signal), "{words:?}, {fault}: {output:?}");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(errors.contains(words_of_it), "{words:?}, {fault}: {errors}");
        }
    }
}
