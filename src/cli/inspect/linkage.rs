//! Core instances with what fills their imports, and what runs when they are made.

use super::anatomy::{Filled, InstancePart, Sort, Source};
use super::source::Sources;
use crate::component::core_module::Extern;
use crate::component::index_space::Idx;
use crate::facts::instantiation::{Instantiation, Start};

/// Imports told, over all instances: a small file may make thousands of instances of a module with
/// thousands of imports.
const MOST_IMPORTS: usize = 1 << 18;

/// The core instances, and whether some of their imports are left out.
pub(super) fn instances(
    world: &Instantiation<'_>,
    sources: &mut Sources<'_, '_>,
) -> (Vec<InstancePart>, bool) {
    let mut room = MOST_IMPORTS;
    let mut cut = false;
    let mut parts = Vec::new();
    for (id, instance) in world.core_instances.iter() {
        let imports = &world.component.core_modules[instance.module].imports;
        let told = imports.len().min(room);
        room -= told;
        cut |= told < imports.len();
        let filled = imports[..told].iter().map(|import| Filled {
            module: import.module.to_owned(),
            field: import.field.to_owned(),
            sort: sort(import.item),
            source: sources.item(id, import.item),
        });
        parts.push(InstancePart {
            core_instance: id.raw(),
            core_module: instance.module.raw(),
            imports: filled.collect(),
        });
    }
    (parts, cut)
}

/// What runs at instantiation, in order.
pub(super) fn starts(world: &Instantiation<'_>, sources: &mut Sources<'_, '_>) -> Vec<Source> {
    let starts = world.starts.iter().map(|start| match start {
        Start::Core(func) => sources.func(*func),
        Start::Component(func) => sources.component_func(func),
    });
    starts.collect()
}

fn sort(item: Extern) -> Sort {
    match item {
        Extern::Func(_) => Sort::Function,
        Extern::Table(_) => Sort::Table,
        Extern::Memory(_) => Sort::Memory,
        Extern::Global(_) => Sort::Global,
        Extern::Tag(_) => Sort::Tag,
    }
}
