//! Targets for fuzzing, on the stable toolchain: inputs from numbers, in a process of their own, within limits of
//! processor time and memory. `fuzz/README.md` says more.
//!
//! `SECONDCALL_FUZZ=SECONDS` says how long each target runs instead of a few seconds, and `SECONDCALL_SEED=NUMBER` which
//! input is the first. An input that fails is kept below `target`; once mended, it belongs in `tests/fuzz/found/TARGET/`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "fuzz/child.rs"]
mod child;
#[path = "fuzz/seeds.rs"]
mod seeds;
#[path = "fuzz/targets.rs"]
mod targets;
#[path = "fuzz/texts.rs"]
mod texts;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use child::{Maker, Order};
use libtest_mimic::{Arguments, Failed, Trial};
use peak_alloc::PeakAlloc;
use targets::{TARGETS, Target};

/// Counts what is allocated.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The exit code of a process whose execution does not end.
const HUNG: i32 = 90;
/// Executions of a target, and for how many seconds at most, unless the environment says otherwise.
const FEW: (u64, u64) = (20_000, 15);
/// Executions of a target that the environment gives a time.
const MANY: u64 = u64::MAX >> 1;
/// How often the process of a target is started again after an input that ended it.
const MOST_ENDED: u64 = 10;

fn main() -> ExitCode {
    if let Ok(order) = std::env::var("SECONDCALL_FUZZ_ORDER") {
        let words: Vec<_> = order.split(' ').collect();
        let [target, first, count, seconds] = words[..] else { panic!("{order}") };
        let target = TARGETS.iter().find(|it| it.name == target).unwrap();
        let [first, count, seconds] = [first, count, seconds].map(|it| it.parse().unwrap());
        let order = Order { target, first, count, seconds };
        child::run(order, Path::new(&variable("SECONDCALL_FUZZ_PROGRESS")), &kept());
        return ExitCode::SUCCESS;
    }
    let mut trials = Vec::new();
    for target in &TARGETS {
        trials.push(Trial::test(target.name, move || fuzz(target)));
        trials.push(Trial::test(format!("{}/found", target.name), move || found(target)));
        let write = move || write_corpus(target);
        trials.push(Trial::test(format!("{}/corpus", target.name), write).with_ignored_flag(true));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// The folder of inputs that fail.
fn kept() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A number from the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Executes a target in processes of its own, and tells how often.
fn fuzz(target: &'static Target) -> Result<(), Failed> {
    let (count, seconds) = number("SECONDCALL_FUZZ").map_or(FEW, |seconds| (MANY, seconds));
    let mut first = number("SECONDCALL_SEED").unwrap_or(0);
    let end = first.saturating_add(count);
    let begun = std::time::Instant::now();
    let (mut executions, mut accepted, mut failures, mut ended) = (0, 0, Vec::new(), 0);
    while first < end {
        let progress = kept().join(format!("{}.progress", target.name));
        let seconds = seconds.saturating_sub(begun.elapsed().as_secs());
        let output = Command::new(std::env::current_exe()?)
            .env(
                "SECONDCALL_FUZZ_ORDER",
                format!("{} {first} {} {seconds}", target.name, end - first),
            )
            .env("SECONDCALL_FUZZ_PROGRESS", &progress)
            .env("SECONDCALL_PROGRAM", env!("CARGO_BIN_EXE_secondcall"))
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::null())
            .output()?;
        let told = String::from_utf8_lossy(&output.stdout);
        failures.extend(told.lines().filter(|it| it.starts_with("failed")).map(str::to_owned));
        let done = told.lines().find_map(|line| line.strip_prefix("done ")?.split_once(' '));
        if let (Some(done), true) = (done, output.status.success()) {
            executions += done.0.parse::<u64>()?;
            accepted += done.1.parse::<u64>()?;
            break;
        }
        // The input that ended the process; the next one goes on behind it.
        let at = fs::read(&progress).unwrap_or_default();
        let at = at.try_into().map(u64::from_le_bytes).unwrap_or(first);
        let input = Maker::new(target).input(at);
        let what = match output.status.code() {
            Some(HUNG) => "does not end".to_owned(),
            _ => format!("ends the process: {}", output.status),
        };
        let err = String::from_utf8_lossy(&output.stderr);
        let path = child::keep(target, at, &input, &kept());
        failures.push(format!("failed {at}: {what}: {path} {}", err.trim()));
        executions += at + 1 - first;
        first = at + 1;
        ended += 1;
        if ended == MOST_ENDED {
            break;
        }
    }
    // The output of `eprintln!` is not shown for a test that passes.
    let took = begun.elapsed().as_secs();
    writeln!(
        io::stderr(),
        "{}: {executions} executions, {accepted} accepted, {} failures, {took} s",
        target.name,
        failures.len()
    )?;
    if executions == 0 {
        return Err("nothing was executed".into());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Inputs that failed once.
fn found(target: &'static Target) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(target.name);
    let mut failures = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        let input = fs::read(&path)?;
        if std::panic::catch_unwind(|| (target.body)(&input)).is_err() {
            failures.push(path.display().to_string());
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// Writes seeds for cargo-fuzz into `fuzz/corpus/`: a thousand, or as many as `SECONDCALL_FUZZ` says.
fn write_corpus(target: &'static Target) -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target.name);
    fs::create_dir_all(&folder)?;
    let maker = Maker::new(target);
    for number in 0..number("SECONDCALL_FUZZ").unwrap_or(1000) {
        fs::write(folder.join(number.to_string()), maker.input(number))?;
    }
    Ok(())
}
