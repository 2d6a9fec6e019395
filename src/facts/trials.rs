//! Two calls of one export on one instance, executed abstractly.
//!
//! Code that is too much to follow is stepped over, and cells are believed to hold what they held.
//! Afterwards each belief that a decision rested on is checked against what that code can reach;
//! cells that fail are not believed any more, and the calls are repeated.

use rustc_hash::FxHashSet;

use crate::facts::body::Bodies;
use crate::facts::call_graph::{CallGraph, Reach};
use crate::facts::entry_points::Road;
use crate::facts::execution::heap::Heap;
use crate::facts::execution::value::{Read, Reads};
use crate::facts::execution::{Cell, Ending, Executor, Role, Step, Unfollowed};
use crate::facts::instantiation::{ComponentFunc, Instantiation, Start};

/// Operators that are executed for one call, at most. A guard is met within the first hundred of
/// its function; the rest is for proving that nothing clears it.
const MOST_FUEL: u64 = 200_000;
/// What one call gets at least, however many exports share.
const LEAST_FUEL: u64 = 2_000;
/// What one call of each export of a component gets together.
const SHARED_FUEL: u64 = 4_000_000;
/// How often the calls are repeated because something was believed that cannot be.
const MOST_ROUNDS: usize = 4;
/// A taken address this close below a cell may be that of an object the cell is part of, bytes.
const OBJECT: u64 = 64;

/// The same for an address that stands in a data segment, where any number may look like one.
const NODE: u64 = 16;

/// The fuel of each call in a component with so many exports.
fn fuel(exports: usize) -> u64 {
    (SHARED_FUEL / exports.max(1) as u64).clamp(LEAST_FUEL, MOST_FUEL)
}

/// What instantiation leaves behind.
#[derive(Debug)]
pub struct Instantiated {
    /// Memories and globals after all start functions.
    pub heap: Heap,
    /// What the start functions entered unseen.
    pub unfollowed: Unfollowed,
    /// Whether they write a table.
    pub tables_written: bool,
}

/// What two calls did.
#[derive(Debug)]
pub struct Trial {
    /// The first call.
    pub first: Ending,
    /// The second, on what the first left; `None` if the first does not return.
    pub second: Option<Ending>,
    /// The second, where the first took the paths on which it changes something; `None` if that
    /// makes no difference.
    pub second_after_change: Option<Ending>,
    /// The second, as it went while everything was believed; `None` if nothing is doubtful.
    pub second_if_believed: Option<Ending>,
    /// Whether everything that was believed can be: what is decided is decided for certain.
    pub certain: bool,
}

/// Runs the start functions.
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
        // A start function that cannot return leaves no instance to call.
        if let Some((_, after)) = ending.returned {
            heap = after;
        }
    }
    let tables_written = executor.tables_written;
    Instantiated { heap, unfollowed: executor.unfollowed, tables_written }
}

/// Calls an export twice.
pub fn call_twice<'a>(
    world: &Instantiation<'a>,
    bodies: &Bodies<'a>,
    graph: &CallGraph<'_, 'a>,
    instantiated: &Instantiated,
    road: &Road,
) -> Trial {
    let fuel = fuel(world.exports.len());
    let mut distrusted = FxHashSet::default();
    let mut second_if_believed = None;
    let mut round = 0;
    loop {
        let mut executor = Executor::new(world, bodies);
        executor.unfollowed = instantiated.unfollowed.clone();
        executor.tables_written = instantiated.tables_written;
        executor.distrusted = std::mem::take(&mut distrusted);
        let mut first = executor.call(&road.steps, &instantiated.heap, 1, fuel);
        let second = first.returned.as_mut().map(|(_, heap)| {
            heap.settle(&instantiated.heap, world, 1);
            executor.call(&road.steps, heap, 2, fuel)
        });
        let mut trial = Trial {
            first,
            second,
            second_after_change: None,
            second_if_believed: None,
            certain: false,
        };
        let doubts = trial.doubts(world, graph, &executor, road);
        trial.certain = doubts.as_ref().is_some_and(Vec::is_empty);
        round += 1;
        match doubts {
            Some(doubts) if !doubts.is_empty() && round < MOST_ROUNDS => {
                distrusted = executor.distrusted;
                distrusted.extend(doubts);
                second_if_believed = second_if_believed.or(trial.second);
            }
            _ => {
                let left = trial.first.returned.as_ref();
                let changed = left.and_then(|(_, heap)| heap.changed(&instantiated.heap, world, 1));
                trial.second_after_change =
                    changed.map(|heap| executor.call(&road.steps, &heap, 2, fuel));
                trial.second_if_believed = second_if_believed;
                return trial;
            }
        }
    }
}

impl Trial {
    /// Cells that were believed and cannot be; `None` if there is no telling which.
    fn doubts(
        &self,
        world: &Instantiation<'_>,
        graph: &CallGraph<'_, '_>,
        executor: &Executor<'_, '_>,
        road: &Road,
    ) -> Option<Vec<Cell>> {
        let unfollowed = &executor.unfollowed;
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
        let reach = graph.reach(unfollowed);
        // What has its address taken anywhere on the way may be hit by a stray store.
        let all = unfollowed.strays.then(|| graph.reach(&everything(world, road)));
        if by_table && reach.functions.iter().any(|function| function.writes_table) {
            return None;
        }
        let doubted = exposed.iter().filter(|read| {
            reach.unbounded
                || !read.literal
                || touches(world, &reach, unfollowed, read)
                || all.as_ref().is_some_and(|all| holds(world, all, read))
        });
        Some(doubted.map(|read| read.cell).collect())
    }

    /// What the calls rest on, if anything is to be said of them: the second never returns, or the
    /// first exits.
    fn relied_on(&self) -> Vec<&Reads> {
        match &self.second {
            Some(second) if second.returned.is_none() && !second.pivots.is_empty() => {
                vec![&self.first.relied_on, &second.relied_on]
            }
            None if !self.first.exits.is_empty() => vec![&self.first.relied_on],
            _ => Vec::new(),
        }
    }
}

/// Every function that instantiation and the export can reach, as roots.
fn everything(world: &Instantiation<'_>, road: &Road) -> Unfollowed {
    let starts = world.starts.iter().filter_map(|start| match start {
        Start::Core(func) => Some(*func),
        Start::Component(ComponentFunc::Lifted(id)) => Some(world.lifted[*id].core),
        Start::Component(_) => None,
    });
    let functions = starts.chain(road.steps.iter().map(|step| step.func)).collect();
    Unfollowed { functions, ..Unfollowed::default() }
}

/// Whether code that ran unseen may write a cell: it stores there, or it holds an address from
/// which the cell can be reached.
fn touches(world: &Instantiation<'_>, reach: &Reach, unseen: &Unfollowed, read: &Read) -> bool {
    let (memory, address, width) = match read.cell {
        Cell::Global(id) => return reach.functions.iter().any(|f| f.sets.contains(&id)),
        Cell::Memory { memory, address, width } => (memory, address, width),
    };
    let end = address.saturating_add(u64::from(width));
    let stores = |(of, at, len): &(_, u64, u64)| {
        *of == memory && *at < end && address < at.saturating_add(*len)
    };
    let near = bases(world, reach, read);
    let handed_over = unseen.arguments.iter().any(|(instance, at)| {
        near.contains(at) && world.core_instances[*instance].memories.contains(&Some(memory))
    });
    handed_over
        || reach.functions.iter().any(|function| function.stores.iter().any(stores))
        || holds(world, reach, read)
}

/// Whether some code, or a data segment, holds an address from which a cell can be reached.
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

/// The addresses that an object which a cell is part of may begin at.
fn bases(world: &Instantiation<'_>, reach: &Reach, read: &Read) -> Vec<u64> {
    let Cell::Memory { memory, address, .. } = read.cell else { return Vec::new() };
    // A segment that nothing stores to is read-only data: to hold its address changes nothing.
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
