//! Where components come from: adapters of known releases, embedded in programs of several shapes.
//!
//! `SECONDCALL_ADAPTERS=FOLDER` adds every published adapter; `tests/adapters/fetch FOLDER` fetches
//! them. With `BLESS=1` as well, `data/adapters.toml` is written anew.

mod inputs;
mod program;

#[path = "adapters/bytes.rs"]
mod bytes;
#[path = "adapters/programs.rs"]
mod programs;

use bytes::{stripped, with_changed_bodies};
use programs::{SHAPES, embedded, linked};
use secondcall::component::Component;
use secondcall::facts::provenance::{Adapter, Flavor, Provenance};
use std::ffi::OsString;

type Release = (&'static str, [&'static [u8]; 3]);

macro_rules! release {
    ($name:literal, $package:ident) => {
        (
            $name,
            [
                $package::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
                $package::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
                $package::WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
            ],
        )
    };
}

const RELEASES: [Release; 4] = [
    release!("23.0.1", adapters_23),
    release!("30.0.2", adapters_30),
    release!("40.0.4", adapters_40),
    release!("50.0.1", wasi_preview1_component_adapter_provider),
];

const FLAVORS: [Flavor; 3] = [Flavor::Command, Flavor::Reactor, Flavor::Proxy];

fn provenance(component: &[u8]) -> Provenance {
    Provenance::of(&Component::read(component).expect("the component is well formed"))
}

fn only_adapter(component: &[u8]) -> Adapter {
    let mut adapters = provenance(component).adapters;
    assert_eq!(adapters.len(), 1, "{adapters:?}");
    adapters.remove(0)
}

fn number(release: &str) -> Vec<u32> {
    release.split('.').map(|part| part.parse().expect("a release is numbers")).collect()
}

fn contains(adapter: &Adapter, release: &str) -> bool {
    let within = |(first, last): &(String, String)| {
        (number(first)..=number(last)).contains(&number(release))
    };
    adapter.releases.as_ref().is_some_and(within)
}

// Whether `as shipped in a 1.0.0 to 1.3.1, b 2.0.0` speaks of a package's release.
fn ships(adapter: &Adapter, package: &str, release: &str) -> bool {
    let origin = adapter.origin.as_deref().and_then(|it| it.strip_prefix("as shipped in "));
    origin.is_some_and(|origin| {
        origin.split(", ").filter_map(|it| it.strip_prefix(package)?.strip_prefix(' ')).any(|it| {
            let (first, last) = it.split_once(" to ").unwrap_or((it, it));
            (number(first)..=number(last)).contains(&number(release))
        })
    })
}

#[test]
fn releases_and_flavors_are_told() {
    for (release, adapters) in RELEASES {
        for (flavor, adapter) in FLAVORS.into_iter().zip(adapters) {
            for shape in &SHAPES {
                let whole = embedded(shape, "wasi_snapshot_preview1", adapter, flavor);
                for component in [&whole, &stripped(&whole)] {
                    let found = only_adapter(component);
                    let what = format!("{release} {flavor} {}: {found:?}", shape.name);
                    assert_eq!(found.flavor, flavor, "{what}");
                    assert!(contains(&found, release), "{what}");
                    assert_eq!(found.matched.0, found.matched.1, "{what}");
                    assert_eq!(found.name, "wasi_snapshot_preview1", "{what}");
                }
            }
        }
    }
}

#[test]
fn another_name_changes_nothing() {
    let (release, [command, ..]) = RELEASES[3];
    let whole = embedded(&SHAPES[0], "wasi_unstable", command, Flavor::Command);
    let found = only_adapter(&stripped(&whole));
    assert_eq!((found.name.as_str(), found.flavor), ("wasi_unstable", Flavor::Command));
    assert!(contains(&found, release));
}

#[test]
fn changed_bodies_leave_structure_and_interfaces() {
    for (release, adapters) in RELEASES {
        for (flavor, adapter) in FLAVORS.into_iter().zip(adapters) {
            let changed = with_changed_bodies(adapter);
            for shape in &SHAPES {
                let whole = embedded(shape, "wasi_snapshot_preview1", &changed, flavor);
                let found = only_adapter(&stripped(&whole));
                let what = format!("{release} {flavor} {}: {found:?}", shape.name);
                // A clock does not show in the structure that it could have files.
                let unclear = ["clock", "dice", "idler"].contains(&shape.name);
                let unclear = unclear && flavor != Flavor::Command;
                let expected = if unclear { Flavor::ReactorOrProxy } else { flavor };
                assert_eq!((found.flavor, found.matched.0), (expected, 0), "{what}");
                assert_eq!(found.releases, None, "{what}");
                let origin = found.origin.expect("something is said of where it comes from");
                if release == "23.0.1" {
                    assert_eq!(origin, "older than wasmtime 23.0.1, or built by hand", "{what}");
                } else {
                    let (_, range) = origin.rsplit_once(" wasmtime ").expect(&what);
                    let (first, last) = range.split_once(" to ").expect(&what);
                    let range = number(first)..=number(last);
                    assert!(range.contains(&number(release)), "{what}");
                }
            }
        }
    }
}

#[test]
fn interfaces_tell_the_age_of_an_unknown_adapter() {
    let (_, [command, ..]) = RELEASES[0];
    let changed = with_changed_bodies(command);
    for (version, origin) in [
        ("0.2.0", "older than wasmtime 23.0.1, or built by hand"),
        ("0.1.9", "older than wasmtime 23.0.1, or built by hand"),
        ("9.2.0", "newer than wasmtime 50.0.1, or built by hand"),
    ] {
        // As long as the other, so that no length changes.
        let changed = replaced(&changed, b"@0.2.0", format!("@{version}").as_bytes());
        let whole = embedded(&SHAPES[0], "wasi_snapshot_preview1", &changed, Flavor::Command);
        let found = only_adapter(&whole);
        assert_eq!((found.flavor, found.releases), (Flavor::Command, None), "{version}");
        assert_eq!(found.origin.as_deref(), Some(origin), "{version}");
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn a_linked_library_is_no_adapter() {
    for (release, [_, reactor, _]) in RELEASES {
        let found = only_adapter(&stripped(&linked(reactor)));
        assert_eq!((found.flavor, found.matched.0), (Flavor::Reactor, found.matched.1));
        assert!(contains(&found, release), "{release}: {found:?}");
    }
}

#[test]
fn an_adapter_of_another_make_is_a_library() {
    let component = wat::parse_str(
        r#"(component
            (core module $main
              (import "wasi_snapshot_preview1" "fd_write"
                (func (param i32 i32 i32 i32) (result i32))))
            (core module $own
              (memory 1)
              (data (i32.const 0) "x")
              (func (export "fd_write") (param i32 i32 i32 i32) (result i32) i32.const 8))
            (core instance $own (instantiate $own))
            (core instance (instantiate $main (with "wasi_snapshot_preview1" (instance $own)))))"#,
    )
    .expect("valid text");
    let found = only_adapter(&component);
    assert_eq!(found.flavor, Flavor::Library);
    assert_eq!((found.releases, found.matched), (None, (0, 1)));
}

#[test]
fn a_component_without_adapter_has_none() {
    let component = wat::parse_str(
        r#"(component
            (core module (memory (export "memory") 1) (func (export "fd_write") (param i32)))
            (core module (func (export "wasi:cli/run@0.2.0#run") (result i32) i32.const 0)))"#,
    )
    .expect("valid text");
    assert_eq!(provenance(&component).adapters, []);
}

#[test]
fn toolchains_are_told() {
    let component = wat::parse_str(
        r#"(component
            (core module
              (@producers (language "Go" "go1.27.3") (processed-by "Go cmd/compile" "go1.27.3"))
              (@custom "go:buildid" "x"))
            (core module (func (export "wizer.resume")))
            (core module
              (@producers (processed-by "clang" "19.1.5-wasi-sdk (https://x)")))
            (@producers (processed-by "wit-component" "0.263.0")))"#,
    )
    .expect("valid text");
    let found = provenance(&component);
    let told: Vec<_> =
        found.toolchains.iter().map(|it| (it.name.as_str(), it.version.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("Go", Some("go1.27.3")),
            ("clang", Some("19.1.5-wasi-sdk (https://x)")),
            ("wasi-sdk", None),
            ("wit-component", Some("0.263.0")),
            ("wizer", None),
        ]
    );
    assert_eq!(found.toolchains[4].seen, "core export `wizer.resume`");
    assert_eq!(found.producers[0], ("language".into(), vec!["Go go1.27.3".into()]));
}

#[test]
fn toolchains_are_told_by_what_programs_hold() {
    let utf16 = |text: &str| text.chars().map(|it| format!("{it}\\00")).collect::<String>();
    let data = |text: &str| format!("(memory 1) (data (i32.const 8) \"..{text}..\")");
    let rust = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/fmt/mod.rs";
    let zig = "(@producers (processed-by \"clang\" \"16.0.6 (https://github.com/ziglang/zig-bootstrap x)\"))";
    for (module, name, version, seen) in [
        (data(rust), "rustc", None, "data `/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/`"),
        (data("called `Option::unwrap()` on a `None` value"), "rustc", None, "data `called `"),
        (data(&utf16("lib/list.mbt:9:5-9:36")), "MoonBit", None, "data `.mbt:9`"),
        (data("NumberNotIntlike(\\00"), "Grain", None, "data `NumberNotIntlike`"),
        (
            format!("{} (func (export \"PyObject_Call\"))", data("componentize_py_types")),
            "componentize-py",
            None,
            "data `componentize_py_`",
        ),
        (data(&utf16("System.Private.CoreLib")), ".NET", None, "data `System.Private.CoreLib`"),
        (data(&utf16("scala.runtime.BoxedUnit")), "Scala", None, "data `scala.runtime.`"),
        (data(&utf16("~lib/rt/itcms.ts")), "AssemblyScript", None, "data `~lib/`"),
        (
            "(func (export \"teavm_catchException\"))".into(),
            "TeaVM",
            None,
            "core export `teavm_catchException`",
        ),
        (
            "(@custom \".debug_str\" \"zig-cache\\00zig 0.12.0\\00start\\00\")".into(),
            "zig",
            Some("0.12.0"),
            "debug data `zig 0.12.0`",
        ),
        (zig.into(), "zig", None, "producers: processed-by clang 16.0.6"),
    ] {
        let found = provenance(
            &wat::parse_str(format!("(component (core module {module}))")).expect("valid text"),
        );
        let told = found.toolchains.iter().find(|it| it.name == name).expect(name);
        assert_eq!(told.version.as_deref(), version, "{name}");
        assert!(told.seen.starts_with(seen), "{name}: {}", told.seen);
    }
}

#[test]
fn what_others_may_hold_tells_nothing() {
    let component = r#"(component
        (core module (memory 1)
          (data (i32.const 8) "/rustc/not-a-commit/library zig 0.12.0 a.mbt:9 scala.runtime.")
          (@custom ".debug_str" "zig is nice\00of zig 0.12.0\00")
          (func (export "f")))
        (core instance $m (instantiate 0))
        (func $f (canon lift (core func $m "f")))
        (instance $exports (export "f" (func $f)))
        (export "exports" (instance $exports)))"#;
    assert_eq!(provenance(&wat::parse_str(component).expect("valid text")).toolchains, []);
}

/// A program that knows the marks of toolchains, as a linter does, was made by one of them at most.
#[test]
fn a_table_of_marks_tells_nothing() {
    let table = "System.Private.CoreLib NumberNotIntlike scala.collection.immutable. componentize_py_ \
                 /rustc/########################################/ /lib/rustlib/src/rust/library/";
    let rust = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/fmt/mod.rs";
    let producers = |value: &str| format!("(@producers (processed-by {value}))");
    let one = "System.Private.CoreLib";
    for (module, names) in [
        (format!("(data \"{table}\")"), vec![]),
        (format!("(data \"{table}\") (data \"{rust}\")"), vec!["rustc"]),
        (format!("(data \"{one}\") {}", producers("\"rustc\" \"1.96.0\"")), vec!["rustc"]),
        (format!("(data \"{one}\") {}", producers("\"TinyGo\" \"0.40.0\"")), vec!["TinyGo"]),
        (format!("(data \"{rust}\") {}", producers("\"TinyGo\" \"0.40.0\"")), vec!["TinyGo"]),
        (format!("(data \"{one}\")) (core module (data \"{rust}\")"), vec![".NET", "rustc"]),
    ] {
        let text = format!("(component (core module {module}))");
        let found = provenance(&wat::parse_str(&text).expect("valid text"));
        let told: Vec<_> = found.toolchains.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(told, names, "{module}");
    }
}

#[test]
fn a_composition_is_told_by_its_shape() {
    let composed = "(component (component (core module)) (component (core module)))";
    let plain = "(component (core module) (component (core module)) (component (core module)))";
    for (text, names) in [(composed, vec!["wac or wasm-tools compose"]), (plain, vec![])] {
        let found = provenance(&wat::parse_str(text).expect("valid text"));
        let told: Vec<_> = found.toolchains.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(told, names);
    }
}

#[test]
fn every_published_adapter() {
    let Some(folder) = inputs::folder("SECONDCALL_ADAPTERS", "every_published_adapter") else {
        return;
    };
    let entries = std::fs::read_dir(&folder).expect("SECONDCALL_ADAPTERS names a folder");
    let mut files: Vec<_> = entries.map(|it| it.expect("the folder can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "wasm"));
    files.sort();

    let words = ["inspect", "--fingerprint"].map(OsString::from);
    let words: Vec<_> = words.into_iter().chain(files.iter().map(OsString::from)).collect();
    let ran = program::secondcall(&words);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let table = ran.out;
    let known = concat!(env!("CARGO_MANIFEST_DIR"), "/data/adapters.toml");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(known, &table).expect("data/adapters.toml can be written");
    }
    let known = std::fs::read_to_string(known).expect("data/adapters.toml is there");
    assert!(known == table, "data/adapters.toml is stale: see docs/adapters.md");

    let (mut embeddings, mut within, mut exact) = (0, 0, 0);
    for path in &files {
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a readable name");
        let (release, flavor) = name.rsplit_once('-').expect("RELEASE-FLAVOR");
        let flavor = FLAVORS.into_iter().find(|it| it.to_string() == flavor).expect("a flavor");
        let adapter = std::fs::read(path).expect("the adapter can be read");
        for shape in &SHAPES {
            let whole = embedded(shape, "wasi_snapshot_preview1", &adapter, flavor);
            for component in [&whole, &stripped(&whole)] {
                let found = only_adapter(component);
                assert_eq!(found.flavor, flavor, "{name} {}: {found:?}", shape.name);
                if let Some((package, release)) = release.rsplit_once('-') {
                    assert!(ships(&found, package, release), "{name} {}: {found:?}", shape.name);
                    continue;
                }
                embeddings += 1;
                within += u32::from(contains(&found, release));
                let (first, last) = found.releases.unwrap_or_default();
                exact += u32::from(first == last);
            }
        }
    }
    let share = |count: u32| f64::from(count) * 100.0 / f64::from(embeddings);
    eprintln!(
        "{embeddings} embeddings: flavor right in all, range holds the release in {:.1} %, names a single one in {:.1} %",
        share(within),
        share(exact)
    );
    assert!(share(within) >= 95.0);
}
