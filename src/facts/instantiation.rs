//! Who instantiates whom, and which import is filled by what: the component's definitions walked
//! the way a runtime would, with the root's imports left to the host. One module instantiated
//! twice is two instances.

mod environment;
mod link;
mod modules;

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::component::Component;
use crate::component::core_module::{ConstExpr, CoreModule, Extern};
use crate::component::index_space::{
    ComponentId, CoreModuleId, FuncIdx, GlobalIdx, Idx, IndexSpace, MemoryIdx, TableIdx, index,
};

index! {
    /// A component instance, the root's among them.
    ComponentInstanceId
    /// A core instance, over the whole instantiated component.
    CoreInstanceId
    /// A memory that some core instance made.
    MemoryId
    /// A table that some core instance made.
    TableId
    /// A global that some core instance made.
    GlobalId
    /// A lowered function.
    LoweredId
    /// A lifted function.
    LiftedId
    /// A canonical builtin.
    BuiltinId
}

/// The instantiated component.
#[derive(Debug)]
pub struct Instantiation<'a> {
    /// The component.
    pub component: &'a Component<'a>,
    /// Component instances, in the order in which they are begun; the root's is the first.
    pub component_instances: IndexSpace<ComponentInstanceId, ComponentId>,
    /// Core instances, in the order of their instantiation.
    pub core_instances: IndexSpace<CoreInstanceId, CoreInstance>,
    /// Memories.
    pub memories: IndexSpace<MemoryId, Memory<'a>>,
    /// Tables.
    pub tables: IndexSpace<TableId, Table>,
    /// Globals.
    pub globals: IndexSpace<GlobalId, Global>,
    /// Lowered functions.
    pub lowered: IndexSpace<LoweredId, Lowered>,
    /// Lifted functions.
    pub lifted: IndexSpace<LiftedId, Lifted>,
    /// Canonical builtins.
    pub builtins: IndexSpace<BuiltinId, Builtin>,
    /// Functions that run once, at instantiation, in their order.
    pub starts: Vec<Start>,
    /// What each function that the root exports is, in the order of [`Component::exports`].
    pub exports: Vec<ComponentFunc>,
    /// Whether the walk stopped at its limit of instances, so that some items stayed unknown.
    pub truncated: bool,
}

/// A core instance: its module, and what its index spaces hold.
#[derive(Debug)]
pub struct CoreInstance {
    /// The module.
    pub module: CoreModuleId,
    /// The component instance that made it.
    pub home: ComponentInstanceId,
    /// What fills the imported functions, by function index.
    pub imported_funcs: Vec<CoreFunc>,
    /// Memories by the module's index.
    pub memories: Vec<Option<MemoryId>>,
    /// Tables by the module's index.
    pub tables: Vec<Option<TableId>>,
    /// Globals by the module's index.
    pub globals: Vec<Option<GlobalId>>,
}

/// A core function, wherever it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoreFunc {
    /// A function with a body, in an instance of its module.
    Defined(CoreInstanceId, FuncIdx),
    /// A component function made callable for core code.
    Lowered(LoweredId),
    /// A function of the runtime.
    Builtin(BuiltinId),
    /// Not known.
    Unknown,
}

/// A component function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComponentFunc {
    /// Made from a core function.
    Lifted(LiftedId),
    /// The host's.
    Imported {
        /// The imported instance, with its version; `None` for a function import of the root.
        instance: Option<String>,
        /// The function.
        name: String,
    },
    /// Not known.
    Unknown,
}

/// `canon lift`, resolved.
#[derive(Debug, Clone)]
pub struct Lifted {
    /// The core function.
    pub core: CoreFunc,
    /// What allocates for arguments.
    pub realloc: Option<CoreFunc>,
    /// What is called once the results are read.
    pub post_return: Option<CoreFunc>,
    /// What is called with each event.
    pub callback: Option<CoreFunc>,
    /// Whether it uses the asynchronous ABI.
    pub is_async: bool,
}

/// `canon lower`, resolved.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The component function.
    pub target: ComponentFunc,
    /// What allocates for results.
    pub realloc: Option<CoreFunc>,
    /// Whether values pass through memory.
    pub uses_memory: bool,
    /// Whether it uses the asynchronous ABI.
    pub is_async: bool,
}

/// A canonical builtin, resolved.
#[derive(Debug, Clone)]
pub struct Builtin {
    /// Its name: `resource.drop`.
    pub name: &'static str,
    /// The destructor of the resource it drops, if the component defines that resource.
    pub destructor: Option<CoreFunc>,
}

/// A function that runs at instantiation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// A core module's start function.
    Core(CoreFunc),
    /// A component's start function.
    Component(ComponentFunc),
}

/// A memory with the bytes that data segments give it at instantiation.
#[derive(Debug, Default)]
pub struct Memory<'a> {
    /// Active data segments in the order in which they are copied: address, bytes.
    pub data: Vec<(u64, &'a [u8])>,
    /// Whether some segment begins before the one before it ends.
    pub overlapping: bool,
    /// Whether some segment goes to an address that is not known.
    pub unknown_data: bool,
}

/// A table with what element segments put there at instantiation.
#[derive(Debug, Default)]
pub struct Table {
    /// Its slots; `None` is null.
    pub slots: Vec<Option<CoreFunc>>,
    /// Whether some segment goes to an index that is not known.
    pub unknown_elements: bool,
}

/// A global.
#[derive(Debug)]
pub struct Global {
    /// Whether it can be set.
    pub mutable: bool,
    /// Its initial value, if it is an integer that is known.
    pub init: Option<u64>,
}

impl<'a> Instantiation<'a> {
    /// Instantiates a component, with nothing but the host behind its imports.
    pub fn of(component: &'a Component<'a>) -> Self {
        link::Linker::new(component).run()
    }

    /// The module of an instance.
    pub fn module(&self, instance: CoreInstanceId) -> &'a CoreModule<'a> {
        &self.component.core_modules[self.core_instances[instance].module]
    }

    /// What a function index of an instance's module stands for.
    pub fn func(&self, instance: CoreInstanceId, func: FuncIdx) -> CoreFunc {
        let imported = &self.core_instances[instance].imported_funcs;
        imported.get(func.raw() as usize).copied().unwrap_or(CoreFunc::Defined(instance, func))
    }

    /// The memory that a memory index of an instance's module stands for.
    pub fn memory(&self, instance: CoreInstanceId, memory: MemoryIdx) -> Option<MemoryId> {
        self.core_instances[instance].memories.get(memory.raw() as usize).copied().flatten()
    }

    /// The table that a table index of an instance's module stands for.
    pub fn table(&self, instance: CoreInstanceId, table: TableIdx) -> Option<TableId> {
        self.core_instances[instance].tables.get(table.raw() as usize).copied().flatten()
    }

    /// The global that a global index of an instance's module stands for.
    pub fn global(&self, instance: CoreInstanceId, global: GlobalIdx) -> Option<GlobalId> {
        self.core_instances[instance].globals.get(global.raw() as usize).copied().flatten()
    }

    fn const_value(&self, instance: CoreInstanceId, expr: &ConstExpr) -> Option<u64> {
        match expr {
            ConstExpr::Int(value) => Some(*value),
            ConstExpr::GlobalPlus(global, offset) => {
                let base = self.globals[self.global(instance, *global)?].init?;
                Some(base.wrapping_add(*offset) & u64::from(u32::MAX))
            }
            _ => None,
        }
    }
}

/// The exports of a core module by name; modules with thousands of them are common.
type ExportMap<'a> = FxHashMap<&'a str, Extern>;

impl Memory<'_> {
    /// A byte as instantiation leaves it; `None` if some segment's place is not known.
    pub fn byte(&self, at: u64) -> Option<u8> {
        if self.unknown_data {
            return None;
        }
        Some(self.segment_byte(at).unwrap_or(0))
    }

    /// Whether an aligned word of a data segment is one of the addresses given.
    pub fn points_to(&self, addresses: &[u64]) -> bool {
        self.data.iter().any(|(start, bytes)| {
            let skew = (start.wrapping_neg() % 4) as usize;
            let words = bytes.get(skew..).unwrap_or_default().chunks_exact(4);
            words.into_iter().any(|bytes| {
                let word = u32::from_le_bytes(bytes.try_into().unwrap_or_default());
                addresses.contains(&u64::from(word))
            })
        })
    }

    /// The addresses that the data segment covers which covers one.
    pub fn segment(&self, at: u64) -> Option<Range<u64>> {
        let mut ranges = self.data.iter().map(|(start, bytes)| *start..start + bytes.len() as u64);
        ranges.rfind(|range| range.contains(&at))
    }

    /// The byte that a data segment puts at an address; `None` if none does.
    pub fn segment_byte(&self, at: u64) -> Option<u8> {
        let byte = |(start, bytes): &(u64, &[u8])| {
            bytes.get(usize::try_from(at.checked_sub(*start)?).ok()?).copied()
        };
        if self.overlapping {
            return self.data.iter().rev().find_map(byte);
        }
        let after = self.data.partition_point(|(start, _)| *start <= at);
        byte(self.data.get(after.checked_sub(1)?)?)
    }
}
