//! What a preview1 adapter costs: its bytes, and the imports that only it needs. A component that is built for WASI 0.2
//! needs no adapter, and imports what its code uses.

use std::collections::BTreeSet;

use super::calls::Calls;
use crate::component::index_space::CoreModuleId;
use crate::facts::instantiation::{CoreFunc, Instantiation, LoweredId};
use crate::facts::provenance::Provenance;
use crate::facts::roles::{Role, Roles};

/// Most stubs between an import and what fills it.
const FARTHEST: usize = 4;

/// What an adapter costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterCost {
    /// Bytes of its core module, and of the shims and fixups of the same component.
    pub bytes: u64,
    /// The host's functions that only it imports: interface and function.
    pub imports: Vec<String>,
    /// Those among them that no export and no start function can reach; `None` if that is not known.
    pub unreachable: Option<Vec<String>>,
}

/// What each adapter costs, in the order of `provenance`.
pub(super) fn of(
    world: &Instantiation<'_>,
    roles: &Roles,
    provenance: &Provenance,
    calls: &Calls,
) -> Vec<AdapterCost> {
    let costs = provenance.adapters.iter().map(|adapter| {
        let home = world.component.core_modules[adapter.module].home;
        let serves = |role| matches!(role, Some(Role::Shim | Role::Fixups));
        let modules = world.component.core_modules.iter().filter(|(id, module)| {
            *id == adapter.module || module.home == home && serves(roles.get(*id))
        });
        let bytes = modules.map(|(_, module)| module.span.len()).sum();
        let of_adapter = |module: CoreModuleId| module == adapter.module;
        let is_other =
            |module: CoreModuleId| module != adapter.module && !serves(roles.get(module));
        let others = imported(world, roles, is_other);
        let others: BTreeSet<_> =
            others.into_iter().map(|id| world.lowered[id].target.name()).collect();
        let only: BTreeSet<LoweredId> = imported(world, roles, of_adapter)
            .into_iter()
            .filter(|id| !others.contains(&world.lowered[*id].target.name()))
            .collect();
        let reached = |id: &&LoweredId| calls.functions.contains(&CoreFunc::Lowered(**id));
        let names = |ids: BTreeSet<String>| ids.into_iter().collect::<Vec<_>>();
        let imports =
            names(only.iter().filter_map(|id| world.lowered[*id].target.name()).collect());
        let reached: BTreeSet<_> =
            only.iter().filter(reached).filter_map(|id| world.lowered[*id].target.name()).collect();
        let unreachable = imports.iter().filter(|name| !reached.contains(*name)).cloned().collect();
        AdapterCost { bytes, imports, unreachable: (!calls.unbounded).then_some(unreachable) }
    });
    costs.collect()
}

/// The lowered functions of the host that fill imports of some modules, directly or by a shim.
fn imported(
    world: &Instantiation<'_>,
    roles: &Roles,
    wanted: impl Fn(CoreModuleId) -> bool,
) -> BTreeSet<LoweredId> {
    let instances = world.core_instances.iter().filter(|(_, it)| wanted(it.module));
    let funcs = instances.flat_map(|(_, it)| it.imported_funcs.iter().map(|(_, func)| *func));
    funcs.filter_map(|func| lowered(world, roles, func)).collect()
}

fn lowered(world: &Instantiation<'_>, roles: &Roles, func: CoreFunc) -> Option<LoweredId> {
    let mut at = func;
    for _ in 0..FARTHEST {
        match at {
            CoreFunc::Lowered(id) => return world.lowered[id].target.name().map(|_| id),
            CoreFunc::Defined(instance, func) => at = roles.behind(world, instance, func)?,
            CoreFunc::Builtin(_) | CoreFunc::Unknown => return None,
        }
    }
    None
}
