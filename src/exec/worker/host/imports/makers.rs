//! From which imports a component gets handles of a resource.

use std::collections::BTreeMap;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ResourceType};

use super::names::{self, Renamed};
use crate::exec::worker::held;

/// The imported functions that return owned handles, by resource (`wasi:io/poll pollable`): `ns:pkg/iface@v#func`.
pub(in crate::exec::worker) fn makers(
    component: &Component,
    renamed: &Renamed,
) -> BTreeMap<String, Vec<String>> {
    let items = items(component);
    let mut resources: Vec<(ResourceType, String)> = Vec::new();
    for (name, item) in &items {
        if let ComponentItem::Resource(ty) = item
            && !resources.iter().any(|(known, _)| known == ty)
        {
            resources.push((*ty, names::of_resource(name)));
        }
    }
    let mut makers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, item) in &items {
        let ComponentItem::ComponentFunc(function) = item else { continue };
        let returned: Vec<_> = function.results().flat_map(|ty| held::resources(&ty)).collect();
        for (_, resource) in resources.iter().filter(|(ty, _)| returned.contains(ty)) {
            makers.entry(resource.clone()).or_default().push(renamed.original_of_member(name));
        }
    }
    makers
}

/// All that is imported, by full name.
fn items(component: &Component) -> Vec<(String, ComponentItem)> {
    let engine = component.engine();
    let mut items = Vec::new();
    for (name, item) in component.component_type().imports(engine) {
        match item.ty {
            ComponentItem::ComponentInstance(instance) => {
                let members = instance.exports(engine);
                items.extend(members.map(|(member, it)| (format!("{name}#{member}"), it.ty)));
            }
            other => items.push((name.to_owned(), other)),
        }
    }
    items
}
