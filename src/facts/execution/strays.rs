//! What may have been written behind the execution's back: by code that was not executed, and through unknown addresses.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::heap::{Exposure, Judge};
use super::reads::Assumption;
use super::site::Cell;
use super::value::{LOWEST_OBJECT, Value};
use crate::component::index_space::TypeIdx;
use crate::facts::effects::{Address, Effects, Loose, Pointers, Reach};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, MemoryId, TableId};

/// Everything that was written unseen since instantiation began.
#[derive(Debug, Clone)]
pub struct Strays<'f, 'a> {
    effects: &'f Effects<'f, 'a>,
    /// Code that was not executed.
    reach: Reach,
    /// Stores through unknown addresses by code that was executed.
    loose: BTreeSet<Loose>,
    /// Addresses of objects that such stores may be based on, besides those that the code names.
    objects: BTreeSet<(MemoryId, u64)>,
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
    all: Option<Reach>,
    /// The addresses that this code holds.
    pointers: FxHashMap<MemoryId, Pointers<'f>>,
}

impl<'f, 'a> Strays<'f, 'a> {
    pub(super) fn new(effects: &'f Effects<'f, 'a>, roots: Vec<CoreFunc>, ignored: bool) -> Self {
        Strays {
            effects,
            reach: Reach::default(),
            loose: BTreeSet::new(),
            objects: BTreeSet::new(),
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
            self.reach.add(&self.effects.summaries, func);
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
        let near = bases.iter().flat_map(|bases| bases.objects.iter()).map(|at| Address::Near(*at));
        for address in exact.chain(near) {
            if self.reach.pass(&self.effects.summaries, callees.map(<[_]>::to_vec), param, address)
            {
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
        self.reach.add_indirect(&self.effects.summaries, instance, ty, table);
        if self.reach.functions().len() > before {
            self.renew();
        }
    }

    /// Records a store through an unknown address, with the objects that it may be based on.
    pub(super) fn add_loose(&mut self, loose: Loose, objects: &[u64]) {
        let mut is_new = self.loose.insert(loose);
        for object in objects {
            is_new |= self.objects.insert((loose.memory, *object));
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
        let loose =
            || self.reach.loose.iter().chain(&self.loose).filter(|loose| loose.memory == memory);
        if loose().next().is_none() {
            return Exposure::Untouched;
        }
        if loose().any(|loose| !loose.disciplined) {
            return Exposure::Written;
        }
        // Where objects are as low as numbers, a pointer looks like a number.
        let first = self.effects.world().memories[memory].segments.first();
        if first.is_some_and(|first| first < LOWEST_OBJECT) || start < LOWEST_OBJECT {
            return Exposure::Written;
        }
        let boundaries = self.effects.boundaries(memory);
        // A pointer to an object's beginning, plus the constant part of the address. Code without objects of its own, such
        // as an adapter, fills objects from their beginning.
        let nearest = self.object_in(memory, 0, end - 1);
        let mut hit = None;
        for loose in loose().filter(|loose| loose.has_objects || loose.offset == 0) {
            let low = start.saturating_sub(loose.offset.saturating_add(loose.bytes - 1));
            let Some(high) = (end - 1).checked_sub(loose.offset) else { continue };
            let Some(object) = self.object_in(memory, low, high) else { continue };
            // The object ends before another one of which a pointer is held.
            if object >= start || !boundaries.holds_between(object, start) {
                return Exposure::Written;
            }
            hit = Some(hit.map_or(object, |hit: u64| hit.min(object)));
        }
        // Any other pointer stays in its object; the nearest one must end before the cell. It is taken to if another pointer
        // is held between them, or if its data end there.
        match nearest {
            None => Exposure::Assumed(Assumption::PointersStayInObjects),
            Some(object) if object < start && boundaries.holds_between(object, start) => {
                let object = hit.map_or(object, |hit| hit.min(object));
                Exposure::Assumed(Assumption::ObjectEndsBefore { object, cell: start })
            }
            Some(_) => Exposure::Written,
        }
    }

    /// The greatest address from `low` to `high` of an object that a stray store may be based on.
    fn object_in(&self, memory: MemoryId, low: u64, high: u64) -> Option<u64> {
        let taken = self.pointers.get(&memory).and_then(|pointers| pointers.last_in(low, high));
        if low > high {
            return None;
        }
        let own = self.objects.range((memory, low)..=(memory, high)).next_back();
        let passed = self.reach.objects.range(low..=high).next_back();
        taken.max(own.map(|(_, object)| *object)).max(passed.copied())
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
                all
            });
            let initial = self.effects.initial(memory);
            let pointers = Pointers::of(&self.effects.summaries, memory, all, initial);
            self.pointers.insert(memory, pointers);
        }
        let exposure = self.judge(cell);
        self.judged.insert(cell, exposure);
        exposure
    }
}
