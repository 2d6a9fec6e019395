//! The core half of the walk: modules instantiated, imports filled, tables and memories as
//! segments leave them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::environment::{CoreInstanceItem, CoreItem};
use super::link::{Linker, MOST_INSTANCES};
use super::{
    ComponentInstanceId, CoreFunc, CoreInstance, CoreInstanceId, Global, Memory, Start, Table,
};
use crate::component::core_module::{ConstExpr, CoreModule, Extern, Placement};
use crate::component::definition::{self, CoreSortIdx};
use crate::component::index_space::{CoreModuleId, FuncIdx, Idx};

/// Slots that are kept of one table.
const MOST_SLOTS: u64 = 1 << 20;

impl<'a> Linker<'a> {
    pub(super) fn core_instance(
        &mut self,
        here: usize,
        instance: &'a definition::CoreInstance<'a>,
    ) -> CoreInstanceItem<'a> {
        match instance {
            definition::CoreInstance::FromExports(exports) => {
                let environment = &self.environments[here];
                let items = exports.iter().map(|(name, item)| {
                    let item = match item {
                        CoreSortIdx::Func(index) => CoreItem::Func(self.core_func(here, *index)),
                        CoreSortIdx::Table(index) => {
                            let tables = &environment.core_tables;
                            CoreItem::Table(tables.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Memory(index) => {
                            let memories = &environment.core_memories;
                            CoreItem::Memory(memories.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Global(index) => {
                            let globals = &environment.core_globals;
                            CoreItem::Global(globals.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Tag(_) => CoreItem::Tag,
                    };
                    (*name, item)
                });
                CoreInstanceItem::Bundle(Rc::new(items.collect()))
            }
            definition::CoreInstance::Instantiate { module, arguments } => {
                let environment = &self.environments[here];
                let module = environment.core_modules.get(module.raw() as usize).copied();
                let Some(Some(module)) = module else {
                    return CoreInstanceItem::Unknown;
                };
                if self.world.core_instances.len() >= MOST_INSTANCES {
                    self.world.truncated = true;
                    return CoreInstanceItem::Unknown;
                }
                let arguments = arguments.iter().map(|(name, index)| {
                    let instance = environment.core_instances.get(index.raw() as usize).cloned();
                    (*name, instance.unwrap_or(CoreInstanceItem::Unknown))
                });
                let arguments: FxHashMap<_, _> = arguments.collect();
                // A component instance and its environment have the same number.
                let home = Idx::new(here as u32);
                CoreInstanceItem::Real(self.instantiate_module(module, home, &arguments))
            }
        }
    }

    pub(super) fn core_export(
        &mut self,
        instance: &CoreInstanceItem<'a>,
        name: &str,
    ) -> Option<CoreItem> {
        match instance {
            CoreInstanceItem::Unknown => None,
            CoreInstanceItem::Bundle(items) => items.get(name).copied(),
            CoreInstanceItem::Real(id) => {
                let module = self.world.module(*id);
                let exports = self.export_maps.entry(module.id).or_insert_with(|| {
                    Rc::new(module.exports.iter().map(|e| (e.name, e.item)).collect())
                });
                Some(match *exports.get(name)? {
                    Extern::Func(func) => CoreItem::Func(self.world.func(*id, func)),
                    Extern::Table(table) => CoreItem::Table(self.world.table(*id, table)),
                    Extern::Memory(memory) => CoreItem::Memory(self.world.memory(*id, memory)),
                    Extern::Global(global) => CoreItem::Global(self.world.global(*id, global)),
                    Extern::Tag(_) => CoreItem::Tag,
                })
            }
        }
    }

    fn instantiate_module(
        &mut self,
        id: CoreModuleId,
        home: ComponentInstanceId,
        arguments: &FxHashMap<&'a str, CoreInstanceItem<'a>>,
    ) -> CoreInstanceId {
        let module = &self.world.component.core_modules[id];
        let mut instance = CoreInstance {
            module: id,
            home,
            imported_funcs: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
        };
        for import in &module.imports {
            let from = arguments.get(import.module).cloned();
            let item = from.and_then(|from| self.core_export(&from, import.field));
            match (import.item, item) {
                (Extern::Func(_), Some(CoreItem::Func(func))) => instance.imported_funcs.push(func),
                (Extern::Func(_), _) => instance.imported_funcs.push(CoreFunc::Unknown),
                (Extern::Table(_), Some(CoreItem::Table(table))) => instance.tables.push(table),
                (Extern::Table(_), _) => instance.tables.push(None),
                (Extern::Memory(_), Some(CoreItem::Memory(memory))) => {
                    instance.memories.push(memory);
                }
                (Extern::Memory(_), _) => instance.memories.push(None),
                (Extern::Global(_), Some(CoreItem::Global(global))) => {
                    instance.globals.push(global);
                }
                (Extern::Global(_), _) => instance.globals.push(None),
                (Extern::Tag(_), _) => {}
            }
        }
        for (_, memory) in module.memories.iter().filter(|(_, memory)| !memory.imported) {
            let _ = memory;
            instance.memories.push(Some(self.world.memories.push(Memory::default())));
        }
        for (_, table) in module.tables.iter().filter(|(_, table)| !table.imported) {
            let slots = vec![None; table.minimum.min(MOST_SLOTS) as usize];
            let unknown_elements = table.minimum > MOST_SLOTS || table.init != ConstExpr::Null;
            let table = Table { slots, unknown_elements };
            instance.tables.push(Some(self.world.tables.push(table)));
        }
        let id = self.world.core_instances.push(instance);
        for (_, global) in module.globals.iter() {
            let Some(init) = &global.init else { continue };
            let init = self.world.const_value(id, init);
            let global = self.world.globals.push(Global { mutable: global.mutable, init });
            if let Some(instance) = self.world.core_instances.get_mut(id) {
                instance.globals.push(Some(global));
            }
        }
        self.fill_tables(id, module);
        self.fill_memories(id, module);
        if let Some(start) = module.start {
            self.world.starts.push(Start::Core(self.world.func(id, start)));
        }
        id
    }

    fn fill_tables(&mut self, id: CoreInstanceId, module: &CoreModule<'a>) {
        for (_, element) in module.elements.iter() {
            let Placement::Active { target, offset } = &element.placement else {
                continue;
            };
            let Some(table) = self.world.table(id, *target) else {
                continue;
            };
            let offset = self.world.const_value(id, offset);
            let items = element.items.iter().map(|item| match item {
                ConstExpr::Func(func) => Some(self.world.func(id, FuncIdx::new(func.raw()))),
                ConstExpr::Null => None,
                _ => Some(CoreFunc::Unknown),
            });
            let items: Vec<_> = items.collect();
            let Some(table) = self.world.tables.get_mut(table) else {
                continue;
            };
            let first = offset.and_then(|offset| usize::try_from(offset).ok());
            let slots =
                first.and_then(|first| table.slots.get_mut(first..first.checked_add(items.len())?));
            match slots {
                Some(slots) => slots.copy_from_slice(&items),
                None => table.unknown_elements = true,
            }
        }
    }

    fn fill_memories(&mut self, id: CoreInstanceId, module: &'a CoreModule<'a>) {
        for (_, data) in module.data.iter() {
            let Placement::Active { target, offset } = &data.placement else {
                continue;
            };
            let Some(memory) = self.world.memory(id, *target) else {
                continue;
            };
            let offset = self.world.const_value(id, offset);
            let Some(memory) = self.world.memories.get_mut(memory) else {
                continue;
            };
            match offset {
                Some(offset) => {
                    let last = memory.data.last();
                    let end = last.map_or(0, |(start, bytes)| start + bytes.len() as u64);
                    memory.overlapping |= offset < end;
                    memory.data.push((offset, data.bytes));
                }
                None => memory.unknown_data = true,
            }
        }
    }
}
