//! The scratch directory: an in-memory directory that every guest finds as `/`, empty or with copies of the user's files,
//! so that a guest reaches no file of the host. Only state inside the instance is of interest: each call, on reused and
//! fresh instances alike, begins with the files as they were after instantiation. A descriptor that an earlier call left
//! open keeps its contents.

mod paths;
mod provided;
mod tree;

use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::clock::Clock;
use super::trace;
use crate::script::GuestFile;
pub(super) use paths::How;
use tree::ROOT;
pub(super) use tree::{Fault, Stat, Tree};

/// How many bytes are read or written at once.
pub(super) const AT_ONCE: u64 = 64 << 10;

/// The files of one instance.
#[derive(Clone)]
pub(super) struct Files {
    tree: Arc<Mutex<Tree>>,
    clock: Clock,
}

/// An open directory or file.
pub(super) struct Open {
    files: Files,
    number: u64,
    access: Access,
}

/// What may be done with a descriptor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access {
    pub(super) read: bool,
    pub(super) write: bool,
}

/// The entries of a directory that were not read: names, in their order, and whether they are directories. It remembers one
/// name, so that many listings of a large directory take no room.
pub(super) struct Listing {
    open: Open,
    last: Option<String>,
}

impl Iterator for Listing {
    type Item = (String, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let last = self.last.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let next = self.open.with(|tree, number| {
            let entries = tree.entries(number).ok()?;
            let (name, number) = entries.range::<str, _>((last, Bound::Unbounded)).next()?;
            Some((name.clone(), tree.is_directory(*number)))
        })?;
        self.last = Some(next.0.clone());
        Some(next)
    }
}

impl Files {
    /// A scratch directory with these files.
    pub(super) fn of(files: Vec<GuestFile>, clock: Clock) -> Self {
        Files { tree: Arc::new(Mutex::new(provided::tree(files, clock.wall()))), clock }
    }

    /// The same files for another instance.
    pub(super) fn copied(&self, clock: Clock) -> Self {
        Files { tree: Arc::new(Mutex::new(self.tree().clone())), clock }
    }

    /// Resets everything to how it was when this was called first.
    pub(super) fn begin_call(&self) {
        self.tree().begin_call();
    }

    /// A new descriptor of the directory itself.
    pub(super) fn open_root(&self) -> Open {
        Open::new(self.clone(), ROOT, Access { read: true, write: true })
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn new(files: Files, number: u64, access: Access) -> Self {
        files.tree().hold(number);
        Open { files, number, access }
    }

    /// Calls `work` with all files and the number of this one.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Tree, u64) -> T) -> T {
        let mut tree = self.files.tree();
        tree.now = self.now();
        work(&mut tree, self.number)
    }

    /// The time since 1970 on the instance's clock.
    pub(super) fn now(&self) -> Duration {
        self.files.clock.wall()
    }

    pub(super) fn is_directory(&self) -> bool {
        self.with(|tree, number| tree.is_directory(number))
    }

    pub(super) fn is_same(&self, other: &Open) -> bool {
        self.number == other.number
    }

    /// What a file's descriptor may be used for; `None` for a directory, which may always be changed.
    pub(super) fn access(&self) -> Option<Access> {
        (!self.is_directory()).then_some(self.access)
    }

    pub(super) fn check_file(&self) -> Result<(), Fault> {
        self.access().map(drop).ok_or(Fault::BadDescriptor)
    }

    pub(super) fn check_read(&self) -> Result<(), Fault> {
        match self.access().ok_or(Fault::IsDirectory)?.read {
            true => Ok(()),
            false => Err(Fault::BadDescriptor),
        }
    }

    pub(super) fn check_write(&self) -> Result<(), Fault> {
        match self.access().is_some_and(|access| access.write) {
            true => Ok(()),
            false => Err(Fault::BadDescriptor),
        }
    }

    /// At most `most` bytes from `at` on, and whether the file ends after them.
    pub(super) fn read(&self, at: u64, most: u64) -> Result<(Vec<u8>, bool), Fault> {
        self.check_read()?;
        self.with(|tree, number| {
            let (bytes, is_end) = tree.read(number, at, most.min(AT_ONCE))?;
            Ok((bytes.to_vec(), is_end))
        })
    }

    /// Writes at `at`, or at the end.
    pub(super) fn write(&self, at: Option<u64>, bytes: &[u8]) -> Result<(), Fault> {
        self.check_write()?;
        self.with(|tree, number| tree.write(number, at, bytes))
    }

    pub(super) fn set_size(&self, size: u64) -> Result<(), Fault> {
        self.check_write()?;
        self.with(|tree, number| tree.set_size(number, size))
    }

    /// Opens what is below a directory. As in wasmtime, every directory may be changed, and a file that is not opened for
    /// writing may be read.
    pub(super) fn open_at(&self, path: &str, how: How, read: bool) -> Result<Open, Fault> {
        let number =
            self.with(|tree, number| tree.open(number, path, how)).inspect_err(trace_missing)?;
        let write = how.write || how.create || how.truncate;
        let access = Access { read: read || !how.write, write };
        Ok(Open::new(self.files.clone(), number, access))
    }

    pub(super) fn rename_at(&self, old: &str, to: &Open, new: &str) -> Result<(), Fault> {
        self.with(|tree, number| tree.rename((number, old), (to.number, new)))
    }

    /// The entries of a directory.
    pub(super) fn list(&self) -> Result<Listing, Fault> {
        match self.is_directory() {
            true => Ok(Listing { open: self.clone(), last: None }),
            false => Err(Fault::NotDirectory),
        }
    }
}

/// Traces that a file does not exist.
pub(super) fn trace_missing(fault: &Fault) {
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
        self.with(|tree, number| tree.release(number));
    }
}
