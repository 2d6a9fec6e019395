//! The project configuration of wasmCloud's shell, `.wash/config.yaml`.
//!
//! Source: wasmCloud, `crates/wash/src/config.rs` (31b8f958, and a later one that has
//! `DevComponent::pool_size`): `BuildConfig`, `DevConfig`, `DevComponent`, `HostPluginConfig`. It may also be written as JSON, which is YAML, or as TOML.

use super::tree::Node;
use super::{Entry, Expected, Implied, Manifest, Names, Place, Pool, image, instead};

/// What fetches an image.
const PULL: &str = "wash oci pull";

/// Lists of components beside the project's own, and whether their instances live as a workload's
/// do. How long a plugin's instance lives is not known here.
const LISTS: [(&[&str], bool); 5] = [
    (&["dev", "components"], true),
    (&["dev", "plugins"], false),
    (&["dev", "host_plugins"], false),
    (&["host", "plugins"], false),
    (&["host", "hostPlugins"], false),
];

pub(super) fn read(text: &str, root: &Node) -> Manifest {
    let mut entries = Vec::new();
    let mut push = |words: String, value: &Node, names: Names, implied: Implied, build| {
        entries.push(Entry {
            words,
            place: Place::of(text, value.span.clone()),
            names,
            implied,
            build,
            expected: Expected::Always,
        });
    };
    let fresh = Implied::WasmCloud(Pool::default());
    for part in ["build", "dev"] {
        if let Some(path) = root.at(&[part, "component_path"]) {
            let build = Some("wash build".to_owned());
            push(format!("{part}.component_path"), path, file(path), fresh, build);
        }
    }
    for (key, is_file) in [("service_file", true), ("service_image", false)] {
        if let Some(value) = root.at(&["dev", key]) {
            let names = if is_file { file(value) } else { image(value, PULL, "wasmcloud-2") };
            push(format!("dev.{key}"), value, names, fresh, None);
        }
    }
    for (road, is_workload) in LISTS {
        for (i, item) in root.at(road).map(Node::items).unwrap_or_default().iter().enumerate() {
            let implied = match is_workload {
                true => Implied::WasmCloud(pool(item)),
                false => Implied::Nothing,
            };
            let host = implied.likely().unwrap_or("spec");
            let name = item.text_at("name").or(item.text_at("id"));
            let name = name.map_or_else(|| i.to_string(), str::to_owned);
            let words = |key: &str| format!("{}.{name}.{key}", road.join("."));
            if let Some(value) = item.get("file") {
                push(words("file"), value, file(value), implied, None);
            } else if let Some(value) = item.get("image") {
                push(words("image"), value, image(value, PULL, host), implied, None);
            }
        }
    }
    Manifest { entries, ..Manifest::default() }
}

/// What is set for a component's pool; the same keys as in a cluster's objects.
pub(super) fn pool(component: &Node) -> Pool {
    let set = |key: &str| component.get(key).and_then(Node::number);
    Pool {
        size: set("poolSize"),
        max_invocations: set("maxInvocations"),
        max_concurrency: set("maxConcurrency"),
    }
}

fn file(value: &Node) -> Names {
    match value.text() {
        Some(path) => Names::File(path.to_owned()),
        None => instead(value, "a path"),
    }
}
