//! Handles of an instance: which calls of the host create those that stay.

use std::collections::BTreeSet;

use super::Live;
use crate::exec::worker::host::resources;
use crate::exec::worker::host::watch::{Watch, Watched};

impl Live<'_> {
    /// Records the handles of a resource from now on, whenever the guest calls the host.
    pub(crate) fn record_handles(&mut self, resource: &str) {
        let (watched, present) = (watched(resource), Vec::new());
        self.store.data_mut().watch = Some(Watch::Recording { watched, present });
    }

    /// The handles that were recorded: an identity each, for every call of the host.
    pub(crate) fn recorded_handles(&mut self) -> Vec<BTreeSet<u64>> {
        match self.store.data_mut().watch.take() {
            Some(Watch::Recording { present, .. }) => present,
            _ => Vec::new(),
        }
    }

    /// The handles of a resource that stay after the calls so far.
    pub(crate) fn staying_handles(&mut self, resource: &str) -> BTreeSet<u64> {
        let host = self.store.data_mut();
        // What was lent to the last call goes.
        host.begin_call(false);
        watched(resource).present(&mut host.table, &host.handles)
    }

    /// Refuses new handles to the call of the host with this number, counted from 0 from now on, with an error that carries
    /// the call path.
    pub(crate) fn refuse_handle(&mut self, at: usize) {
        let host = self.store.data_mut();
        host.watch = Some(Watch::Refusing { at, calls: 0 });
        host.asks = true;
    }

    /// Refuses handles of any kind beyond this many, with an error that carries the call path.
    pub(crate) fn limit_handles(&mut self, most: usize) {
        self.store.set_max_component_handles(most);
        self.store.data_mut().asks = true;
    }
}

fn watched(resource: &str) -> Watched {
    Watched { name: resource.to_owned(), types: resources::entry_types(resource) }
}
