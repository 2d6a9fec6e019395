//! Accesses to locations that code names, each with the functions that make them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::component::index_space::{FuncIdx, Idx, IndexSpace, MemoryIdx};
use crate::facts::effects::{self, Passed, Reach, Summaries, Summary, Target};
use crate::facts::execution::Cell;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, Instantiation, MemoryId};

/// Most functions remembered of one location.
const MOST_FUNCS: usize = 16;
/// Farthest that a store through an argument is taken to be from the address that was passed, in bytes.
const FARTHEST: u64 = 4096;
/// Most locations of one export.
const MOST_LOCATIONS: usize = 4096;

/// A function of an instance.
pub type Func = (CoreInstanceId, FuncIdx);

/// A location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a memory.
    Memory {
        /// The memory.
        memory: MemoryId,
        /// Its address, in bytes.
        start: u64,
        /// Its length in bytes; `None` for an array of unknown length.
        bytes: Option<u64>,
    },
    /// A global.
    Global(GlobalId),
}

/// The accesses to one location.
#[derive(Debug, Clone)]
pub(in crate::facts) struct Access {
    pub(in crate::facts) place: Place,
    pub(in crate::facts) funcs: Vec<Func>,
}

/// The accesses of some code.
#[derive(Debug, Default)]
pub(in crate::facts) struct Accesses {
    /// By memory and address: the length in bytes, `None` if unknown, and who accesses it.
    memory: BTreeMap<(MemoryId, u64), (Option<u64>, BTreeSet<Func>)>,
    /// The longest length that is known.
    longest: u64,
    globals: BTreeMap<GlobalId, BTreeSet<Func>>,
}

impl Accesses {
    /// What code reads: what its loads name, and what it takes the address of.
    pub(in crate::facts) fn reads(summaries: &Summaries<'_, '_>, code: &Reach) -> Self {
        let mut reads = Accesses::default();
        let world = summaries.world;
        let named = Named::of(summaries);
        each(summaries, code, |instance, func, summary| {
            let by = (instance, func);
            for load in &summary.loads {
                if let Some(memory) = world.memory(instance, load.memory)
                    && let Some((at, bytes)) =
                        named.place(instance, memory, load.target, load.bytes)
                {
                    reads.add(memory, at, bytes, by);
                }
            }
            // Whoever has the address may read the object.
            if let Some(memory) = world.memory(instance, MemoryIdx::new(0)) {
                let passes = summary.passes.iter();
                let passed =
                    passes.filter_map(|pass| named.argument(instance, memory, pass.passed));
                let taken = summary.taken.iter().copied();
                for at in passed.chain(taken.filter(|at| named.objects[memory].contains(at))) {
                    reads.add(memory, at, None, by);
                }
            }
            for global in &summary.gets {
                if let Some(id) = world.global(instance, *global) {
                    reads.add_global(id, by);
                }
            }
        });
        reads
    }

    /// What code writes: what its stores name, and what callees store to through arguments.
    pub(in crate::facts) fn writes(summaries: &Summaries<'_, '_>, code: &Reach) -> Self {
        let mut writes = Accesses::default();
        let world = summaries.world;
        let named = Named::of(summaries);
        let mut passers: BTreeMap<(MemoryId, u64), BTreeSet<Func>> = BTreeMap::new();
        each(summaries, code, |instance, func, summary| {
            let by = (instance, func);
            for store in &summary.stores {
                let Some(memory) = world.memory(instance, store.memory) else { continue };
                if let Some((at, bytes)) = named.place(instance, memory, store.target, store.bytes)
                {
                    writes.add(memory, at, bytes, by);
                }
            }
            for pass in &summary.passes {
                if let Some(memory) = world.memory(instance, MemoryIdx::new(0))
                    && let Some(at) = named.argument(instance, memory, pass.passed)
                {
                    passers.entry((memory, at)).or_default().insert(by);
                }
            }
            for global in &summary.sets {
                if let Some(id) = world.global(instance, *global)
                    && code.sets.contains(&id)
                {
                    writes.add_global(id, by);
                }
            }
        });
        for (memory, at, bytes) in code.stores() {
            if writes.memory.contains_key(&(memory, at)) || !named.objects[memory].contains(&at) {
                continue;
            }
            let near = (memory, at.saturating_sub(FARTHEST))..=(memory, at);
            let passed = passers.range(near).next_back();
            let bytes = (bytes != u64::MAX).then_some(bytes);
            for by in passed.into_iter().flat_map(|(_, funcs)| funcs) {
                writes.add(memory, at, bytes, *by);
            }
        }
        writes
    }

    /// Adds a cell that an abstract call changed, if code or data name its place.
    pub(in crate::facts) fn add_cell(&mut self, world: &Instantiation<'_>, cell: Cell, by: Func) {
        match cell {
            Cell::Global(id) => self.add_global(id, by),
            Cell::Memory { memory, address, width } => {
                let is_static = world.memories[memory].segments.byte(address).is_some();
                if is_static && self.overlapping(memory, address, u64::from(width)).next().is_none()
                {
                    self.add(memory, address, Some(u64::from(width)), by);
                }
            }
        }
    }

    fn add(&mut self, memory: MemoryId, at: u64, bytes: Option<u64>, by: Func) {
        if self.memory.len() >= MOST_LOCATIONS && !self.memory.contains_key(&(memory, at)) {
            return;
        }
        self.longest = self.longest.max(bytes.unwrap_or(0));
        let (known, funcs) = self.memory.entry((memory, at)).or_insert((bytes, BTreeSet::new()));
        *known = (*known).max(bytes);
        if funcs.len() < MOST_FUNCS {
            funcs.insert(by);
        }
    }

    fn add_global(&mut self, id: GlobalId, by: Func) {
        let funcs = self.globals.entry(id).or_default();
        if funcs.len() < MOST_FUNCS {
            funcs.insert(by);
        }
    }

    fn overlapping(
        &self,
        memory: MemoryId,
        start: u64,
        len: u64,
    ) -> impl Iterator<Item = &BTreeSet<Func>> {
        let end = start.saturating_add(len.max(1));
        let first = (memory, start.saturating_sub(self.longest));
        let near = self.memory.range(first..(memory, end));
        near.filter(move |((_, at), (bytes, _))| at.saturating_add(bytes.unwrap_or(1)) > start)
            .map(|(_, (_, funcs))| funcs)
    }

    /// Who accesses a location.
    pub(in crate::facts) fn of(&self, place: Place) -> Vec<Func> {
        let funcs: BTreeSet<Func> = match place {
            Place::Memory { memory, start, bytes } => {
                let near = self.overlapping(memory, start, bytes.unwrap_or(1));
                near.flatten().copied().collect()
            }
            Place::Global(id) => self.globals.get(&id).cloned().unwrap_or_default(),
        };
        funcs.into_iter().take(MOST_FUNCS).collect()
    }

    /// The locations: overlapping accesses are one.
    pub(in crate::facts) fn locations(self) -> Vec<Access> {
        let mut locations: Vec<Access> = Vec::new();
        for ((memory, start), (bytes, funcs)) in self.memory {
            let funcs: Vec<Func> = funcs.into_iter().collect();
            if let Some(last) = locations.last_mut()
                && let Place::Memory { memory: of, start: first, bytes: Some(known) } = last.place
                && of == memory
                && start < first.saturating_add(known)
            {
                let end = bytes.map(|bytes| start.saturating_add(bytes));
                let bytes = end.map(|end| end.max(first.saturating_add(known)) - first);
                last.place = Place::Memory { memory, start: first, bytes };
                last.funcs.extend(funcs);
                last.funcs.sort_unstable();
                last.funcs.dedup();
                continue;
            }
            locations.push(Access { place: Place::Memory { memory, start, bytes }, funcs });
        }
        let globals = self.globals.into_iter().map(|(id, funcs)| Access {
            place: Place::Global(id),
            funcs: funcs.into_iter().collect(),
        });
        locations.extend(globals);
        locations
    }
}

/// The addresses that instructions name.
struct Named<'s, 'f, 'a> {
    summaries: &'s Summaries<'f, 'a>,
    /// Where the objects of each memory can be. Smaller and larger numbers are sizes, or distances in a stack frame.
    objects: IndexSpace<MemoryId, Range<u64>>,
}

impl<'s, 'f, 'a> Named<'s, 'f, 'a> {
    fn of(summaries: &'s Summaries<'f, 'a>) -> Self {
        let memories = summaries.world.memories.iter();
        let objects = memories.map(|(memory, _)| effects::objects(summaries, memory)).collect();
        Named { summaries, objects }
    }

    /// The address and the length of an access, `None` for an array; `None` if the instruction does not name its place.
    fn place(
        &self,
        instance: CoreInstanceId,
        memory: MemoryId,
        target: Target,
        bytes: u64,
    ) -> Option<(u64, Option<u64>)> {
        let bytes = (bytes != u64::MAX).then_some(bytes);
        match target {
            Target::At(at) => Some((at, bytes)),
            Target::Global(global, offset) => {
                let at = self.summaries.fixed_at(instance, global, memory, offset?)?;
                Some((at, bytes))
            }
            Target::Near(base) => self.objects[memory].contains(&base).then_some((base, None)),
            Target::Param(..) | Target::Loose => None,
        }
    }

    /// The address of the object that an argument points to.
    fn argument(&self, instance: CoreInstanceId, memory: MemoryId, passed: Passed) -> Option<u64> {
        let at = match passed {
            Passed::Constant(at) | Passed::Near(at) => at,
            Passed::Global(global, offset) => {
                self.summaries.fixed_at(instance, global, memory, offset?)?
            }
            Passed::Param(..) | Passed::Other => return None,
        };
        Some(at).filter(|at| self.objects[memory].contains(at))
    }
}

/// Calls `f` for each function that code reaches and that has a body, in their order.
fn each(
    summaries: &Summaries<'_, '_>,
    code: &Reach,
    mut f: impl FnMut(CoreInstanceId, FuncIdx, &Summary),
) {
    let mut funcs: Vec<_> = code.functions().iter().copied().collect();
    funcs.sort_unstable();
    for func in funcs {
        let CoreFunc::Defined(instance, func) = func else { continue };
        let module = summaries.world.core_instances[instance].module;
        if let Some(summary) = summaries.get(module, func) {
            f(instance, func, summary);
        }
    }
}
