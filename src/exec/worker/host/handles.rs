//! The host's side of handles that are not WASI's: resources that are made up, by name. Owns, too, what is
//! lent to a call for its time: that is no handle of the guest's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::MOST_HANDLES;
use super::limits::Reached;
use super::resources::Kind;
use crate::observation::Limit;

/// The representation of a made-up resource that is lent: nobody counts it.
pub(in crate::exec::worker) const LENT: u32 = 0;

/// Handles that one instance holds or was lent.
#[derive(Debug, Default)]
pub(in crate::exec::worker) struct Handles {
    /// Made-up resources that the guest owns: representation and resource name.
    made_up: BTreeMap<u32, Arc<str>>,
    /// The representation given last.
    last: u32,
    /// Resources of WASI that are lent: entries of the host's resource table.
    pub(super) lent: BTreeMap<u32, &'static Kind>,
    /// How many times each stubbed function was called since the call of the export began.
    calls: BTreeMap<Arc<str>, u32>,
    /// Whether stubbed functions return `some` and lists of one element instead of nothing.
    pub(in crate::exec::worker) generous: bool,
}

impl Handles {
    /// The representation of a new made-up resource, for a handle that the guest will own.
    pub(in crate::exec::worker) fn make(&mut self, name: &Arc<str>) -> Result<u32, Reached> {
        if self.made_up.len() >= MOST_HANDLES {
            return Err(Reached(Limit::Handles));
        }
        self.last = self.last.wrapping_add(1).max(LENT + 1);
        self.made_up.insert(self.last, Arc::clone(name));
        Ok(self.last)
    }

    /// Forgets a made-up resource: its handle was dropped, or given back.
    pub(super) fn forget(&mut self, representation: u32) {
        self.made_up.remove(&representation);
    }

    /// How many made-up resources the guest holds, by name.
    pub(super) fn made_up(&self) -> BTreeMap<&str, u64> {
        let mut held = BTreeMap::new();
        for name in self.made_up.values() {
            *held.entry(&**name).or_insert(0) += 1;
        }
        held
    }

    /// Forgets which stubbed functions were called.
    pub(super) fn begin_call(&mut self) {
        self.calls.clear();
        self.generous = false;
    }

    /// Counts a call of a stubbed function; how many there were before in this call of the export.
    pub(super) fn count(&mut self, function: &Arc<str>) -> u32 {
        let calls = self.calls.entry(Arc::clone(function)).or_insert(0);
        *calls += 1;
        *calls - 1
    }
}
