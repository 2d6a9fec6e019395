//! The scratch directory: one in memory that every guest finds as `/`, empty or with copies of the author's files, so
//! that no file of the user is in its reach. Files are outside of the instance, and what is looked for is state inside
//! of it: each call begins with the files that there were after instantiation, on a reused instance as
//! on a fresh one. A descriptor that a call left open goes on with what it holds.

mod given;
mod paths;
mod preview2;
mod preview3;
mod tree;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wasmtime::component::{HasData, Linker, Resource, ResourceTable, ResourceTableError};
use wasmtime_wasi::filesystem::Descriptor;
use wasmtime_wasi::{p2, p3};

use super::clock::Clock;
use super::{Host, trace};
use crate::script::GuestFile;
use paths::How;
use tree::{Fault, ROOT, Tree};

/// What is read at once, in bytes.
const AT_ONCE: u64 = 64 << 10;

/// The files of one instance.
#[derive(Clone)]
pub(super) struct Files {
    tree: Arc<Mutex<Tree>>,
    clock: Clock,
}

impl Files {
    /// A scratch directory that begins with these files.
    pub(super) fn of(files: Vec<GuestFile>, clock: Clock) -> Self {
        Files { tree: Arc::new(Mutex::new(given::tree(files, clock.wall()))), clock }
    }

    /// The same files for another instance.
    pub(super) fn copied(&self, clock: Clock) -> Self {
        Files { tree: Arc::new(Mutex::new(self.tree().clone())), clock }
    }

    /// Makes them as they were when this was called for the first time.
    pub(super) fn begin_call(&self) {
        self.tree().begin_call();
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts the scratch directory in the place of what wasmtime offers as `wasi:filesystem`. The linker has
/// to allow shadowing: the bindings are wasmtime's own, so that they bear the same names.
pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    p2::bindings::filesystem::types::add_to_linker::<_, Scratch>(linker, View::of)?;
    p2::bindings::filesystem::preopens::add_to_linker::<_, Scratch>(linker, View::of)?;
    p3::bindings::filesystem::types::add_to_linker::<_, Scratch>(linker, View::of)?;
    p3::bindings::filesystem::preopens::add_to_linker::<_, Scratch>(linker, View::of)
}

/// What a directory still has to tell: names, and whether they are directories.
pub(super) type Listing = std::vec::IntoIter<(String, bool)>;

/// A new descriptor of the scratch directory.
pub(super) fn root(host: &mut Host) -> wasmtime::Result<Resource<Descriptor>> {
    let access = Access { read: true, write: true };
    let root = Open::new(host.files.clone(), ROOT, access);
    Ok(View::of(host).push(root)?)
}

/// Names [`View`] to the bindings.
struct Scratch;

impl HasData for Scratch {
    type Data<'a> = View<'a>;
}

/// What the bindings are implemented for.
struct View<'a> {
    files: &'a Files,
    table: &'a mut ResourceTable,
}

impl View<'_> {
    fn of(host: &mut Host) -> View<'_> {
        View { files: &host.files, table: &mut host.table }
    }

    /// The preopened directories: one.
    fn directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let access = Access { read: true, write: true };
        let root = Open::new(self.files.clone(), ROOT, access);
        Ok(vec![(self.push(root)?, "/".to_owned())])
    }

    fn get(&self, descriptor: &Resource<Descriptor>) -> Result<&Open, ResourceTableError> {
        self.table.get(&Resource::new_borrow(descriptor.rep()))
    }

    /// The bindings name the resource by wasmtime's type of descriptors. That type marks the handle
    /// and no more: what stands in the table under its number is an [`Open`].
    fn push(&mut self, open: Open) -> Result<Resource<Descriptor>, ResourceTableError> {
        Ok(Resource::new_own(self.table.push(open)?.rep()))
    }

    fn close(&mut self, descriptor: &Resource<Descriptor>) -> Result<(), ResourceTableError> {
        self.table.delete(Resource::<Open>::new_own(descriptor.rep())).map(drop)
    }
}

/// What may be done with a descriptor.
#[derive(Debug, Clone, Copy)]
struct Access {
    read: bool,
    write: bool,
}

/// An open directory or file.
pub(super) struct Open {
    files: Files,
    number: u64,
    access: Access,
}

impl Open {
    fn new(files: Files, number: u64, access: Access) -> Self {
        files.tree().hold(number);
        Open { files, number, access }
    }

    /// Does something with it: with all files, its number among them, and the time.
    fn with<T>(&self, work: impl FnOnce(&mut Tree, u64, Duration) -> T) -> T {
        let now = self.files.clock.wall();
        work(&mut self.files.tree(), self.number, now)
    }

    fn is_directory(&self) -> bool {
        self.with(|tree, number, _| tree.is_directory(number))
    }

    /// Whether a file's bytes may be read.
    fn check_read(&self) -> Result<(), Fault> {
        match self.is_directory() {
            true => Err(Fault::IsDirectory),
            false if self.access.read => Ok(()),
            false => Err(Fault::BadDescriptor),
        }
    }

    /// Whether a file's bytes may be changed.
    fn check_write(&self) -> Result<(), Fault> {
        match self.access.write && !self.is_directory() {
            true => Ok(()),
            false => Err(Fault::BadDescriptor),
        }
    }

    /// At most so many bytes, and whether the file ends after them.
    fn read(&self, at: u64, most: u64) -> Result<(Vec<u8>, bool), Fault> {
        self.check_read()?;
        self.with(|tree, number, _| {
            let (bytes, is_end) = tree.read(number, at, most.min(AT_ONCE))?;
            Ok((bytes.to_vec(), is_end))
        })
    }

    /// Writes at a place, or at the end.
    fn write(&self, at: Option<u64>, bytes: &[u8]) -> Result<(), Fault> {
        self.check_write()?;
        self.with(|tree, number, now| tree.write(number, at, bytes, now))
    }

    fn set_size(&self, size: u64) -> Result<(), Fault> {
        self.check_write()?;
        self.with(|tree, number, now| tree.set_size(number, size, now))
    }

    /// Opens what is below a directory. As in wasmtime, every directory may be changed, and who does
    /// not ask to write may read.
    fn open_at(&self, path: &str, how: How, read: bool) -> Result<Open, Fault> {
        let number = self
            .with(|tree, number, now| tree.open(number, path, how, now))
            .inspect_err(note_missing)?;
        let write = how.write || how.create || how.truncate;
        let access = Access { read: read || !how.write, write };
        Ok(Open::new(self.files.clone(), number, access))
    }

    fn rename_at(&self, old: &str, to: &Open, new: &str) -> Result<(), Fault> {
        self.with(|tree, number, now| tree.rename((number, old), (to.number, new), now))
    }

    /// What is in a directory: names, and whether they are directories.
    fn list(&self) -> Result<Vec<(String, bool)>, Fault> {
        self.with(|tree, number, _| {
            let entries = tree.entries(number)?.iter();
            Ok(entries.map(|(name, it)| (name.clone(), tree.is_directory(*it))).collect())
        })
    }
}

/// Notes that a file is not there.
fn note_missing(fault: &Fault) {
    if *fault == Fault::NoEntry {
        trace::refuse("files");
    }
}

impl Clone for Open {
    fn clone(&self) -> Self {
        Open::new(self.files.clone(), self.number, self.access)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.with(|tree, number, _| tree.let_go(number));
    }
}
