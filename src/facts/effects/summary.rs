//! What one function may do by itself.

use crate::component::index_space::{FuncIdx, GlobalIdx, MemoryIdx, TableIdx, TypeIdx};

/// Lowest address of an object (wasm-ld's `--global-base`); a smaller constant is a number.
pub const LOWEST_OBJECT: u64 = 1024;

/// The effects of one function, without those of its callees.
#[derive(Debug, Default)]
pub struct Summary {
    /// Callees of its direct calls.
    pub calls: Vec<FuncIdx>,
    /// Indirect calls: type and table.
    pub indirect: Vec<(TypeIdx, TableIdx)>,
    /// Its stores.
    pub stores: Vec<Store>,
    /// Its loads from constant addresses, from fixed distances of globals, and from arrays at constant addresses.
    pub loads: Vec<Load>,
    /// Globals it reads.
    pub gets: Vec<GlobalIdx>,
    /// Globals it sets.
    pub sets: Vec<GlobalIdx>,
    /// Arguments of its calls.
    pub passes: Vec<Pass>,
    /// Constants that it stores, returns or computes with; some are addresses of objects.
    pub taken: Vec<u64>,
    /// Parameters that it stores, returns or computes with.
    pub escaping: Vec<u32>,
    /// The global from which it allocates a stack frame, and which it restores on return.
    pub frame: Option<GlobalIdx>,
    /// The global that it sets to a value computed from what it was.
    pub restored: Option<GlobalIdx>,
    /// The global that it lowers by a frame and sets back, and to nothing else.
    pub balanced: Option<GlobalIdx>,
    /// Globals that it sets to a value that is not computed from what they were.
    pub(super) replaced: Vec<GlobalIdx>,
    /// Globals that it sets to a value of which nothing is known.
    pub(super) unclear: Vec<GlobalIdx>,
    /// Mutable globals at whose values its bulk writes of unknown length begin.
    pub bulk_bases: Vec<GlobalIdx>,
    /// Whether it writes or grows a table.
    pub writes_table: bool,
    /// Whether it may grow a memory.
    pub grows_memory: bool,
    /// Whether it has effects that are not modelled.
    pub opaque: bool,
}

/// A load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load {
    /// The memory.
    pub memory: MemoryIdx,
    /// Where it reads.
    pub target: Target,
    /// Length in bytes; `u64::MAX` if unknown.
    pub bytes: u64,
}

/// A store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Store {
    /// The memory.
    pub memory: MemoryIdx,
    /// Where it goes.
    pub target: Target,
    /// Length in bytes; `u64::MAX` if unknown.
    pub bytes: u64,
    /// How far it may begin below its pointer, in bytes; `u64::MAX` if that has no bound.
    pub below: u64,
}

/// Where a store or a load goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A constant address.
    At(u64),
    /// The value of a global plus an offset; `None` if the offset is unknown. Normally in a stack frame.
    Global(GlobalIdx, Option<u64>),
    /// A parameter plus an offset; `None` if the offset is unknown.
    Param(u32, Option<u64>),
    /// An unknown distance from this address, which may be that of an array, or from an unknown one.
    Near(u64),
    /// An unknown address.
    Loose,
}

/// The callee of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A function.
    Direct(FuncIdx),
    /// Any function of a type in a table.
    Indirect(TypeIdx, TableIdx),
}

/// An argument that is the address of an object, or computed from a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pass {
    /// Who gets it.
    pub callee: Callee,
    /// The parameter that it becomes.
    pub param: u32,
    /// What is passed.
    pub passed: Passed,
    /// How far it may be below its pointer, in bytes; `u64::MAX` if that has no bound.
    pub below: u64,
}

/// What is passed as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// A constant.
    Constant(u64),
    /// At an unknown distance from a constant.
    Near(u64),
    /// A parameter of the caller, plus an offset; `None` if the offset is unknown.
    Param(u32, Option<u64>),
    /// The value of a global, plus an offset; `None` if the offset is unknown.
    Global(GlobalIdx, Option<u64>),
    /// Any value minus a constant.
    Other,
}
