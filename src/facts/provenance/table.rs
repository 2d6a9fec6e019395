//! The contents of `data/adapters.toml`, and a reader of its layout, which is faster than one of any TOML.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A text of the table. Those of `data/adapters.toml` are parts of the file.
pub type Text = Cow<'static, str>;

/// The contents of `data/adapters.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AdapterTable {
    /// Every release, oldest first.
    pub releases: Vec<Text>,
    /// Releases of packages that ship adapters of their own, `cargo-component 0.7.0`, by package and
    /// oldest first. Wherever releases are named, these are as well.
    #[serde(default)]
    pub carriers: Vec<Text>,
    /// The WASI interfaces that adapters import or export, grouped by releases.
    pub interfaces: Vec<Interfaces>,
    /// The function bodies, grouped by adapters.
    pub bodies: Vec<KnownBodies>,
}

/// Interfaces that the adapters of some releases have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Interfaces {
    /// Releases: `24.0.3`, or `23.0.1..24.0.0` for a run of them in the order of
    /// [`AdapterTable::releases`] or of [`AdapterTable::carriers`], last one included.
    pub releases: Vec<Text>,
    /// Full names, `wasi:cli/exit@0.2.6`, sorted.
    pub names: Vec<Text>,
}

/// Function bodies that the same adapters have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct KnownBodies {
    /// Releases whose command adapter has them, as in [`Interfaces::releases`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<Text>,
    /// Releases whose reactor adapter has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactor: Vec<Text>,
    /// Releases whose proxy adapter has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proxy: Vec<Text>,
    /// Digests of the bodies, 16 hexadecimal digits each, sorted.
    pub digests: Vec<Text>,
}

impl AdapterTable {
    /// Reads the layout that `inspect --fingerprint` writes: headings, comments, and lists of texts without escapes. `None`
    /// for any other.
    pub(super) fn read(text: &'static str) -> Option<AdapterTable> {
        let mut table = AdapterTable::default();
        let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        while let Some(line) = lines.next() {
            match line {
                "[[interfaces]]" => table.interfaces.push(Interfaces::default()),
                "[[bodies]]" => table.bodies.push(KnownBodies::default()),
                _ => {
                    let (key, mut rest) = line.split_once(" = [")?;
                    let list = table.list(key)?;
                    list.extend(quoted(rest));
                    while !rest.ends_with(']') {
                        rest = lines.next()?;
                        list.extend(quoted(rest));
                    }
                }
            }
        }
        Some(table)
    }

    /// The list with this key below the last heading.
    fn list(&mut self, key: &str) -> Option<&mut Vec<Text>> {
        Some(match (self.bodies.last_mut(), self.interfaces.last_mut(), key) {
            (Some(group), _, "command") => &mut group.command,
            (Some(group), _, "reactor") => &mut group.reactor,
            (Some(group), _, "proxy") => &mut group.proxy,
            (Some(group), _, "digests") => &mut group.digests,
            (None, Some(group), "releases") => &mut group.releases,
            (None, Some(group), "names") => &mut group.names,
            (None, None, "releases") => &mut self.releases,
            (None, None, "carriers") => &mut self.carriers,
            _ => return None,
        })
    }
}

/// The texts in quotes in a line.
fn quoted(line: &'static str) -> impl Iterator<Item = Text> {
    line.split('"').skip(1).step_by(2).map(Text::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_reads_what_toml_reads() {
        let text = include_str!("../../../data/adapters.toml");
        let table: AdapterTable = toml::from_str(text).unwrap();
        assert!(AdapterTable::read(text) == Some(table));
        for other in ["releases = []\nbodies = 1", "unknown = []", "releases = [\n    \"1.0.0\","] {
            assert_eq!(AdapterTable::read(other), None, "{other}");
        }
    }
}
