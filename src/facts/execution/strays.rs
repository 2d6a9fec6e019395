//! What may have been written behind the execution's back: by code that was not executed, and through unknown addresses.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::heap::{Exposure, Judge};
use super::reads::Assumption;
use super::site::Cell;
use super::value::{LOWEST_OBJECT, Value};
use crate::component::index_space::TypeIdx;
use crate::facts::effects::{self, Address, Effects, Loose, LooseStores, Pointers, Reach};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, MemoryId, TableId};

/// Everything that was written unseen since instantiation began.
#[derive(Debug, Clone)]
pub struct Strays<'f, 'a> {
    effects: &'f Effects<'f, 'a>,
    /// Code that was not executed.
    reach: Arc<Reach>,
    /// Stores through unknown addresses by code that was executed.
    loose: LooseStores,
    /// Addresses of objects that such stores may be based on, besides those that the code names.
    objects: BTreeSet<(MemoryId, u64)>,
    /// The same of stores that do not begin below them.
    arrays: BTreeSet<(MemoryId, u64)>,
    /// Whether anything may have been written anywhere.
    everything: bool,
    /// Whether executed code writes a table, so that its slots are unknown.
    pub tables_written: bool,
    /// Whether nothing that was not seen counts as written.
    ignored: bool,
    judged: FxHashMap<Cell, Exposure>,
    version: u64,
    /// Whether the host may still write the result of a call or read that has not ended.
    pub pending: bool,
    /// The functions that the host calls.
    roots: Vec<CoreFunc>,
    /// All that they reach.
    all: Option<Arc<Reach>>,
    /// The addresses that this code holds.
    pointers: FxHashMap<MemoryId, Arc<Pointers<'f>>>,
}

impl<'f, 'a> Strays<'f, 'a> {
    pub(super) fn new(effects: &'f Effects<'f, 'a>, roots: Vec<CoreFunc>, ignored: bool) -> Self {
        Strays {
            effects,
            reach: Arc::default(),
            loose: LooseStores::default(),
            objects: BTreeSet::new(),
            arrays: BTreeSet::new(),
            everything: false,
            tables_written: false,
            ignored,
            judged: FxHashMap::default(),
            version: 0,
            pending: false,
            roots,
            all: None,
            pointers: FxHashMap::default(),
        }
    }

    /// From now on, the host calls other functions.
    pub(super) fn set_roots(&mut self, roots: Vec<CoreFunc>) {
        (self.roots, self.all) = (roots, None);
        self.pointers.clear();
        self.renew();
    }

    /// Records a function that was not executed.
    pub fn add_func(&mut self, func: CoreFunc) {
        if !self.ignored && !self.reach.functions().contains(&func) {
            Arc::make_mut(&mut self.reach).add(&self.effects.summaries, func);
            self.renew();
        }
    }

    /// Records an argument of a call that was not executed; `None` for unknown callees.
    pub(super) fn add_argument(&mut self, callees: Option<&[CoreFunc]>, param: u32, value: &Value) {
        if self.ignored || value.points_to_frame() {
            return;
        }
        let exact = value.constants().unwrap_or_default().iter();
        let exact = exact.filter(|at| **at >= LOWEST_OBJECT).map(|at| Address::Exact(*at));
        let bases = value.bases().filter(|_| value.constants().is_none());
        let below = bases.as_ref().map_or(0, |bases| bases.below);
        let objects = bases.iter().flat_map(|bases| bases.objects.iter());
        let near = objects.map(|at| Address::Near(*at, below));
        let unknown = (below > 0).then_some(Address::Below(below));
        for address in exact.chain(near).chain(unknown) {
            let reach = Arc::make_mut(&mut self.reach);
            if reach.pass(&self.effects.summaries, callees, param, address) {
                self.renew();
            }
        }
    }

    /// Records functions that were not executed.
    pub fn extend(&mut self, funcs: impl IntoIterator<Item = CoreFunc>) {
        funcs.into_iter().for_each(|func| self.add_func(func));
    }

    /// Records an indirect call that was not executed.
    pub(super) fn add_indirect(&mut self, instance: CoreInstanceId, ty: TypeIdx, table: TableId) {
        if self.ignored {
            return;
        }
        let before = self.reach.functions().len();
        let reach = Arc::make_mut(&mut self.reach);
        reach.add_indirect(&self.effects.summaries, instance, ty, table);
        if self.reach.functions().len() > before {
            self.renew();
        }
    }

    /// Records a store through an unknown address, with the objects that it may be based on.
    pub(super) fn add_loose(&mut self, loose: Loose, objects: &[u64]) {
        let mut is_new = self.loose.insert(loose);
        let bases = if loose.below == 0 { &mut self.arrays } else { &mut self.objects };
        for object in objects {
            is_new |= bases.insert((loose.memory, *object));
        }
        if is_new {
            self.renew();
        }
    }

    /// Records that anything may have been written anywhere.
    pub(super) fn add_everything(&mut self) {
        if !self.everything {
            self.everything = true;
            self.renew();
        }
    }

    /// Whether the contents of tables are unknown.
    pub(super) fn tables_unknown(&self) -> bool {
        self.tables_written
            || self.everything
            || self.reach.writes_table
            || self.reach.is_unbounded(false)
    }

    /// Forgets judgements, because more may have been written than before.
    fn renew(&mut self) {
        self.judged.clear();
        self.version += 1;
    }

    /// Changes whenever more may have been written than before.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    fn judge(&self, cell: Cell) -> Exposure {
        if self.everything || self.reach.is_unbounded(self.tables_written) {
            return Exposure::Written;
        }
        match cell {
            Cell::Global(id) => self.judge_global(id),
            Cell::Memory { memory, address, width } => {
                self.judge_memory(memory, address, address.saturating_add(u64::from(width)))
            }
        }
    }

    fn judge_global(&self, id: GlobalId) -> Exposure {
        if self.reach.sets.contains(&id) { Exposure::Written } else { Exposure::Untouched }
    }

    fn judge_memory(&self, memory: MemoryId, start: u64, end: u64) -> Exposure {
        if self.reach.stores_to(memory, start, end) {
            return Exposure::Written;
        }
        let loose = [self.reach.loose.to(memory), self.loose.to(memory)];
        let Some(loose) = loose.into_iter().flatten().reduce(Loose::join) else {
            return match self.reach.indexes_frames {
                true => Exposure::Assumed(Assumption::PointersStayInObjects),
                false => Exposure::Untouched,
            };
        };
        if !loose.disciplined {
            return Exposure::Written;
        }
        // Where objects are as low as numbers, a pointer looks like a number.
        let first = self.effects.world().memories[memory].segments.first();
        if first.is_some_and(|first| first < LOWEST_OBJECT) || start < LOWEST_OBJECT {
            return Exposure::Written;
        }
        let boundaries = self.effects.boundaries(memory);
        // A pointer from below the cell reaches it if its object does.
        let after = self.object_below(memory, end);
        if after.is_some_and(|object| !boundaries.holds_between(object, start)) {
            return Exposure::Written;
        }
        // One from above reaches it if its object does, and code goes down from it.
        let above = self.object_above(memory, end, loose.below);
        if above.is_some_and(|object| !boundaries.holds_between(end - 1, object)) {
            return Exposure::Written;
        }
        // That it does not go further down than is known is part of the assumption.
        let before = above.or_else(|| self.object_above(memory, end, u64::MAX));
        Exposure::Assumed(match (after, before) {
            (None, None) => Assumption::PointersStayInObjects,
            _ => Assumption::ObjectsAreApart { after, cell: start, before },
        })
    }

    /// The greatest address below `end` of an object that a stray store may be based on.
    fn object_below(&self, memory: MemoryId, end: u64) -> Option<u64> {
        let last = end - 1;
        let taken = self.pointers.get(&memory).and_then(|pointers| pointers.last_in(0, last));
        let own = self.objects.range((memory, 0)..=(memory, last)).next_back();
        let passed = self.reach.objects.range(..=last).next_back();
        let arrays = self.arrays.range((memory, 0)..=(memory, last)).next_back();
        // A smaller number is an index or a distance.
        let first = effects::objects(&self.effects.summaries, memory).start.min(last);
        let stored = self.reach.arrays.range(first..=last).next_back();
        let bases = [own, arrays].into_iter().flatten().map(|(_, object)| *object);
        bases.chain(passed.copied()).chain(stored.copied()).chain(taken).max()
    }

    /// The least such address from `end` on, if it is at most `below` bytes above the last byte before.
    fn object_above(&self, memory: MemoryId, end: u64, below: u64) -> Option<u64> {
        if below == 0 {
            return None;
        }
        let size = self.effects.world().memories[memory].bytes;
        let last = (end - 1).saturating_add(below).min(size);
        if end > last {
            return None;
        }
        let taken = self.pointers.get(&memory).and_then(|pointers| pointers.first_in(end, last));
        let own = self.objects.range((memory, end)..=(memory, last)).next();
        let passed = self.reach.objects.range(end..=last).next();
        let objects = [taken, own.map(|(_, object)| *object), passed.copied()];
        objects.into_iter().flatten().min()
    }
}

impl Judge for Strays<'_, '_> {
    fn exposure(&mut self, cell: Cell) -> Exposure {
        if self.ignored {
            return Exposure::Untouched;
        }
        if let Some(exposure) = self.judged.get(&cell) {
            return *exposure;
        }
        if let Cell::Memory { memory, .. } = cell
            && !self.pointers.contains_key(&memory)
        {
            let all = self.all.get_or_insert_with(|| {
                let mut all = Reach::default();
                self.roots.iter().for_each(|root| all.add(&self.effects.summaries, *root));
                Arc::new(all)
            });
            let initial = self.effects.initial(memory);
            let pointers = Pointers::of(&self.effects.summaries, memory, all, initial);
            self.pointers.insert(memory, Arc::new(pointers));
        }
        let exposure = self.judge(cell);
        self.judged.insert(cell, exposure);
        exposure
    }
}
