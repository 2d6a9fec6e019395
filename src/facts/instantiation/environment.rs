//! The index spaces of one component while it is instantiated.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{ComponentFunc, CoreFunc, CoreInstanceId, GlobalId, MemoryId, TableId};
use crate::component::index_space::{ComponentId, CoreModuleId};

/// A component definition together with the environment that its outer aliases mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closure {
    pub(super) definition: ComponentId,
    pub(super) environment: usize,
}

/// An item of the component level.
#[derive(Debug, Clone)]
pub(super) enum Item {
    CoreModule(Option<CoreModuleId>),
    Func(ComponentFunc),
    Value,
    Type(Type),
    Component(Option<Closure>),
    Instance(Rc<Instance>),
}

/// A type: the destructor, where it is a resource that has one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Type {
    pub(super) destructor: Option<CoreFunc>,
}

/// An instance of the component level.
#[derive(Debug)]
pub(super) enum Instance {
    /// The host's: it exports whatever is asked of it.
    Host(String),
    /// With these exports.
    Exports(FxHashMap<String, Item>),
}

/// A core instance as an index space holds it.
#[derive(Debug, Clone)]
pub(super) enum CoreInstanceItem<'a> {
    Real(CoreInstanceId),
    Bundle(Rc<FxHashMap<&'a str, CoreItem>>),
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

/// The index spaces of one component instance.
#[derive(Debug, Default)]
pub(super) struct Environment<'a> {
    pub(super) parent: Option<usize>,
    pub(super) core_modules: Vec<Option<CoreModuleId>>,
    pub(super) core_instances: Vec<CoreInstanceItem<'a>>,
    pub(super) core_funcs: Vec<CoreFunc>,
    pub(super) core_tables: Vec<Option<TableId>>,
    pub(super) core_memories: Vec<Option<MemoryId>>,
    pub(super) core_globals: Vec<Option<GlobalId>>,
    pub(super) components: Vec<Option<Closure>>,
    pub(super) instances: Vec<Rc<Instance>>,
    pub(super) funcs: Vec<ComponentFunc>,
    pub(super) types: Vec<Type>,
}

impl Environment<'_> {
    /// Adds an item to the index space of its sort.
    pub(super) fn add(&mut self, item: Item) {
        match item {
            Item::CoreModule(module) => self.core_modules.push(module),
            Item::Func(func) => self.funcs.push(func),
            Item::Value => {}
            Item::Type(ty) => self.types.push(ty),
            Item::Component(component) => self.components.push(component),
            Item::Instance(instance) => self.instances.push(instance),
        }
    }

    /// Adds a core item to the index space of its sort.
    pub(super) fn add_core(&mut self, item: CoreItem) {
        match item {
            CoreItem::Func(func) => self.core_funcs.push(func),
            CoreItem::Table(table) => self.core_tables.push(table),
            CoreItem::Memory(memory) => self.core_memories.push(memory),
            CoreItem::Global(global) => self.core_globals.push(global),
            CoreItem::Tag => {}
        }
    }
}
