//! A written cell or global, and the join of two states of it.

use std::sync::Arc;

use crate::facts::execution::site::{Cell, Site};
use crate::facts::execution::value::Value;

/// A cell or global that some code wrote, outside of stack frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The location.
    pub cell: Cell,
    /// The call that changed it last; 0 if that is instantiation, or if it holds what it held before the call.
    pub call: u32,
    /// A store that its value may come from.
    pub store: Option<Site>,
}

/// A store that a cell's value may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Store {
    site: Site,
    /// The value stored; `None` if it is not one constant.
    value: Option<u64>,
}

/// The stores of a cell that are remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stores {
    first: Store,
    second: Option<Arc<Store>>,
}

/// A cell or global that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// Length in bytes; 0 for a global.
    pub(super) width: u8,
    pub(super) value: Value,
    pub(super) by: Option<Stores>,
    /// Whether it is in a stack frame.
    pub(super) frame: bool,
    /// The number of the call; 0 is instantiation.
    pub(super) call: u32,
    /// `Heap::time` at the write.
    pub(super) time: u32,
}

impl Written {
    pub(super) fn new(width: u8, value: Value, frame: bool, call: u32, time: u32) -> Self {
        Written { width, value, by: None, frame, call, time }
    }

    /// The cell, written by a store.
    pub(super) fn by(self, site: Site) -> Self {
        let first = Store { site, value: self.value.single() };
        Written { by: Some(Stores { first, second: None }), ..self }
    }

    /// A store that the value may come from.
    pub(super) fn store(&self) -> Option<Site> {
        self.by.as_ref().map(|stores| stores.first.site)
    }

    pub(super) fn join(&mut self, other: &Written, thresholds: Option<&[u64]>) {
        if self == other {
            return;
        }
        if self.frame != other.frame {
            self.value = Value::ANY;
        }
        self.time = self.time.min(other.time);
        if other.call > self.call {
            (self.call, self.by) = (other.call, other.by.clone());
        } else if other.call == self.call {
            if let (Some(own), Some(others)) = (&mut self.by, &other.by) {
                if own.second.is_none() {
                    own.second = match others.first == own.first {
                        true => others.second.clone().filter(|store| **store != own.first),
                        false => Some(Arc::new(others.first)),
                    };
                }
            } else if self.by.is_none() {
                self.by.clone_from(&other.by);
            }
        }
        self.join_value(&other.value, thresholds);
    }

    /// Joins the value from before any write.
    pub(super) fn join_initial(&mut self, initial: &Value, thresholds: Option<&[u64]>) {
        self.time = 0;
        self.join_value(initial, thresholds);
    }

    pub(super) fn join_value(&mut self, other: &Value, thresholds: Option<&[u64]>) {
        self.value = match thresholds {
            Some(thresholds) => self.value.widen(other, thresholds),
            None => self.value.join(other),
        };
    }

    /// Excludes the value from before the call, and the stores of it. Whether that changes anything.
    pub(super) fn exclude(&mut self, old: &Value) -> bool {
        let excluded = old.single().and_then(|old| Some((old, self.value.without(old)?)));
        let Some((old, value)) = excluded else { return false };
        self.value = value;
        let restores = |store: &Store| store.value == Some(old);
        if let Some(Stores { first, second: Some(second) }) = &self.by
            && restores(first) != restores(second)
        {
            let first = if restores(first) { **second } else { *first };
            self.by = Some(Stores { first, second: None });
        }
        true
    }

    pub(super) fn settle(&mut self, old: &Value) {
        if self.value.single().is_some() && self.value.single() == old.single() {
            self.call = 0;
        }
    }
}
