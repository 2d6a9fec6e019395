//! Abstract execution of an export's calls, from the state after instantiation. A value is a set of integers, and
//! remembers the cells it was read from and which earlier call wrote them; so a guard is found by its effect.
//!
//! Code that is not executed has the effects of all that it reaches (`facts::effects`). What keeps a store through an
//! unknown address away from a cell is an assumption that the value carries.

pub mod heap;
pub mod reads;
pub mod site;
pub mod steps;
pub mod value;
mod calls;
mod control;
mod machine;
mod memory;
mod state;
mod strays;

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::component::index_space::FuncIdx;
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation, MemoryId};
use heap::Heap;
use reads::{Assumption, Reads};
pub use site::{Cell, Site};
pub use strays::Strays;
use value::Value;

/// A branch that a value from an earlier call decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedBranch {
    /// The branch.
    pub site: Site,
    /// The reads its condition depends on.
    pub reads: Arc<Reads>,
}

/// A trap or a call of `wasi:cli/exit`.
#[derive(Debug, Clone)]
pub struct Event {
    /// The instruction.
    pub site: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
    /// The branch that led to it; `None` if unknown.
    pub branch: Option<Arc<DecidedBranch>>,
    /// For an exit: whether its status is certainly not 0.
    pub failure: bool,
}

/// The endings of a call.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The results and the state after the call; `None` if it does not return.
    pub returned: Option<(Vec<Value>, Heap)>,
    /// What was assumed of the values that decided a branch, a callee or an address.
    pub assumptions: BTreeSet<Assumption>,
    /// Its traps.
    pub traps: Vec<Event>,
    /// Its calls of `wasi:cli/exit`.
    pub exits: Vec<Event>,
    /// Branches that a value from an earlier call decided, in the order of execution.
    pub decided_branches: Vec<Arc<DecidedBranch>>,
}

impl Ending {
    /// The result, if it returns one core value that is known.
    pub fn single_result(&self) -> Option<&Value> {
        match &self.returned.as_ref()?.0[..] {
            [value] => value.single().and(Some(value)),
            _ => None,
        }
    }
}

/// A core function that the host calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    Realloc {
        /// The memory that they are in; `None` if unknown.
        memory: Option<MemoryId>,
        /// Whether every value of the arguments has something to allocate.
        always: bool,
    },
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
#[derive(Debug, Clone)]
pub struct Executor<'f, 'a> {
    world: &'f Instantiation<'a>,
    bodies: &'f Bodies<'a>,
    effects: &'f Effects<'f, 'a>,
    /// Operators that may still be executed in this call.
    fuel: u64,
    /// Part of the fuel that is reserved for the callers of the current function.
    reserve: u64,
    /// The number of the call; 0 is instantiation.
    call: u32,
    stack: Vec<Site>,
    traps: Vec<Event>,
    exits: Vec<Event>,
    decided_branches: Vec<Arc<DecidedBranch>>,
    assumptions: BTreeSet<Assumption>,
    /// Functions that used up their fuel.
    heavy: FxHashSet<(CoreInstanceId, FuncIdx)>,
    /// What may have been written behind the execution's back.
    pub strays: Strays<'f, 'a>,
}
