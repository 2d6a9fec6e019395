//! `secondcall fix` over components in `tests/fix/`.
//!
//! Each component there is repaired, with the options on its line `;;$ …`; those in `refused/` are not, by the rule that
//! names the file. Mutations of repaired components show that the comparison of calls is not blind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod inputs;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use libtest_mimic::{Arguments, Failed, Trial};
use secondcall::component::Component;
use secondcall::exec::{Observer, Settings};
use secondcall::facts::provenance::{Flavor, Provenance};
use secondcall::repair::adapter::{self, AdapterError, NEWEST};
use secondcall::repair::verification::{CALLS, compare};
use secondcall::repair::{Choice, Rule, repair};
use serde_json::Value;
use tempfile::TempDir;

#[path = "adapters/programs.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod programs;
#[path = "fix/lines.rs"]
mod lines;
#[path = "fix/mutation.rs"]
mod mutation;

/// The strictest host: it calls any export, keeps the instance for ever, and keeps it after a trap.
const HOST: &str = "jco-transpiled";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for path in texts("tests/fix") {
        let name = named(&path);
        let again = path.clone();
        trials.push(Trial::test(format!("repaired/{name}"), move || repaired(&path)));
        trials.push(Trial::test(format!("damaged/{name}"), move || damaged(&again)));
    }
    for path in texts("tests/fix/refused") {
        trials.push(Trial::test(format!("refused/{}", named(&path)), move || refused(&path)));
    }
    for path in rules() {
        let name = format!("offered/{}", path.strip_prefix(root()).unwrap().display());
        trials.push(Trial::test(name, move || offered(&path)));
    }
    trials.push(Trial::test("every_rule_has_a_component", every_rule));
    trials.push(Trial::test("nothing_is_repaired_twice", twice));
    trials.push(Trial::test("mutations_are_found", mutations));
    trials.push(Trial::test("an_adapter_becomes_another", adapters));
    for variable in ["SECONDCALL_COMPONENTS", "SECONDCALL_TOOLCHAINS"] {
        for path in inputs::folder(variable, "real").iter().flat_map(|folder| binaries(folder)) {
            let again = path.clone();
            trials.push(Trial::test(format!("adapter/{}", named(&path)), move || encoded(&again)));
            let again = path.clone();
            trials.push(Trial::test(format!("lines/{}", named(&path)), move || same_lines(&again)));
            trials.push(Trial::test(format!("real/{}", named(&path)), move || real(&path)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn named(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The components in text form in a folder.
fn texts(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut texts: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "wat")).collect();
    texts.sort();
    texts
}

/// Components and core modules of at most 4 MB below a folder. Larger ones take minutes to compile.
fn binaries(folder: &Path) -> Vec<PathBuf> {
    let mut binaries = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            binaries.extend(self::binaries(&path));
        } else if path.extension().is_some_and(|it| it == "wasm")
            && fs::metadata(&path).is_ok_and(|it| it.len() < 4_000_000)
        {
            binaries.push(path);
        }
    }
    binaries.sort();
    binaries
}

/// Runs the program in a folder of its own.
fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_secondcall"))
        .args(words)
        .current_dir(folder)
        .env_clear()
        .env("SECONDCALL_CACHE_DIR", folder.join("cache"))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn shown(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{out}{err}")
}

/// The options of a component's own.
fn options(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(";;$ "));
    line.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Repairs a component; the file that was written.
fn fixed(folder: &TempDir, path: &Path, output: &str) -> Result<Vec<u8>, Failed> {
    let own = options(path);
    let input = path.to_str().unwrap();
    let words: Vec<_> = ["fix", input, "-o", output].into_iter().collect();
    let words: Vec<_> = words.into_iter().chain(own.iter().map(String::as_str)).collect();
    let result = run(folder.path(), &words);
    if !result.status.success() {
        return Err(shown(&result).into());
    }
    Ok(fs::read(folder.path().join(output))?)
}

/// The verdict of each export, in order.
fn verdicts(folder: &TempDir, input: &str) -> Result<Vec<(String, String)>, Failed> {
    let words = ["check", input, "--host", HOST, "--no-config", "--format", "json"];
    let result = run(folder.path(), &words);
    let document: Value = serde_json::from_slice(&result.stdout)
        .map_err(|error| format!("{error}: {}", shown(&result)))?;
    let exports = document["artifacts"][0]["exports"].as_array().ok_or("no exports")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(exports.iter().map(|it| (text(&it["name"]), text(&it["verdict"]))).collect())
}

fn repaired(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let first = fixed(&folder, path, "first.wasm")?;
    if first != fixed(&folder, path, "second.wasm")? {
        return Err("two repairs give different components".into());
    }
    let kept: BTreeSet<_> = options(path).into_iter().collect();
    let before = verdicts(&folder, path.to_str().unwrap())?;
    let after = verdicts(&folder, "first.wasm")?;
    for (name, verdict) in &after {
        if verdict != "reusable_observed" && !kept.contains(name) {
            return Err(format!("`{name}` is {verdict}").into());
        }
    }
    if before.iter().all(|(_, verdict)| verdict == "reusable_observed") {
        return Err("nothing is wrong with the original".into());
    }
    Ok(())
}

/// A real component is repaired, or the program says why not; what it writes is as good as it says.
fn real(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let input = path.to_str().unwrap();
    let result = run(folder.path(), &["fix", input, "-o", "fresh.wasm", "--exit"]);
    let said = shown(&result);
    if !result.status.success() {
        let explained = said.contains("not repaired: ") || said.contains("not written: ");
        let absent = !folder.path().join("fresh.wasm").exists();
        // No component can be made of a library without its world.
        let is_library = result.status.code() == Some(4) && said.contains("which WIT world");
        return match absent && (is_library || explained && result.status.code() == Some(1)) {
            true => Ok(()),
            false => Err(said.into()),
        };
    }
    for (name, verdict) in verdicts(&folder, "fresh.wasm")? {
        if verdict != "reusable_observed" {
            return Err(format!("`{name}` is {verdict}\n{said}").into());
        }
    }
    Ok(())
}

/// A real component is encoded again with the newest adapter, or has none that can be replaced.
fn encoded(path: &Path) -> Result<(), Failed> {
    let bytes = fs::read(path)?;
    let Ok(component) = Component::read(&bytes) else { return Ok(()) };
    let adapted = match adapter::replace(&component, None, true) {
        Ok(adapted) => adapted,
        Err(AdapterError::Absent | AdapterError::Several(_) | AdapterError::Shape(_)) => {
            return Ok(());
        }
        Err(error) => return Err(error.to_string().into()),
    };
    let again = Component::read(&adapted.bytes)?;
    let releases = Provenance::of(&again).adapters.into_iter().map(|it| it.releases);
    let releases: Vec<_> = releases.flatten().map(|(_, last)| last).collect();
    match releases == [NEWEST] {
        true => Ok(()),
        false => Err(format!("its adapters are of {releases:?}").into()),
    }
}

/// The adapter of an old release becomes the newest, and the one in a file.
fn adapters() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let old = adapters_23::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER;
    let program = programs::SHAPES.iter().find(|it| it.name == "rust").ok_or("no program")?;
    let service = "wasi_snapshot_preview1";
    let component = programs::embedded(program, service, old, Flavor::Command);
    fs::write(folder.path().join("app.wasm"), &component)?;
    fs::write(folder.path().join("old.wasm"), old)?;
    for (input, adapter, output, said) in [
        ("app.wasm", "newest", "new.wasm", "the command adapter of 23.0.1"),
        ("new.wasm", "old.wasm", "again.wasm", "the command adapter of 50.0.1"),
    ] {
        let words = ["fix", input, "--adapter", adapter, "-o", output];
        let result = shown(&run(folder.path(), &words));
        if !result.contains(said) || !result.contains("verified: ") {
            return Err(result.into());
        }
    }
    let result = run(folder.path(), &["fix", "app.wasm", "--adapter", "22.0.0", "-o", "x.wasm"]);
    let said = shown(&result);
    let explained = said.contains("contains the adapters of 50.0.1 only");
    match explained && result.status.code() == Some(2) && !folder.path().join("x.wasm").exists() {
        true => Ok(()),
        false => Err(said.into()),
    }
}

/// Each instruction of a repaired component has the source line that it has in the original.
fn same_lines(path: &Path) -> Result<(), Failed> {
    let bytes = fs::read(path)?;
    let Ok(component) = Component::read(&bytes) else { return Ok(()) };
    let choice = Choice { keeps: &|_| false, exits: true, verified: true };
    let Ok(repaired) = repair(&component, &choice) else { return Ok(()) };
    let again = Component::read(&repaired.bytes)?;
    let before = lines::of(&component, &[]);
    let after = lines::of(&again, &lines::functions(&component));
    let mut sections = component.core_modules.iter().flat_map(|(_, it)| &it.custom_sections);
    let has_lines = before.iter().flatten().any(Option::is_some);
    if sections.any(|it| it.name == ".debug_line") != has_lines {
        return Err("the lines of the original are not found".into());
    }
    let counts = |lines: &[Vec<_>]| lines.iter().map(Vec::len).collect::<Vec<_>>();
    let mut pairs = before.iter().flatten().zip(after.iter().flatten());
    match pairs.find(|(one, other)| one != other) {
        None if counts(&before) == counts(&after) => Ok(()),
        None => Err("the instructions are others".into()),
        Some((one, other)) => Err(format!("{one:?} becomes {other:?}").into()),
    }
}

fn refused(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let own = options(path);
    let mut words = vec!["fix", path.to_str().unwrap(), "-o", "fresh.wasm"];
    words.extend(own.iter().map(String::as_str));
    let result = run(folder.path(), &words);
    let said = shown(&result);
    let rule = format!("[{}]", named(path));
    if result.status.code() != Some(1) || !said.contains(&rule) {
        return Err(said.into());
    }
    match folder.path().join("fresh.wasm").exists() {
        true => Err("a file was written".into()),
        false => Ok(()),
    }
}

/// The components of rules that fire, and those that are not repaired.
fn rules() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("rules")).unwrap().map(|entry| entry.unwrap().path());
    let folders = folders.filter(|path| path.is_dir()).chain([root().join("tests/fix/refused")]);
    let mut all: Vec<_> = folders.flat_map(|folder| texts(folder.to_str().unwrap())).collect();
    all.retain(|path| !named(path).starts_with("quiet"));
    all.sort();
    all
}

/// An offer that cannot be kept: its answers change, so its calls are not repeated, and nothing shows that it leaks a handle
/// of a kind that is not remembered.
const NOT_KEPT: &str = "fires_file_kept_open";

/// What a report offers can be done.
fn offered(path: &Path) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let input = path.to_str().unwrap();
    let words = ["check", input, "--host", HOST, "--no-config", "--format", "json"];
    let result = run(folder.path(), &words);
    let document: Value = serde_json::from_slice(&result.stdout)?;
    let findings = document["findings"].as_array().ok_or("no findings")?;
    let Some(fix) = findings.iter().map(|it| &it["fix"]).find(|it| it.is_object()) else {
        return Ok(());
    };
    let exits = (fix["exit"] == true).then_some("--exit");
    let words: Vec<_> = ["fix", input, "-o", "fresh.wasm"].into_iter().chain(exits).collect();
    let result = run(folder.path(), &words);
    match result.status.success() && folder.path().join("fresh.wasm").exists() {
        true => Ok(()),
        false if named(path) == NOT_KEPT => Ok(()),
        false => Err(format!("{fix}\n{}", shown(&result)).into()),
    }
}

fn every_rule() -> Result<(), Failed> {
    let known: BTreeSet<_> = texts("tests/fix/refused").iter().map(|path| named(path)).collect();
    let page = fs::read_to_string(root().join("docs/fix.md"))?;
    for rule in Rule::ALL {
        let id = rule.id();
        if !page.contains(&format!("| `{id}` |")) {
            return Err(format!("docs/fix.md does not explain {id}").into());
        }
        if rule != Rule::Repaired && !known.contains(id) {
            return Err(format!("no component in tests/fix/refused breaks {id}").into());
        }
    }
    Ok(())
}

fn twice() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    fixed(&folder, &root().join("tests/fix/counter.wat"), "first.wasm")?;
    let result = run(folder.path(), &["fix", "first.wasm", "-o", "second.wasm"]);
    let said = shown(&result);
    match result.status.code() == Some(1) && said.contains("[repaired]") {
        true => Ok(()),
        false => Err(said.into()),
    }
}

/// Damaged inputs are refused or repaired, and what is repaired is valid.
fn damaged(path: &Path) -> Result<(), Failed> {
    let bytes = wat::parse_str(fs::read_to_string(path)?)?;
    let choice = Choice { keeps: &|_| false, exits: true, verified: true };
    for at in 8..bytes.len() {
        for byte in [0, 1, 0x41, 0x7f, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] = byte;
            let Ok(component) = Component::read(&damaged) else { continue };
            if let Ok(repaired) = repair(&component, &choice) {
                Component::read(&repaired.bytes)?;
            }
        }
    }
    Ok(())
}

/// Mutations that change no call: the watermark stays low, handles are looked for again, and an export is prepared for that
/// was prepared when its argument was allocated.
const HARMLESS: [&str; 3] = [
    "secondcall:reset: GlobalSet { global_index: 92 }",
    "secondcall:control 14: GlobalSet { global_index: 1 }",
    "secondcall:control 15: Call { function_index: 13 }",
];

/// Every mutation of a repair is found by the comparison, except for the harmless ones.
fn mutations() -> Result<(), Failed> {
    let mut observer = Observer::new(env!("CARGO_BIN_EXE_secondcall"));
    observer.settings = Settings { calls: CALLS, ..Settings::default() };
    let bytes = wat::parse_str(fs::read_to_string(root().join("tests/fix/everything.wat"))?)?;
    let component = Component::read(&bytes)?;
    let choice = Choice { keeps: &|_| false, exits: false, verified: true };
    let repaired = repair(&component, &choice)?.bytes;
    let original = observer.observe(&component, |_| true)?;
    let (mut found, mut missed) = (0, Vec::new());
    for (what, mutated) in mutation::all(&repaired) {
        let mutated = Component::read(&mutated).map_err(|why| format!("{what}: {why}"))?;
        let observed = observer.observe(&mutated, |_| true)?;
        match compare(&original, &observed, &[], &[]).is_complete() {
            false => found += 1,
            true => missed.push(what),
        }
    }
    missed.retain(|what| !HARMLESS.iter().any(|known| what.starts_with(known)));
    match missed.is_empty() && found >= 100 {
        true => Ok(()),
        false => Err(format!("{found} found, these are not:\n{}", missed.join("\n")).into()),
    }
}
