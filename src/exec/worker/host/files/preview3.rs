//! `wasi:filesystem@0.3` on the scratch directory, in wasmtime-wasi's bindings.

mod streams;
mod values;

use futures::channel::oneshot;
use wasmtime::component::{Access, Accessor, FutureReader, Resource, StreamReader};
use wasmtime_wasi::p3::bindings::filesystem::preopens;
use wasmtime_wasi::p3::bindings::filesystem::types::{
    self, Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry,
    ErrorCode, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p3::filesystem::{FilesystemError, FilesystemResult};

use super::paths::How;
use super::tree::{Fault, Tree};
use super::{Open, Scratch, View, note_missing};
use streams::{Reading, Writing};
use values::{hash, time, type_of};

/// How a stream ended.
type Ended = FutureReader<Result<(), ErrorCode>>;

impl preopens::Host for View<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        self.directories()
    }
}

impl types::Host for View<'_> {
    fn convert_error_code(&mut self, error: FilesystemError) -> wasmtime::Result<ErrorCode> {
        error.downcast()
    }
}

impl types::HostDescriptor for View<'_> {
    fn drop(&mut self, fd: Resource<Descriptor>) -> wasmtime::Result<()> {
        Ok(self.close(&fd)?)
    }
}

impl<T> types::HostDescriptorWithStore<T> for Scratch {
    fn read_via_stream(
        mut store: Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        offset: u64,
    ) -> wasmtime::Result<(StreamReader<u8>, Ended)> {
        let open = store.get().get(&fd)?.clone();
        let (end, ended) = oneshot::channel();
        let stream = StreamReader::new(&mut store, Reading::new(open, offset, end))?;
        Ok((stream, FutureReader::new(&mut store, ended)?))
    }

    fn write_via_stream(
        store: Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        data: StreamReader<u8>,
        offset: u64,
    ) -> wasmtime::Result<Ended> {
        writing(store, &fd, data, Some(offset))
    }

    fn append_via_stream(
        store: Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        data: StreamReader<u8>,
    ) -> wasmtime::Result<Ended> {
        writing(store, &fd, data, None)
    }

    async fn advise(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: u64,
        _: u64,
        _: Advice,
    ) -> FilesystemResult<()> {
        match opened(store, &fd)?.is_directory() {
            true => Err(Fault::BadDescriptor.into()),
            false => Ok(()),
        }
    }

    async fn sync_data(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
    ) -> FilesystemResult<()> {
        opened(store, &fd).map(drop)
    }

    async fn get_flags(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
    ) -> FilesystemResult<DescriptorFlags> {
        let open = opened(store, &fd)?;
        if open.is_directory() {
            return Ok(DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY);
        }
        let mut flags = DescriptorFlags::empty();
        if open.access.read {
            flags |= DescriptorFlags::READ;
        }
        if open.access.write {
            flags |= DescriptorFlags::WRITE;
        }
        Ok(flags)
    }

    async fn get_type(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
    ) -> FilesystemResult<DescriptorType> {
        Ok(type_of(opened(store, &fd)?.is_directory()))
    }

    async fn set_size(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        size: u64,
    ) -> FilesystemResult<()> {
        Ok(opened(store, &fd)?.set_size(size)?)
    }

    async fn set_times(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FilesystemResult<()> {
        Ok(opened(store, &fd)?.with(|tree, number, now| {
            tree.set_times(number, time(accessed, now)?, time(modified, now)?, now)
        })?)
    }

    fn read_directory(
        mut store: Access<'_, T, Self>,
        fd: Resource<Descriptor>,
    ) -> wasmtime::Result<(StreamReader<DirectoryEntry>, Ended)> {
        let entry = |(name, is_directory)| DirectoryEntry { type_: type_of(is_directory), name };
        let (entries, ended) = match store.get().get(&fd)?.list() {
            Ok(listing) => (listing.into_iter().map(entry).collect(), Ok(())),
            Err(fault) => (Vec::new(), Err(fault.into())),
        };
        let stream = StreamReader::new(&mut store, entries)?;
        let ended = std::future::ready(wasmtime::error::Ok(ended));
        Ok((stream, FutureReader::new(&mut store, ended)?))
    }

    async fn sync(store: &Accessor<T, Self>, fd: Resource<Descriptor>) -> FilesystemResult<()> {
        opened(store, &fd).map(drop)
    }

    async fn create_directory_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        path: String,
    ) -> FilesystemResult<()> {
        let create = |tree: &mut Tree, base, now| tree.create_directory(base, &path, now);
        Ok(opened(store, &fd)?.with(create)?)
    }

    async fn stat(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
    ) -> FilesystemResult<DescriptorStat> {
        Ok(opened(store, &fd)?.with(|tree, number, _| tree.stat(number))?.into())
    }

    async fn stat_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: PathFlags,
        path: String,
    ) -> FilesystemResult<DescriptorStat> {
        let stat =
            |tree: &mut Tree, base, _| tree.stat(tree.find(base, &path).inspect_err(note_missing)?);
        Ok(opened(store, &fd)?.with(stat)?.into())
    }

    async fn set_times_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: PathFlags,
        path: String,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FilesystemResult<()> {
        Ok(opened(store, &fd)?.with(|tree, base, now| {
            let found = tree.find(base, &path)?;
            tree.set_times(found, time(accessed, now)?, time(modified, now)?, now)
        })?)
    }

    async fn link_at(
        _: &Accessor<T, Self>,
        _: Resource<Descriptor>,
        _: PathFlags,
        _: String,
        _: Resource<Descriptor>,
        _: String,
    ) -> FilesystemResult<()> {
        Err(Fault::Unsupported.into())
    }

    async fn open_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: PathFlags,
        path: String,
        how: OpenFlags,
        flags: DescriptorFlags,
    ) -> FilesystemResult<Resource<Descriptor>> {
        let read = flags.contains(DescriptorFlags::READ);
        let how = How {
            create: how.contains(OpenFlags::CREATE),
            exclusive: how.contains(OpenFlags::EXCLUSIVE),
            truncate: how.contains(OpenFlags::TRUNCATE),
            directory: how.contains(OpenFlags::DIRECTORY),
            write: flags.contains(DescriptorFlags::WRITE),
        };
        let opened = opened(store, &fd)?.open_at(&path, how, read)?;
        Ok(store.with(|mut store| store.get().push(opened))?)
    }

    async fn readlink_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        path: String,
    ) -> FilesystemResult<String> {
        opened(store, &fd)?.with(|tree, base, _| tree.find(base, &path))?;
        // There are no links.
        Err(Fault::Invalid.into())
    }

    async fn remove_directory_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        path: String,
    ) -> FilesystemResult<()> {
        let remove = |tree: &mut Tree, base, now| tree.remove_directory(base, &path, now);
        Ok(opened(store, &fd)?.with(remove)?)
    }

    async fn rename_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        old: String,
        to: Resource<Descriptor>,
        new: String,
    ) -> FilesystemResult<()> {
        Ok(opened(store, &fd)?.rename_at(&old, &opened(store, &to)?, &new)?)
    }

    async fn symlink_at(
        _: &Accessor<T, Self>,
        _: Resource<Descriptor>,
        _: String,
        _: String,
    ) -> FilesystemResult<()> {
        Err(Fault::Unsupported.into())
    }

    async fn unlink_file_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        path: String,
    ) -> FilesystemResult<()> {
        let unlink = |tree: &mut Tree, base, now| tree.unlink_file(base, &path, now);
        Ok(opened(store, &fd)?.with(unlink)?)
    }

    async fn is_same_object(
        store: &Accessor<T, Self>,
        one: Resource<Descriptor>,
        other: Resource<Descriptor>,
    ) -> wasmtime::Result<bool> {
        store.with(|mut store| {
            let view = store.get();
            Ok(view.get(&one)?.number == view.get(&other)?.number)
        })
    }

    async fn metadata_hash(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
    ) -> FilesystemResult<MetadataHashValue> {
        Ok(hash(opened(store, &fd)?.number))
    }

    async fn metadata_hash_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: PathFlags,
        path: String,
    ) -> FilesystemResult<MetadataHashValue> {
        Ok(hash(opened(store, &fd)?.with(|tree, base, _| tree.find(base, &path))?))
    }
}

fn opened<T>(store: &Accessor<T, Scratch>, fd: &Resource<Descriptor>) -> FilesystemResult<Open> {
    Ok(store.with(|mut store| store.get().get(fd).cloned())?)
}

fn writing<T>(
    mut store: Access<'_, T, Scratch>,
    fd: &Resource<Descriptor>,
    mut data: StreamReader<u8>,
    at: Option<u64>,
) -> wasmtime::Result<Ended> {
    let open = store.get().get(fd)?.clone();
    let (end, ended) = oneshot::channel();
    match open.check_write() {
        Ok(()) => data.pipe(&mut store, Writing::new(open, at, end))?,
        Err(fault) => {
            data.close(&mut store)?;
            // Its other end is just below.
            let _ = end.send(Err(fault.into()));
        }
    }
    FutureReader::new(&mut store, ended)
}
