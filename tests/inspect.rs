//! `secondcall inspect` over components that can be opened, compared with the files in
//! `tests/inspect/`; `BLESS=1` rewrites them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::secondcall;
use wasmparser::Payload;

fn inspected(arguments: &[&str]) -> String {
    let told = secondcall(&[&["inspect"], arguments].concat());
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    told.out
}

#[track_caller]
fn compare(name: &str, told: &str) {
    expected::compare("inspect", name, told);
}

#[test]
fn an_adapter_in_its_place() {
    let file = "rules/run_once_guard/fires_preview1_adapter.wat";
    compare("adapter.txt", &inspected(&[file]));
}

#[test]
fn a_composition() {
    compare(
        "composition.txt",
        &inspected(&["rules/run_once_guard/fires_three_components_deep.wat"]),
    );
    compare(
        "passed_down.txt",
        &inspected(&["rules/run_once_guard/fires_passed_down_component.wat"]),
    );
}

#[test]
fn every_option_of_a_lift() {
    compare("options.txt", &inspected(&["tests/inspect/options.wat"]));
}

#[test]
fn what_survives_a_call() {
    let told = inspected(&["tests/inspect/state.wat"]);
    let (_, state) = told.split_once("  what may survive a call\n").unwrap();
    compare("state.txt", state);
    let told = inspected(&["tests/inspect/overlap.wat"]);
    let (_, state) = told.split_once("  what may survive a call\n").unwrap();
    compare("overlap.txt", state);
    for name in ["overlap_runtimes", "relocated", "sizes"] {
        let told = inspected(&[&format!("tests/inspect/{name}.wat")]);
        let (_, state) = told.split_once("  what may survive a call\n").unwrap();
        compare(&format!("{name}.txt"), state);
    }
}

/// Each file is named after the fact that it shows, up to a full stop, or `quiet`.
#[test]
fn what_matters_when_an_instance_is_called_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspect/reuse");
    let mut names: Vec<_> = files(folder, "wat")
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    let mut told = String::new();
    for name in names {
        let out = inspected(&[&format!("tests/inspect/reuse/{name}.wat")]);
        let facts = out.split_once("  what matters when").and_then(|(_, it)| it.split_once('\n'));
        let facts = facts.map_or("", |(_, facts)| facts);
        let fact = name.split('.').next().unwrap();
        let is_told = facts.lines().any(|line| line.trim().starts_with(&format!("{fact}  ")));
        assert_eq!(is_told, !name.starts_with("quiet"), "{name}: {facts}");
        let costs = out.lines().filter(|line| line.trim().starts_with("costs "));
        told +=
            &format!("{name}\n{}{facts}", costs.map(|it| format!("{it}\n")).collect::<String>());
    }
    compare("reuse.txt", &told);
}

#[test]
fn every_fact_about_reuse_is_shown_and_explained() {
    let schema = fs::read_to_string(expected::folder("../schemas/inspect-v1.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let facts = schema.pointer("/$defs/file/properties/reuse/items/properties/fact/enum");
    let facts: Vec<_> =
        facts.unwrap().as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let terms = fs::read_to_string(expected::folder("../data/terms.toml")).unwrap();
    for fact in &facts {
        assert!(Path::new(&format!("tests/inspect/reuse/{fact}.wat")).exists(), "{fact}");
        assert!(terms.contains(&format!("kind = \"fact\"\nid = \"{fact}\"\n")), "{fact}");
    }
    assert_eq!(terms.matches("kind = \"fact\"").count(), facts.len());
}

#[test]
fn long_lists_are_folded() {
    compare("many.txt", &inspected(&["tests/inspect/many.wat"]));
    let all = inspected(&["tests/inspect/many.wat", "--all"]);
    assert!(!all.contains("--all"));
    for i in 0..20 {
        assert!(all.contains(&format!("core instance 0 func {} `e{i}`", 20 + i)), "{all}");
    }
}

#[test]
fn more_instances_than_are_followed() {
    let told = inspected(&["tests/inspect/doubling.wat"]);
    compare("doubling.txt", &told);
    assert!(inspected(&["tests/inspect/doubling.wat", "--all"]).len() > told.len());
}

#[test]
fn names_do_nothing_to_a_terminal() {
    let told = inspected(&["tests/inspect/names.wat", "--all"]);
    compare("names.txt", &told);
    assert!(!told.contains(|it: char| it.is_control() && it != '\n'));
}

#[test]
fn json_is_what_the_schema_says() {
    let schema = fs::read_to_string(expected::folder("../schemas/inspect-v1.json")).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (name, file) in [
        ("options.json", "tests/inspect/options.wat"),
        ("state.json", "tests/inspect/state.wat"),
        ("overlap.json", "tests/inspect/overlap.wat"),
        ("adapter.json", "rules/run_once_guard/fires_preview1_adapter.wat"),
        ("", "tests/inspect/reuse/known_defect.wat"),
        ("", "tests/inspect/reuse/adapter_in_arena.wat"),
        ("", "rules/run_once_guard/fires_three_components_deep.wat"),
        ("", "tests/inspect/doubling.wat"),
        ("", "tests/inspect/names.wat"),
    ] {
        let told = inspected(&[file, "--format", "json"]);
        let document = serde_json::from_str(&told).unwrap();
        let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{file}: {errors:#?}");
        assert_eq!(told, inspected(&[file, "--format", "json"]), "{file}: told twice, differently");
        if !name.is_empty() {
            compare(name, &told);
        }
    }
    let unread = secondcall(&["inspect", "tests/inspect.rs", "--format", "json"]);
    assert!(validator.is_valid(&serde_json::from_str(&unread.out).unwrap()));
    let mut document: serde_json::Value =
        serde_json::from_str(&inspected(&["tests/inspect/options.wat", "--format", "json"]))
            .unwrap();
    *document.pointer_mut("/files/0/core_modules/0/role").unwrap() = "adaptor".into();
    assert!(!validator.is_valid(&document));
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let whole = wat::parse_file("tests/inspect/options.wat").unwrap();
    let core_module = file("core.wasm", b"\0asm\x01\0\0\0");
    let noise = file("noise.wasm", b"noise");
    let text = file("text.wat", b"(component\n  (core modul))");
    let cut = file("cut.wasm", &whole[..whole.len() / 2]);
    let missing = folder.path().join("missing.wasm").to_str().unwrap().to_owned();
    let good = file("good.wasm", &whole);
    let told = secondcall(&["inspect", &core_module, &noise, &text, &cut, &missing, &good]);
    assert_eq!(told.code, Some(4));
    assert!(told.out.contains("good.wasm   component"), "{}", told.out);
    let messages = told.err.replace(folder.path().to_str().unwrap(), "FOLDER");
    compare("unread.txt", &messages);
}

#[test]
fn no_prefix_of_a_component_is_too_short() {
    let whole = wat::parse_file("tests/inspect/options.wat").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.wasm");
    for length in (8..whole.len()).step_by(7) {
        fs::write(&path, &whole[..length]).unwrap();
        let told = secondcall(&["inspect", path.to_str().unwrap()]);
        assert!(matches!(told.code, Some(0 | 4)), "{length}");
    }
}

#[test]
fn wat_tells_what_cannot_be_read_from_what_is_not_there() {
    let noise = secondcall(&["wat", "Cargo.lock"]);
    assert_eq!(noise.code, Some(4), "{}", noise.err);
    let none = secondcall(&["wat", "tests/inspect/options.wat", "--func", "none"]);
    assert_eq!(none.code, Some(2), "{}", none.err);
}

/// The packages of a text, each of which must parse.
#[track_caller]
fn parsed(wit: &str) -> wit_parser::Resolve {
    let mut resolve = wit_parser::Resolve { all_features: true, ..Default::default() };
    if let Err(error) = resolve.push_str("printed.wit", wit) {
        panic!("{error:?}\n{wit}");
    }
    resolve
}

/// A component without its custom sections, names among them.
fn stripped(bytes: &[u8]) -> Vec<u8> {
    let mut component = wasm_encoder::Component::new();
    let mut depth = 0;
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        let payload = payload.unwrap();
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(_) => {}
            _ if depth > 1 => {}
            _ => {
                let (id, range) = payload.as_section().unwrap();
                let data = &bytes[range.start as usize..range.end as usize];
                component.section(&wasm_encoder::RawSection { id, data });
            }
        }
    }
    component.finish()
}

/// Every file below a folder that ends like this.
fn files(folder: impl AsRef<Path>, extension: &str) -> impl Iterator<Item = PathBuf> {
    let files = ignore::Walk::new(folder).map(|entry| entry.unwrap().into_path());
    files.filter(move |path| path.extension().is_some_and(|it| it == extension))
}

#[test]
fn wit_parses_again_with_and_without_names() {
    let folder = tempfile::tempdir().unwrap();
    let without_names = folder.path().join("stripped.wasm");
    let mut components: Vec<_> =
        files("rules", "wat").chain(files("tests/inspect", "wat")).collect();
    match std::env::var_os("SECONDCALL_COMPONENTS") {
        Some(real) => components.extend(files(real, "wasm")),
        None => eprintln!("skipped: SECONDCALL_COMPONENTS names no folder with components"),
    }
    let (number, mut inexpressible) = (components.len(), 0);
    for component in components {
        let bytes = wat::parse_file(&component).unwrap();
        let told = secondcall(&["inspect", component.to_str().unwrap(), "--wit"]);
        // Types exported at the root, and types without a name where they are used.
        if told.code == Some(4) && component.starts_with("rules") {
            assert!(told.err.contains("WIT cannot express its world"), "{}", told.err);
            inexpressible += 1;
            continue;
        }
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
        assert_eq!(parsed(&told.out).worlds.len(), 1, "{}", component.display());
        fs::write(&without_names, stripped(&bytes)).unwrap();
        assert_eq!(inspected(&[without_names.to_str().unwrap(), "--wit"]), told.out);
    }
    assert!(10 * inexpressible < number, "{inexpressible} of {number}");
}

#[test]
fn wit_of_a_package_is_the_package() {
    let text = "package a:b;\n\n/// Documented.\ninterface i { f: async func() -> stream<u8>; }\n\
                world w { export i; }\n";
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("written.wit", text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("package.wasm");
    fs::write(&path, wit_component::encode(&resolve, package, false).unwrap()).unwrap();
    let wit = inspected(&[path.to_str().unwrap(), "--wit"]);
    assert!(wit.contains("/// Documented.\ninterface i {"), "{wit}");
    assert_eq!(parsed(&wit).worlds.len(), 1, "{wit}");
}

#[test]
fn wit_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("component.wat");
    // A tuple with 2^15 uses of a name of 1000 letters.
    let doubling: String =
        (1..=15).map(|level| format!("(type $t{level} (tuple $t{0} $t{0}))", level - 1)).collect();
    let name = "n".repeat(1000);
    let long = format!(
        "(import \"i\" (instance (type $r (record (field \"x\" u8)))
           (export \"{name}\" (type $t0 (eq $r))) {doubling}
           (export \"f\" (func (param \"x\" $t15)))))"
    );
    for (items, message) in [
        ("(type $t (record (field \"x\" u8))) (export \"t\" (type $t))", "component export `t`"),
        ("(import \"i\" (instance (export \"j\" (instance))))", "instance type export `j`"),
        (long.as_str(), "more than 16 MiB of WIT"),
    ] {
        fs::write(&path, format!("(component {items})")).unwrap();
        let told = secondcall(&["inspect", path.to_str().unwrap(), "--wit"]);
        assert_eq!((told.code, told.out.as_str()), (Some(4), ""), "{}", told.err);
        assert!(told.err.contains(message) && told.err.contains("without --wit"), "{}", told.err);
    }
}

/// The bill of materials of these files.
fn bill(files: &[&str]) -> serde_json::Value {
    let told = inspected(&[files, &["--format", "cyclonedx"]].concat());
    assert_eq!(
        told,
        inspected(&[files, &["--format", "cyclonedx"]].concat()),
        "told twice, differently"
    );
    serde_json::from_str(&told).unwrap()
}

/// What the schema of CycloneDX says is checked by `tests/formats/cyclonedx`.
#[test]
fn a_bill_of_materials_lists_every_module_with_its_digest() {
    let adapter = "rules/run_once_guard/fires_preview1_adapter.wat";
    let nested = "rules/run_once_guard/fires_three_components_deep.wat";
    compare("adapter.cdx.json", &inspected(&[adapter, "--format", "cyclonedx"]));
    for files in [&[adapter][..], &[nested], &["tests/inspect/names.wat"], &[adapter, nested]] {
        let bill = bill(files);
        let alone = bill["metadata"].get("component").into_iter().cloned();
        let parts: Vec<_> =
            bill["components"].as_array().unwrap().iter().cloned().chain(alone).collect();
        let names: Vec<_> = parts.iter().map(|it| it["bom-ref"].as_str().unwrap()).collect();
        let distinct: std::collections::BTreeSet<_> = names.iter().copied().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
        for dependency in bill["dependencies"].as_array().unwrap() {
            let on = dependency["dependsOn"].as_array().into_iter().flatten();
            for name in on.chain([&dependency["ref"]]) {
                assert!(distinct.contains(name.as_str().unwrap()), "{name}");
            }
        }
        let digests = parts.iter().filter_map(|it| it["hashes"][0]["content"].as_str());
        let digests: std::collections::BTreeSet<_> = digests.collect();
        for file in files {
            let bytes = wat::parse_file(file).unwrap();
            assert!(digests.contains(sha256(&bytes).as_str()), "{file}");
            for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
                if let Payload::ModuleSection { unchecked_range: range, .. } = payload.unwrap() {
                    let module = &bytes[range.start as usize..range.end as usize];
                    assert!(digests.contains(sha256(module).as_str()), "{file} {range:?}");
                }
            }
        }
    }
    let time = "2026-11-29T12:00:00Z";
    let told = inspected(&[adapter, "--format", "cyclonedx", "--time", time]);
    assert!(told.contains(&format!("\"timestamp\": \"{time}\"")), "{told}");
    assert_eq!(secondcall(&["inspect", adapter, "--time", "now"]).code, Some(2));
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(feature = "exec")]
#[test]
fn a_policy_says_what_may_be_called_again() {
    let folder = tempfile::tempdir().unwrap();
    for (name, file) in [
        ("policy_new", "tests/diff/new.wat"),
        ("policy_once", "rules/run_once_guard/fires_wasip2_run.wat"),
        ("policy_at_once", "tests/calls/turns.wat"),
    ] {
        compare(&format!("{name}.md"), &inspected(&[file, "--policy"]));
    }
    let schema = fs::read_to_string(expected::folder("../schemas/policy-v1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let json = inspected(&["tests/diff/new.wat", "--policy", "--format", "json"]);
    let policy: serde_json::Value = serde_json::from_str(&json).unwrap();
    let errors: Vec<_> = validator.iter_errors(&policy).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(policy["exports"][2]["calls"]["limit"], "stateful");

    // The section holds the same, and leaves all else as it was.
    let (plain, with) = (folder.path().join("plain.wasm"), folder.path().join("with.wasm"));
    let (plain, with) = (plain.to_str().unwrap(), with.to_str().unwrap());
    let bytes = wat::parse_file("tests/diff/new.wat").unwrap();
    fs::write(plain, &bytes).unwrap();
    let json = inspected(&[plain, "--policy", "--format", "json", "--embed", with]);
    let written = fs::read(with).unwrap();
    assert!(written.starts_with(&bytes));
    let sections =
        wasmparser::Parser::new(0).parse_all(&written).filter_map(|it| match it.unwrap() {
            Payload::CustomSection(section) if section.name() == "secondcall-policy" => {
                Some(section.data().to_vec())
            }
            _ => None,
        });
    let [section] = sections.collect::<Vec<_>>().try_into().unwrap();
    let embedded: serde_json::Value = serde_json::from_slice(&section).unwrap();
    assert_eq!(embedded, serde_json::from_str::<serde_json::Value>(&json).unwrap());
    assert_eq!(embedded["sha256"], sha256(&bytes));

    for (words, code) in [
        (&["inspect", with, "--policy", "--embed", plain][..], 2),
        (&["inspect", "tests/diff/new.wat", "--policy", "--embed", with], 2),
        (&["inspect", plain, with, "--policy"], 2),
        (&["inspect", plain, "--policy", "--format", "cyclonedx"], 2),
        (&["inspect", plain, "--embed", with], 2),
        (&["inspect", "tests/inspect.rs", "--policy"], 4),
    ] {
        let told = secondcall(words);
        assert_eq!((told.code, told.out.as_str()), (Some(code), ""), "{words:?}: {}", told.err);
    }
    assert_eq!(fs::read(plain).unwrap(), bytes, "nothing was written");
}
