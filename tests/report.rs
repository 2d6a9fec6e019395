//! The formats for people and json-v1 over reports made by hand, compared with the files in `tests/report/`;
//! `BLESS=1` rewrites them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
mod sample;

use std::fs;

use secondcall::report::binaries::Binaries;
use secondcall::report::document::Document;
use secondcall::report::run::Run;
use secondcall::report::style::Style;
use secondcall::report::{concise, json, text};

use sample::{large_run, small_run};

const PLAIN: Style = Style::PLAIN;

#[track_caller]
fn compare(name: &str, told: &str) {
    expected::compare("report", name, told);
}

fn human(run: &Run, style: Style) -> String {
    let mut out = Vec::new();
    text::write(&Document::of(run), &Binaries::of(run), style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn schema() -> serde_json::Value {
    let schema = fs::read_to_string(expected::folder("../schemas/report-v1.json")).unwrap();
    serde_json::from_str(&schema).unwrap()
}

#[test]
fn a_person_reads_a_small_report() {
    compare("small.txt", &human(&small_run(), PLAIN));
    compare("small_ascii.txt", &human(&small_run(), Style { unicode: false, ..Style::PLAIN }));
}

#[test]
fn a_person_reads_a_large_report() {
    compare("large.txt", &human(&large_run(), PLAIN));
    assert!(human(&large_run(), Style { unicode: false, ..Style::PLAIN }).is_ascii());
}

#[test]
fn colour_changes_no_word() {
    let coloured = human(&large_run(), Style { colour: true, ..Style::PLAIN });
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    assert_eq!(plain, human(&large_run(), PLAIN));
}

#[test]
fn a_line_for_each_finding() {
    let mut out = Vec::new();
    concise::write(&Document::of(&large_run()), &mut out).unwrap();
    let mut told = String::from_utf8(out).unwrap();
    told += "\nat the foot of a fixture:\n";
    for judged in &small_run().artifacts[0].result.as_ref().unwrap().findings {
        told += &format!(";;= {}\n", concise::line(judged));
    }
    compare("concise.txt", &told);
}

#[test]
fn json_is_what_the_schema_says() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    for (name, run) in [("small.json", small_run()), ("large.json", large_run())] {
        let mut out = Vec::new();
        json::write(&Document::of(&run), &mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        let document = serde_json::from_str(&told).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        compare(name, &told);
    }
}

#[test]
fn the_schema_refuses_what_it_does_not_describe() {
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let mut out = Vec::new();
    json::write(&Document::of(&small_run()), &mut out).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    let wrong = [
        ("/version", serde_json::json!(2)),
        ("/artifacts/0/exports/0/verdict", serde_json::json!("safe")),
        ("/findings/0/locations", serde_json::json!([])),
        ("/findings/0/severity", serde_json::json!("fatal")),
        ("/run/seed", serde_json::json!(1)),
    ];
    for (pointer, value) in wrong {
        let mut document = document.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&document), "{pointer}");
    }
}
