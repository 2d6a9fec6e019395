//! Spin's application manifest, `spin.toml`.
//!
//! Source: Spin, `crates/manifest/src/schema/v2.rs` (ec15ea1c), `schema/common.rs` and `compat.rs`
//! (2baa8d75), `tests/ui/maximal.toml` (d6d0eeea); for version 1, spinframework.dev, "Spin
//! Application Manifest (Version 1) Reference".

use super::tree::Node;
use super::{Broken, Entry, Expected, Implied, Manifest, Names, Place, instead};

/// What says which version a manifest has; the second is version 1's older name for it.
pub(super) const KEYS: [&str; 2] = ["spin_manifest_version", "spin_version"];

pub(super) fn read(text: &str, root: &Node) -> Result<Manifest, Broken> {
    let version = KEYS.iter().find_map(|key| root.get(key));
    let Some(version) = version else {
        let message = "this is no manifest that secondcall knows: Spin's has \
                       `spin_manifest_version`, Cargo's is named Cargo.toml"
            .to_owned();
        return Err(Broken { message, place: Place::of(text, 0..0), foreign: true });
    };
    let mut entries = Entries { text, list: Vec::new() };
    match version.number() {
        Some(1) => entries.version_1(root),
        Some(2) => entries.version_2(root),
        _ => {
            let message = "secondcall knows versions 1 and 2 of Spin's manifest".to_owned();
            let place = Place::of(text, version.span.clone());
            return Err(Broken { message, place, foreign: false });
        }
    }
    entries.list.sort_by_key(|entry| (entry.place.line, entry.place.column));
    Ok(Manifest { entries: entries.list, ..Manifest::default() })
}

struct Entries<'a> {
    text: &'a str,
    list: Vec<Entry>,
}

impl Entries<'_> {
    /// `[[component]]`, with an `id`.
    fn version_1(&mut self, root: &Node) {
        for component in root.get("component").map(Node::items).unwrap_or_default() {
            let id = component.text_at("id").unwrap_or("?");
            self.source(component, &format!("[[component]] {id} source"), component);
        }
    }

    /// `[component.ID]`, and components that stand in the trigger that calls them.
    fn version_2(&mut self, root: &Node) {
        for (id, component) in root.get("component").map(Node::pairs).unwrap_or_default() {
            let table = format!("component.{}", id.name);
            self.component(&table, component);
        }
        for (kind, triggers) in root.get("trigger").map(Node::pairs).unwrap_or_default() {
            for trigger in triggers.items() {
                let component = trigger.get("component").filter(|it| !it.pairs().is_empty());
                if let Some(component) = component {
                    let words = format!("[[trigger.{}]] component.source", kind.name);
                    self.source(component, &words, component);
                }
            }
        }
    }

    fn component(&mut self, table: &str, component: &Node) {
        self.source(component, &format!("[{table}] source"), component);
        for (name, dependency) in component.get("dependencies").map(Node::pairs).unwrap_or_default()
        {
            self.dependency(&format!("[{table}.dependencies] {}", name.name), dependency);
        }
        for (name, profile) in component.get("profile").map(Node::pairs).unwrap_or_default() {
            // A build makes one profile of several.
            if profile.get("source").is_some() {
                let build = if profile.get("build").is_some() { profile } else { component };
                self.source(profile, &format!("[{table}.profile.{}] source", name.name), build);
                if let Some(entry) = self.list.last_mut() {
                    entry.expected = Expected::Never;
                }
            }
        }
    }

    /// `source`: a path, `{ url, digest }`, or `{ registry, package, version }`.
    fn source(&mut self, holder: &Node, words: &str, built_by: &Node) {
        let Some(source) = holder.get("source") else {
            let wrong = Names::Nothing("it has no `source`".to_owned());
            return self.push(words, holder, wrong, None);
        };
        let names = match source.text() {
            Some(path) => Names::File(path.to_owned()),
            None => elsewhere(source, "a package"),
        };
        self.push(words, source, names, build(built_by));
    }

    /// A dependency: a local `path`, or one that Spin fetches. A component of the application is an
    /// entry already. Who calls a dependency, and how often, the host does not decide.
    fn dependency(&mut self, words: &str, dependency: &Node) {
        let names = match (dependency.get("path"), dependency.get("component")) {
            (Some(path), _) => match path.text() {
                Some(text) => Names::File(text.to_owned()),
                None => instead(path, "a path"),
            },
            (None, Some(_)) => return,
            (None, None) => match dependency.text() {
                Some(version) => package(words_of_key(words), version),
                None => elsewhere(dependency, words_of_key(words)),
            },
        };
        let value = dependency.get("path").unwrap_or(dependency);
        self.push(words, value, names, None);
        if let Some(entry) = self.list.last_mut() {
            entry.implied = Implied::Nothing;
        }
    }

    fn push(&mut self, words: &str, value: &Node, names: Names, build: Option<String>) {
        self.list.push(Entry {
            words: words.to_owned(),
            place: Place::of(self.text, value.span.clone()),
            names,
            implied: Implied::Spin,
            build,
            expected: Expected::Always,
        });
    }
}

/// What Spin fetches; `name` is the package's, unless it says another.
fn elsewhere(source: &Node, name: &str) -> Names {
    if let Some(url) = source.text_at("url") {
        let advice = "download it and check the file, with `--host spin-p2` or `--host spin-p3`";
        return Names::Remote(url.to_owned(), advice.to_owned());
    }
    match source.text_at("version") {
        Some(version) => package(source.text_at("package").unwrap_or(name), version),
        None => instead(source, "a path, `{ url, digest }` or `{ registry, package, version }`"),
    }
}

fn package(name: &str, version: &str) -> Names {
    let advice = "fetch it from its registry (`wkg get`) and check the file".to_owned();
    Names::Remote(format!("{name} {version}"), advice)
}

/// The last word of `[component.api.dependencies] a:b/c`.
fn words_of_key(words: &str) -> &str {
    words.rsplit("] ").next().unwrap_or(words)
}

/// `[component.ID.build]`: one command or several, and where to type them.
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
