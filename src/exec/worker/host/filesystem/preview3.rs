//! `wasi:filesystem@0.3`.

mod streams;

use std::time::Duration;

use futures::channel::oneshot;
use wasmtime::component::{self, Accessor, FutureReader, Resource, StreamReader};
use wasmtime_wasi::p3::bindings::clocks::system_clock::Instant;
use wasmtime_wasi::p3::bindings::filesystem::preopens;
use wasmtime_wasi::p3::bindings::filesystem::types::{
    self, Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry,
    ErrorCode, MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p3::filesystem::{FilesystemError, FilesystemResult};

use super::{Scratch, View};
use crate::exec::worker::host::files::{Access, Fault, How, Open, Stat, Tree, trace_missing};
use streams::{Entries, Reading, Writing};

/// How a stream ended.
type Ended = FutureReader<Result<(), ErrorCode>>;

conversions!(Instant, FilesystemError);

impl preopens::Host for View<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        self.preopens()
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

macro_rules! define {
    ($open:ident: $($name:ident($($argument:ident: $ty:ty),*) -> $result:ty $body:block)*) => {$(
        async fn $name(
            store: &Accessor<T, Self>,
            fd: Resource<Descriptor>,
            $($argument: $ty),*
        ) -> FilesystemResult<$result> {
            #[allow(unused_variables, reason = "some functions only check the descriptor")]
            let $open = get(store, &fd)?;
            let result: Result<$result, Fault> = $body;
            Ok(result?)
        }
    )*};
}

impl<T> types::HostDescriptorWithStore<T> for Scratch {
    descriptor_functions!(define);

    fn read_via_stream(
        mut store: component::Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        offset: u64,
    ) -> wasmtime::Result<(StreamReader<u8>, Ended)> {
        let open = store.get().get(&fd)?.clone();
        let (end, ended) = oneshot::channel();
        let stream = StreamReader::new(&mut store, Reading::new(open, offset, end))?;
        Ok((stream, FutureReader::new(&mut store, ended)?))
    }

    fn write_via_stream(
        store: component::Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        data: StreamReader<u8>,
        offset: u64,
    ) -> wasmtime::Result<Ended> {
        write_stream(store, &fd, data, Some(offset))
    }

    fn append_via_stream(
        store: component::Access<'_, T, Self>,
        fd: Resource<Descriptor>,
        data: StreamReader<u8>,
    ) -> wasmtime::Result<Ended> {
        write_stream(store, &fd, data, None)
    }

    fn read_directory(
        mut store: component::Access<'_, T, Self>,
        fd: Resource<Descriptor>,
    ) -> wasmtime::Result<(StreamReader<DirectoryEntry>, Ended)> {
        let (listing, ended) = match store.get().get(&fd)?.list() {
            Ok(listing) => (Some(listing), Ok(())),
            Err(fault) => (None, Err(fault.into())),
        };
        let entries = listing.into_iter().flatten().map(entry);
        let stream = StreamReader::new(&mut store, Entries(entries))?;
        let ended = std::future::ready(wasmtime::error::Ok(ended));
        Ok((stream, FutureReader::new(&mut store, ended)?))
    }

    async fn open_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        _: PathFlags,
        path: String,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> FilesystemResult<Resource<Descriptor>> {
        let read = flags.contains(DescriptorFlags::READ);
        let opened = get(store, &fd)?.open_at(&path, how(open, flags), read)?;
        Ok(store.with(|mut store| store.get().push(opened))?)
    }

    async fn rename_at(
        store: &Accessor<T, Self>,
        fd: Resource<Descriptor>,
        old: String,
        to: Resource<Descriptor>,
        new: String,
    ) -> FilesystemResult<()> {
        Ok(get(store, &fd)?.rename_at(&old, &get(store, &to)?, &new)?)
    }

    async fn is_same_object(
        store: &Accessor<T, Self>,
        one: Resource<Descriptor>,
        other: Resource<Descriptor>,
    ) -> wasmtime::Result<bool> {
        store.with(|mut store| {
            let view = store.get();
            Ok(view.get(&one)?.is_same(view.get(&other)?))
        })
    }
}

fn get<T>(store: &Accessor<T, Scratch>, fd: &Resource<Descriptor>) -> FilesystemResult<Open> {
    Ok(store.with(|mut store| store.get().get(fd).cloned())?)
}

fn write_stream<T>(
    mut store: component::Access<'_, T, Scratch>,
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
            // The receiver is just below.
            let _ = end.send(Err(fault.into()));
        }
    }
    FutureReader::new(&mut store, ended)
}
