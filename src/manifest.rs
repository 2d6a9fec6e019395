//! Reads project files, such as `spin.toml`: the components they name, and what they say of the host.
//! Opens no file and looks at no component.

mod cargo;
mod error;
mod host;
mod knob;
mod kubernetes;
mod model;
mod spin;
mod tree;
mod wac;
mod wadm;
mod wash;
mod yaml;

pub use error::ReadError;
pub(crate) use host::{HostSettings, Implied, Limit};
pub(crate) use knob::Knob;
pub use model::{Entry, Manifest};
pub(crate) use model::{Expected, Target};

use tree::Node;

/// A kind of project file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Spin's application manifest.
    Spin,
    /// Cargo's manifest.
    Cargo,
    /// The project configuration of wasmCloud's shell, `.wash/config.yaml`.
    Wash,
    /// Objects for a cluster: wasmCloud's workloads, and applications for wadm.
    Cluster,
    /// The source of a composition.
    Wac,
}

impl Kind {
    /// The kind that a path's name suggests. The path has `/`.
    pub fn of_path(path: &str) -> Option<Kind> {
        let mut steps = path.rsplit('/');
        let name = steps.next().unwrap_or_default();
        let (stem, extension) = name.rsplit_once('.')?;
        let of_wash = stem == "config" && steps.next() == Some(".wash");
        match extension {
            "toml" if name == "Cargo.toml" => Some(Kind::Cargo),
            "yaml" | "yml" | "json" | "toml" if of_wash => Some(Kind::Wash),
            "toml" => Some(Kind::Spin),
            "yaml" | "yml" => Some(Kind::Cluster),
            "wac" => Some(Kind::Wac),
            _ => None,
        }
    }

    /// Whether a text may be of this kind. Many other files end in `.toml` or `.yaml`, too.
    pub(crate) fn may_be(self, text: &str) -> bool {
        match self {
            Kind::Spin => spin::KEYS.iter().any(|key| text.contains(key)),
            Kind::Cluster => text.contains(kubernetes::GROUP) || text.contains(wadm::GROUP),
            Kind::Cargo | Kind::Wash | Kind::Wac => true,
        }
    }

    /// Whether such a file determines the host of its components.
    pub(crate) fn implies_a_host(self) -> bool {
        matches!(self, Kind::Spin | Kind::Wash | Kind::Cluster)
    }
}

/// Reads a project file. The ending of `path` decides between TOML and YAML where a kind has both.
///
/// # Errors
/// If the text is malformed, or is not of this kind.
pub fn read(kind: Kind, path: &str, text: &str) -> Result<Manifest, ReadError> {
    match kind {
        Kind::Spin => spin::read(&Node::of_toml(text)?),
        Kind::Cargo => Ok(cargo::read(&Node::of_toml(text)?)),
        Kind::Wash if path.ends_with(".toml") => Ok(wash::read(&Node::of_toml(text)?)),
        Kind::Wash => {
            let documents = yaml::parse(text)?;
            Ok(wash::read(&documents.into_iter().next().unwrap_or_default()))
        }
        Kind::Cluster => cluster(text),
        Kind::Wac => wac::read(text),
    }
}

fn cluster(text: &str) -> Result<Manifest, ReadError> {
    let documents = yaml::parse(text)?;
    let mut entries = Vec::new();
    let mut is_ours = false;
    for object in documents.iter().flat_map(objects) {
        let version = object.text_at("apiVersion").unwrap_or_default();
        let before = entries.len();
        if version.starts_with(kubernetes::GROUP) {
            is_ours = true;
            kubernetes::read(object, &mut entries);
        } else if version.starts_with(wadm::GROUP) {
            is_ours = true;
            wadm::read(object, &mut entries);
        } else {
            continue;
        }
        let kind = object.text_at("kind").unwrap_or_default();
        if entries.len() == before && (kind.starts_with("Workload") || kind == "Application") {
            let name = object.at(&["metadata", "name"]).and_then(Node::text).unwrap_or("?");
            entries.push(Entry {
                key: format!("[{kind}/{name}]"),
                span: object.span.clone(),
                target: Target::Nothing,
                implied: Implied::Nothing,
                build: None,
                expected: Expected::Always,
            });
        }
    }
    if !is_ours {
        let message = format!(
            "it holds no object of wasmCloud or wadm, whose `apiVersion` begins with `{}` or `{}`",
            kubernetes::GROUP,
            wadm::GROUP
        );
        return Err(ReadError::foreign(message, 0..0));
    }
    Ok(Manifest { entries, ..Manifest::default() })
}

/// The objects of a document: itself, or the items of a `kind: List`.
fn objects(document: &Node) -> impl Iterator<Item = &Node> {
    let is_list = document.text_at("kind") == Some("List");
    let items = document.get("items").filter(|_| is_list).map(Node::items).unwrap_or_default();
    items.iter().chain((!is_list).then_some(document))
}

/// Limits the calls of an instance of the component of an entry, by its number. `None` if such a file has no key for that,
/// or the key is set.
///
/// # Errors
/// If the key cannot be written without changing something else: a sentence.
pub(crate) fn limited(
    kind: Kind,
    path: &str,
    text: &str,
    entry: usize,
    limit: Limit,
) -> Result<Option<Knob>, String> {
    let before = read(kind, path, text).map_err(|error| error.message)?;
    let Some(named) = before.entries.get(entry) else { return Ok(None) };
    let is_toml = path.ends_with(".toml");
    let knob = match (kind, named.implied) {
        (Kind::Cargo, _) => knob::cargo_library(text)?,
        (Kind::Wash | Kind::Cluster, Implied::WasmCloud(pool)) if pool.reuses() => {
            knob::of_pool(text, is_toml, &named.span, limit)
        }
        _ => None,
    };
    let Some(knob) = knob else { return Ok(None) };
    let is_as_meant = read(kind, path, &knob.text).is_ok_and(|after| match kind {
        Kind::Cargo => true,
        _ => differs_in(&before, &after, entry, limit),
    });
    match is_as_meant {
        true => Ok(Some(knob)),
        false => Err(format!(
            "`{}` cannot be written for this component alone: an alias shares its settings",
            knob.pair
        )),
    }
}

/// Whether the pool of one entry is the only difference, and has this limit.
fn differs_in(before: &Manifest, after: &Manifest, entry: usize, limit: Limit) -> bool {
    let pairs = || before.entries.iter().zip(&after.entries).enumerate();
    before.entries.len() == after.entries.len()
        && pairs().all(|(number, (a, b))| {
            (&a.key, &a.target) == (&b.key, &b.target)
                && (number == entry || a.implied == b.implied)
        })
        && matches!(after.entries[entry].implied, Implied::WasmCloud(pool) if pool.has(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(kind: Kind, path: &str, text: &str) -> Result<Option<String>, String> {
        limited(kind, path, text, 0, Limit::Single).map(|knob| knob.map(|it| it.text))
    }

    #[test]
    fn overlapping_calls_are_limited_by_another_key() {
        let before = "dev.components = [{ file = \"a\", poolSize = 2, maxConcurrency = 4 }]\n";
        let after = limited(Kind::Wash, ".wash/config.toml", before, 0, Limit::AtOnce(2));
        let knob = after.unwrap().unwrap();
        assert_eq!(knob.pair, "maxConcurrency: 2");
        assert_eq!(knob.text, before.replace('4', "2"));
    }

    #[test]
    fn one_invocation_is_written_as_the_rest_is() {
        let head = "apiVersion: runtime.wasmcloud.dev/v1\nkind: Workload\nspec:\n  components:\n";
        for (before, after) in [
            (
                "  - name: a # x\n    poolSize: 4   # warm\n\n    image: file://a\n",
                "  - name: a # x\n    poolSize: 4   # warm\n    maxInvocations: 1\n\n    image: file://a\n",
            ),
            (
                "  - poolSize: 4\n    image: file://a",
                "  - poolSize: 4\n    maxInvocations: 1\n    image: file://a",
            ),
            (
                "  - image: file://a\n    poolSize: 4",
                "  - image: file://a\n    poolSize: 4\n    maxInvocations: 1",
            ),
            (
                "  - {image: file://a, poolSize: 4}\n",
                "  - {image: file://a, poolSize: 4, maxInvocations: 1}\n",
            ),
            (
                "  - image: file://a\n    poolSize: 4\n    maxInvocations: 512 # x\n",
                "  - image: file://a\n    poolSize: 4\n    maxInvocations: 1 # x\n",
            ),
            (
                "  - image: file://a\n    <<: {poolSize: 4, maxInvocations: 9}\n    name: a\n",
                "  - image: file://a\n    maxInvocations: 1\n    <<: {poolSize: 4, maxInvocations: 9}\n    name: a\n",
            ),
        ] {
            for end in ["\n", "\r\n"] {
                let text = |part: &str| format!("{head}{part}").replace('\n', end);
                let found = edited(Kind::Cluster, "x.yaml", &text(before));
                assert_eq!(found, Ok(Some(text(after))), "{before}");
                assert_eq!(edited(Kind::Cluster, "x.yaml", &text(after)), Ok(None), "{after}");
            }
        }
        let shared = format!("{head}  - &a {{image: file://a, poolSize: 4}}\n  - *a\n");
        let message = edited(Kind::Cluster, "x.yaml", &shared).unwrap_err();
        assert_eq!(
            message,
            "`maxInvocations: 1` cannot be written for this component alone: an alias shares its settings"
        );
        let fresh = format!("{head}  - image: file://a\n");
        assert_eq!(edited(Kind::Cluster, "x.yaml", &fresh), Ok(None));
    }

    #[test]
    fn a_shells_configuration_has_three_syntaxes() {
        for (path, before, after) in [
            (
                ".wash/config.json",
                "{\"dev\": {\"components\": [{\"file\": \"a\", \"poolSize\": 2}]}}",
                "{\"dev\": {\"components\": [{\"file\": \"a\", \"poolSize\": 2, \"maxInvocations\": 1}]}}",
            ),
            (
                ".wash/config.json",
                "{\"dev\": {\"components\": [{\n  \"poolSize\": 2,\n  \"file\": \"a\"\n}]}}",
                "{\"dev\": {\"components\": [{\n  \"poolSize\": 2,\n  \"maxInvocations\": 1,\n  \"file\": \"a\"\n}]}}",
            ),
            (
                ".wash/config.toml",
                "[[dev.components]]\nfile = \"a\"\npoolSize = 2 # two\n",
                "[[dev.components]]\nfile = \"a\"\npoolSize = 2 # two\nmaxInvocations = 1\n",
            ),
            (
                ".wash/config.toml",
                "dev.components = [{ file = \"a\", poolSize = 2 }]\n",
                "dev.components = [{ file = \"a\", poolSize = 2, maxInvocations = 1 }]\n",
            ),
        ] {
            assert_eq!(edited(Kind::Wash, path, before), Ok(Some(after.to_owned())));
        }
    }

    #[test]
    fn a_crate_becomes_a_library() {
        for (before, after) in [
            ("", "\n[lib]\ncrate-type = [\"cdylib\"]\n"),
            ("[lib]\nname = \"b\" # b\n", "[lib]\nname = \"b\" # b\ncrate-type = [\"cdylib\"]\n"),
            (
                "[lib]\ncrate-type = ['rlib'] # r\n",
                "[lib]\ncrate-type = ['rlib', \"cdylib\"] # r\n",
            ),
            ("[lib]\ncrate-type = []\n", "[lib]\ncrate-type = [\"cdylib\"]\n"),
        ] {
            let text = |part: &str| format!("[package]\nname = \"a\"\n{part}");
            assert_eq!(edited(Kind::Cargo, "Cargo.toml", &text(before)), Ok(Some(text(after))));
            assert_eq!(edited(Kind::Cargo, "Cargo.toml", &text(after)), Ok(None));
        }
        let empty = edited(Kind::Cargo, "Cargo.toml", "[package]\nname = \"a\"\n[lib]\n");
        assert!(empty.unwrap_err().contains("add it to the table"));
        let spin = "spin_manifest_version = 2\n[component.a]\nsource = \"a\"\n";
        assert_eq!(edited(Kind::Spin, "spin.toml", spin), Ok(None));
    }
}
