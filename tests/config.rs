//! What is read from a configuration, and what is said of a wrong one: `tests/config/*.toml`, with all
//! complaints at the foot, `#= line:column code: message; help`. `BLESS=1` rewrites the feet.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use secondcall::config::diagnostic::Diagnostic;
use secondcall::config::{Config, environment, read, tables};
use secondcall::profile::Profile;
use secondcall::rules;
use serde_json::Value;

/// What a schema cannot tell: a day from a string, what is no TOML at all, and what a string holds.
const SCHEMA: &str = include_str!("../schemas/config-v1.json");
const TEMPLATE: &str = include_str!("../src/cli/config/template.toml");

const BEYOND_THE_SCHEMA: [&str; 5] =
    ["until_quoted", "syntax", "twice", "call_texts", "request_parts"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files, each with its name and its text without the foot.
fn files() -> Vec<(PathBuf, String, String)> {
    let entries = fs::read_dir(root().join("tests/config")).unwrap();
    let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.split_inclusive('\n').filter(|line| !line.starts_with("#="));
        let body = lines.collect();
        (path, name, body)
    };
    paths.into_iter().map(read).collect()
}

fn known() -> Vec<&'static str> {
    rules::all().map(|rule| rule.id).collect()
}

fn diagnostics(name: &str, text: &str) -> Vec<Diagnostic> {
    if name.starts_with("spin") {
        tables::of_spin("spin.toml", text, &known()).diagnostics
    } else if name.starts_with("cargo") {
        tables::of_cargo("Cargo.toml", text, &known()).diagnostics
    } else {
        read::file("secondcall.toml", text, &known()).diagnostics
    }
}

fn line(diagnostic: &Diagnostic) -> String {
    let (span, code) = (&diagnostic.span, diagnostic.code.as_str());
    let help = if diagnostic.help.is_empty() { "" } else { "; " };
    let message = &diagnostic.message;
    format!("#= {}:{} {code}: {message}{help}{}\n", span.line, span.column, diagnostic.help)
}

#[test]
fn every_file_is_told_as_its_foot_says() {
    let mut differing = Vec::new();
    for (path, name, body) in files() {
        let told: String = diagnostics(&name, &body).iter().map(line).collect();
        let told = format!("{body}{told}");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &told).unwrap();
        } else if told != fs::read_to_string(&path).unwrap() {
            differing.push(told);
        }
    }
    assert!(differing.is_empty(), "BLESS=1 rewrites:\n{}", differing.join("\n"));
}

/// TOML as JSON; a day is a string there.
fn json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(day) => day.to_string().into(),
        toml::Value::Array(values) => values.iter().map(json).collect(),
        toml::Value::Table(table) => {
            table.iter().map(|(key, it)| (key.clone(), json(it))).collect()
        }
        plain => serde_json::to_value(plain).unwrap(),
    }
}

#[test]
fn the_schema_and_the_reader_agree() {
    let validator = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let of_ours = files().into_iter().filter(|(_, name, _)| {
        !name.starts_with("spin")
            && !name.starts_with("cargo")
            && !BEYOND_THE_SCHEMA.contains(&name.as_str())
    });
    let mut wrong = Vec::new();
    for (_, name, body) in of_ours {
        let document = json(&toml::from_str(&body).unwrap());
        if validator.is_valid(&document) != diagnostics(&name, &body).is_empty() {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_schema_knows_every_key_rule_and_host() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let set = |pointer: &str| -> BTreeSet<String> {
        match schema.pointer(pointer).unwrap() {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(values) => {
                values.iter().map(|it| it.as_str().unwrap().to_owned()).collect()
            }
            other => panic!("{other}"),
        }
    };
    let of = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    let hosts: Vec<_> = Profile::all().iter().map(|host| host.id.as_str()).collect();
    assert_eq!(set("/properties"), of(&read::KEYS));
    assert_eq!(set("/$defs/accept/properties"), of(&read::ACCEPT_KEYS));
    assert_eq!(set("/$defs/call/properties"), of(&read::CALL_KEYS));
    assert_eq!(set("/$defs/step/properties"), of(&read::STEP_KEYS));
    assert_eq!(set("/$defs/request/properties"), of(&read::REQUEST_KEYS));
    assert_eq!(set("/$defs/guest/properties"), of(&read::GUEST_KEYS));
    assert_eq!(set("/$defs/answer/properties"), of(&read::ANSWER_KEYS));
    assert_eq!(set("/properties/lifecycle/properties"), of(&read::LIFECYCLE_KEYS));
    assert_eq!(set("/$defs/rule/enum"), of(&known()));
    assert_eq!(set("/$defs/host/enum"), of(&hosts));
}

#[test]
fn defaults_are_those_of_the_schema() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let default =
        |key: &str| schema.pointer(&format!("/properties/{key}/default")).unwrap().clone();
    let config = Config::default();
    assert_eq!(default("hosts"), Value::from(config.hosts.value));
    assert_eq!(default("calls"), Value::from(config.calls.value));
    assert_eq!(default("seed"), Value::from(config.seed.value));
    assert_eq!(default("budget"), Value::from(config.budget.value.to_string()));
    assert_eq!(default("memory"), Value::from(config.memory.value.to_string()));
}

/// What `packaging/schemastore/` holds for SchemaStore, and what editors read.
#[test]
fn everyone_names_the_schema_by_its_id() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let json = |path: &str| serde_json::from_str::<Value>(&text(path)).unwrap();
    let id = json("schemas/config-v1.json")["$id"].as_str().unwrap().to_owned();
    let entry = json("packaging/schemastore/catalog-entry.json");
    assert_eq!(
        (&entry["url"], &entry["fileMatch"]),
        (&id.clone().into(), &["secondcall.toml"][..].into())
    );
    let extension = json("editors/vscode/package.json");
    let validation = serde_json::json!([{ "fileMatch": "secondcall.toml", "url": id }]);
    assert_eq!(extension["contributes"]["tomlValidation"], validation);
    let example = text("packaging/schemastore/secondcall.toml");
    for file in [&text("src/cli/config/template.toml"), &example] {
        assert!(file.starts_with(&format!("#:schema {id}\n")), "{file}");
    }
    assert_eq!(diagnostics("secondcall.toml", &example), []);
}

#[test]
fn the_template_can_be_used_as_it_is_and_with_every_line_switched_on() {
    let none = |text: &str| {
        let complaints: String = diagnostics("template", text).iter().map(line).collect();
        assert!(complaints.is_empty(), "{complaints}{text}");
    };
    none(TEMPLATE);
    let is_switch = |line: &str| {
        let key = line.split([' ', '[']).next().unwrap_or_default();
        line.starts_with('[') || line.contains(" = ") && !key.is_empty()
    };
    let switched = TEMPLATE.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if is_switch(rest) => format!("{rest}\n"),
        _ => format!("{line}\n"),
    });
    let switched: String = switched.collect();
    none(&switched);
    for key in read::KEYS {
        assert!(switched.lines().any(|it| it.trim_matches(['[', ']']).starts_with(key)), "{key}");
    }
}

#[test]
fn the_document_names_every_key_and_every_variable() {
    let pages = ["docs/configuration.md", "docs/calls.md"];
    let document = pages.map(|it| fs::read_to_string(root().join(it)).unwrap()).concat();
    let names = read::KEYS.iter().chain(&read::ACCEPT_KEYS).chain(&environment::VARIABLES);
    let names = names.chain(&read::CALL_KEYS).chain(&read::GUEST_KEYS).chain(&read::ANSWER_KEYS);
    let names = names.chain(&read::LIFECYCLE_KEYS).chain(&read::REQUEST_KEYS);
    let missing: Vec<_> = names.filter(|name| !document.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
