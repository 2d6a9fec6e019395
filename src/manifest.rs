//! A project file, such as `spin.toml`, from its text to the components that it names: each with its
//! place in the text and with what it says of the host. Opens no file and looks at no component.

mod cargo;
mod host;
mod kubernetes;
mod place;
mod spin;
mod tables;
mod tree;
mod wac;
mod wadm;
mod wash;
mod yaml;

pub use host::{HostSettings, Implied, Pool};
pub use place::Place;

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

/// What a project file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The components it names, in its order.
    pub entries: Vec<Entry>,
    /// Where the other packages of a cargo workspace are, as patterns of folders.
    pub members: Vec<String>,
    /// Which of those are not meant.
    pub excluded: Vec<String>,
}

/// One component that a project file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The entry, in the file's words: `[component.api] source`.
    pub words: String,
    /// Where its value stands.
    pub place: Place,
    /// What it names.
    pub names: Names,
    /// What the file says of the host.
    pub implied: Implied,
    /// What to type to make the file it names, if that is known.
    pub build: Option<String>,
    /// Whether that file must be there.
    pub expected: Expected,
}

/// What an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// A file, by its path from the project's folder.
    File(String),
    /// What a build makes: the paths to try, in order, from the project's folder and from those
    /// above it.
    Output(Vec<String>),
    /// A package of a composition: a file if it is there, and a registry's matter if not.
    Package(String),
    /// Something that is not on this machine, and how to come by it.
    Remote(String, String),
    /// Nothing: what is wrong with the entry.
    Nothing(String),
}

/// Whether a file that an entry names must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The host would not start without it.
    Always,
    /// Only somebody who names this very project file expects it.
    WhenAsked,
    /// It is one of several that a build may make.
    Never,
}

/// Why a project file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Broken {
    /// One sentence.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Whether it is in order, and no project file of its kind at all.
    pub foreign: bool,
}

impl Kind {
    /// The kind of a file of this path, with `/`, by its name alone.
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

    /// Whether the text may be of this kind, where only the name speaks for it so far. `.toml` and
    /// `.yaml` are the endings of many other files, too.
    pub fn may_be(self, text: &str) -> bool {
        match self {
            Kind::Spin => spin::KEYS.iter().any(|key| text.contains(key)),
            Kind::Cluster => text.contains(kubernetes::GROUP) || text.contains(wadm::GROUP),
            Kind::Cargo | Kind::Wash | Kind::Wac => true,
        }
    }

    /// Whether such a file says on which host its components run.
    pub fn implies_a_host(self) -> bool {
        matches!(self, Kind::Spin | Kind::Wash | Kind::Cluster)
    }
}

/// Reads the text of a project file. `path` is its path, with `/`, for the format it is written in.
///
/// # Errors
/// When the text is not of that format, or names components in no way that its kind has.
pub fn read(kind: Kind, path: &str, text: &str) -> Result<Manifest, Broken> {
    match kind {
        Kind::Spin => spin::read(text, &tables::parse(text)?),
        Kind::Cargo => Ok(cargo::read(text, &tables::parse(text)?)),
        Kind::Wash if path.ends_with(".toml") => Ok(wash::read(text, &tables::parse(text)?)),
        Kind::Wash => {
            let documents = yaml::parse(text)?;
            let first = documents.into_iter().next().unwrap_or_default();
            Ok(wash::read(text, &first))
        }
        Kind::Cluster => cluster(text),
        Kind::Wac => wac::read(text),
    }
}

fn cluster(text: &str) -> Result<Manifest, Broken> {
    let documents = yaml::parse(text)?;
    let mut entries = Vec::new();
    let mut known = false;
    for object in documents.iter().flat_map(objects) {
        let version = object.text_at("apiVersion").unwrap_or_default();
        if version.starts_with(kubernetes::GROUP) {
            known = true;
            kubernetes::read(text, object, &mut entries);
        } else if version.starts_with(wadm::GROUP) {
            known = true;
            wadm::read(text, object, &mut entries);
        }
    }
    if !known {
        let message = format!(
            "no object of wasmCloud or wadm stands in it: their `apiVersion` begins with `{}` or \
             `{}`",
            kubernetes::GROUP,
            wadm::GROUP
        );
        return Err(Broken { message, place: Place::of(text, 0..0), foreign: true });
    }
    Ok(Manifest { entries, ..Manifest::default() })
}

/// The objects of a document: itself, or what a `kind: List` holds.
fn objects(document: &Node) -> impl Iterator<Item = &Node> {
    let is_list = document.text_at("kind") == Some("List");
    let items = document.get("items").filter(|_| is_list).map(Node::items).unwrap_or_default();
    let itself = (!is_list).then_some(document);
    items.iter().chain(itself)
}

/// The words for an entry that holds something else than it should.
fn instead(node: &Node, wanted: &str) -> Names {
    Names::Nothing(format!("it holds {} where {wanted} is wanted", node.kind()))
}

/// An image as a cluster's object writes it: `file://` and a path, or a reference.
fn image(node: &Node, pull: &str, host: &str) -> Names {
    let Some(image) = node.text() else { return instead(node, "a string") };
    if let Some(path) = image.strip_prefix("file://") {
        return Names::File(path.to_owned());
    }
    if image.starts_with(['.', '/']) {
        return Names::File(image.to_owned());
    }
    let check = format!("pull it (`{pull} {image}`) and check the file, with `--host {host}`");
    Names::Remote(image.to_owned(), check)
}
