//! The host's side of handles outside WASI: resources that are stubbed, by name. Also keeps the WASI resources that are
//! lent to the current call, which do not count as the guest's.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::ResourceTable;

use super::limits::{MOST_HANDLES, Reached};
use crate::observation::Limit;

/// The representation of a stubbed resource that is lent. It is not counted.
pub(crate) const LENT: u32 = 0;

/// Handles that one instance owns or was lent.
#[derive(Debug, Default)]
pub(crate) struct Handles {
    /// The stubbed resources that the guest owns: representation and resource name.
    stubbed: BTreeMap<u32, Arc<str>>,
    /// The representation that was assigned last.
    last: u32,
    /// The WASI resources that are lent, by their entry in the host's resource table.
    pub(super) lent: BTreeMap<u32, Lent>,
    /// How many times each stubbed function was called since the call of the export began.
    calls: BTreeMap<Arc<str>, u32>,
    /// Whether stubbed functions return `some` and lists of one element instead of nothing.
    pub(crate) generous: bool,
}

/// A WASI resource that is lent for the time of a call.
#[derive(Debug)]
pub(super) struct Lent {
    pub(super) name: &'static str,
    /// Deletes its entry; false if other entries depend on it.
    pub(super) delete: fn(&mut ResourceTable, u32) -> bool,
}

impl Handles {
    /// The representation of a new stubbed resource, for a handle that the guest will own.
    pub(crate) fn create(&mut self, name: &Arc<str>) -> Result<u32, Reached> {
        if self.stubbed.len() >= MOST_HANDLES {
            return Err(Reached(Limit::Handles));
        }
        self.last = self.last.wrapping_add(1).max(LENT + 1);
        self.stubbed.insert(self.last, Arc::clone(name));
        Ok(self.last)
    }

    /// Removes a stubbed resource whose handle was dropped or given back.
    pub(super) fn remove(&mut self, representation: u32) {
        self.stubbed.remove(&representation);
    }

    /// The representations of the stubbed resources of this name that the guest owns.
    pub(super) fn of_name(&self, name: &str) -> impl Iterator<Item = u32> {
        self.stubbed.iter().filter(move |(_, it)| ***it == *name).map(|(number, _)| *number)
    }

    /// How many stubbed resources the guest owns, by name.
    pub(super) fn stubbed(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for name in self.stubbed.values() {
            *counts.entry(&**name).or_insert(0) += 1;
        }
        counts
    }

    /// Deletes what was lent to the call before. An entry on which others depend stays until they are gone.
    pub(super) fn begin_call(&mut self, table: &mut ResourceTable) {
        self.calls.clear();
        self.generous = false;
        self.lent.retain(|entry, lent| !(lent.delete)(table, *entry));
    }

    /// Counts a call of a stubbed function. Returns how many came before it in this call of the export.
    pub(super) fn count_call(&mut self, function: &Arc<str>) -> u32 {
        let calls = self.calls.entry(Arc::clone(function)).or_insert(0);
        *calls += 1;
        *calls - 1
    }
}
