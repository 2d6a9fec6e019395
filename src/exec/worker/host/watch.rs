//! Which call of the host creates a handle that stays: the handles of one resource are recorded whenever the guest calls the
//! host, and in a later run the call that created one is refused.

use std::any::TypeId;
use std::collections::BTreeSet;

use wasmtime::component::ResourceTable;

use super::handles::Handles;
use super::limits::MOST_HANDLES;

/// A resource whose handles are watched.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    /// Its name: `wasi:io/poll pollable`.
    pub(crate) name: String,
    /// The types of its entries in the host's table; none if it is stubbed.
    pub(crate) types: Vec<TypeId>,
}

/// What is done when the guest calls the host.
#[derive(Debug)]
pub(crate) enum Watch {
    /// The handles that exist then are recorded.
    Recording { watched: Watched, present: Vec<BTreeSet<u64>> },
    /// The call with number `at`, from 0, gets no new handle.
    Refusing { at: usize, calls: usize },
}

/// Takes a free entry of the table.
struct Filler;

impl Watched {
    /// The handles that exist, those that are lent included. Each has a number that no other has while it exists: the
    /// representation of a stubbed one, and of one of WASI where the host keeps it.
    pub(crate) fn present(&self, table: &mut ResourceTable, handles: &Handles) -> BTreeSet<u64> {
        if self.types.is_empty() {
            return handles.of_name(&self.name).map(u64::from).collect();
        }
        let entries = table.iter_mut().filter(|entry| self.types.contains(&(**entry).type_id()));
        entries.map(|entry| std::ptr::from_mut(entry).cast::<()>().addr() as u64).collect()
    }
}

impl Watch {
    /// Called at the beginning of each call of the host.
    pub(super) fn step(&mut self, table: &mut ResourceTable, handles: &Handles) {
        match self {
            Watch::Recording { watched, present } => present.push(watched.present(table, handles)),
            Watch::Refusing { at, calls } => {
                if calls == at {
                    fill(table);
                } else if *calls == *at + 1 {
                    table.set_max_capacity(MOST_HANDLES);
                }
                *calls += 1;
            }
        }
    }

    /// Whether the call of the host that has begun is refused.
    pub(super) fn refuses(&self) -> bool {
        matches!(self, Watch::Refusing { at, calls } if *calls == *at + 1)
    }
}

/// Leaves no room in the table.
fn fill(table: &mut ResourceTable) {
    table.set_max_capacity(0);
    while table.push(Filler).is_ok() {}
}
