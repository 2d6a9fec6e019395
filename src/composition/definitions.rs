//! The import or export that gives each type of the parts its name.

use rustc_hash::FxHashMap;
use wasmparser::component_types::{ComponentEntityType, ComponentItem, ResourceId};

use super::part::Part;
use super::scope::Key;

/// The item that gives a type of a part its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Definition {
    /// An import of the part, or a member of it.
    Import { part: usize, import: usize, member: Option<String> },
    /// A member of an export of the part.
    Export { part: usize, export: usize, member: String },
}

#[derive(Debug, Default)]
pub(super) struct Definitions {
    of: FxHashMap<Key, Definition>,
    /// The first name of each resource of a part; its other names are aliases.
    originals: FxHashMap<(usize, ResourceId), Key>,
}

impl Definitions {
    pub(super) fn of(parts: &[Part<'_>]) -> Self {
        let mut definitions = Definitions::default();
        for (part, it) in parts.iter().enumerate() {
            for (import, (_, item)) in it.imports.iter().enumerate() {
                if let ComponentEntityType::Type { created, .. } = item.ty
                    && let Some(key) = Key::of(part, created)
                {
                    definitions.add(key, Definition::Import { part, import, member: None });
                }
                for (member, key) in types_in(it, part, item) {
                    let member = Some(member.to_owned());
                    definitions.add(key, Definition::Import { part, import, member });
                }
            }
            for (export, (_, item)) in it.exports.iter().enumerate() {
                for (member, key) in types_in(it, part, item) {
                    let member = member.to_owned();
                    definitions.add(key, Definition::Export { part, export, member });
                }
            }
        }
        definitions
    }

    fn add(&mut self, key: Key, definition: Definition) {
        self.of.entry(key).or_insert(definition);
        if let Key::Resource(part, id) = key {
            self.originals.entry((part, id.resource())).or_insert(key);
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Definition> {
        self.of.get(key)
    }

    /// The first name of a resource; `None` for other types.
    pub(super) fn original(&self, key: &Key) -> Option<Key> {
        match key {
            Key::Resource(part, id) => self.originals.get(&(*part, id.resource())).copied(),
            Key::Defined(..) => None,
        }
    }
}

/// The named types in an instance.
pub(super) fn types_in<'p>(
    part: &'p Part<'_>,
    number: usize,
    item: &ComponentItem,
) -> Vec<(&'p str, Key)> {
    let ComponentEntityType::Instance(id) = item.ty else { return Vec::new() };
    let members = part.types[id].exports.iter().filter_map(|(name, item)| match item.ty {
        ComponentEntityType::Type { created, .. } => {
            Some((name.as_str(), Key::of(number, created)?))
        }
        _ => None,
    });
    members.collect()
}
