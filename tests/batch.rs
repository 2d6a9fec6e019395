//! Checks of many inputs in one call: results are printed as they are there, memory does not grow with the number of
//! inputs, and identical inputs are examined once.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
#[cfg(feature = "exec")]
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

const ONCE: &str = include_str!("../rules/run_once_guard/fires_wasip2_run.wat");

/// Ends a program that waits for what never comes.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _is_over = self.0.kill();
        self.0.wait().unwrap();
    }
}

fn check(folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.arg("check").args(options).args(["--no-config", "--no-cache"]);
    command.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

fn started(command: &mut Command) -> (Running, Lines<BufReader<ChildStdout>>) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    (Running(child), lines)
}

fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap()
}

/// A component whose only difference from others is a section of `size` bytes that begins with `number`.
fn component(number: u32, size: usize) -> Vec<u8> {
    let mut bytes = wat::parse_str(ONCE).unwrap();
    let mut section = vec![1, b'x'];
    section.extend(number.to_le_bytes());
    section.resize(size.max(section.len()), 0);
    bytes.push(0);
    let mut length = section.len();
    while length > 0x7f {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(section);
    bytes
}

fn folder(contents: &[Vec<u8>]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(number, content): (usize, &Vec<u8>)| {
        let path = folder.path().join(format!("{number:03}.wasm"));
        fs::write(&path, content).unwrap();
        path
    };
    let paths = contents.iter().enumerate().map(write).collect();
    (folder, paths)
}

#[test]
fn results_are_printed_before_the_last_input_is_read() {
    let (folder, _) = folder(&[component(0, 8), component(1, 8), component(0, 8)]);
    let pipe = folder.path().join("later.wasm");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let inputs = ["000.wasm", "001.wasm", "002.wasm", "later.wasm"];
    let options = ["--static-only", "--format", "ndjson", "--jobs", "2"];
    let (_running, mut lines) = started(check(folder.path(), &options).args(inputs));
    let kinds: Vec<_> = (0..5).map(|_| next(&mut lines)["type"].clone()).collect();
    assert_eq!(kinds, ["run", "artifact", "finding", "artifact", "finding"]);
    fs::OpenOptions::new().write(true).open(&pipe).unwrap().write_all(&component(3, 8)).unwrap();
    let rest: Vec<_> =
        lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()).collect();
    let kinds: Vec<_> = rest.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["artifact", "finding", "also", "summary"]);
    assert_eq!((&rest[0]["id"], &rest[1]["artifact"]), (&3.into(), &3.into()));
    assert_eq!(rest[2], serde_json::json!({"type": "also", "artifact": 0, "path": "002.wasm"}));
    assert_eq!(rest[3]["warnings"], 3);
}

/// A program that reads lines sees what one that reads the document sees.
#[test]
fn lines_are_those_of_the_whole_report() {
    let mut contents: Vec<_> = (0..40).map(|number| component(number % 30, 8)).collect();
    contents.extend([b"no wasm".to_vec(), Vec::new(), b"no wasm".to_vec()]);
    let (folder, _) = folder(&contents);
    fs::write(folder.path().join("text.wat"), ONCE).unwrap();
    fs::write(folder.path().join("copy.wat"), ONCE).unwrap();
    let inputs = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path());
    let mut inputs: Vec<_> = inputs.collect();
    inputs.sort();
    for options in [&["--static-only"][..], &["--static-only", "--host", "spin-p2", "--exit-zero"]]
    {
        let run = |format: &str, output: &[&str]| {
            let options = [options, &["--format", format], output].concat();
            let ran = check(folder.path(), &options).args(&inputs).output().unwrap();
            (String::from_utf8(ran.stdout).unwrap(), ran.status.code())
        };
        let (streamed, code) = run("ndjson", &[]);
        assert_eq!(code, Some(4));
        // A report that also goes to a file is written at the end.
        assert_eq!(run("ndjson", &["--output", "json=report.json"]), (streamed.clone(), code));
        let rendered = Command::new(env!("CARGO_BIN_EXE_secondcall"))
            .args(["render", "report.json", "--format", "ndjson"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(rendered.stdout).unwrap(), streamed);
        assert_eq!(streamed.lines().filter(|it| it.starts_with("{\"type\":\"also\"")).count(), 11);
        assert_eq!(streamed.lines().filter(|it| it.starts_with("{\"type\":\"error\"")).count(), 3);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_number_of_inputs() {
    const SIZE: usize = 4 << 20;
    let contents: Vec<_> = (0..48).map(|number| component(number, SIZE)).collect();
    let (folder, paths) = folder(&contents);
    drop(contents);
    let options = ["--static-only", "--format", "ndjson", "--jobs", "2"];
    let (running, mut lines) = started(check(folder.path(), &options).args(paths));
    let mut peaks = Vec::new();
    while peaks.len() < 48 {
        if next(&mut lines)["type"] == "artifact" {
            let status = fs::read_to_string(format!("/proc/{}/status", running.0.id())).unwrap();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
            peaks.push(peak.split_whitespace().next().unwrap().parse::<usize>().unwrap() << 10);
        }
    }
    let (few, all) = (peaks[7], peaks[47]);
    assert!(all < few + 4 * SIZE && all < 100 << 20, "{few} bytes after 8 inputs, {all} after 48");
}

/// Its call takes its whole budget.
#[cfg(feature = "exec")]
const ENDLESS: &str = r#"
(component
  (core module $m (func (export "f") (loop br 0)))
  (core instance $i (instantiate $m))
  (func (export "f") (canon lift (core func $i "f"))))"#;

#[test]
#[cfg(feature = "exec")]
fn identical_inputs_are_examined_once() {
    let time = |copies: usize, format: &str| {
        let (folder, paths) = folder(&vec![wat::parse_str(ENDLESS).unwrap(); copies]);
        let begun = Instant::now();
        let options = ["--budget", "2s", "--format", format, "--jobs", "1"];
        let ran = check(folder.path(), &options).args(paths).output().unwrap();
        assert!(String::from_utf8(ran.stdout).unwrap().contains("budget"));
        begun.elapsed()
    };
    for format in ["ndjson", "json"] {
        let (one, all) = (time(1, format), time(60, format));
        assert!(all < one * 20, "{format}: {one:?} for one, {all:?} for 60");
    }
}
