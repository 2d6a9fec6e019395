//! Run-once guards, by what they do: a location that the first call changes decides in the second
//! that it traps.

use crate::component::index_space::Idx;
use crate::facts::body::Bodies;
use crate::facts::body::Op;
use crate::facts::call_graph::CallGraph;
use crate::facts::call_graph::Reach;
use crate::facts::execution::Cell;
use crate::facts::execution::Event;
use crate::facts::execution::Site;
use crate::facts::execution::Unfollowed;
use crate::facts::execution::value::Read;
use crate::facts::execution::value::Reads;
use crate::facts::instantiation::Instantiation;
use crate::facts::trials::Trial;

/// A location whose change makes the second call trap.
#[derive(Debug, Clone)]
pub struct RunOnceGuard {
    /// Whether the second call traps on every path.
    pub reaches: Reaches,
    /// What decides.
    pub cell: Cell,
    /// Where the second call reads it.
    pub load: Site,
    /// Where the first call sets it.
    pub store: Option<Site>,
    /// Where the second call traps.
    pub trap: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
}

/// How surely something is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reaches {
    /// On some path, or on a path with a step that could not be followed.
    Maybe,
    /// On every path.
    Always,
}

/// A taken address this close below a cell may be that of an object the cell is part of, bytes.
const OBJECT: u64 = 32;

/// The guard that a trial met, if any.
pub fn of(
    world: &Instantiation<'_>,
    bodies: &Bodies<'_>,
    graph: &CallGraph<'_, '_>,
    trial: &Trial,
) -> Option<RunOnceGuard> {
    let second = trial.second.as_ref()?;
    let never_returns = second.returned.is_none() && !second.traps.is_empty();
    if never_returns {
        let decided = second.traps.iter().find(|trap| trap.pivot.is_some());
        let trap = decided.or(second.traps.first())?;
        let reads = match (&trap.pivot, second.pivots.first()) {
            (Some(pivot), _) | (None, Some(pivot)) => &pivot.reads,
            (None, None) => return None,
        };
        let sure = believed(world, graph, &trial.unfollowed, reads)
            && second
                .traps
                .iter()
                .all(|trap| believed(world, graph, &trial.unfollowed, &trap.assumed));
        let reaches = if sure { Reaches::Always } else { Reaches::Maybe };
        return Some(guard(bodies, world, trap, reads, reaches)?);
    }
    // A trap that the first call cannot come to, although nothing but earlier calls decides.
    let fresh = second.traps.iter().find(|trap| {
        let seen = |first: &&Event| first.site == trap.site && first.stack == trap.stack;
        trap.pivot.is_some() && !trial.first.traps.iter().any(|first| seen(&first))
    })?;
    let reads = &fresh.pivot.as_ref()?.reads;
    guard(bodies, world, fresh, reads, Reaches::Maybe)
}

fn guard(
    bodies: &Bodies<'_>,
    world: &Instantiation<'_>,
    trap: &Event,
    reads: &Reads,
    reaches: Reaches,
) -> Option<RunOnceGuard> {
    let read = reads.list.iter().find(|read| read.earlier.is_some())?;
    // Dividing by what an earlier call left is no decision; the trap is then the operator itself.
    let _ = bodies.get(world.core_instances[trap.site.instance].module, trap.site.func)?;
    Some(RunOnceGuard {
        reaches,
        cell: read.cell,
        load: read.load,
        store: read.earlier,
        trap: trap.site,
        stack: trap.stack.clone(),
    })
}

/// Whether what was read can be believed although code ran unseen: whatever that code can reach
/// neither stores to the cells nor holds their addresses.
pub fn believed(
    world: &Instantiation<'_>,
    graph: &CallGraph<'_, '_>,
    unfollowed: &Unfollowed,
    reads: &Reads,
) -> bool {
    let exposed: Vec<&Read> = reads.list.iter().filter(|read| read.exposed).collect();
    if reads.overflow {
        return false;
    }
    if exposed.is_empty() {
        return true;
    }
    let reach = graph.reach(unfollowed);
    !reach.unbounded
        && exposed.iter().all(|read| read.literal && !touches(world, &reach, unfollowed, read.cell))
}

fn touches(world: &Instantiation<'_>, reach: &Reach, unfollowed: &Unfollowed, cell: Cell) -> bool {
    match cell {
        Cell::Global(id) => reach.functions.iter().any(|function| function.sets.contains(&id)),
        Cell::Memory { memory, address, width } => {
            let end = address.saturating_add(u64::from(width));
            let stores = |(of, at, len): &(_, u64, u64)| {
                *of == memory && *at < end && address < at.saturating_add(*len)
            };
            let is_static = |at: u64| world.memories[memory].segment_byte(at).is_some();
            let holds = |constant: u64| {
                constant == address
                    || (constant < address
                        && address - constant <= OBJECT
                        && is_static(constant) == is_static(address))
            };
            let near = (address.saturating_sub(OBJECT)..=address).filter(|at| holds(*at));
            let near: Vec<u64> = near.collect();
            reach.functions.iter().any(|function| {
                function.stores.iter().any(stores)
                    || near.iter().any(|at| function.constants.contains(at))
            }) || near.iter().any(|at| unfollowed.arguments.contains(at))
        }
    }
}

/// The operator at a site.
pub fn op<'f>(world: &Instantiation<'_>, bodies: &'f Bodies<'_>, site: Site) -> Option<&'f Op> {
    let module = world.core_instances[site.instance].module;
    bodies.get(module, site.func)?.code.get(site.op as usize)
}

/// The number of the function that a site stands in, for messages.
pub fn func_number(site: Site) -> u32 {
    site.func.raw()
}
