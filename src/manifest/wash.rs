//! The project configuration of wasmCloud's shell, `.wash/config.yaml`.
//!
//! Source: wasmCloud, `crates/wash/src/config.rs` (31b8f958, and a later one that has
//! `DevComponent::pool_size`): `BuildConfig`, `DevConfig`, `DevComponent`, `HostPluginConfig`. It may also be written as JSON, which is YAML, or as TOML.

use super::host::{Implied, Pool};
use super::model::{Entry, Expected, Manifest, Target};
use super::tree::Node;

/// The command that fetches an image.
const PULL: &str = "wash oci pull";

/// Lists of other components, and whether their instances live as long as a workload's. How long a
/// plugin's instance lives is not known.
const LISTS: [(&[&str], bool); 5] = [
    (&["dev", "components"], true),
    (&["dev", "plugins"], false),
    (&["dev", "host_plugins"], false),
    (&["host", "plugins"], false),
    (&["host", "hostPlugins"], false),
];

pub(super) fn read(root: &Node) -> Manifest {
    let mut entries = Vec::new();
    let mut push = |key: String, value: &Node, target: Target, implied: Implied, build| {
        entries.push(Entry {
            key,
            span: value.span.clone(),
            target,
            implied,
            build,
            expected: Expected::Always,
        });
    };
    let fresh = Implied::WasmCloud(Pool::default());
    for part in ["build", "dev"] {
        if let Some(path) = root.at(&[part, "component_path"]) {
            let build = Some("wash build".to_owned());
            push(format!("{part}.component_path"), path, Target::file(path), fresh, build);
        }
    }
    for (key, is_file) in [("service_file", true), ("service_image", false)] {
        if let Some(value) = root.at(&["dev", key]) {
            let target = match is_file {
                true => Target::file(value),
                false => Target::image(value, PULL, "wasmcloud-2"),
            };
            push(format!("dev.{key}"), value, target, fresh, None);
        }
    }
    for (path, is_workload) in LISTS {
        for (i, item) in root.items_at(path).iter().enumerate() {
            let implied = match is_workload {
                true => Implied::WasmCloud(pool(item)),
                false => Implied::Nothing,
            };
            let host = implied.likely().unwrap_or("spec");
            let name = item.text_at("name").or(item.text_at("id"));
            let name = name.map_or_else(|| i.to_string(), str::to_owned);
            let key = |key: &str| format!("{}.{name}.{key}", path.join("."));
            if let Some(value) = item.get("file") {
                push(key("file"), value, Target::file(value), implied, None);
            } else if let Some(value) = item.get("image") {
                push(key("image"), value, Target::image(value, PULL, host), implied, None);
            }
        }
    }
    Manifest { entries, ..Manifest::default() }
}

/// The settings of a component's pool; a cluster's objects have the same keys.
pub(super) fn pool(component: &Node) -> Pool {
    let set = |key: &str| component.get(key).and_then(Node::number);
    Pool {
        size: set("poolSize"),
        max_invocations: set("maxInvocations"),
        max_concurrency: set("maxConcurrency"),
    }
}
