//! Core instances with what fills their imports, and start functions.

use super::anatomy::{Filled, InstancePart, Resolved, Sort};
use super::resolver::Resolver;
use crate::component::core_module::Extern;
use crate::component::index_space::Idx;
use crate::facts::instantiation::{Instantiation, Start};

/// Most imports listed, over all instances: a small file may make thousands of instances of a module with thousands of
/// imports.
const MOST_IMPORTS: usize = 1 << 18;

/// The core instances, and whether some of their imports are omitted.
pub(super) fn instances(
    world: &Instantiation<'_>,
    resolver: &mut Resolver<'_, '_>,
) -> (Vec<InstancePart>, bool) {
    let mut room = MOST_IMPORTS;
    let mut cut = false;
    let mut parts = Vec::new();
    for (id, instance) in world.core_instances.iter() {
        let imports = &world.component.core_modules[instance.module].imports;
        let listed = imports.len().min(room);
        room -= listed;
        cut |= listed < imports.len();
        let filled = imports[..listed].iter().map(|import| Filled {
            module: import.module.to_owned(),
            field: import.field.to_owned(),
            sort: sort(import.item),
            source: resolver.item(id, import.item),
        });
        parts.push(InstancePart {
            core_instance: id.raw(),
            core_module: instance.module.raw(),
            imports: filled.collect(),
        });
    }
    (parts, cut)
}

/// The start functions, in order.
pub(super) fn starts(world: &Instantiation<'_>, resolver: &mut Resolver<'_, '_>) -> Vec<Resolved> {
    let starts = world.starts.iter().map(|start| match start {
        Start::Core(func) => resolver.func(*func),
        Start::Component(func) => resolver.component_func(func),
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
