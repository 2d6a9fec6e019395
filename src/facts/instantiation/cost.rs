//! What instances take, in bytes, as far as definitions tell: charged before an instance is made.

use super::ComponentFunc;
use crate::component::core_module::{CoreModule, Placement};
use crate::component::definition::{Alias, CoreInstance, Instance, Item};

/// An item, besides its texts.
const ITEM: u64 = 64;
/// A canonical function with its options.
const CANONICAL: u64 = 256;
/// A memory, with what is derived of it later.
const MEMORY: u64 = 512;
/// A slot of a table, or what fills it.
pub(super) const SLOT: u64 = 16;

/// An item of a component instance.
pub(super) fn of_item(item: &Item<'_>) -> u64 {
    let named = |names: usize, bytes: usize| ITEM * (1 + names as u64) + bytes as u64;
    match item {
        Item::CoreInstance(CoreInstance::FromExports(exports)) => named(exports.len(), 0),
        Item::CoreInstance(CoreInstance::Instantiate { arguments, .. }) => {
            named(arguments.len(), 0)
        }
        Item::Instance(Instance::FromExports(exports)) => {
            named(exports.len(), exports.iter().map(|(name, _)| name.len()).sum())
        }
        Item::Instance(Instance::Instantiate { arguments, .. }) => named(arguments.len(), 0),
        Item::Canonical(_) => CANONICAL,
        Item::Import { name, .. } | Item::Export { name, .. } => named(1, name.len()),
        Item::Alias(Alias::InstanceExport { name, .. }) => named(1, name.len()),
        Item::OtherTypes(count) => ITEM + SLOT * u64::from(*count),
        Item::CoreModule(_)
        | Item::CoreType
        | Item::Component(_)
        | Item::Alias(_)
        | Item::Resource { .. }
        | Item::Start { .. } => ITEM,
    }
}

/// The texts of a copy of a function.
pub(super) fn of_func(func: &ComponentFunc) -> u64 {
    match func {
        ComponentFunc::Imported { instance, name } => {
            (instance.as_ref().map_or(0, String::len) + name.len()) as u64
        }
        ComponentFunc::Lifted(_) | ComponentFunc::Unknown => 0,
    }
}

/// An instance of a core module, without the slots of its tables.
pub(super) fn of_module(module: &CoreModule<'_>) -> u64 {
    let items = module.imports.len() + module.globals.len() + module.tables.len();
    let segments = module.elements.len() + module.data.len();
    let active = module.elements.iter().filter(|(_, it)| it.placement != Placement::Passive);
    let elements: usize = active.map(|(_, it)| it.items.len()).sum();
    ITEM * (items + segments) as u64
        + SLOT * elements as u64
        + MEMORY * module.memories.len() as u64
}
