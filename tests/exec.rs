//! The execution check over fixtures and over components of real toolchains.
//!
//! A fixture is a component in text form: `tests/exec/**/*.wat`, and those of the rules that read what
//! calls did. What is told of it stands at its foot, a line for each verdict and each finding; `BLESS=1` rewrites
//! these lines. Options of its own stand on a line that begins with `;;$ `, with paths from its folder; a configuration
//! of the same name that stands beside it is used. A rule that reads the code and an execution that contradicts it fail.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixtures;
mod inputs;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use secondcall::rules;
use serde_json::Value;

#[path = "exec/confinement.rs"]
mod confinement;
#[path = "exec/faults.rs"]
mod faults;
#[path = "exec/overlap.rs"]
mod overlap;
#[path = "exec/providers.rs"]
mod providers;
#[path = "exec/toolchains.rs"]
mod toolchains;

/// The strictest host: it calls any export, keeps the instance for ever, and keeps it after a trap.
const HOST: &str = "jco-transpiled";
/// No fixture takes longer, on a loaded machine.
const LONGEST: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for path in fixtures::below(&root().join("tests/exec")) {
        let name = named(&path);
        trials.push(Trial::test(name, move || fixture(&path)));
    }
    let of_calls: Vec<_> = rules::of_calls().map(|rule| rule.id).collect();
    for rule in rules::all() {
        for path in fixtures::below(&root().join("rules").join(rule.id)) {
            let name = named(&path);
            trials.push(if of_calls.contains(&rule.id) {
                Trial::test(name, move || fixture(&path).and_then(|()| promise(rule.id, &path)))
            } else {
                Trial::test(name, move || agreement(&path))
            });
        }
    }
    for rule in of_calls {
        let page = fs::read_to_string(root().join("rules").join(rule).join("rule.md")).unwrap();
        for (number, (kind, text)) in fixtures::examples(&page).into_iter().enumerate() {
            let name = format!("{rule}/rule.md/{kind}_{number}");
            trials.push(Trial::test(name, move || {
                let folder = tempfile::tempdir()?;
                let path = folder.path().join(format!("{kind}.wat"));
                fs::write(&path, &text)?;
                promise(rule, &path)
            }));
        }
    }
    trials.extend(confinement::trials());
    trials.extend(faults::trials());
    trials.extend(overlap::trials());
    trials.extend(providers::trials());
    trials.extend(toolchains::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn named(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap().with_extension("");
    path.to_str().unwrap().replace('\\', "/")
}

/// The program, in an environment of its own.
fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words).env_clear().env("SECONDCALL_PANIC_ON_REFUTED", "1").stdin(Stdio::null());
    command
}

/// The report on a component.
fn check(path: &Path, options: &[&str]) -> Result<Value, Failed> {
    let begun = Instant::now();
    let words = [&["check", "--exit-zero", "--format", "json", "--host", HOST], options].concat();
    let mut command = program(&words);
    command.args(options_of(path)?).arg(path);
    if let Some(folder) = path.parent() {
        command.current_dir(folder);
    }
    let output = command.output()?;
    if begun.elapsed() > LONGEST {
        return Err(format!("it takes {:?}", begun.elapsed()).into());
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// The options that a fixture gives itself; a binary gives none.
fn options_of(path: &Path) -> Result<Vec<String>, Failed> {
    if path.extension() != Some("wat".as_ref()) {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path)?;
    let lines = text.lines().filter_map(|line| line.strip_prefix(";;$ "));
    Ok(lines.flat_map(str::split_whitespace).map(str::to_owned).collect())
}

/// A report in lines: each verdict, then each finding with its cause, then what could not be seen.
fn told(report: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or("the component").to_owned();
    let mut lines = Vec::new();
    for export in
        report["artifacts"].as_array().into_iter().flatten().flat_map(|it| list(&it["exports"]))
    {
        let calls = export["verdict_calls"].as_u64().map(|it| format!(" {it}")).unwrap_or_default();
        lines.push(format!("{}: {}{calls}", text(&export["name"]), text(&export["verdict"])));
    }
    for finding in list(&report["findings"]).iter().filter(|it| it["kind"] == "fail") {
        let (severity, rule) = (text(&finding["severity"]), text(&finding["rule"]));
        lines.push(format!("{severity}[{rule}] {}", text(&finding["message"])));
        if let Some(cause) = finding.get("cause") {
            lines.push(format!("  because {}", text(&cause["sentence"])));
        }
    }
    for skipped in list(&report["skipped"]) {
        let (export, reason) = (text(&skipped["export"]), text(&skipped["reason"]));
        lines.push(format!("{export} not seen: {reason}: {}", text(&skipped["detail"])));
    }
    lines
}

fn fixture(path: &Path) -> Result<(), Failed> {
    let given = path.with_extension("toml");
    let mut options = vec!["--no-cache"];
    options.extend(
        given.to_str().filter(|_| given.exists()).into_iter().flat_map(|it| ["--config", it]),
    );
    Ok(fixtures::compare(path, &told(&check(path, &options)?))?)
}

/// Whether a rule does with a fixture what the fixture's name says.
fn promise(rule: &str, path: &Path) -> Result<(), Failed> {
    let report = check(path, &["--no-cache"])?;
    let fires = report["findings"].as_array().into_iter().flatten().any(|it| it["rule"] == rule);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match (fires, name.starts_with("fires"), name.starts_with("quiet")) {
        (true, true, _) | (false, _, true) => Ok(()),
        (true, ..) => Err(format!("{rule} is not quiet here").into()),
        (false, ..) => Err(format!("{rule} finds nothing here").into()),
    }
}

/// Fails unless every export of a fixture was called, and none that works once, as the code says, works again.
fn agreement(path: &Path) -> Result<(), Failed> {
    let proven = exports(&check(path, &["--static-only"])?)?;
    let seen = exports(&check(path, &["--no-cache"])?)?;
    if proven.len() != seen.len() {
        return Err(format!("{} exports are read, and {} called", proven.len(), seen.len()).into());
    }
    for (proven, seen) in proven.iter().zip(&seen) {
        let (name, verdict) = (&proven["name"], &seen["verdict"]);
        if *name != seen["name"] || seen["calls"].as_array().is_none_or(Vec::is_empty) {
            return Err(format!("{name} was not called").into());
        }
        let works_again = verdict == "reusable_observed" || verdict == "stateful";
        if proven["verdict"] == "single_shot" && works_again {
            return Err(format!("{name} is said to work once, and is {verdict}").into());
        }
    }
    Ok(())
}

/// The exports in the report on a component that could be read and run.
fn exports(report: &Value) -> Result<Vec<Value>, Failed> {
    for obstacle in ["errors", "skipped"] {
        if report[obstacle].as_array().is_none_or(|it| !it.is_empty()) {
            return Err(format!("{obstacle}: {}", report[obstacle]).into());
        }
    }
    let exports = report["artifacts"][0]["exports"].as_array().cloned().unwrap_or_default();
    if exports.is_empty() { Err("there is no export".into()) } else { Ok(exports) }
}
