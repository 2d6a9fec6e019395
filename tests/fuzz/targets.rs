//! What is done with an input, one function for each target. A function that returns has survived it; it panics where
//! what it says of an input contradicts itself. `tests/fuzz.rs` and `fuzz/` run these.

#[path = "editor.rs"]
mod editor;
#[path = "generate.rs"]
pub(crate) mod generate;
#[path = "../lifted/mod.rs"]
mod lifted;
#[path = "../generated/random.rs"]
pub(crate) mod random;
#[path = "shells.rs"]
pub(crate) mod shells;
#[path = "tree.rs"]
pub(crate) mod tree;

use std::io;
use std::sync::LazyLock;

use secondcall::component::Component;
use secondcall::component::wit::WitError;
use secondcall::config::{read, tables};
use secondcall::lint;
use secondcall::manifest::{self, Kind};
use secondcall::profile::Profile;
use secondcall::program;
use secondcall::repair::{Choice, repair};
use secondcall::report::baseline::{self, Baseline};
use secondcall::report::binaries::Binaries;
use secondcall::report::document::Document;
use secondcall::report::listing::{self, Listing};
use secondcall::report::run::{Artifact, Run};
use secondcall::report::style::Style;
use secondcall::report::{
    agent, concise, github, gitlab, html, json, junit, markdown, ndjson, sarif, text,
};
use secondcall::rules;
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

/// What a target reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// A component, or food for a generator of components.
    Component,
    /// A text, JSON or not.
    Text,
}

/// A target: its name, what it reads, and what it does with an input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) reads: Reads,
    /// Returns whether the input is one that a reader accepts.
    pub(crate) body: fn(&[u8]) -> bool,
}

/// All targets. `fuzz/Cargo.toml` has one of each name.
pub(crate) const TARGETS: [Target; 10] = [
    Target { name: "reader", reads: Reads::Component, body: reader },
    Target { name: "analysis", reads: Reads::Component, body: analysis },
    Target { name: "check", reads: Reads::Component, body: check },
    Target { name: "fix", reads: Reads::Component, body: fix },
    Target { name: "report", reads: Reads::Text, body: report },
    Target { name: "config", reads: Reads::Text, body: config },
    Target { name: "manifest", reads: Reads::Text, body: manifest },
    Target { name: "baseline", reads: Reads::Text, body: baseline },
    Target { name: "explain", reads: Reads::Text, body: explain },
    Target { name: "lsp", reads: Reads::Text, body: editor::session },
];

/// Larger components are left out, in bytes: each execution would take too long.
pub(crate) const LARGEST: usize = 256 << 10;

static SHELLS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| shells::components(LARGEST));
static RULES: LazyLock<Vec<&str>> = LazyLock::new(|| rules::all().map(|rule| rule.id).collect());

fn host() -> &'static Profile {
    Profile::by_id("jco-transpiled").expect("the strictest host has a profile")
}

/// The component that an input stands for, in [`generate::component`].
fn component(input: &[u8]) -> Option<Vec<u8>> {
    generate::component(input, &SHELLS)
}

/// Reading agrees with the validator: what it accepts with all proposals is read, or the missing proposal is named; what
/// it rejects is rejected.
fn reader(input: &[u8]) -> bool {
    let Some(bytes) = component(input) else { return false };
    let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes);
    let is_component = matches!(
        Parser::new(0).parse_all(&bytes).next(),
        Some(Ok(Payload::Version { encoding: Encoding::Component, .. }))
    );
    let _: Result<Component<'_>, _> = Component::declared(&bytes);
    match (Component::read(&bytes), valid) {
        (Ok(component), Ok(_)) => {
            let _: Result<String, WitError> = component.wit();
            true
        }
        (Ok(_), Err(error)) => panic!("read, but not valid: {error}"),
        (Err(error), Ok(_)) if is_component => {
            let error = error.to_string();
            assert!(error.contains("; it is valid with "), "valid, but not read: {error}");
            false
        }
        (Err(error), _) => error.to_string().is_empty(),
    }
}

/// Linking, the engine and the rules: verdicts and findings, the same twice.
fn analysis(input: &[u8]) -> bool {
    let Some(bytes) = component(input) else { return false };
    let judged = || {
        let report = lint(&bytes, &[host()]).ok()?;
        let findings = report.findings.iter().map(|it| (it.id.clone(), it.finding.message.clone()));
        let verdicts = report.exports.iter().map(|it| (it.name.clone(), it.verdict.clone()));
        Some((findings.collect::<Vec<_>>(), verdicts.collect::<Vec<_>>()))
    };
    let (once, again) = (judged(), judged());
    assert!(once == again, "{once:?}, then {again:?}");
    once.is_some()
}

/// Reading, judging, and telling it in every format; lists and excerpts.
fn check(input: &[u8]) -> bool {
    let Some(bytes) = component(input) else { return false };
    for function in listing::functions(&bytes, None).iter().flatten().take(3) {
        let _: Result<Listing, _> = Listing::of_function(&bytes, function);
    }
    let Ok(report) = lint(&bytes, &[host()]) else { return false };
    let artifact = Artifact::new("fuzzed.wasm".to_owned(), bytes, Ok(report));
    let run = Run { artifacts: vec![artifact], ..Run::default() };
    let document = Document::of(&run);
    told(&document, &Binaries::of(&run));
    round_trip(&document);
    true
}

/// Writes a document in every format.
fn told(document: &Document, binaries: &Binaries<'_>) {
    let out = &mut io::sink();
    let done = "a sink can be written to";
    let style = Style { colour: true, ..Style::PLAIN };
    text::write(document, binaries, style, out).expect(done);
    html::write(document, binaries, out).expect(done);
    let rules: Vec<_> = rules::all().collect();
    sarif::write(document, &rules, sarif::Profile::Oasis, out).expect(done);
    for write in [
        agent::write,
        concise::write,
        github::write,
        gitlab::write,
        json::write,
        junit::write,
        markdown::write,
        ndjson::write,
    ] {
        write(document, out).expect(done);
    }
}

/// What is saved and read back is saved as the same bytes.
fn round_trip(document: &Document) {
    let saved = |document: &Document| {
        let mut bytes = Vec::new();
        json::write(document, &mut bytes).expect("memory can be written to");
        bytes
    };
    let once = saved(document);
    let read = Document::read(&once);
    let read = read.unwrap_or_else(|error| panic!("what was saved cannot be read: {error}"));
    assert!(saved(&read) == once, "what was read back is saved as other bytes");
}

/// Repairing without verification: a result is a valid component, or there is a reason.
fn fix(input: &[u8]) -> bool {
    let Some(bytes) = component(input) else { return false };
    let Ok(component) = Component::read(&bytes) else { return false };
    for exits in [false, true] {
        let choice = Choice { keeps: &|_| false, exits, verified: false };
        match repair(&component, &choice) {
            Ok(repaired) => {
                if let Err(error) = Component::read(&repaired.bytes) {
                    panic!("the repaired component is not valid: {error}");
                }
            }
            Err(error) => drop(error.to_string()),
        }
    }
    true
}

/// A saved report: what can be read can be told in every format, and is saved as it was read.
fn report(input: &[u8]) -> bool {
    match Document::read(input) {
        Ok(document) => {
            told(&document, &Binaries::default());
            round_trip(&document);
            true
        }
        Err(error) => error.to_string().is_empty(),
    }
}

fn config(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let told = [
        read::file("secondcall.toml", text, &RULES).diagnostics,
        tables::of_spin("spin.toml", text, &RULES).diagnostics,
        tables::of_cargo("Cargo.toml", text, &RULES).diagnostics,
    ];
    for diagnostic in told.iter().flatten() {
        assert!(!diagnostic.message.is_empty() && diagnostic.span.line > 0, "{diagnostic:?}");
    }
    told[0].is_empty()
}

fn manifest(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let mut is_read = false;
    for kind in [Kind::Spin, Kind::Cargo, Kind::Wash, Kind::Cluster, Kind::Wac] {
        for path in ["Cargo.toml", "config.yaml"] {
            let spans: Vec<_> = match manifest::read(kind, path, text) {
                Ok(manifest) => {
                    is_read |= !manifest.entries.is_empty();
                    manifest.entries.into_iter().map(|entry| entry.span).collect()
                }
                Err(error) => vec![error.span],
            };
            for span in spans {
                assert!(text.get(span.clone()).is_some(), "{kind:?}: {span:?}");
            }
        }
    }
    is_read
}

/// A baseline, compared with a run that has findings. What is written of it is read back.
fn baseline(input: &[u8]) -> bool {
    static RUN: LazyLock<Run> = LazyLock::new(|| {
        let artifacts = SHELLS.iter().take(12).enumerate().filter_map(|(at, bytes)| {
            let report = lint(bytes, &[host()]).ok()?;
            Some(Artifact::new(format!("build/{}.wasm", at / 2), bytes.clone(), Ok(report)))
        });
        Run { artifacts: artifacts.collect(), ..Run::default() }
    });
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let Ok(baseline) = Baseline::read("baseline.json", text) else { return false };
    let comparison = baseline.compare(&RUN, |artifact| artifact % 2 == 0);
    let renewed = baseline::text(&baseline.renewed(&RUN, &comparison));
    assert!(Baseline::read("baseline.json", &renewed).is_ok(), "{renewed}");
    comparison.gone.iter().for_each(|it| drop(baseline.stale(*it)));
    true
}

/// A text that somebody pastes. It has two lines at least, so that it is no file's name and no finding's id.
fn explain(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input).replace('\0', " ") + "\n";
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = program::command(&["explain", "--", &text], &mut out, &mut err);
    assert!(matches!(code, 0 | 2), "exit code {code}");
    assert!(out.is_empty() != err.is_empty(), "it is explained or refused");
    let acts = |it: char| it.is_control() && !matches!(it, '\n' | '\t');
    for told in [out, err] {
        let told = String::from_utf8(told).expect("it prints UTF-8");
        assert!(!told.contains(acts), "{told:?}");
    }
    code == 0
}
