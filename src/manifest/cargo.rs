//! Cargo's manifest of a crate that is built as a component: by cargo-component, or by cargo itself
//! for `wasm32-wasip2`.
//!
//! Source: the Cargo book, "The Manifest Format" and "Workspaces" (Rust 1.95); cargo-component
//! 0.21.1, `src/lib.rs` and README.md, for `[package.metadata.component]`, and for components in
//! the folder of `wasm32-wasip1`.

use super::host::Implied;
use super::model::{Entry, Expected, Manifest, Target};
use super::tree::Node;

/// Folders of build output, the preferred first.
const TARGETS: [&str; 2] = ["wasm32-wasip2", "wasm32-wasip1"];
const PROFILES: [&str; 2] = ["release", "debug"];

pub(super) fn read(root: &Node) -> Manifest {
    let workspace = |key: &str| {
        let list = root.at(&["workspace", key]).map(Node::texts).unwrap_or_default();
        list.into_iter().map(str::to_owned).collect()
    };
    Manifest {
        entries: package(root),
        members: workspace("members"),
        excluded: workspace("exclude"),
    }
}

/// The value of `crate-type`.
pub(super) fn crate_types(root: &Node) -> Option<&Node> {
    let library = root.get("lib")?;
    library.get("crate-type").or(library.get("crate_type"))
}

pub(super) fn is_cdylib(root: &Node) -> bool {
    crate_types(root).is_some_and(|it| it.texts().contains(&"cdylib"))
}

fn package(root: &Node) -> Vec<Entry> {
    let Some(name) = root.at(&["package", "name"]) else { return Vec::new() };
    let Some(package) = name.text() else { return Vec::new() };
    let by_cargo_component = root.at(&["package", "metadata", "component"]).is_some();
    let library = root.get("lib");
    let build = if by_cargo_component {
        format!("cargo component build --release -p {package}")
    } else {
        format!("cargo build --release --target wasm32-wasip2 -p {package}")
    };
    let entry = |key: &str, value: &Node, stems: &[String]| Entry {
        key: key.to_owned(),
        span: value.span.clone(),
        target: Target::Output(outputs(stems)),
        implied: Implied::Nothing,
        build: Some(build.clone()),
        expected: if by_cargo_component { Expected::Always } else { Expected::WhenAsked },
    };
    let mut entries = Vec::new();
    if is_cdylib(root) {
        let named = library.and_then(|it| it.get("name"));
        let (key, value) = named.map_or(("[package] name", name), |it| ("[lib] name", it));
        let stem = value.text().unwrap_or(package).replace('-', "_");
        entries.push(entry(key, value, &[stem]));
    }
    for program in root.items_at(&["bin"]) {
        if let Some(value) = program.get("name")
            && let Some(stem) = value.text()
        {
            entries.push(entry("[[bin]] name", value, &[stem.to_owned()]));
        }
    }
    if entries.is_empty() {
        // A program by convention: src/main.rs. cargo-component may build a library from it.
        let stems = [package.to_owned(), package.replace('-', "_")];
        let stems = if by_cargo_component && stems[0] != stems[1] { &stems } else { &stems[..1] };
        entries.push(entry("[package] name", name, stems));
    }
    entries
}

fn outputs(stems: &[String]) -> Vec<String> {
    let mut paths = Vec::new();
    for profile in PROFILES {
        for target in TARGETS {
            paths.extend(stems.iter().map(|stem| format!("target/{target}/{profile}/{stem}.wasm")));
        }
    }
    paths
}
