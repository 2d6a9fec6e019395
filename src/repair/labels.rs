//! The names of what a repair adds to modules and components. No item of the original has them.

use crate::component::Component;
use crate::component::definition::Item;

/// How all added names begin, unless the original has such a name.
const PREFIX: &str = "secondcall";
/// The most characters that are added to find other names.
const LONGEST: usize = 1000;

/// The names of added imports and exports.
#[derive(Debug)]
pub(super) struct Labels {
    prefix: String,
}

impl Labels {
    /// Names that nothing in a component has; `None` if it has all that are tried.
    pub(super) fn of(component: &Component<'_>) -> Option<Self> {
        let mut taken: Vec<&str> = Vec::new();
        for (_, module) in component.core_modules.iter() {
            let exports = module.exports.iter().map(|export| export.name);
            taken.extend(exports.filter(|name| name.starts_with(PREFIX)));
            let imports = module.imports.iter().map(|import| import.module);
            taken.extend(imports.filter(|name| name.starts_with(PREFIX)));
        }
        for (_, definition) in component.definitions.iter() {
            taken.extend(definition.items.iter().filter_map(|item| match item {
                Item::Import { name, .. } | Item::Export { name, .. } => {
                    name.starts_with(PREFIX).then_some(name.as_str())
                }
                _ => None,
            }));
        }
        let prefixes = (0..=LONGEST).map(|more| format!("{PREFIX}{}", "x".repeat(more)));
        let is_free = |prefix: &String| !taken.iter().any(|name| name.starts_with(prefix.as_str()));
        let mut free = prefixes.filter(is_free);
        Some(Labels { prefix: free.next()? })
    }

    /// The export of a core module that saves its state.
    pub(super) fn save(&self) -> String {
        format!("{}:save", self.prefix)
    }

    /// The export of a core module that resets its state.
    pub(super) fn reset(&self) -> String {
        format!("{}:reset", self.prefix)
    }

    /// The export that grows a memory of a core module, by its index.
    pub(super) fn grow(&self, memory: u32) -> String {
        format!("{}:grow{}", self.prefix, number(memory))
    }

    /// The export that tells the size of a memory of a core module, by its index.
    pub(super) fn size(&self, memory: u32) -> String {
        format!("{}:size{}", self.prefix, number(memory))
    }

    /// The module name of the imports that resize an imported memory, by its index.
    pub(super) fn imports(&self, memory: u32) -> String {
        format!("{}{}", self.prefix, number(memory))
    }

    /// The import and export of a part that tells it what the host calls.
    pub(super) fn turn(&self) -> String {
        format!("{}-turn", self.prefix)
    }
}

fn number(memory: u32) -> String {
    if memory == 0 { String::new() } else { memory.to_string() }
}
