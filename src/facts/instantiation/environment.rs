//! The index spaces of one component instance while it is made. An index that damaged input puts out of range
//! gives an unknown item.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{
    ComponentFunc, ComponentInstanceId, CoreFunc, CoreInstanceId, GlobalId, MemoryId, TableId, cost,
};
use crate::component::definition::{CoreSort, CoreSortIdx, Sort, SortIdx};
use crate::component::index_space::{
    ComponentFuncIdx, ComponentId, ComponentIdx, ComponentTypeIdx, CoreFuncIdx, CoreGlobalIdx,
    CoreInstanceIdx, CoreMemoryIdx, CoreModuleId, CoreModuleIdx, CoreTableIdx, IndexSpace,
    InstanceIdx,
};

/// A component definition, and the component instance that its outer aliases refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closure {
    pub(super) definition: ComponentId,
    pub(super) environment: ComponentInstanceId,
}

/// An item of the component level.
#[derive(Debug, Clone)]
pub(super) enum Item {
    CoreModule(Option<CoreModuleId>),
    Func(ComponentFunc),
    Value,
    /// The destructor, if the type is a resource that has one.
    Type(Option<CoreFunc>),
    Component(Option<Closure>),
    Instance(Rc<Instance>),
}

/// An instance of the component level.
#[derive(Debug)]
pub(super) enum Instance {
    /// The host's, which exports whatever is asked of it.
    Host(String),
    Exports(FxHashMap<String, Item>),
}

/// A core instance.
#[derive(Debug, Clone)]
pub(super) enum CoreInstanceItem<'a> {
    Instantiated(CoreInstanceId),
    Exports(Rc<FxHashMap<&'a str, CoreItem>>),
    Unknown,
}

/// An item of the core level.
#[derive(Debug, Clone, Copy)]
pub(super) enum CoreItem {
    Func(CoreFunc),
    Table(Option<TableId>),
    Memory(Option<MemoryId>),
    Global(Option<GlobalId>),
    Tag,
}

#[derive(Debug, Default)]
pub(super) struct Environment<'a> {
    pub(super) parent: Option<ComponentInstanceId>,
    pub(super) core_modules: IndexSpace<CoreModuleIdx, Option<CoreModuleId>>,
    pub(super) core_instances: IndexSpace<CoreInstanceIdx, CoreInstanceItem<'a>>,
    pub(super) core_funcs: IndexSpace<CoreFuncIdx, CoreFunc>,
    pub(super) core_tables: IndexSpace<CoreTableIdx, Option<TableId>>,
    pub(super) core_memories: IndexSpace<CoreMemoryIdx, Option<MemoryId>>,
    pub(super) core_globals: IndexSpace<CoreGlobalIdx, Option<GlobalId>>,
    pub(super) components: IndexSpace<ComponentIdx, Option<Closure>>,
    pub(super) instances: IndexSpace<InstanceIdx, Rc<Instance>>,
    pub(super) funcs: IndexSpace<ComponentFuncIdx, ComponentFunc>,
    pub(super) types: IndexSpace<ComponentTypeIdx, Option<CoreFunc>>,
}

impl Item {
    /// The item `name` of an instance that the host provides, or of the host itself.
    pub(super) fn of_host(instance: Option<&str>, name: &str, sort: Sort) -> Item {
        match sort {
            Sort::CoreModule => Item::CoreModule(None),
            Sort::Func => Item::Func(ComponentFunc::Imported {
                instance: instance.map(str::to_owned),
                name: name.to_owned(),
            }),
            Sort::Value => Item::Value,
            Sort::Type => Item::Type(None),
            Sort::Component => Item::Component(None),
            Sort::Instance => Item::Instance(Rc::new(Instance::Host(name.to_owned()))),
        }
    }

    /// The texts of a copy.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Item::Func(func) => cost::of_func(func),
            _ => 0,
        }
    }

    pub(super) fn unknown(sort: Sort) -> Item {
        match sort {
            Sort::Func => Item::Func(ComponentFunc::Unknown),
            Sort::Instance => Item::Instance(Rc::default()),
            sort => Item::of_host(None, "", sort),
        }
    }
}

impl Default for Instance {
    fn default() -> Self {
        Instance::Exports(FxHashMap::default())
    }
}

impl Instance {
    /// The texts of an export's copy, besides its own name.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Instance::Host(instance) => instance.len() as u64,
            Instance::Exports(_) => 0,
        }
    }

    /// Its export `name`, which is of this sort.
    pub(super) fn export(&self, name: &str, sort: Sort) -> Item {
        match self {
            Instance::Host(instance) => Item::of_host(Some(instance), name, sort),
            Instance::Exports(exports) => {
                exports.get(name).cloned().unwrap_or_else(|| Item::unknown(sort))
            }
        }
    }
}

impl CoreItem {
    pub(super) fn unknown(sort: CoreSort) -> CoreItem {
        match sort {
            CoreSort::Func => CoreItem::Func(CoreFunc::Unknown),
            CoreSort::Table => CoreItem::Table(None),
            CoreSort::Memory => CoreItem::Memory(None),
            CoreSort::Global => CoreItem::Global(None),
            CoreSort::Tag => CoreItem::Tag,
        }
    }
}

impl Environment<'_> {
    pub(super) fn item(&self, index: SortIdx) -> Item {
        let item = match index {
            SortIdx::CoreModule(index) => {
                self.core_modules.get(index).copied().map(Item::CoreModule)
            }
            SortIdx::Func(index) => self.funcs.get(index).cloned().map(Item::Func),
            SortIdx::Value(_) => Some(Item::Value),
            SortIdx::Type(index) => self.types.get(index).copied().map(Item::Type),
            SortIdx::Component(index) => self.components.get(index).copied().map(Item::Component),
            SortIdx::Instance(index) => self.instances.get(index).cloned().map(Item::Instance),
        };
        item.unwrap_or_else(|| Item::unknown(index.sort()))
    }

    pub(super) fn core_func(&self, index: CoreFuncIdx) -> CoreFunc {
        self.core_funcs.get(index).copied().unwrap_or(CoreFunc::Unknown)
    }

    pub(super) fn core_memory(&self, index: CoreMemoryIdx) -> Option<MemoryId> {
        self.core_memories.get(index).copied().flatten()
    }

    pub(super) fn core_item(&self, index: CoreSortIdx) -> CoreItem {
        match index {
            CoreSortIdx::Func(index) => CoreItem::Func(self.core_func(index)),
            CoreSortIdx::Table(index) => {
                CoreItem::Table(self.core_tables.get(index).copied().flatten())
            }
            CoreSortIdx::Memory(index) => CoreItem::Memory(self.core_memory(index)),
            CoreSortIdx::Global(index) => {
                CoreItem::Global(self.core_globals.get(index).copied().flatten())
            }
            CoreSortIdx::Tag(_) => CoreItem::Tag,
        }
    }

    /// Adds an item to the index space of its sort.
    pub(super) fn add(&mut self, item: Item) {
        match item {
            Item::CoreModule(module) => {
                self.core_modules.push(module);
            }
            Item::Func(func) => {
                self.funcs.push(func);
            }
            Item::Value => {}
            Item::Type(destructor) => {
                self.types.push(destructor);
            }
            Item::Component(component) => {
                self.components.push(component);
            }
            Item::Instance(instance) => {
                self.instances.push(instance);
            }
        }
    }

    /// Adds a core item to the index space of its sort.
    pub(super) fn add_core(&mut self, item: CoreItem) {
        match item {
            CoreItem::Func(func) => {
                self.core_funcs.push(func);
            }
            CoreItem::Table(table) => {
                self.core_tables.push(table);
            }
            CoreItem::Memory(memory) => {
                self.core_memories.push(memory);
            }
            CoreItem::Global(global) => {
                self.core_globals.push(global);
            }
            CoreItem::Tag => {}
        }
    }
}
