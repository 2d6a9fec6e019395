//! Where a core item comes from, followed through the stubs of shims and through functions that
//! were lifted and lowered again.

use rustc_hash::FxHashMap;

use super::anatomy::{Origin, Source, Through};
use crate::component::core_module::Extern;
use crate::component::index_space::{CoreModuleId, FuncIdx, Idx};
use crate::demangle::demangled;
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, CoreInstanceId, GlobalId, Instantiation, MemoryId, TableId,
};
use crate::facts::roles::Roles;

/// Steps that one item is followed. A table's slot may hold the stub that calls through it.
const FARTHEST: usize = 64;

/// Tells where core items come from.
#[derive(Debug)]
pub(super) struct Sources<'w, 'a> {
    world: &'w Instantiation<'a>,
    roles: &'w Roles,
    memories: FxHashMap<MemoryId, (CoreInstanceId, Extern)>,
    tables: FxHashMap<TableId, (CoreInstanceId, Extern)>,
    globals: FxHashMap<GlobalId, (CoreInstanceId, Extern)>,
    exported: FxHashMap<CoreModuleId, FxHashMap<Extern, &'a str>>,
}

impl<'w, 'a> Sources<'w, 'a> {
    pub(super) fn of(world: &'w Instantiation<'a>, roles: &'w Roles) -> Self {
        let mut sources = Sources {
            world,
            roles,
            memories: FxHashMap::default(),
            tables: FxHashMap::default(),
            globals: FxHashMap::default(),
            exported: FxHashMap::default(),
        };
        // Whoever has an item first made it: others can only import it later.
        for (id, instance) in world.core_instances.iter() {
            for (index, memory) in (0..).zip(&instance.memories) {
                let made = (id, Extern::Memory(Idx::new(index)));
                memory.map(|memory| sources.memories.entry(memory).or_insert(made));
            }
            for (index, table) in (0..).zip(&instance.tables) {
                let made = (id, Extern::Table(Idx::new(index)));
                table.map(|table| sources.tables.entry(table).or_insert(made));
            }
            for (index, global) in (0..).zip(&instance.globals) {
                let made = (id, Extern::Global(Idx::new(index)));
                global.map(|global| sources.globals.entry(global).or_insert(made));
            }
        }
        sources
    }

    /// Where a function comes from.
    pub(super) fn func(&mut self, func: CoreFunc) -> Source {
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
                        ComponentFunc::Imported { instance, name } => Err(Origin::Host {
                            interface: instance.clone(),
                            function: name.clone(),
                            is_async: lowered.is_async,
                        }),
                        ComponentFunc::Unknown => Err(Origin::Unknown),
                    }
                }
                CoreFunc::Builtin(id) => {
                    Err(Origin::Builtin { name: self.world.builtins[id].name })
                }
                CoreFunc::Unknown => Err(Origin::Unknown),
            };
            match next {
                Ok(func) => at = func,
                Err(origin) => return Source { origin, through },
            }
        }
        Source { origin: Origin::Unknown, through }
    }

    /// Where a component function comes from.
    pub(super) fn component_func(&mut self, func: &ComponentFunc) -> Source {
        match func {
            ComponentFunc::Lifted(id) => self.func(self.world.lifted[*id].core),
            ComponentFunc::Imported { instance, name } => Source {
                origin: Origin::Host {
                    interface: instance.clone(),
                    function: name.clone(),
                    is_async: false,
                },
                through: Vec::new(),
            },
            ComponentFunc::Unknown => unknown(),
        }
    }

    /// What fills an imported item that is no function.
    pub(super) fn item(&mut self, instance: CoreInstanceId, item: Extern) -> Source {
        let world = self.world;
        let made = match item {
            Extern::Memory(index) => {
                world.memory(instance, index).and_then(|id| self.memories.get(&id))
            }
            Extern::Table(index) => {
                world.table(instance, index).and_then(|id| self.tables.get(&id))
            }
            Extern::Global(index) => {
                world.global(instance, index).and_then(|id| self.globals.get(&id))
            }
            Extern::Func(func) => return self.func(world.func(instance, func)),
            Extern::Tag(_) => None,
        };
        match made.copied() {
            Some((instance, item)) => {
                Source { origin: self.core(instance, item), through: Vec::new() }
            }
            None => unknown(),
        }
    }

    // The function that a stub hands on to; an error is where the way ends.
    fn behind_stub(
        &mut self,
        instance: CoreInstanceId,
        func: FuncIdx,
        through: &mut Vec<Through>,
    ) -> Result<CoreFunc, Origin> {
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

    fn core(&mut self, instance: CoreInstanceId, item: Extern) -> Origin {
        let module = self.world.module(instance);
        let (index, debug_name) = match item {
            Extern::Func(index) => (index.raw(), module.debug_name(index)),
            Extern::Table(index) => (index.raw(), None),
            Extern::Memory(index) => (index.raw(), None),
            Extern::Global(index) => (index.raw(), None),
            Extern::Tag(index) => (index.raw(), None),
        };
        // Of two exports of one item, the first names it.
        let exported = self.exported.entry(module.id).or_insert_with(|| {
            module.exports.iter().rev().map(|export| (export.item, export.name)).collect()
        });
        let name = debug_name.or_else(|| exported.get(&item).copied());
        Origin::Core {
            core_instance: instance.raw(),
            core_module: module.id.raw(),
            index,
            name: name.map(|name| demangled(name).into_owned()),
        }
    }
}

fn unknown() -> Source {
    Source { origin: Origin::Unknown, through: Vec::new() }
}
