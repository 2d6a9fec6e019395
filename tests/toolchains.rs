//! What a real compiler and a real C library make: C programs, built by `tests/toolchains/build`,
//! made components with adapters of several releases.
//!
//! `SECONDCALL_TOOLCHAINS=FOLDER` says where the built modules are.

mod inputs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secondcall::finding::Evidence;
use secondcall::lint;
use secondcall::profile::Profile;
use secondcall::report::Report;
use secondcall::report::baseline::{self, Baseline, Entry};
use secondcall::report::run::{Artifact, Run};
use secondcall::verdict::Verdict;
use wit_component::{ComponentEncoder, StringEncoding};

/// A release, with its command adapter and its reactor adapter.
type Release = (&'static str, &'static [u8], &'static [u8]);

macro_rules! release {
    ($name:literal, $package:ident) => {
        (
            $name,
            $package::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
            $package::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        )
    };
}

const RELEASES: [Release; 4] = [
    release!("23.0.1", adapters_23),
    release!("30.0.2", adapters_30),
    release!("40.0.4", adapters_40),
    release!("50.0.1", wasi_preview1_component_adapter_provider),
];

/// Programs that leave through an exit before a second call could meet the guard.
const EXITING: [&str; 3] = ["exit_three", "exit_zero", "return_one"];
/// The program whose flag lies directly behind an object with an escaped address. Optimized, nothing tells where that object
/// ends, so that the guard is proven in some builds only.
const CROWDED: &str = "statics";
/// The export of the library that answers how often it was called.
const COUNTER: &str = "count";
/// The one export of the library that works once.
const SINGLE_SHOT: &str = "boom";

/// The variable that names the folder with the built modules.
const BUILT: &str = "SECONDCALL_TOOLCHAINS";

const HOW: &str = "to run it:
  python3 -m venv /tmp/toolchains-venv
  /tmp/toolchains-venv/bin/pip install ziglang==0.17.1
  /tmp/toolchains-venv/bin/python tests/toolchains/build /tmp/toolchains
  SECONDCALL_TOOLCHAINS=/tmp/toolchains cargo test --test toolchains";

#[test]
fn every_command_works_once() {
    check("command", |module, release, what, wrong| {
        let (_, adapter, _) = release;
        let report = told(&component(module.to_vec(), adapter));
        let program = what.split('-').next().unwrap_or_default();
        let rule =
            if EXITING.contains(&program) { "exits_after_success" } else { "run_once_guard" };
        let verdicts: Vec<_> = report.exports.iter().map(|it| (&it.verdict, it.evidence)).collect();
        let is_open = program == CROWDED && verdicts == [(&Verdict::Unknown, None)];
        if verdicts != [(&Verdict::SingleShot, Some(Evidence::Certain))] && !is_open {
            wrong.push(format!("{what}: {:?}", report.exports));
        }
        let certain: Vec<_> = certain(&report).map(|(rule, _)| rule).collect();
        if program == CROWDED && certain.is_empty() {
            return;
        }
        if certain != [rule] {
            wrong.push(format!("{what}: {certain:?} instead of {rule}"));
        }
    });
}

#[test]
fn of_a_library_only_what_breaks_is_told() {
    check("reactor", |module, release, what, wrong| {
        let (_, _, adapter) = release;
        let report = told(&component(with_world(module), adapter));
        if report.exports.len() != 7 {
            wrong.push(format!("{what}: {} exports", report.exports.len()));
        }
        for export in &report.exports {
            let single_shot = (&export.verdict, export.evidence)
                == (&Verdict::SingleShot, Some(Evidence::Certain));
            if single_shot != (export.name.to_string() == SINGLE_SHOT) {
                wrong.push(format!("{what}: {export:?}"));
            }
        }
        let expected = [
            ("run_once_guard", SINGLE_SHOT.to_owned()),
            ("known_answers_differ", COUNTER.to_owned()),
        ];
        let certain: Vec<_> = certain(&report).collect();
        if certain != expected {
            wrong.push(format!("{what}: {certain:?}"));
        }
    });
}

/// The same program by another optimizer, stripped, with a function more, with another adapter: its
/// findings have the ids that they had, and a baseline of one build knows those of all others.
#[test]
fn ids_survive_a_rebuild() {
    let Some(folder) = inputs::folder(BUILT, "ids_survive_a_rebuild") else { return };
    let mut wrong = Vec::new();
    let (mut compared, mut renamed) = (0, 0);
    for (model, programs) in [("command", 10), ("reactor", 1)] {
        let mut first: BTreeMap<String, Run> = BTreeMap::new();
        for path in modules(&folder.join(model)) {
            let name =
                path.file_stem().expect("a module has a name").to_string_lossy().into_owned();
            let program = name.split('-').next().unwrap_or_default().to_owned();
            let module = std::fs::read(&path).expect("the module can be read");
            for (release, command, reactor) in RELEASES {
                let component = match model {
                    "command" => component(module.clone(), command),
                    _ => component(with_world(&module), reactor),
                };
                let run = run(&program, &component);
                if program == CROWDED && baseline::of(&run).is_empty() {
                    continue;
                }
                let Some(before) = first.get(&program) else {
                    first.insert(program.clone(), run);
                    continue;
                };
                let what = format!("{name}, adapter {release}");
                let (old, new) = (baseline::of(before), baseline::of(&run));
                let ids = |list: &[Entry]| list.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
                if ids(&old) != ids(&new) {
                    wrong.push(format!("{what}: {new:?} instead of {old:?}"));
                }
                let known =
                    Baseline::read("baseline", &baseline::text(&old)).expect("it was just written");
                let comparison = known.compare(&run, |_| false);
                if comparison.known.len() != new.len() || !comparison.gone.is_empty() {
                    wrong.push(format!("{what}: {comparison:?}"));
                }
                renamed += u32::from(
                    old.iter().zip(&new).any(|(a, b)| a.discriminator != b.discriminator),
                );
                compared += 1;
            }
        }
        assert_eq!(first.len(), programs, "{HOW}");
    }
    eprintln!(
        "{compared} builds beside the first of their program; in {renamed} a function is called otherwise"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A run over one component, with its certain findings.
fn run(program: &str, bytes: &[u8]) -> Run {
    let mut report = told(bytes);
    report.findings.retain(|it| it.finding.evidence == Evidence::Certain);
    let artifact = Artifact::new(format!("{program}.wasm"), bytes.to_vec(), Ok(report));
    Run { artifacts: vec![artifact], ..Run::default() }
}

/// Judges every module of `model` with every release by `judge`, which notes what is wrong.
fn check(model: &str, judge: fn(&[u8], Release, &str, &mut Vec<String>)) {
    let Some(folder) = inputs::folder(BUILT, model) else { return };
    let (mut judged, mut wrong) = (0, Vec::new());
    for path in modules(&folder.join(model)) {
        let name = path.file_stem().expect("a module has a name").to_string_lossy();
        let module = std::fs::read(&path).expect("the module can be read");
        for release in RELEASES {
            judge(&module, release, &format!("{name}, adapter {}", release.0), &mut wrong);
            judged += 1;
        }
    }
    eprintln!("{judged} components of model {model}, {} wrong answers", wrong.len());
    assert!(judged > 0, "{} holds no modules; {HOW}", folder.display());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn modules(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("SECONDCALL_TOOLCHAINS names what was built");
    let mut paths: Vec<_> = entries.map(|it| it.expect("the folder can be read").path()).collect();
    paths.sort();
    paths
}

fn component(module: Vec<u8>, adapter: &[u8]) -> Vec<u8> {
    ComponentEncoder::default()
        .module(&module)
        .and_then(|it| it.adapter("wasi_snapshot_preview1", adapter))
        .and_then(|it| it.encode())
        .expect("the adapter fits the program")
}

fn with_world(module: &[u8]) -> Vec<u8> {
    let mut module = module.to_vec();
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve
        .push_str("library.wit", include_str!("toolchains/library.wit"))
        .expect("the world is valid");
    let world = resolve.select_world(&[package], None).expect("there is one world");
    let utf8 = StringEncoding::UTF8;
    wit_component::embed_component_metadata(&mut module, &resolve, world, utf8, false)
        .expect("the world can be embedded");
    module
}

fn told(component: &[u8]) -> Report {
    let spec = Profile::by_id(Profile::SPEC).expect("there is a default host");
    lint(component, &[spec]).expect("the component is well formed")
}

/// The certain findings: rule and export.
fn certain(report: &Report) -> impl Iterator<Item = (&'static str, String)> {
    let sure = report.findings.iter().filter(|it| it.finding.evidence == Evidence::Certain);
    sure.map(|it| {
        let export = it.finding.export.as_ref().map(ToString::to_string);
        (it.finding.rule.id, export.unwrap_or_default())
    })
}
