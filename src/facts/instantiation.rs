//! The instantiated component: its instances and what fills their imports. Walks the definitions as a runtime does; the
//! root's imports are the host's. A module instantiated twice is two instances.

mod by_type;
mod callees;
mod cost;
mod environment;
mod exit;
mod late;
mod link;
mod modules;
mod placed;
mod segments;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::component::Component;
use crate::component::canonical::{ResultArea, StringEncoding};
use crate::component::core_module::{ConstExpr, CoreModule};
use crate::component::index_space::{
    ComponentId, CoreModuleId, CoreTypeIdx, FuncIdx, GlobalIdx, Idx, IndexSpace, MemoryIdx,
    TableIdx, index,
};
use by_type::ByType;
pub use placed::Placed;
pub use segments::{Segments, unaligned_words};

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
    /// The component instance that instantiates each; `None` for the root's.
    pub instantiated_by: IndexSpace<ComponentInstanceId, Option<ComponentInstanceId>>,
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
    /// The destructors of the resources that the component defines.
    pub destructors: Vec<CoreFunc>,
    /// Start functions, in the order in which they run.
    pub starts: Vec<Start>,
    /// The root's exported functions, in the order of [`Component::exports`].
    pub exports: Vec<ComponentFunc>,
    /// Whether there are more instances than the limit, or their items exceed the budget of linking; what is left out is
    /// unknown.
    pub truncated: bool,
}

/// A core instance.
#[derive(Debug)]
pub struct CoreInstance {
    /// The module.
    pub module: CoreModuleId,
    /// The component instance that instantiates it.
    pub home: ComponentInstanceId,
    /// What fills the imported functions.
    pub imported_funcs: IndexSpace<FuncIdx, CoreFunc>,
    /// Memories, `None` where unknown.
    pub memories: IndexSpace<MemoryIdx, Option<MemoryId>>,
    /// Tables, `None` where unknown.
    pub tables: IndexSpace<TableIdx, Option<TableId>>,
    /// Globals, `None` where unknown.
    pub globals: IndexSpace<GlobalIdx, Option<GlobalId>>,
}

/// A core function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoreFunc {
    /// A function with a body, in an instance of its module.
    Defined(CoreInstanceId, FuncIdx),
    /// A lowered component function.
    Lowered(LoweredId),
    /// A canonical builtin.
    Builtin(BuiltinId),
    /// Unknown.
    Unknown,
}

/// A component function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ComponentFunc {
    /// A lifted core function.
    Lifted(LiftedId),
    /// The host's.
    Imported {
        /// The imported instance, with its version; `None` for a function import of the root.
        instance: Option<String>,
        /// The function.
        name: String,
    },
    /// Unknown.
    Unknown,
}

impl ComponentFunc {
    /// The host's function: `wasi:cli/stdout@0.2.6#get-stdout`; `None` if it is lifted or unknown.
    pub fn name(&self) -> Option<String> {
        match self {
            ComponentFunc::Imported { instance: Some(instance), name } => {
                Some(format!("{instance}#{name}"))
            }
            ComponentFunc::Imported { instance: None, name } => Some(name.clone()),
            ComponentFunc::Lifted(_) | ComponentFunc::Unknown => None,
        }
    }
}

/// `canon lift`, resolved.
#[derive(Debug, Clone)]
pub struct Lifted {
    /// The core function.
    pub core: CoreFunc,
    /// The component instance that lifts it.
    pub home: ComponentInstanceId,
    /// The options.
    pub options: Options,
}

/// `canon lower`, resolved.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The component function.
    pub target: ComponentFunc,
    /// The component instance that lowers it.
    pub home: ComponentInstanceId,
    /// The options.
    pub options: Options,
    /// Where it writes its result, in a 32-bit memory; `None` if the result is a core value.
    pub result: Option<ResultArea>,
    /// Whether its caller waits for it: the function is async, and it is lowered without `async`.
    pub waits: bool,
    /// Whether its result holds handles of a resource that the component neither drops nor passes on.
    pub unreleased: bool,
}

/// The options of `canon lift` or `canon lower`, resolved.
#[derive(Debug, Clone)]
pub struct Options {
    /// How strings are encoded.
    pub string_encoding: StringEncoding,
    /// The memory that values pass through; `Some(None)` if it is unknown which.
    pub memory: Option<Option<MemoryId>>,
    /// The function that allocates in that memory.
    pub realloc: Option<CoreFunc>,
    /// The function that frees the results.
    pub post_return: Option<CoreFunc>,
    /// The function that takes the events of an asynchronous task.
    pub callback: Option<CoreFunc>,
    /// Whether the asynchronous ABI is used.
    pub is_async: bool,
    /// The core type to lower to, in the index space of the component that lowers.
    pub core_type: Option<CoreTypeIdx>,
    /// Whether the garbage-collected ABI is used.
    pub gc: bool,
}

/// A canonical builtin, resolved.
#[derive(Debug, Clone)]
pub struct Builtin {
    /// Its name: `resource.drop`.
    pub name: &'static str,
    /// The memory that it reads or writes; `Some(None)` if it is unknown which.
    pub memory: Option<Option<MemoryId>>,
    /// The destructor of the resource it drops, if the component defines that resource.
    pub destructor: Option<CoreFunc>,
    /// The function that allocates what it writes.
    pub realloc: Option<CoreFunc>,
    /// The slot of `context.get` and `context.set`.
    pub slot: Option<u8>,
}

impl Builtin {
    /// Whether it runs other code of the component.
    pub fn starts_thread(&self) -> bool {
        let is_harmless = ["thread.index", "thread.available-parallelism"].contains(&self.name);
        self.name.starts_with("thread.") && !is_harmless
    }
}

/// A function that runs at instantiation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// A core module's start function.
    Core(CoreFunc),
    /// A component's start function.
    Component(ComponentFunc),
}

/// A memory with its active data segments.
#[derive(Debug)]
pub struct Memory<'a> {
    /// The instance that defines it, and its index there.
    pub owner: (CoreInstanceId, MemoryIdx),
    /// Its active data segments.
    pub segments: Segments<'a>,
    /// Initial size, in bytes.
    pub bytes: u64,
    /// Whether other threads may write it at any time.
    pub shared: bool,
    /// Whether its addresses are 64-bit.
    pub memory64: bool,
    /// Whether the address of a segment is unknown.
    pub unknown_data: bool,
    /// How many start functions run before it exists.
    pub(super) starts_before: usize,
    /// Segments that other instances copy to it after a start function that may have written it.
    pub late: Vec<LateData>,
}

/// A table as active element segments fill it.
#[derive(Debug)]
pub struct Table {
    /// The instance that defines it, and its index there.
    pub owner: (CoreInstanceId, TableIdx),
    /// Its initial size, in slots.
    pub size: u64,
    /// Its slots up to the last one that a segment fills; `None` is null.
    pub slots: Vec<Option<CoreFunc>>,
    /// Its functions by type, once somebody asks for them.
    callees: OnceLock<ByType<CoreFunc>>,
    /// Whether the index of a segment, or an initial element, is unknown.
    pub unknown_elements: bool,
    /// How many start functions run before it exists.
    pub(super) starts_before: usize,
    /// What slots hold when start functions run, and no longer afterwards, because another instance fills them again.
    pub replaced: BTreeSet<(usize, Option<CoreFunc>)>,
}

/// A data segment that is copied late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateData {
    /// How many start functions run before.
    pub starts_before: usize,
    /// The segment and its place; `None` if that is unknown, or if there are too many.
    pub placed: Option<Placed>,
}

/// Whether a call by a type reaches a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The call traps.
    Never,
    /// The call traps or reaches the function: whether one of two types is the other, or its supertype, is only known of
    /// declarations in one module.
    Maybe,
    /// The function has the type, or one that is declared as a subtype; or it has no body that tells its type.
    Always,
}

/// A global.
#[derive(Debug)]
pub struct Global {
    /// The instance that defines it, and its index there.
    pub owner: (CoreInstanceId, GlobalIdx),
    /// Whether it can be set.
    pub mutable: bool,
    /// Its initial value; `None` if that is no integer or unknown.
    pub init: Option<u64>,
}

impl<'a> Instantiation<'a> {
    /// The module of an instance.
    pub fn module(&self, instance: CoreInstanceId) -> &'a CoreModule<'a> {
        &self.component.core_modules[self.core_instances[instance].module]
    }

    /// The function at an index of an instance.
    pub fn func(&self, instance: CoreInstanceId, func: FuncIdx) -> CoreFunc {
        let imported = &self.core_instances[instance].imported_funcs;
        imported.get(func).copied().unwrap_or(CoreFunc::Defined(instance, func))
    }

    /// The memory at an index of an instance; `None` if unknown.
    pub fn memory(&self, instance: CoreInstanceId, memory: MemoryIdx) -> Option<MemoryId> {
        self.core_instances[instance].memories.get(memory).copied().flatten()
    }

    /// The table at an index of an instance; `None` if unknown.
    pub fn table(&self, instance: CoreInstanceId, table: TableIdx) -> Option<TableId> {
        self.core_instances[instance].tables.get(table).copied().flatten()
    }

    /// The global at an index of an instance; `None` if unknown.
    pub fn global(&self, instance: CoreInstanceId, global: GlobalIdx) -> Option<GlobalId> {
        self.core_instances[instance].globals.get(global).copied().flatten()
    }

    fn const_value(&self, instance: CoreInstanceId, expr: &ConstExpr) -> Option<u64> {
        match expr {
            ConstExpr::Int(value) => Some(*value),
            ConstExpr::GlobalPlus(global, offset) => {
                let base = self.globals[self.global(instance, *global)?].init?;
                // Whether the sum wraps around at 32 bits or at 64 is not kept.
                base.checked_add(*offset).filter(|sum| *sum <= u64::from(u32::MAX))
            }
            _ => None,
        }
    }
}

impl Memory<'_> {
    /// A byte after instantiation; `None` if the address of a segment is unknown.
    pub fn byte(&self, at: u64) -> Option<u8> {
        if self.unknown_data {
            return None;
        }
        Some(self.segments.byte(at).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root's exports, and how many component instances, core instances and memories there are.
    fn summary(text: &str) -> String {
        let world = Instantiation::of(Component::of_text(text));
        let exports = world.exports.iter().map(|func| match func {
            ComponentFunc::Lifted(id) => {
                let lifted = &world.lifted[*id];
                let core = match lifted.core {
                    CoreFunc::Defined(instance, func) => {
                        format!("func {} of {}", func.raw(), instance.raw())
                    }
                    CoreFunc::Lowered(_) => "a lowered function".to_owned(),
                    CoreFunc::Builtin(id) => world.builtins[id].name.to_owned(),
                    CoreFunc::Unknown => "unknown".to_owned(),
                };
                let memory = lifted.options.memory.flatten();
                let memory = memory.map(|id| world.memories[id].owner.0.raw());
                let memory = memory.map(|owner| format!(" with the memory of {owner}"));
                format!("{core}{}", memory.unwrap_or_default())
            }
            ComponentFunc::Imported { instance: None, name } => format!("host {name}"),
            ComponentFunc::Imported { instance: Some(it), name } => format!("host {it}#{name}"),
            ComponentFunc::Unknown => "unknown".to_owned(),
        });
        let exports = exports.collect::<Vec<_>>().join(", ");
        let cut = if world.truncated { ", truncated" } else { "" };
        format!(
            "{exports}; {}/{}/{}{cut}",
            world.component_instances.len(),
            world.core_instances.len(),
            world.memories.len()
        )
    }

    #[test]
    fn exports_are_followed_to_core_functions() {
        let module = r#"(core module $m (memory (export "m") 1) (func (export "f")))"#;
        let lift = r#"(func (export "f") (canon lift (core func $i "f")))"#;
        let cases = [
            (String::new(), "; 1/0/0"),
            (format!("{module} (core instance $i (instantiate $m)) {lift}"), "func 0 of 0; 1/1/1"),
            (
                format!(
                    "{module} (core instance (instantiate $m)) (core instance $i (instantiate $m)) {lift}"
                ),
                "func 0 of 1; 1/2/2",
            ),
            (r#"(import "f" (func $f)) (export "g" (func $f))"#.to_owned(), "host f; 1/0/0"),
            (
                r#"(import "a:b/c" (instance $i (export "f" (func)))) (export "g" (func $i "f"))"#
                    .to_owned(),
                "host a:b/c#f; 1/0/0",
            ),
            // A nested component gets the module by an outer alias and the memory through a bundle.
            (
                format!(
                    r#"{module}
                    (component $c
                      (core instance $i (instantiate $m))
                      (core instance $bundle (export "n" (memory $i "m")))
                      (func (export "f")
                        (canon lift (core func $i "f") (memory (core memory $bundle "n")))))
                    (instance (instantiate $c))
                    (instance $c (instantiate $c))
                    (export "i" (instance $c))"#
                ),
                "func 0 of 1 with the memory of 1; 3/2/2",
            ),
            // A function lifted in one component and lowered in another.
            (
                format!(
                    r#"(component $a {module} (core instance $i (instantiate $m)) {lift})
                    (component $b
                      (import "f" (func $f))
                      (core func $g (canon lower (func $f)))
                      (func (export "f") (canon lift (core func $g))))
                    (instance $a (instantiate $a))
                    (instance $b (instantiate $b (with "f" (func $a "f"))))
                    (export "f" (func $b "f"))"#
                ),
                "a lowered function; 3/1/1",
            ),
        ];
        for (items, expected) in cases {
            assert_eq!(summary(&format!("(component {items})")), expected, "{items}");
        }
    }

    #[test]
    fn instances_are_bounded() {
        let mut text = "(component (component $c0)".to_owned();
        for level in 1..=20 {
            let below = level - 1;
            text += &format!(
                "(component $c{level} (instance (instantiate $c{below})) (instance (instantiate $c{below})))"
            );
        }
        text += "(instance (instantiate $c20)))";
        assert!(Instantiation::of(Component::of_text(&text)).truncated);
    }
}
