//! Resolves core items to what provides them, through stubs of shims and functions that were lifted and lowered again.

use rustc_hash::FxHashMap;

use super::anatomy::{LiftMemory, Provider, Resolved, Through};
use crate::component::core_module::{CoreModule, Extern};
use crate::component::index_space::{CoreModuleId, FuncIdx, Idx};
use crate::demangle::demangled;
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, Instantiation, MemoryId,
};
use crate::facts::roles::Roles;

/// Most indirections of one item. A table's slot may hold the stub that calls through it.
const FARTHEST: usize = 64;

/// Resolves core items.
#[derive(Debug)]
pub(super) struct Resolver<'w, 'a> {
    world: &'w Instantiation<'a>,
    roles: &'w Roles,
    exported: FxHashMap<CoreModuleId, FxHashMap<Extern, &'a str>>,
}

impl<'w, 'a> Resolver<'w, 'a> {
    pub(super) fn of(world: &'w Instantiation<'a>, roles: &'w Roles) -> Self {
        Resolver { world, roles, exported: FxHashMap::default() }
    }

    /// What a core function resolves to.
    pub(super) fn func(&mut self, func: CoreFunc) -> Resolved {
        let mut through = Vec::new();
        let mut at = func;
        for _ in 0..FARTHEST {
            let next = match at {
                CoreFunc::Defined(instance, func) => self.behind_stub(instance, func, &mut through),
                CoreFunc::Lowered(id) => {
                    let lowered = &self.world.lowered[id];
                    match &lowered.target {
                        ComponentFunc::Lifted(id) => {
                            through.push(Through::Lift);
                            Ok(self.world.lifted[*id].core)
                        }
                        ComponentFunc::Imported { instance, name } => Err(Provider::Host {
                            interface: instance.clone(),
                            function: name.clone(),
                            is_async: lowered.options.is_async,
                        }),
                        ComponentFunc::Unknown => Err(Provider::Unknown),
                    }
                }
                CoreFunc::Builtin(id) => {
                    Err(Provider::Builtin { name: self.world.builtins[id].name })
                }
                CoreFunc::Unknown => Err(Provider::Unknown),
            };
            match next {
                Ok(func) => at = func,
                Err(provider) => return Resolved { provider, through },
            }
        }
        Resolved { provider: Provider::Unknown, through }
    }

    /// What a component function resolves to.
    pub(super) fn component_func(&mut self, func: &ComponentFunc) -> Resolved {
        match func {
            ComponentFunc::Lifted(id) => self.func(self.world.lifted[*id].core),
            ComponentFunc::Imported { instance, name } => Resolved {
                provider: Provider::Host {
                    interface: instance.clone(),
                    function: name.clone(),
                    is_async: false,
                },
                through: Vec::new(),
            },
            ComponentFunc::Unknown => unknown(),
        }
    }

    /// What an item of an instance resolves to.
    pub(super) fn item(&mut self, instance: CoreInstanceId, item: Extern) -> Resolved {
        let world = self.world;
        let owner = match item {
            Extern::Memory(index) => world.memory(instance, index).map(|id| {
                let (owner, index) = world.memories[id].owner;
                (owner, Extern::Memory(index))
            }),
            Extern::Table(index) => world.table(instance, index).map(|id| {
                let (owner, index) = world.tables[id].owner;
                (owner, Extern::Table(index))
            }),
            Extern::Global(index) => world.global(instance, index).map(|id| {
                let (owner, index) = world.globals[id].owner;
                (owner, Extern::Global(index))
            }),
            Extern::Func(func) => return self.func(world.func(instance, func)),
            Extern::Tag(_) => None,
        };
        match owner {
            Some((instance, item)) => {
                Resolved { provider: self.core(instance, item), through: Vec::new() }
            }
            None => unknown(),
        }
    }

    // The function that a stub calls; `Err` if the function is no stub.
    fn behind_stub(
        &mut self,
        instance: CoreInstanceId,
        func: FuncIdx,
        through: &mut Vec<Through>,
    ) -> Result<CoreFunc, Provider> {
        let module = self.world.core_instances[instance].module;
        let target = self.roles.stub(module, func).and_then(|(table, slot)| {
            let table = &self.world.tables[self.world.table(instance, table)?];
            let held = table.slots.get(usize::try_from(slot).ok()?).copied().flatten()?;
            (!table.unknown_elements).then_some((held, slot))
        });
        match target {
            Some((held, slot)) => {
                through.push(Through::Shim { core_instance: instance.raw(), slot });
                Ok(held)
            }
            None => Err(self.core(instance, Extern::Func(func))),
        }
    }

    /// The memory of a lift, by a name that the module which defines it exports it by.
    pub(super) fn memory(&mut self, id: MemoryId) -> Option<LiftMemory> {
        let (instance, index) = self.world.memories[id].owner;
        let module = self.world.module(instance);
        let name = self.exported_name(module, Extern::Memory(index))?.to_owned();
        Some(LiftMemory { core_module: module.id.raw(), name })
    }

    // Of several exports of one item, the first.
    fn exported_name(&mut self, module: &'a CoreModule<'a>, item: Extern) -> Option<&'a str> {
        let exported = self.exported.entry(module.id).or_insert_with(|| {
            module.exports.iter().rev().map(|export| (export.item, export.name)).collect()
        });
        exported.get(&item).copied()
    }

    fn core(&mut self, instance: CoreInstanceId, item: Extern) -> Provider {
        let module = self.world.module(instance);
        let (index, debug_name) = match item {
            Extern::Func(index) => (index.raw(), module.debug_name(index)),
            Extern::Table(index) => (index.raw(), None),
            Extern::Memory(index) => (index.raw(), None),
            Extern::Global(index) => (index.raw(), None),
            Extern::Tag(index) => (index.raw(), None),
        };
        let name = debug_name.or_else(|| self.exported_name(module, item));
        Provider::Core {
            core_instance: instance.raw(),
            core_module: module.id.raw(),
            index,
            name: name.map(|name| demangled(name).into_owned()),
        }
    }
}

fn unknown() -> Resolved {
    Resolved { provider: Provider::Unknown, through: Vec::new() }
}
