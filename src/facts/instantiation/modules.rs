//! Instantiates core modules: fills imports, tables and memories.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::cost;
use super::environment::{CoreInstanceItem, CoreItem};
use super::link::{Linker, MOST_INSTANCES};
use super::{
    ComponentInstanceId, CoreFunc, CoreInstance, CoreInstanceId, Global, Memory, Placed, Segments,
    Start, Table,
};
use crate::component::core_module::{ConstExpr, CoreModule, Extern, Placement};
use crate::component::definition;
use crate::component::index_space::{CoreModuleId, IndexSpace};

/// Bytes of a page, unless a memory says otherwise.
const PAGE: u64 = 1 << 16;
/// Most slots kept of one table.
const MOST_SLOTS: u64 = 1 << 20;

impl<'a> Linker<'a> {
    pub(super) fn core_instance(
        &mut self,
        here: ComponentInstanceId,
        instance: &'a definition::CoreInstance<'a>,
    ) -> CoreInstanceItem<'a> {
        let environment = &self.environments[here];
        match instance {
            definition::CoreInstance::FromExports(exports) => {
                let items =
                    exports.iter().map(|(name, item)| (*name, environment.core_item(*item)));
                CoreInstanceItem::Exports(Rc::new(items.collect()))
            }
            definition::CoreInstance::Instantiate { module, arguments } => {
                let Some(Some(module)) = environment.core_modules.get(*module).copied() else {
                    return CoreInstanceItem::Unknown;
                };
                if self.world.core_instances.len() >= MOST_INSTANCES {
                    self.world.truncated = true;
                    return CoreInstanceItem::Unknown;
                }
                let cost = cost::of_module(&self.world.component.core_modules[module]);
                if !self.charge(cost) {
                    return CoreInstanceItem::Unknown;
                }
                let environment = &self.environments[here];
                let arguments = arguments.iter().map(|(name, index)| {
                    let instance = environment.core_instances.get(*index).cloned();
                    (*name, instance.unwrap_or(CoreInstanceItem::Unknown))
                });
                let arguments: FxHashMap<_, _> = arguments.collect();
                CoreInstanceItem::Instantiated(self.instantiate_module(module, here, &arguments))
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
            CoreInstanceItem::Exports(items) => items.get(name).copied(),
            CoreInstanceItem::Instantiated(id) => {
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
            imported_funcs: IndexSpace::default(),
            memories: IndexSpace::default(),
            tables: IndexSpace::default(),
            globals: IndexSpace::default(),
        };
        for import in &module.imports {
            let from = arguments.get(import.module).cloned();
            let item = from.and_then(|from| self.core_export(&from, import.field));
            match (import.item, item) {
                (Extern::Func(_), item) => {
                    instance.imported_funcs.push(match item {
                        Some(CoreItem::Func(func)) => func,
                        _ => CoreFunc::Unknown,
                    });
                }
                (Extern::Table(_), item) => {
                    instance.tables.push(match item {
                        Some(CoreItem::Table(table)) => table,
                        _ => None,
                    });
                }
                (Extern::Memory(_), item) => {
                    instance.memories.push(match item {
                        Some(CoreItem::Memory(memory)) => memory,
                        _ => None,
                    });
                }
                (Extern::Global(_), item) => {
                    instance.globals.push(match item {
                        Some(CoreItem::Global(global)) => global,
                        _ => None,
                    });
                }
                (Extern::Tag(_), _) => {}
            }
        }
        let id = self.world.core_instances.next();
        for (index, memory) in module.memories.iter().filter(|(_, memory)| !memory.imported) {
            instance.memories.push(Some(self.world.memories.push(Memory {
                owner: (id, index),
                segments: Segments::default(),
                bytes: memory.minimum.saturating_mul(PAGE),
                shared: memory.shared,
                memory64: memory.memory64,
                unknown_data: false,
                starts_before: self.world.starts.len(),
                late: Vec::new(),
            })));
        }
        for (index, table) in module.tables.iter().filter(|(_, table)| !table.imported) {
            instance.tables.push(Some(self.world.tables.push(Table {
                owner: (id, index),
                size: table.minimum,
                slots: Vec::new(),
                callees: OnceLock::new(),
                unknown_elements: table.minimum > MOST_SLOTS || table.init != ConstExpr::Null,
                starts_before: self.world.starts.len(),
                replaced: BTreeSet::new(),
            })));
        }
        self.world.core_instances.push(instance);
        for (index, global) in module.globals.iter() {
            let Some(init) = &global.init else { continue };
            let init = self.world.const_value(id, init);
            let global = Global { owner: (id, index), mutable: global.mutable, init };
            let global = self.world.globals.push(global);
            self.world.core_instances[id].globals.push(Some(global));
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
            let items = element.items.len() as u64;
            let offset = self.world.const_value(id, offset);
            let end = offset.and_then(|offset| offset.checked_add(items));
            let end = end.filter(|end| *end <= self.world.tables[table].size.min(MOST_SLOTS));
            let range = offset.zip(end).map(|(first, end)| first as usize..end as usize);
            let length = self.world.tables[table].slots.len();
            // Only slots up to the last one that is filled take memory.
            let grown = range.as_ref().map_or(0, |range| range.end.saturating_sub(length));
            let range = range.filter(|_| self.charge(cost::SLOT * grown as u64));
            let Some(range) = range else {
                self.world.tables[table].unknown_elements = true;
                continue;
            };
            let items = element.items.iter().map(|item| match item {
                ConstExpr::Func(func) => Some(self.world.func(id, *func)),
                ConstExpr::Null => None,
                _ => Some(CoreFunc::Unknown),
            });
            let items: Vec<_> = items.collect();
            let starts = self.world.starts.len();
            let table = &mut self.world.tables[table];
            table.slots.resize(length.max(range.end), None);
            if starts > table.starts_before {
                table.replace(range.start, &items);
            }
            table.slots[range].copy_from_slice(&items);
        }
    }

    fn fill_memories(&mut self, id: CoreInstanceId, module: &'a CoreModule<'a>) {
        let starts = self.world.starts.len();
        for (index, data) in module.data.iter() {
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
            if starts > memory.starts_before {
                let len = data.bytes.len() as u64;
                let placed = |start| Placed { module: module.id, data: index, start, len };
                memory.add_late(starts, offset.map(placed));
            }
            match offset {
                Some(offset) => memory.segments.insert(offset, data.bytes),
                None => memory.unknown_data = true,
            }
        }
    }
}
