//! Abstract execution: an export's calls followed on values that are a few constants or unknown,
//! from the state that instantiation leaves. What is read in one call from what an earlier call
//! wrote is remembered; that is how a guard is found by what it does, whatever its shape.
//!
//! Assumed: a store to an unknown address does not hit a cell that a decision depends on.

pub mod arithmetic;
pub mod heap;
pub mod value;
mod calls;
mod control;
mod machine;
mod memory;
mod steps;

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::component::index_space::{FuncIdx, TypeIdx};
use crate::facts::body::Bodies;
use crate::facts::instantiation::{
    CoreFunc, CoreInstanceId, GlobalId, Instantiation, MemoryId, TableId,
};
use heap::Heap;
use value::{Reads, Value};

/// A place in the code: one instruction, in one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The instance whose code it is.
    pub instance: CoreInstanceId,
    /// The function.
    pub func: FuncIdx,
    /// Index of the operator in the decoded body.
    pub op: u32,
}

/// An abstract location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Bytes of a memory.
    Memory {
        /// The memory.
        memory: MemoryId,
        /// The address, in bytes.
        address: u64,
        /// Bytes.
        width: u8,
    },
    /// A global.
    Global(GlobalId),
}

/// A branch that was decided by what an earlier call left.
#[derive(Debug, Clone, PartialEq)]
pub struct Pivot {
    /// The branch.
    pub branch: Site,
    /// What its condition was read from.
    pub reads: Rc<Reads>,
}

/// An end that is not a return: a trap, or a call of `wasi:cli/exit`.
#[derive(Debug, Clone)]
pub struct Event {
    /// The instruction.
    pub site: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
    /// The branch without which it would not have come to this, if that is known.
    pub pivot: Option<Rc<Pivot>>,
    /// For an exit: whether its status is known to be another than 0.
    pub failure: bool,
}

/// Code that was entered but not followed: what may have run unseen.
#[derive(Debug, Clone, Default)]
pub struct Unfollowed {
    /// Functions.
    pub functions: FxHashSet<CoreFunc>,
    /// Indirect calls: whatever the table holds of the type, as seen from the instance.
    pub indirect: FxHashSet<(CoreInstanceId, TypeIdx, TableId)>,
    /// Constants that were handed over as arguments, with the instance whose code did it; some are
    /// pointers.
    pub arguments: FxHashSet<(CoreInstanceId, u64)>,
    /// Stores to unknown addresses: they may hit whatever has its address taken.
    pub strays: bool,
    /// Something could not even be named.
    pub anything: bool,
}

/// How a call can end.
#[derive(Debug, Clone)]
pub struct Ending {
    /// What it leaves behind when it returns normally, and the values it returns; `None` if it
    /// does not.
    pub returned: Option<(Vec<Value>, Heap)>,
    /// What the call's decisions were read from, as far as it had to be believed.
    pub relied_on: Reads,
    /// Its traps.
    pub traps: Vec<Event>,
    /// Its calls of `wasi:cli/exit`.
    pub exits: Vec<Event>,
    /// Branches decided by what an earlier call left, in the order in which they were met.
    pub pivots: Vec<Rc<Pivot>>,
}

/// One step of a call.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What the host calls.
    pub func: CoreFunc,
    /// Why.
    pub role: Role,
}

/// Why the host calls a core function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To make room for arguments.
    Realloc,
    /// It is the lifted function.
    Lifted,
    /// To hand over an event, if the function has not finished.
    Callback,
    /// To free the results.
    PostReturn,
    /// At instantiation.
    Start,
}

/// Executes abstractly. One executor serves one export: it learns which functions are too much
/// to follow.
#[derive(Debug)]
pub struct Executor<'f, 'a> {
    world: &'f Instantiation<'a>,
    bodies: &'f Bodies<'a>,
    /// Operators that may still be executed in this call.
    fuel: u64,
    /// Of these, what is left to the callers of the function that runs, so that one heavy function
    /// does not end them all.
    reserve: u64,
    /// The number of the call; 0 is instantiation.
    call: u32,
    stack: Vec<Site>,
    traps: Vec<Event>,
    exits: Vec<Event>,
    pivots: Vec<Rc<Pivot>>,
    relied_on: Reads,
    /// Functions that used up their fuel once.
    heavy: FxHashSet<(CoreInstanceId, FuncIdx)>,
    /// What was entered but not followed.
    pub unfollowed: Unfollowed,
    /// Cells that code which was not followed may write: what they hold is not known.
    pub distrusted: FxHashSet<Cell>,
    /// Whether some code that was followed writes a table, so that slots are no longer known.
    pub tables_written: bool,
    /// Whether what a table holds decided where a call goes.
    pub tables_relied_on: bool,
}
