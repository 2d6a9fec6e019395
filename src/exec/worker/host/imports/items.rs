//! The items that a component imports, and from which of them it gets handles of a resource.

use std::collections::BTreeMap;

use wasmtime::Engine;
use wasmtime::component::ResourceType;
use wasmtime::component::types::ComponentItem;

use super::names::{self, Renamed};
use crate::exec::worker::held;

/// All items, those of interfaces by full name: `ns:pkg/iface@v#name`.
pub(super) fn flatten(
    engine: &Engine,
    imports: &[(String, ComponentItem)],
) -> Vec<(String, ComponentItem)> {
    let mut items = Vec::new();
    for (name, item) in imports {
        match item {
            ComponentItem::ComponentInstance(instance) => {
                let members = instance.exports(engine);
                items.extend(members.map(|(member, it)| (format!("{name}#{member}"), it.ty)));
            }
            other => items.push((name.clone(), other.clone())),
        }
    }
    items
}

/// Each imported resource with the first item that names it. Other items only pass it on.
pub(super) fn resources(items: &[(String, ComponentItem)]) -> Vec<(ResourceType, String)> {
    let mut found: Vec<(ResourceType, String)> = Vec::new();
    for (name, item) in items {
        if let ComponentItem::Resource(ty) = item
            && !found.iter().any(|(known, _)| known == ty)
        {
            found.push((*ty, name.clone()));
        }
    }
    found
}

/// The imported functions that return owned handles, by resource (`wasi:io/poll pollable`).
pub(super) fn makers(
    items: &[(String, ComponentItem)],
    renamed: &Renamed,
) -> BTreeMap<String, Vec<String>> {
    let resources = resources(items);
    let mut makers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, item) in items {
        let ComponentItem::ComponentFunc(function) = item else { continue };
        let returned: Vec<_> = function.results().flat_map(|ty| held::resources(&ty)).collect();
        for (_, resource) in resources.iter().filter(|(ty, _)| returned.contains(ty)) {
            let makers = makers.entry(names::of_resource(resource)).or_default();
            makers.push(renamed.original_of_member(name));
        }
    }
    makers
}
