//! Reads project files, such as `spin.toml`: the components they name, and what they say of the host.
//! Opens no file and looks at no component.

mod cargo;
mod error;
mod host;
mod kubernetes;
mod model;
mod spin;
mod tree;
mod wac;
mod wadm;
mod wash;
mod yaml;

pub use error::ReadError;
pub(crate) use host::{HostSettings, Implied};
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
        if version.starts_with(kubernetes::GROUP) {
            is_ours = true;
            kubernetes::read(object, &mut entries);
        } else if version.starts_with(wadm::GROUP) {
            is_ours = true;
            wadm::read(object, &mut entries);
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
