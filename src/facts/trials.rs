//! Two calls of one export on one instance, executed abstractly.
//!
//! Calls beyond the budget are skipped, assuming that they change no cell. Afterwards each assumption that a branch
//! relied on is checked against what the skipped code can reach. Cells that fail the check become unknown, and the
//! calls are repeated.

use rustc_hash::FxHashSet;

use crate::facts::body::Bodies;
use crate::facts::call_graph::{CallGraph, Reach};
use crate::facts::entry_points::HostCall;
use crate::facts::execution::heap::Heap;
use crate::facts::execution::value::{Read, Reads};
use crate::facts::execution::{Cell, Ending, Executor, Role, Skipped, Step};
use crate::facts::instantiation::{ComponentFunc, Instantiation, Start};

/// Most operators executed for one call. A guard is among the first hundred of its function; the rest
/// serves to prove that nothing clears it.
const MOST_FUEL: u64 = 200_000;
/// Fewest operators for one call, however many exports share.
const LEAST_FUEL: u64 = 2_000;
/// Operators that one call of each export gets together.
const SHARED_FUEL: u64 = 4_000_000;
/// Most repetitions of the calls because an assumption failed.
const MOST_ROUNDS: usize = 4;
/// An address this close below a cell may be the address of an object that contains it, in bytes.
const OBJECT: u64 = 64;
/// The same for an address in a data segment, where any number may look like an address.
const NODE: u64 = 16;

/// Operators for each call in a component with this many exports.
fn fuel(exports: usize) -> u64 {
    (SHARED_FUEL / exports.max(1) as u64).clamp(LEAST_FUEL, MOST_FUEL)
}

/// The state after instantiation.
#[derive(Debug)]
pub struct Instantiated {
    /// Memories and globals after all start functions.
    pub heap: Heap,
    /// Code that the start functions called and that was skipped.
    pub skipped: Skipped,
    /// Whether the start functions write a table.
    pub tables_written: bool,
}

/// The endings of two calls.
#[derive(Debug)]
pub struct Trial {
    /// The first call.
    pub first: Ending,
    /// The second call, on the state after the first; `None` if the first does not return.
    pub second: Option<Ending>,
    /// The second call, on the post-state of the first restricted to paths that modified something; `None` if that
    /// is every path.
    pub second_after_change: Option<Ending>,
    /// The second call under the assumptions that failed the check; `None` if all held.
    pub second_unverified: Option<Ending>,
    /// Whether every assumption holds.
    pub certain: bool,
}

/// Executes the start functions.
pub fn instantiate<'a>(world: &Instantiation<'a>, bodies: &Bodies<'a>) -> Instantiated {
    let mut executor = Executor::new(world, bodies);
    let mut heap = Heap::default();
    for start in &world.starts {
        let func = match start {
            Start::Core(func) => *func,
            Start::Component(ComponentFunc::Lifted(id)) => world.lifted[*id].core,
            Start::Component(_) => continue,
        };
        let ending = executor.call(&[Step { func, role: Role::Start }], &heap, 0, MOST_FUEL);
        // If a start function cannot return, there is no instance to call.
        if let Some((_, after)) = ending.returned {
            heap = after;
        }
    }
    let tables_written = executor.tables_written;
    Instantiated { heap, skipped: executor.skipped, tables_written }
}

/// Calls an export twice.
pub fn call_twice<'a>(
    world: &Instantiation<'a>,
    bodies: &Bodies<'a>,
    graph: &CallGraph<'_, 'a>,
    instantiated: &Instantiated,
    call: &HostCall,
) -> Trial {
    let fuel = fuel(world.exports.len());
    let mut distrusted = FxHashSet::default();
    let mut second_unverified = None;
    let mut round = 0;
    loop {
        let mut executor = Executor::new(world, bodies);
        executor.skipped = instantiated.skipped.clone();
        executor.tables_written = instantiated.tables_written;
        executor.distrusted = std::mem::take(&mut distrusted);
        let mut first = executor.call(&call.steps, &instantiated.heap, 1, fuel);
        let second = first.returned.as_mut().map(|(_, heap)| {
            heap.settle(&instantiated.heap, world, 1);
            executor.call(&call.steps, heap, 2, fuel)
        });
        let mut trial = Trial {
            first,
            second,
            second_after_change: None,
            second_unverified: None,
            certain: false,
        };
        let doubts = trial.doubts(world, graph, &executor, call);
        trial.certain = doubts.as_ref().is_some_and(Vec::is_empty);
        round += 1;
        match doubts {
            Some(doubts) if !doubts.is_empty() && round < MOST_ROUNDS => {
                distrusted = executor.distrusted;
                distrusted.extend(doubts);
                second_unverified = second_unverified.or(trial.second);
            }
            _ => {
                let left = trial.first.returned.as_ref();
                let changed = left.and_then(|(_, heap)| heap.changed(&instantiated.heap, world, 1));
                trial.second_after_change =
                    changed.map(|heap| executor.call(&call.steps, &heap, 2, fuel));
                trial.second_unverified = second_unverified;
                return trial;
            }
        }
    }
}

impl Trial {
    /// Cells whose assumed value the skipped code may change; `None` if it may be any.
    fn doubts(
        &self,
        world: &Instantiation<'_>,
        graph: &CallGraph<'_, '_>,
        executor: &Executor<'_, '_>,
        call: &HostCall,
    ) -> Option<Vec<Cell>> {
        let skipped = &executor.skipped;
        let relied_on = self.relied_on();
        let exposed: Vec<_> =
            relied_on.iter().flat_map(|reads| &reads.list).filter(|read| read.exposed).collect();
        if relied_on.iter().any(|reads| reads.overflow) {
            return None;
        }
        let by_table = executor.tables_relied_on && !relied_on.is_empty();
        if exposed.is_empty() && !by_table {
            return Some(Vec::new());
        }
        let reach = graph.reach(skipped);
        // A store to an unknown address may hit any object whose address is taken.
        let all = skipped.unknown_stores.then(|| graph.reach(&everything(world, call)));
        if by_table && reach.functions.iter().any(|function| function.writes_table) {
            return None;
        }
        let doubted = exposed.iter().filter(|read| {
            reach.unbounded
                || !read.literal
                || touches(world, &reach, skipped, read)
                || all.as_ref().is_some_and(|all| holds(world, all, read))
        });
        Some(doubted.map(|read| read.cell).collect())
    }

    /// The reads that a conclusion from the calls relies on: the second never returns, or the first exits.
    fn relied_on(&self) -> Vec<&Reads> {
        match &self.second {
            Some(second) if second.returned.is_none() && !second.decided_branches.is_empty() => {
                vec![&self.first.relied_on, &second.relied_on]
            }
            None if !self.first.exits.is_empty() => vec![&self.first.relied_on],
            _ => Vec::new(),
        }
    }
}

/// The roots of all code that instantiation and the export run.
fn everything(world: &Instantiation<'_>, call: &HostCall) -> Skipped {
    let starts = world.starts.iter().filter_map(|start| match start {
        Start::Core(func) => Some(*func),
        Start::Component(ComponentFunc::Lifted(id)) => Some(world.lifted[*id].core),
        Start::Component(_) => None,
    });
    let functions = starts.chain(call.steps.iter().map(|step| step.func)).collect();
    Skipped { functions, ..Skipped::default() }
}

/// Whether skipped code may write a cell: it stores there, or holds an address from which it reaches the cell.
fn touches(world: &Instantiation<'_>, reach: &Reach, skipped: &Skipped, read: &Read) -> bool {
    let (memory, address, width) = match read.cell {
        Cell::Global(id) => return reach.functions.iter().any(|f| f.sets.contains(&id)),
        Cell::Memory { memory, address, width } => (memory, address, width),
    };
    let end = address.saturating_add(u64::from(width));
    let stores = |(of, at, len): &(_, u64, u64)| {
        *of == memory && *at < end && address < at.saturating_add(*len)
    };
    let near = bases(world, reach, read);
    let passed = skipped.arguments.iter().any(|(instance, at)| {
        near.contains(at)
            && world.core_instances[*instance].memories.iter().any(|(_, it)| *it == Some(memory))
    });
    passed
        || reach.functions.iter().any(|function| function.stores.iter().any(stores))
        || holds(world, reach, read)
}

/// Whether code or a data segment holds an address from which a cell can be reached.
fn holds(world: &Instantiation<'_>, reach: &Reach, read: &Read) -> bool {
    let Cell::Memory { memory, address, .. } = read.cell else { return false };
    let near = bases(world, reach, read);
    let in_code = reach.functions.iter().any(|function| {
        function.memories.contains(&memory) && near.iter().any(|at| function.constants.contains(at))
    });
    let near_enough = |at: &&u64| address - **at <= NODE;
    let nearest: Vec<u64> = near.iter().filter(near_enough).copied().collect();
    in_code || (!near.is_empty() && world.memories[memory].points_to(&nearest))
}

/// The addresses at which an object that contains a cell may begin.
fn bases(world: &Instantiation<'_>, reach: &Reach, read: &Read) -> Vec<u64> {
    let Cell::Memory { memory, address, .. } = read.cell else { return Vec::new() };
    // A segment that nothing stores to is read-only data, so its address does no harm.
    let read_only = read.earlier.is_none()
        && world.memories[memory].segment(address).is_some_and(|segment| {
            let into = |(of, at, _): &(_, u64, u64)| *of == memory && segment.contains(at);
            !reach.functions.iter().any(|function| function.stores.iter().any(into))
        });
    if read_only {
        return Vec::new();
    }
    let is_static = |at: u64| world.memories[memory].segment_byte(at).is_some();
    let near = address.saturating_sub(OBJECT)..=address;
    near.filter(|at| *at == address || is_static(*at) == is_static(address)).collect()
}
