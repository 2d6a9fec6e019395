//! What a call of an export may leave changed, by location: by what its code may write, and by what two abstract calls
//! leave. Says "may" only: a location that is not listed can still be written through a pointer.

pub(in crate::facts) mod locations;
pub mod runtime;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::facts::body::Bodies;
use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::{EntryPoint, HostCall};
use crate::facts::execution::heap::Heap;
use crate::facts::execution::{Cell, Site};
use crate::facts::instantiation::CoreFunc;
use crate::facts::trials::{Trial, Trials};
use crate::inventory::{Grade, Runtime};
use locations::{Access, Accesses};
pub use locations::{Func, Place};
use runtime::Runtimes;

/// Builtins that make a handle.
const MAKERS: [&str; 5] =
    ["resource.new", "stream.new", "future.new", "error-context.new", "waitable-set.new"];

/// What may survive a call.
#[derive(Debug, Default)]
pub struct Survival {
    /// The locations, in the order of their addresses, globals last.
    pub locations: Vec<Survivor>,
    /// Whether a memory may grow.
    pub grows_memory: bool,
    /// Whether a table may be written.
    pub writes_tables: bool,
    /// The builtins that may make a handle.
    pub creates: BTreeSet<&'static str>,
    /// Whether code also writes through pointers that are not followed.
    pub through_pointers: bool,
    /// Whether code may run that is not known.
    pub unknown_code: bool,
}

/// A location that may be changed after the call.
#[derive(Debug, Clone)]
pub struct Survivor {
    /// Where it is.
    pub place: Place,
    /// How much of it outlives a call.
    pub grade: Grade,
    /// What it belongs to by the functions that write it, if not to the program.
    pub runtime: Option<Runtime>,
    /// The functions that may write it.
    pub writers: Vec<Func>,
    /// A store of the first call that changes it, if that call was followed there.
    pub store: Option<Site>,
    /// The functions of all exports that may read it.
    pub readers: Vec<Func>,
}

/// What the questions about all exports of a component share.
#[derive(Debug)]
pub struct Survivals<'f, 'a> {
    effects: &'f Effects<'f, 'a>,
    trials: Trials<'f, 'a>,
    runtimes: &'f Runtimes,
    reads: Accesses,
}

impl<'f, 'a> Survivals<'f, 'a> {
    /// Finds what the exports may read.
    pub fn of(
        effects: &'f Effects<'f, 'a>,
        bodies: &'f Bodies<'a>,
        entry_points: &[EntryPoint<'_>],
        runtimes: &'f Runtimes,
    ) -> Self {
        let mut all = Reach::default();
        let calls = entry_points.iter().filter_map(|it| it.call.as_ref());
        for step in calls.flat_map(|call| &call.steps) {
            all.add(&effects.summaries, step.func);
        }
        for destructor in &effects.world().destructors {
            all.add(&effects.summaries, *destructor);
        }
        let reads = Accesses::reads(&effects.summaries, &all);
        Survivals { effects, trials: Trials::new(effects, bodies).whole(), runtimes, reads }
    }

    /// What may survive a call of an export.
    pub fn survival(&self, call: &HostCall) -> Survival {
        let summaries = &self.effects.summaries;
        let mut reach = Reach::default();
        call.steps.iter().for_each(|step| reach.add(summaries, step.func));
        let mut survival = Survival {
            writes_tables: reach.writes_table,
            unknown_code: reach.is_unbounded(false),
            through_pointers: !reach.loose.is_empty(),
            ..Survival::default()
        };
        let world = self.effects.world();
        for func in reach.functions() {
            match func {
                CoreFunc::Defined(instance, func) => {
                    let module = world.core_instances[*instance].module;
                    let summary = summaries.get(module, *func);
                    survival.grows_memory |= summary.is_some_and(|it| it.grows_memory);
                }
                CoreFunc::Builtin(id) => {
                    let name = world.builtins[*id].name;
                    survival.creates.extend(MAKERS.contains(&name).then_some(name));
                }
                CoreFunc::Lowered(_) | CoreFunc::Unknown => {}
            }
        }
        let trial = self.trials.call_twice(call);
        let calls = Calls::of(&trial);
        let mut writes = Accesses::writes(summaries, &reach);
        for (cell, store) in calls.changed() {
            writes.add_cell(world, cell, (store.instance, store.func));
        }
        for access in writes.locations() {
            survival.locations.extend(self.survivor(access, &calls));
        }
        survival
    }

    /// The location of writes; `None` if the abstract calls show that it is as before when the call returns.
    fn survivor(&self, access: Access, calls: &Calls) -> Option<Survivor> {
        let Access { place, funcs: writers } = access;
        let readers = self.reads.of(place);
        let runtime = self.runtimes.of_all(self.effects.world(), &writers);
        let grade = match calls.fate(place, &writers) {
            Some(Fate::Restored) => return None,
            _ if runtime.is_some() => Grade::Runtime,
            Some(Fate::Cached) => Grade::Cached,
            _ if readers.is_empty() => Grade::Unread,
            _ => Grade::Kept,
        };
        let store = calls.store(place);
        Some(Survivor { place, grade, runtime, writers, store, readers })
    }
}

/// What becomes of a location in two abstract calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The first call leaves it as it was.
    Restored,
    /// The first call changes it, the second does not write it.
    Cached,
}

/// The cells that two abstract calls wrote.
struct Calls {
    /// By address: the last call that changed it, after the first and after the second, and a store.
    cells: FxHashMap<Cell, (u32, Option<u32>, Option<Site>)>,
}

impl Calls {
    fn of(trial: &Trial) -> Self {
        let mut cells = FxHashMap::default();
        let heap = |ending: &crate::facts::execution::Ending| -> Vec<_> {
            ending.returned.as_ref().map(|(_, heap)| Heap::kept(heap)).unwrap_or_default()
        };
        for kept in heap(&trial.first) {
            cells.insert(kept.cell, (kept.call, None, kept.store));
        }
        for kept in trial.second.iter().flat_map(heap) {
            let entry = cells.entry(kept.cell).or_insert((0, None, kept.store));
            entry.1 = Some(kept.call);
        }
        Calls { cells }
    }

    /// The cells that the first call changed, each with a store.
    fn changed(&self) -> impl Iterator<Item = (Cell, Site)> {
        self.cells
            .iter()
            .filter_map(|(cell, (call, _, store))| (*call == 1).then_some((*cell, (*store)?)))
    }

    /// A store that changed a location in the first call.
    fn store(&self, place: Place) -> Option<Site> {
        let (first, _, store) = self.cells.get(&cell(place)?)?;
        (*store).filter(|_| *first == 1)
    }

    /// What becomes of a location, if one function alone writes it and was executed.
    fn fate(&self, place: Place, writers: &[Func]) -> Option<Fate> {
        let (first, second, store) = self.cells.get(&cell(place)?)?;
        let store = (*store)?;
        if writers != [(store.instance, store.func)] {
            return None;
        }
        match (first, second) {
            (0, _) => Some(Fate::Restored),
            (1, Some(1)) => Some(Fate::Cached),
            _ => None,
        }
    }
}

/// The cell that is a location; `None` for one that is longer than a cell.
fn cell(place: Place) -> Option<Cell> {
    Some(match place {
        Place::Memory { memory, start, bytes } => {
            Cell::Memory { memory, address: start, width: u8::try_from(bytes?).ok()? }
        }
        Place::Global(id) => Cell::Global(id),
    })
}
