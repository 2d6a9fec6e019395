//! Abstract execution of an export's calls, from the state after instantiation. A value is a few constants or unknown,
//! and remembers the cells it was read from and which earlier call wrote them; so a guard is found by its effect.
//!
//! Assumes that a store to an unknown address does not hit a cell that a branch depends on.

pub mod arithmetic;
pub mod heap;
pub mod value;
mod calls;
mod control;
mod machine;
mod memory;
mod site;
mod state;
mod steps;

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::component::index_space::{FuncIdx, TypeIdx};
use crate::facts::body::Bodies;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation, TableId};
use heap::Heap;
pub use site::{Cell, Site};
use value::{Reads, Value};

/// A branch that a value from an earlier call decided.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidedBranch {
    /// The branch.
    pub site: Site,
    /// The reads its condition depends on.
    pub reads: Rc<Reads>,
}

/// A trap or a call of `wasi:cli/exit`.
#[derive(Debug, Clone)]
pub struct Event {
    /// The instruction.
    pub site: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
    /// The branch that led to it; `None` if unknown.
    pub branch: Option<Rc<DecidedBranch>>,
    /// For an exit: whether its status is certainly not 0.
    pub failure: bool,
}

/// Code that ran but was skipped.
#[derive(Debug, Clone, Default)]
pub struct Skipped {
    /// Functions.
    pub functions: FxHashSet<CoreFunc>,
    /// Indirect calls: instance, type and table.
    pub indirect: FxHashSet<(CoreInstanceId, TypeIdx, TableId)>,
    /// Constants passed as arguments, with the calling instance; some are pointers.
    pub arguments: FxHashSet<(CoreInstanceId, u64)>,
    /// Whether there were stores to unknown addresses, which may hit any object whose address is taken.
    pub unknown_stores: bool,
    /// Whether an unknown function was called.
    pub anything: bool,
}

/// The endings of a call.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The results and the state after the call; `None` if it does not return.
    pub returned: Option<(Vec<Value>, Heap)>,
    /// The reads that branches relied on and that skipped code may have changed.
    pub relied_on: Reads,
    /// Its traps.
    pub traps: Vec<Event>,
    /// Its calls of `wasi:cli/exit`.
    pub exits: Vec<Event>,
    /// Branches that a value from an earlier call decided, in the order of execution.
    pub decided_branches: Vec<Rc<DecidedBranch>>,
}

/// A core function that the host calls.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The function.
    pub func: CoreFunc,
    /// Its role.
    pub role: Role,
}

/// The reason for a call by the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Allocates arguments.
    Realloc,
    /// The lifted function.
    Lifted,
    /// Takes an event, if the function has not finished.
    Callback,
    /// Frees the results.
    PostReturn,
    /// A start function.
    Start,
}

/// Executes the calls of one export. Remembers which functions exceed the budget.
#[derive(Debug)]
pub struct Executor<'f, 'a> {
    world: &'f Instantiation<'a>,
    bodies: &'f Bodies<'a>,
    /// Operators that may still be executed in this call.
    fuel: u64,
    /// Part of the fuel that is reserved for the callers of the current function.
    reserve: u64,
    /// The number of the call; 0 is instantiation.
    call: u32,
    stack: Vec<Site>,
    traps: Vec<Event>,
    exits: Vec<Event>,
    decided_branches: Vec<Rc<DecidedBranch>>,
    relied_on: Reads,
    /// Functions that used up their fuel.
    heavy: FxHashSet<(CoreInstanceId, FuncIdx)>,
    /// Code that was skipped.
    pub skipped: Skipped,
    /// Cells that skipped code may write; their values are unknown.
    pub distrusted: FxHashSet<Cell>,
    /// Whether executed code writes a table, so that its slots are unknown.
    pub tables_written: bool,
    /// Whether the contents of a table decided the callee of a call.
    pub tables_relied_on: bool,
}
