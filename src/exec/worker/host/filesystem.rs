//! `wasi:filesystem` 0.2 and 0.3 on the scratch directory: replaces wasmtime-wasi's implementation and uses its bindings.

#[macro_use]
mod shared;
mod preview2;
mod preview3;

use wasmtime::component::{HasData, Linker, Resource, ResourceTable, ResourceTableError};
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::{p2, p3};

use super::Host;
use super::files::{Files, Open};

/// Replaces `wasi:filesystem` in a linker, which has to allow shadowing.
pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    p2::bindings::filesystem::types::add_to_linker::<_, Scratch>(linker, View::of)?;
    p2::bindings::filesystem::preopens::add_to_linker::<_, Scratch>(linker, View::of)?;
    p3::bindings::filesystem::types::add_to_linker::<_, Scratch>(linker, View::of)?;
    p3::bindings::filesystem::preopens::add_to_linker::<_, Scratch>(linker, View::of)
}

/// A new descriptor of the scratch directory.
pub(super) fn open_root(host: &mut Host) -> wasmtime::Result<Resource<Descriptor>> {
    let mut view = View::of(host);
    Ok(view.push(view.files.open_root())?)
}

/// Names [`View`] to the bindings.
struct Scratch;

impl HasData for Scratch {
    type Data<'a> = View<'a>;
}

/// The part of the host for which the bindings are implemented.
struct View<'a> {
    files: &'a Files,
    table: &'a mut ResourceTable,
}

impl View<'_> {
    fn of(host: &mut Host) -> View<'_> {
        host.enter();
        View { files: &host.files, table: &mut host.table }
    }

    /// The preopened directories: one.
    fn preopens(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        Ok(vec![(self.push(self.files.open_root())?, "/".to_owned())])
    }

    fn get(&self, descriptor: &Resource<Descriptor>) -> Result<&Open, ResourceTableError> {
        self.table.get(&Resource::new_borrow(descriptor.rep()))
    }

    /// The bindings use wasmtime's own type of descriptors for the handle only: its entry in the table is an [`Open`].
    fn push(&mut self, open: Open) -> Result<Resource<Descriptor>, ResourceTableError> {
        Ok(Resource::new_own(self.table.push(open)?.rep()))
    }

    fn close(&mut self, descriptor: &Resource<Descriptor>) -> Result<(), ResourceTableError> {
        self.table.delete(Resource::<Open>::new_own(descriptor.rep())).map(drop)
    }
}
