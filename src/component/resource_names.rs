//! The names under which a component exports the resources that it defines. Compared while the types are at hand, like the
//! handles in [`super::handles`].

use rustc_hash::FxHashMap;
use wasmparser::component_types::{ComponentAnyTypeId, ComponentEntityType, ResourceId};
use wasmparser::types::TypesRef;

use super::definition::Item;
use crate::location::ExportName;

/// Most items of exported instances that are looked at in one component: instances may share a large type.
const MOST: usize = 1 << 16;

/// The resources of a component definition, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct ResourceNames {
    /// By the resource, its item.
    defined: FxHashMap<ResourceId, usize>,
    /// By item, the name.
    names: Vec<(usize, ExportName)>,
    /// Items that were looked at.
    seen: usize,
}

impl ResourceNames {
    /// Adds the resource that is the item `at` of the definition, and the type `index`.
    pub(super) fn add(&mut self, types: TypesRef<'_>, at: usize, index: u32) {
        if let ComponentAnyTypeId::Resource(id) = types.component_any_type_at(index) {
            self.defined.insert(id.resource(), at);
        }
    }

    /// Learns names from an export of the component.
    pub(super) fn export(&mut self, types: TypesRef<'_>, name: &str) {
        if self.defined.is_empty() {
            return;
        }
        match types.component_item_for_export(name).map(|item| item.ty) {
            Some(ComponentEntityType::Instance(id)) => {
                for (resource, item) in &types[id].exports {
                    self.seen += 1;
                    if self.seen > MOST {
                        return;
                    }
                    self.learn(item.ty, || ExportName::new(Some(name), resource));
                }
            }
            Some(ty) => self.learn(ty, || ExportName::new(None, name)),
            None => {}
        }
    }

    fn learn(&mut self, ty: ComponentEntityType, name: impl FnOnce() -> ExportName) {
        if let ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } = ty
            && let Some(at) = self.defined.get(&id.resource())
        {
            self.names.push((*at, name()));
        }
    }

    /// Gives the resources their names: the first one that leads out of the component.
    pub(super) fn mark(self, items: &mut [Item<'_>]) {
        for (at, name) in self.names {
            if let Some(Item::Resource { exported, .. }) = items.get_mut(at) {
                exported.get_or_insert(name);
            }
        }
    }
}
