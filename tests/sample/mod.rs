//! Runs made by hand, for tests of what is told of them. `tests/report/guarded.wat` is their component.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::sync::LazyLock;

use secondcall::config::diagnostic::{Code, Diagnostic};
use secondcall::config::text::TextSpan;
use secondcall::finding::{Evidence, Finding, Kind, Label};
use secondcall::inventory::{
    Adapter, ArtifactKind, Cause, ExportedFunction, Inventory, Part, Reset,
};
use secondcall::location::{ExportName, ItemKind, Location, Span, Step};
use secondcall::report::answer::{Answer, Outlook};
use secondcall::report::document::{Call, Failure, FreshCalls, Origin, Outcome, Skipped};
use secondcall::report::inner::{Inner, InnerRole};
use secondcall::report::listing::{Listing, Target, locate};
use secondcall::report::run::{Artifact, ObservedCalls, Run};
use secondcall::report::{ExportVerdict, Fix, Judged, Report};
use secondcall::rule::Rule;
use secondcall::verdict::{Severity, Verdict};

static GUARD: LazyLock<Rule> = LazyLock::new(|| {
    Rule::from_page(
        "run_once_guard",
        "```toml\nhazard = \"single_shot\"\nprecision = \"high\"\nsince = \"0.1.0\"\n```\n\n# It traps\n\nTwice.\n",
    )
});

static REUSE: LazyLock<Rule> = LazyLock::new(|| {
    Rule::from_page(
        "reused_like_fresh",
        "```toml\nhazard = \"state_bleed\"\nprecision = \"very-high\"\nsince = \"0.1.0\"\n\
         references = [\"https://example.com/\"]\n```\n\n# It stays\n\nThe same.\n\n\
         ## How to fix it\n\nLeave it.\n",
    )
});

static MEMORY: LazyLock<Rule> = LazyLock::new(|| {
    Rule::from_page(
        "memory_grows",
        "```toml\nhazard = \"leak\"\nprecision = \"medium\"\nsince = \"0.1.0\"\n```\n\n# It grows\n\nEver.\n",
    )
});

/// The rules that ran.
pub(crate) fn rules() -> [&'static Rule; 3] {
    [&GUARD, &MEMORY, &REUSE]
}

pub(crate) fn guarded() -> Vec<u8> {
    wat::parse_file(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/guarded.wat")).unwrap()
}

fn run_export() -> ExportName {
    ExportName::new(Some("wasi:cli/run@0.2.6"), "run")
}

/// The bytes of the first line after `after` whose text starts with `instruction`.
fn instruction(file: &[u8], function: &str, instruction: &str) -> Location {
    let mut location = locate(file, &Target::Name(function.to_owned()), Some(0)).unwrap();
    let listing = Listing::of_function(file, &location).unwrap();
    let line = listing.lines.iter().find(|line| line.text.trim().starts_with(instruction)).unwrap();
    let start = line.offset.unwrap();
    location.span = Span::new(start, start + 1);
    location
}

fn label(location: Location, text: &str) -> Label {
    Label { location, text: text.to_owned() }
}

fn guard_finding(file: &[u8]) -> Judged {
    let trap = instruction(file, "_start", "unreachable");
    let finding = Finding {
        rule: &GUARD,
        kind: Kind::Fail,
        export: Some(run_export()),
        location: trap.clone(),
        labels: vec![
            label(instruction(file, "_start", "i32.load"), "2nd call: reads 1"),
            label(instruction(file, "_start", "i32.store"), "1st call sets it; nothing clears it"),
            label(trap, "2nd call traps here"),
            label(instruction(file, "_start", "call $log"), "never shown: the fourth label"),
        ],
        evidence: Evidence::Certain,
        calls: None,
        differs: Some((2, None)),
        timeline: None,
        at_once: Vec::new(),
        traps: false,
        given_by: Vec::new(),
        facts: Vec::new(),
        callers: Vec::new(),
        words: None,
        exits: false,
        answers: false,
        assumes: false,
        refuted: false,
        at_most: None,
        leak: None,
        discriminator: "_start".to_owned(),
        message: "`wasi:cli/run@0.2.6#run` traps when called again in the same instance".to_owned(),
        help: "give each call a fresh instance, or build a reactor: Rust `crate-type = [\"cdylib\"]`, \
               C `-mexec-model=reactor`"
            .to_owned(),
        call_path: vec![
            "wasi:cli/run@0.2.6#run".to_owned(),
            "core module 1 func 1 `wasi:cli/run@0.2.6#run`".to_owned(),
            "core module 0 func 2 `_start`".to_owned(),
        ],
    };
    Judged {
        finding,
        cause: Some(cause()),
        severity: Severity::Warning,
        reason: "by convention, hosts call it once, but no specification says so".to_owned(),
        fails: vec!["jco-serve".to_owned()],
        harmless: vec!["wasmtime-run".to_owned(), "spin-p2".to_owned()],
        knobs: vec![("wasmtime-serve-p3".to_owned(), "--max-instance-reuse-count=1".to_owned())],
        traps: vec![(
            "jco-serve".to_owned(),
            "the instance with its state; every later call fails".to_owned(),
        )],
        components: vec![Inner {
            roles: vec![InnerRole::Place, InnerRole::Cause],
            index: 2,
            name: Some("greeter".to_owned()),
            exports: vec!["run".to_owned()],
            path: vec!["component 1".to_owned(), "component 2 `greeter`".to_owned()],
            offset: 16,
            length: 128,
        }],
        fix: Some(Fix { exits: false }),
        id: "5b1f2c9e".to_owned(),
    }
}

/// A cause of two parts, one of them a variable of the C library, and its sentence.
fn cause() -> (Cause, String) {
    let part = Part {
        name: "started".to_owned(),
        named: true,
        owner: Some("the C library".to_owned()),
        core_module: Some(0),
        address: Some(0x410),
        bytes: Some(4),
        global: None,
        before: "0".to_owned(),
        after: "1".to_owned(),
        writers: vec!["_start".to_owned()],
        readers: vec!["_start".to_owned(), "helper\u{7}".to_owned()],
        declared: None,
        location: None,
        store: None,
    };
    let global = Part {
        name: "global 1 of core module 0".to_owned(),
        named: false,
        owner: None,
        address: None,
        bytes: None,
        global: Some(1),
        ..part.clone()
    };
    let cause = Cause {
        found: 2,
        is_unfinished: false,
        number: 2,
        after: None,
        switch: None,
        parts: vec![part, global],
        mends: true,
        suffices: false,
        reset: Some(Reset { bytes: 115, pages: 9, globals: 2, grown: 1, table_elements: 0 }),
        trials: 11,
        unknown: None,
    };
    let sentence = "`started`, the C library: 0 before call 1, 1 after; global 1 of core module 0, which `_start` \
                    writes: 0, then 1; with them put back, call 2 returns as a fresh instance does";
    (cause, sentence.to_owned())
}

fn inventory(file: &[u8], exports: Vec<ExportedFunction>) -> Inventory {
    Inventory {
        kind: ArtifactKind::Component,
        bytes: file.len() as u64,
        core_modules: 2,
        functions: 3,
        exports,
        adapters: vec![Adapter {
            name: "wasi_snapshot_preview1".to_owned(),
            flavor: "command".to_owned(),
            releases: Some(("46.0.0".to_owned(), "50.0.1".to_owned())),
            origin: None,
            matched: (12, 14),
            location: Location {
                path: vec![Step { kind: ItemKind::CoreModule, index: 1, name: None }],
                span: Span::new(0x100, 0x180),
            },
        }],
        toolchains: vec!["wasi-libc".to_owned()],
        producers: vec![("language".to_owned(), vec!["C11".to_owned()])],
        inner: Vec::new(),
        unanalysed: Vec::new(),
    }
}

fn exported(name: &ExportName, signature: &str) -> ExportedFunction {
    ExportedFunction {
        name: name.clone(),
        signature: signature.to_owned(),
        core_function: None,
        obstacle: None,
        survival: None,
        causes: Vec::new(),
        leftovers: Vec::new(),
        stateless: false,
    }
}

/// One component with one export and one finding.
pub(crate) fn small_run() -> Run {
    let bytes = guarded();
    let name = run_export();
    let report = Report {
        inventory: inventory(&bytes, vec![exported(&name, "func() -> result")]),
        exports: vec![ExportVerdict {
            name,
            verdict: Verdict::SingleShot,
            evidence: Some(Evidence::Certain),
        }],
        findings: vec![guard_finding(&bytes)],
        answers: vec![Answer {
            host: "spec".to_owned(),
            outlook: Outlook::Fails,
            text: "1 export fails at call 2".to_owned(),
            limits: "any number of calls on an instance".to_owned(),
            findings: vec!["5b1f2c9e".to_owned()],
        }],
    };
    Run {
        hosts: vec!["spec".to_owned()],
        static_only: true,
        calls: 8,
        seed: 0x5eed,
        fail_on: Some(Severity::Error),
        artifacts: vec![Artifact::new("api.wasm".to_owned(), bytes, Ok(report))],
        ..Run::default()
    }
}

/// Everything that a report can hold: every verdict, a folded table, names made to harm, labels in
/// two functions and in none, an input that cannot be read.
pub(crate) fn large_run() -> Run {
    let mut run = small_run();
    run.static_only = false;
    run.config.push(Diagnostic {
        code: Code::ExpiredAccept,
        span: TextSpan {
            path: "secondcall.toml".to_owned(),
            line: 12,
            column: 9,
            length: 10,
            excerpt: "until = 2026-03-01".to_owned(),
        },
        message: "`memory_grows` in `tick` was accepted until 2026-03-01, and is no more"
            .to_owned(),
        help: "fix it, or look at it again and choose a later day".to_owned(),
    });
    run.exit_code = 4;
    let artifact = &mut run.artifacts[0];
    (artifact.accepted, artifact.known) = (2, 3);
    artifact.path = "target/wasm32-wasip2/release/a-rather-long-name.wasm".to_owned();
    artifact.origin = Some(Origin {
        path: "spin.toml".to_owned(),
        line: 7,
        column: 10,
        entry: "[component.api] source".to_owned(),
        text: "source = \"a.wasm\"".to_owned(),
        length: 8,
    });
    artifact.observed = vec![ObservedCalls {
        export: run_export(),
        calls: vec![
            Call { call: 1, outcome: Outcome::Ok },
            Call { call: 2, outcome: Outcome::Trap { trap: "unreachable".to_owned() } },
        ],
        fresh: FreshCalls { calls: 8, succeeded: 8 },
        earlier: None,
        variables: Vec::new(),
    }];
    let Ok(report) = &mut artifact.result else { panic!("the small run has a report") };
    report.exports[0].evidence = Some(Evidence::Observed);
    let store = Some("my:app/store@1.0.0");
    let several = [
        ("get", Verdict::Stateful, Some(Evidence::Possible), None),
        ("put-all", Verdict::BreaksAfter(3), Some(Evidence::Observed), None),
        ("open", Verdict::Unknown, None, Some("it takes a resource `my:app/types#handle`")),
        ("reset\u{1b}[31m\u{202e}\n", Verdict::SingleShot, Some(Evidence::Possible), None),
    ];
    for (function, verdict, evidence, obstacle) in several {
        let name = ExportName::new(store, function);
        let signature =
            "func(key: string, value: list<tuple<string, option<u64>>>) -> result<_, string>";
        let mut export = exported(&name, signature);
        export.obstacle = obstacle.map(str::to_owned);
        report.inventory.exports.push(export);
        report.exports.push(ExportVerdict { name, verdict, evidence });
    }
    for number in 0..45 {
        let name = ExportName::new(None, &format!("tick-{number}"));
        report.inventory.exports.push(exported(&name, "func()"));
        let (verdict, evidence) = match number {
            0..5 => (Verdict::ReusableObserved(8), Some(Evidence::Observed)),
            5..8 => (Verdict::StatelessProven, Some(Evidence::Certain)),
            _ => (Verdict::Unknown, None),
        };
        report.exports.push(ExportVerdict { name, verdict, evidence });
    }
    let mut grows = guard_finding(&artifact.bytes);
    let memory = Location {
        path: vec![
            Step { kind: ItemKind::CoreModule, index: 0, name: Some("main\u{7}".to_owned()) },
            Step { kind: ItemKind::Memory, index: 0, name: None },
        ],
        span: Span::new(0x30, 0x33),
    };
    grows.finding = Finding {
        rule: &MEMORY,
        export: None,
        location: memory,
        labels: vec![
            label(
                instruction(&artifact.bytes, "_start", "call $helper"),
                "each call asks for more",
            ),
            label(instruction(&artifact.bytes, "helper", "i32.add"), "each call grows here"),
        ],
        evidence: Evidence::Possible,
        message: "the memory grows with every call".to_owned(),
        help: String::new(),
        call_path: Vec::new(),
        ..grows.finding
    };
    grows.cause = None;
    grows.severity = Severity::Note;
    grows.id = "00c0ffee".to_owned();
    (grows.fails, grows.harmless, grows.knobs) = Default::default();
    let mut pass = grows.clone();
    pass.finding.kind = Kind::Pass;
    report.findings.extend([grows, pass]);
    let failure = Failure {
        stage: "read".to_owned(),
        offset: Some(4),
        message: "unexpected end".to_owned(),
        ..Failure::default()
    };
    run.artifacts.push(Artifact::new("broken.wasm".to_owned(), b"\0asm".to_vec(), Err(failure)));
    run.skipped.push(Skipped {
        artifact: Some(0),
        export: Some(ExportName::new(store, "open")),
        reason: "missing-import".to_owned(),
        detail: "wasi:sockets/tcp@0.2.0".to_owned(),
        ..Skipped::default()
    });
    run
}
