//! A written cell or global, and the join of two states of it.

use crate::facts::execution::site::Site;
use crate::facts::execution::value::Value;

/// Most stores remembered of one cell.
const MOST_STORES: usize = 2;

/// A store that a cell's value may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Store {
    site: Site,
    /// The value stored; `None` if it is not one constant.
    value: Option<u64>,
}

/// A cell or global that was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// Length in bytes; 0 for a global.
    pub(super) width: u8,
    pub(super) value: Value,
    pub(super) by: [Option<Store>; MOST_STORES],
    pub(super) literal: bool,
    /// The number of the call; 0 is instantiation.
    pub(super) call: u32,
    /// `Heap::skipped_calls` at the write.
    pub(super) skipped_calls: u32,
}

impl Written {
    /// The cell, written by a store.
    pub(super) fn by(mut self, site: Site) -> Self {
        self.by = [Some(Store { site, value: self.value.single() }), None];
        self
    }

    /// A store that the value may come from.
    pub(super) fn store(&self) -> Option<Site> {
        self.by.iter().flatten().next().map(|store| store.site)
    }

    pub(super) fn join(&mut self, other: &Written, widen: bool) {
        self.literal &= other.literal;
        self.skipped_calls = self.skipped_calls.min(other.skipped_calls);
        if other.call > self.call {
            (self.call, self.by) = (other.call, other.by);
        } else if other.call == self.call {
            for store in other.by.into_iter().flatten() {
                let known = self.by.contains(&Some(store));
                let room = self.by.iter_mut().find(|slot| slot.is_none() && !known);
                if let Some(slot) = room {
                    *slot = Some(store);
                }
            }
        }
        self.join_value(&other.value, widen);
    }

    /// Joins the value from before any write.
    pub(super) fn join_initial(&mut self, initial: &Value, widen: bool) {
        self.skipped_calls = 0;
        self.join_value(initial, widen);
    }

    fn join_value(&mut self, other: &Value, widen: bool) {
        let joined = self.value.join(other);
        if widen && !joined.same(&self.value) {
            self.value = joined.widened();
        } else {
            self.value = joined;
        }
    }

    pub(super) fn exclude(&mut self, old: &Value) -> bool {
        let excluded = old.single().and_then(|old| Some((old, self.value.without(old)?)));
        match excluded {
            Some((old_value, value)) => {
                self.value = value;
                // A store of the excluded value did not change the cell.
                let restores = |store: &Store| store.value == Some(old_value);
                if self.by.iter().flatten().any(|store| !restores(store)) {
                    self.by = self.by.map(|store| store.filter(|store| !restores(store)));
                }
                true
            }
            None => false,
        }
    }

    pub(super) fn settle(&mut self, old: &Value) {
        if self.value.single().is_some() && self.value.single() == old.single() {
            self.call = 0;
        }
    }
}
