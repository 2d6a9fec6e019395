//! Spin's application manifest, `spin.toml`.
//!
//! Source: Spin, `crates/manifest/src/schema/v2.rs` (ec15ea1c), `schema/common.rs` and `compat.rs`
//! (2baa8d75), `tests/ui/maximal.toml` (d6d0eeea); for version 1, spinframework.dev, "Spin
//! Application Manifest (Version 1) Reference".

use super::error::ReadError;
use super::host::Implied;
use super::model::{Entry, Expected, Manifest, Target};
use super::tree::Node;
use crate::registry::{Reference, Wanted};

/// The keys that hold a manifest's version; the second is an older name in version 1.
pub(super) const KEYS: [&str; 2] = ["spin_manifest_version", "spin_version"];

pub(super) fn read(root: &Node) -> Result<Manifest, ReadError> {
    let Some(version) = KEYS.iter().find_map(|key| root.get(key)) else {
        let message = "this is not a known manifest: Spin's has `spin_manifest_version`, Cargo's is \
                       named Cargo.toml";
        return Err(ReadError::foreign(message, 0..0));
    };
    let mut entries = Entries::default();
    match version.number() {
        Some(1) => entries.version_1(root),
        Some(2) => entries.version_2(root),
        _ => {
            let message = "only versions 1 and 2 of Spin's manifest are supported";
            return Err(ReadError::malformed(message, version.span.clone()));
        }
    }
    entries.0.sort_by_key(|entry| entry.span.start);
    Ok(Manifest { entries: entries.0, ..Manifest::default() })
}

#[derive(Default)]
struct Entries(Vec<Entry>);

impl Entries {
    /// `[[component]]`, with an `id`.
    fn version_1(&mut self, root: &Node) {
        for component in root.items_at(&["component"]) {
            let id = component.text_at("id").unwrap_or("?");
            self.source(component, format!("[[component]] {id} source"), component);
        }
    }

    /// `[component.ID]`, and components inline in the trigger that calls them.
    fn version_2(&mut self, root: &Node) {
        for (id, component) in root.pairs_at("component") {
            self.component(&format!("component.{id}"), component);
        }
        for (kind, triggers) in root.pairs_at("trigger") {
            for trigger in triggers.items() {
                let component = trigger.get("component").filter(|it| !it.pairs().is_empty());
                if let Some(component) = component {
                    let key = format!("[[trigger.{kind}]] component.source");
                    self.source(component, key, component);
                }
            }
        }
    }

    fn component(&mut self, table: &str, component: &Node) {
        self.source(component, format!("[{table}] source"), component);
        for (name, dependency) in component.pairs_at("dependencies") {
            self.dependency(table, name, dependency);
        }
        for (name, profile) in component.pairs_at("profile") {
            if profile.get("source").is_some() {
                let build = if profile.get("build").is_some() { profile } else { component };
                let entry = self.source(profile, format!("[{table}.profile.{name}] source"), build);
                // A build makes one profile of several.
                entry.expected = Expected::Never;
            }
        }
    }

    /// `source`: a path, `{ url, digest }`, or `{ registry, package, version }`.
    fn source(&mut self, holder: &Node, key: String, built_by: &Node) -> &mut Entry {
        let Some(source) = holder.get("source") else {
            return self.push(key, holder, Target::Invalid("it has no `source`".to_owned()));
        };
        let target = match source.text() {
            Some(path) => Target::File(path.to_owned()),
            // Of a component, Spin takes exactly this version; of a dependency, one that fulfils it.
            None => fetched(source, "a package", Wanted::exactly),
        };
        let entry = self.push(key, source, target);
        entry.build = build(built_by);
        entry
    }

    /// A dependency: a local `path`, or one that Spin fetches. A component of the same application has an
    /// entry of its own.
    fn dependency(&mut self, table: &str, name: &str, dependency: &Node) {
        let target = match (dependency.get("path"), dependency.get("component")) {
            (Some(path), _) => Target::file(path),
            (None, Some(_)) => return,
            (None, None) => match dependency.text() {
                Some(version) => package(name, Wanted::parse(version), version, None),
                None => fetched(dependency, name, Wanted::parse),
            },
        };
        let value = dependency.get("path").unwrap_or(dependency);
        let entry = self.push(format!("[{table}.dependencies] {name}"), value, target);
        // Its dependents call it, not the host.
        entry.implied = Implied::Nothing;
    }

    fn push(&mut self, key: String, value: &Node, target: Target) -> &mut Entry {
        self.0.push_mut(Entry {
            key,
            span: value.span.clone(),
            target,
            implied: Implied::Spin,
            build: None,
            expected: Expected::Always,
        })
    }
}

/// A component that Spin fetches. `name` is its package, unless `source` names one.
fn fetched(source: &Node, name: &str, wanted: impl Fn(&str) -> Result<Wanted, String>) -> Target {
    if let Some(url) = source.text_at("url") {
        let advice = "download it and check the file, with `--host spin-p2` or `--host spin-p3`";
        let reference = match source.text_at("digest") {
            Some(digest) => Reference::of_url(url, digest),
            None => Err("it has no `digest`".to_owned()),
        };
        return Target::Remote { what: url.to_owned(), advice: advice.to_owned(), reference };
    }
    match source.text_at("version") {
        Some(version) => {
            let name = source.text_at("package").unwrap_or(name);
            package(name, wanted(version), version, source.text_at("registry"))
        }
        None => Target::mistyped(
            source,
            "a path, `{ url, digest }` or `{ registry, package, version }`",
        ),
    }
}

/// A package of a registry. A dependency may be named with an interface of it: `own:kit/text@1.0.0`.
fn package(
    name: &str,
    wanted: Result<Wanted, String>,
    version: &str,
    registry: Option<&str>,
) -> Target {
    let advice = "fetch it from its registry (`wkg get`) and check the file".to_owned();
    let bare = name.split(['/', '@']).next().unwrap_or(name);
    let reference = wanted.and_then(|wanted| Reference::of_package(bare, wanted, registry));
    Target::Remote { what: format!("{name} {version}"), advice, reference }
}

/// The commands of `[component.ID.build]`.
fn build(component: &Node) -> Option<String> {
    let build = component.get("build")?;
    let commands = build.get("command")?.texts().join(" && ");
    if commands.is_empty() {
        return None;
    }
    Some(match build.text_at("workdir") {
        Some(folder) => format!("cd {folder} && {commands}"),
        None => commands,
    })
}
