//! Run-once guards, by what they do: a location that the first call changes decides in the second
//! that it traps.

use crate::facts::execution::value::Reads;
use crate::facts::execution::{Cell, Ending, Event, Site};
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

/// The guard that a trial met, if any.
pub fn of(trial: &Trial) -> Option<RunOnceGuard> {
    let second = trial.second.as_ref()?;
    let certain = if trial.certain { Reaches::Always } else { Reaches::Maybe };
    on_every_path(second, certain)
        .or_else(|| on_some_path(trial, second))
        .or_else(|| on_every_path(trial.second_if_believed.as_ref()?, Reaches::Maybe))
}

/// The guard of a call that does nothing but trap.
fn on_every_path(second: &Ending, reaches: Reaches) -> Option<RunOnceGuard> {
    if second.returned.is_some() {
        return None;
    }
    let decided = second.traps.iter().find(|trap| trap.pivot.is_some());
    let trap = decided.or(second.traps.first())?;
    let pivot = trap.pivot.as_ref().or(second.pivots.first())?;
    guard(trap, &pivot.reads, reaches)
}

/// A trap that the first call cannot come to, although nothing but an earlier call decides.
fn on_some_path(trial: &Trial, second: &Ending) -> Option<RunOnceGuard> {
    let second = trial.second_after_change.as_ref().unwrap_or(second);
    let fresh = second.traps.iter().find(|trap| {
        let same = |first: &Event| first.site == trap.site && first.stack == trap.stack;
        trap.pivot.is_some() && !trial.first.traps.iter().any(same)
    })?;
    guard(fresh, &fresh.pivot.as_ref()?.reads, Reaches::Maybe)
}

fn guard(trap: &Event, reads: &Reads, reaches: Reaches) -> Option<RunOnceGuard> {
    let read = reads.list.iter().find(|read| read.earlier.is_some())?;
    Some(RunOnceGuard {
        reaches,
        cell: read.cell,
        load: read.load,
        store: read.earlier,
        trap: trap.site,
        stack: trap.stack.clone(),
    })
}
