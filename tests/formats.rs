//! The formats for gates and CI over reports made by hand, compared with the files in
//! `tests/formats/`; `BLESS=1` rewrites them. `tests/formats/validate` shows them to the tools that read
//! such files.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
#[path = "formats/html.rs"]
mod html_page;
mod sample;
#[path = "formats/untrusted.rs"]
mod untrusted;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};

use secondcall::config::diagnostic::Diagnostic;
use secondcall::finding::Kind;
use secondcall::report::binaries::Binaries;
use secondcall::report::document::{Document, Origin, Role, Skipped, Source};
use secondcall::report::style::Style;
use secondcall::report::{
    agent, concise, github, gitlab, html, json, junit, markdown, ndjson, sarif, text,
};
use secondcall::rules;
use secondcall::verdict::Severity;
use serde_json::Value;

use sample::{large_run, small_run};

type Writer = fn(&Document, &mut dyn Write) -> io::Result<()>;

const FORMATS: [(&str, Writer); 11] = [
    ("agent.txt", agent::write),
    ("concise.txt", concise::write),
    ("github.txt", github::write),
    ("gitlab.json", gitlab::write),
    ("html", page),
    ("json", json::write),
    ("junit.xml", junit::write),
    ("markdown", markdown::write),
    ("ndjson", ndjson::write),
    ("github.sarif", for_github),
    ("oasis.sarif", by_the_standard),
];

fn for_github(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    sarif::write(document, &sample::rules(), sarif::Profile::Github, out)
}

fn by_the_standard(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    sarif::write(document, &sample::rules(), sarif::Profile::Oasis, out)
}

fn page(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    html::write(document, &Binaries::default(), out)
}

fn told(document: &Document, write: Writer) -> String {
    let mut out = Vec::new();
    write(document, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn sarif(document: &Document, write: Writer) -> Value {
    serde_json::from_str(&told(document, write)).unwrap()
}

/// SARIF's schema, without the patterns of its members for languages: they are no regular expressions
/// (a bracket is closed that was not opened), and we write no such member.
fn sarif_schema() -> Value {
    let mut schema = schema("sarif-2.1.0-rtm.5.json");
    for definition in ["run", "toolComponent"] {
        let pointer = format!("/definitions/{definition}/properties/language");
        let language = schema.pointer_mut(&pointer).unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

fn schema(name: &str) -> Value {
    let path = expected::folder("formats/schemas").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A path that each format must write in its own way, and an artifact told twice.
fn odd_document() -> Document {
    let mut run = small_run();
    run.artifacts.extend(small_run().artifacts);
    run.artifacts[0].path = "my app, 100%:\n<\"é\u{1b}>.wasm".to_owned();
    run.artifacts[1].path = "text.wat".to_owned();
    run.artifacts[1].text = Some(String::new());
    run.fail_on = Some(Severity::Warning);
    let mut document = Document::of(&run);
    document.artifacts[0].also.push("deps/my app-01234567.wasm".to_owned());
    for place in &mut document.findings[1].locations {
        place.place.source = Some(source("src/main.c", 44, true));
    }
    // A function of the C library was called from the author's text.
    let library = &mut document.findings[0].locations;
    library[0].place.source = Some(source("/build/libc/abort.c", 7, false));
    let mut caller = library[0].clone();
    caller.role = Role::Caller;
    caller.place.source = Some(source("src/handler.c", 12, true));
    library.push(caller);
    document
}

fn source(path: &str, line: u32, present: bool) -> Source {
    Source { path: path.to_owned(), line, column: Some(3), present }
}

/// What is no finding and must be told all the same: a component that two manifests name, two entries of
/// one manifest that lead nowhere, one that is elsewhere, and a configuration that fails a strict run.
fn doubtful_document() -> Document {
    let mut run = large_run();
    run.strict = true;
    run.exit_code = 4;
    let manifest = |line: u32, entry: &str| Origin {
        path: "spin.toml".to_owned(),
        line,
        column: 10,
        entry: format!("[component.{entry}] source"),
        text: "source = \"../x.wasm\"".to_owned(),
        length: 11,
    };
    let mut again = small_run().artifacts.remove(0);
    again.path = run.artifacts[0].path.clone();
    again.origin = Some(Origin { path: "workload.yaml".to_owned(), ..manifest(3, "api") });
    run.artifacts.push(again);
    for (line, entry) in [(11, "one"), (15, "two")] {
        let mut outside = large_run().artifacts.remove(1);
        outside.path = "spin.toml".to_owned();
        outside.origin = Some(manifest(line, entry));
        run.artifacts.push(outside);
    }
    run.skipped.push(Skipped {
        path: Some("spin.toml".to_owned()),
        reason: "not-local".to_owned(),
        detail: "`[component.far] source` names https://x/y.wasm".to_owned(),
        origin: Some(manifest(19, "far")),
        ..Skipped::default()
    });
    run.skipped.push(Skipped {
        reason: "no-match".to_owned(),
        detail: "`--export tok` matches no export; did you mean `tick`?".to_owned(),
        ..Skipped::default()
    });
    run.config.push(Diagnostic { help: String::new(), ..run.config[0].clone() });
    Document::of(&run)
}

/// The documents of which every format has its expected text, with their names.
fn documents() -> [(&'static str, Document); 4] {
    [
        ("small", Document::of(&small_run())),
        ("large", Document::of(&large_run())),
        ("odd", odd_document()),
        ("doubtful", doubtful_document()),
    ]
}

#[test]
fn each_format_is_as_expected() {
    for (name, document) in documents() {
        for (format, write) in FORMATS {
            // Two have their files in tests/report, and pages are compared without their style sheet and script.
            if !["concise.txt", "json", "html"].contains(&format) {
                expected::compare("formats", &format!("{name}.{format}"), &told(&document, write));
            }
        }
    }
}

#[test]
fn a_saved_report_is_told_like_a_new_one() {
    for run in [small_run(), large_run()] {
        let new = Document::of(&run);
        let saved = Document::read(told(&new, json::write).as_bytes()).unwrap();
        assert_eq!(saved, new);
        for (format, write) in FORMATS {
            assert_eq!(told(&saved, write), told(&new, write), "{format}");
        }
        let human = |document: &Document, binaries: &Binaries<'_>| {
            let mut out = Vec::new();
            text::write(document, binaries, Style { unicode: false, ..Style::PLAIN }, &mut out)
                .unwrap();
            String::from_utf8(out).unwrap()
        };
        let mut binaries = Binaries::default();
        for artifact in &saved.artifacts {
            binaries.offer(artifact, b"another file".to_vec(), None);
        }
        let blind = human(&saved, &binaries);
        assert!(blind.contains("places are named and not shown"), "{blind}");
        for artifact in &saved.artifacts {
            binaries.offer(artifact, sample::guarded(), None);
        }
        assert_eq!(human(&saved, &binaries), human(&new, &Binaries::of(&run)));
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let report = told(&Document::of(&small_run()), json::write);
    let cases = [
        (
            "",
            "it is not JSON: EOF while parsing a value at line 1 column 0; `secondcall check --format json` \
             writes a report",
        ),
        (
            "[1]",
            "it is no report of secondcall: it does not say `\"format\": \"secondcall-report\"`",
        ),
        (
            "{}",
            "it is no report of secondcall: it does not say `\"format\": \"secondcall-report\"`",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(Document::read(text.as_bytes()).unwrap_err().to_string(), message);
    }
    let newer = report.replace("\"version\": 1,", "\"version\": 2,");
    let error = Document::read(newer.as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("use a newer secondcall"), "{error}");
    let damaged = report.replace("\"single_shot\"", "\"safe\"");
    let error = Document::read(damaged.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("it is a damaged report: unknown variant `safe`"), "{error}");
    let refused = [
        ("\"artifact\": 0", "\"artifact\": 7", "is of artifact 7, which is not in it"),
        ("\"version\": 1,", "\"version\": \"1\",", "it has no version that there is"),
        ("\"version\": 1,", "\"version\": 99999999999,", "use a newer secondcall"),
    ];
    for (from, to, expected) in refused {
        let error = Document::read(report.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut twice = Document::of(&small_run());
    twice.artifacts.extend(Document::of(&small_run()).artifacts);
    let error = Document::read(told(&twice, json::write).as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("two artifacts have the id 0"), "{error}");
    let mut nowhere = doubtful_document();
    nowhere.config[0].origin.line = 0;
    let error = Document::read(told(&nowhere, json::write).as_bytes()).unwrap_err().to_string();
    assert!(error.ends_with("a place in secondcall.toml has no line or no column"), "{error}");
    let lines = told(&Document::of(&small_run()), ndjson::write);
    let error = Document::read(lines.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("it is a report in lines"), "{error}");
    Document::read(format!("\u{feff}{report}").as_bytes()).unwrap();
    let longer = report.replace("\"version\": 1,", "\"version\": 1, \"added\": {\"later\": 1},");
    Document::read(longer.as_bytes()).unwrap();
}

#[test]
fn sarif_is_what_its_schema_says() {
    let validator = jsonschema::draft4::new(&sarif_schema()).unwrap();
    let all: Vec<_> = rules::all().collect();
    for document in [
        Document::of(&small_run()),
        Document::of(&large_run()),
        odd_document(),
        doubtful_document(),
    ] {
        let mut logs = vec![sarif(&document, for_github), sarif(&document, by_the_standard)];
        for profile in [sarif::Profile::Github, sarif::Profile::Oasis] {
            let mut out = Vec::new();
            sarif::write(&document, &all, profile, &mut out).unwrap();
            logs.push(serde_json::from_slice(&out).unwrap());
        }
        for log in logs {
            let errors: Vec<_> = validator.iter_errors(&log).map(|it| it.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
}

/// Every object of a JSON value that has the member `name`.
fn with<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            found.extend(members.contains_key(name).then_some(value));
            members.values().for_each(|it| with(it, name, found));
        }
        Value::Array(items) => items.iter().for_each(|it| with(it, name, found)),
        _ => {}
    }
}

#[test]
fn sarif_names_lines_or_bytes_and_each_rule_by_its_place() {
    for document in [
        Document::of(&small_run()),
        Document::of(&large_run()),
        odd_document(),
        doubtful_document(),
    ] {
        for write in [for_github, by_the_standard] as [Writer; 2] {
            let log = sarif(&document, write);
            let mut regions = Vec::new();
            with(&log, "byteOffset", &mut regions);
            assert!(regions.iter().all(|it| it.get("startLine").is_none()));
            let run = &log["runs"][0];
            for result in run["results"].as_array().unwrap() {
                let index = result["ruleIndex"].as_u64().unwrap() as usize;
                assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
            }
        }
        let log = sarif(&document, for_github);
        let mut hashes = BTreeSet::new();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            assert_eq!(result["kind"], "fail");
            assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64());
            let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
            assert!(hashes.insert(hash.as_str().unwrap().to_owned()), "{hash} is given twice");
        }
        let problems = document.findings.iter().filter(|it| it.kind == Kind::Fail).count();
        assert_eq!(hashes.len(), problems);
    }
}

#[test]
fn an_export_that_was_not_called_is_open_under_a_rule_that_exists() {
    let mut out = Vec::new();
    let all: Vec<_> = rules::all().collect();
    let document = Document::of(&large_run());
    sarif::write(&document, &all, sarif::Profile::Oasis, &mut out).unwrap();
    let log: Value = serde_json::from_slice(&out).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|it| it["kind"] == "open").count(), 1);
}

#[test]
fn gitlab_gets_what_it_reads() {
    let validator = jsonschema::draft202012::new(&schema("gitlab-code-quality.json")).unwrap();
    for document in [
        Document::of(&small_run()),
        Document::of(&large_run()),
        odd_document(),
        doubtful_document(),
    ] {
        let report = serde_json::from_str(&told(&document, gitlab::write)).unwrap();
        let errors: Vec<_> = validator.iter_errors(&report).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let issues = report.as_array().unwrap();
        let fingerprints: BTreeSet<_> =
            issues.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.len(), issues.len());
    }
}

#[test]
fn what_is_wrong_with_the_configuration_is_told_in_every_format() {
    let document = doubtful_document();
    for (format, write) in FORMATS {
        let told = told(&document, write);
        assert!(told.contains("was accepted until 2026-03-01"), "{format}: {told}");
    }
    let log = sarif(&document, for_github);
    let invocation = &log["runs"][0]["invocations"][0];
    let of = |name: &str| invocation[name].as_array().unwrap();
    assert!(
        of("toolExecutionNotifications").iter().all(|it| it["descriptor"]["id"] != "run/config")
    );
    let config = of("toolConfigurationNotifications");
    assert!(config.iter().all(|it| it["descriptor"]["id"] == "run/config"));
    assert_eq!(config.len(), document.config.len());
}

#[test]
fn junit_fails_for_the_configuration_in_a_strict_run_alone() {
    let failing = |strict: bool| {
        let mut document = doubtful_document();
        document.head.run.strict = strict;
        told(&document, junit::write).matches("<failure type=\"expired_accept\"").count()
    };
    assert_eq!((failing(true), failing(false)), (2, 0));
}

#[test]
fn no_two_suites_of_junit_have_the_same_name() {
    let told = told(&doubtful_document(), junit::write);
    let suites: Vec<_> = told.lines().filter(|line| line.contains("<testsuite ")).collect();
    let names: BTreeSet<_> = suites.iter().filter_map(|it| it.split('"').nth(1)).collect();
    assert_eq!(names.len(), suites.len(), "{told}");
}

#[test]
fn lines_have_the_members_of_the_document() {
    let document = Document::of(&large_run());
    let whole: Value = serde_json::from_str(&told(&document, json::write)).unwrap();
    let mut lines: Vec<Value> = told(&document, ndjson::write)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<_> = lines
        .iter_mut()
        .map(|line| line.as_object_mut().unwrap().remove("type").unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "run", "artifact", "finding", "finding", "finding", "skipped", "error", "config",
            "summary"
        ]
    );
    assert_eq!(lines[0]["version"], whole["version"]);
    assert_eq!(lines[0]["run"], whole["run"]);
    assert_eq!(lines[1], whole["artifacts"][0]);
    assert_eq!(lines[4], whole["findings"][2]);
    assert_eq!(lines[5], whole["skipped"][0]);
    assert_eq!(lines[6], whole["errors"][0]);
    assert_eq!(lines[7], whole["config"][0]);
    assert_eq!(lines[8], whole["summary"]);
}

#[test]
fn no_name_breaks_a_line() {
    for document in [Document::of(&large_run()), odd_document(), doubtful_document()] {
        for (format, write) in FORMATS {
            let told = told(&document, write);
            let control = |it: char| it.is_control() && it != '\n';
            assert!(!told.contains(control), "{format}");
        }
        let lines = told(&document, github::write);
        assert!(lines.lines().all(|line| line.starts_with("::")), "{lines}");
        let lines = told(&document, agent::write);
        assert!(lines.lines().all(|line| line.starts_with("path=")), "{lines}");
    }
}

#[test]
fn paths_below_a_folder_are_told_relative_to_it() {
    let mut run = large_run();
    run.artifacts[0].path = "/work/app/target/api.wasm".to_owned();
    run.artifacts[1].path = "/work/application/broken.wasm".to_owned();
    run.artifacts[0].origin.as_mut().unwrap().path = "/work/app/spin.toml".to_owned();
    let document = Document::of(&run).below("/work/app");
    assert_eq!(document.artifacts[0].path, "target/api.wasm");
    assert_eq!(document.artifacts[0].origin.as_ref().unwrap().path, "spin.toml");
    assert_eq!(document.errors[0].path, "/work/application/broken.wasm");
}
