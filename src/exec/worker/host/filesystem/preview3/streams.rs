//! Files as streams of the component model. They never wait. How a stream ended is sent when it ends or is dropped.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures::channel::oneshot;
use wasmtime::StoreContextMut;
use wasmtime::component::{
    Destination, Source, StreamConsumer, StreamProducer, StreamResult, VecBuffer,
};
use wasmtime_wasi::p3::bindings::filesystem::types::{DirectoryEntry, ErrorCode};

use crate::exec::worker::host::files::{AT_ONCE, Fault, Open};

/// Entries of a directory that are passed at once.
const MOST_ENTRIES: usize = 64;

/// Reads a file from a position on.
pub(super) struct Reading {
    open: Open,
    at: u64,
    end: End,
}

/// Writes to a file from a position on, or always at its end.
pub(super) struct Writing {
    open: Open,
    at: Option<u64>,
    end: End,
}

/// Lists a directory, as many entries at once as are asked for.
pub(super) struct Entries<I>(pub(super) I);

/// Receives how a stream ended: successfully, if nothing else was sent when this is dropped.
struct End(Option<oneshot::Sender<Result<(), ErrorCode>>>);

impl Reading {
    pub(super) fn new(open: Open, at: u64, end: oneshot::Sender<Result<(), ErrorCode>>) -> Self {
        Reading { open, at, end: End(Some(end)) }
    }
}

impl Writing {
    pub(super) fn new(
        open: Open,
        at: Option<u64>,
        end: oneshot::Sender<Result<(), ErrorCode>>,
    ) -> Self {
        Writing { open, at, end: End(Some(end)) }
    }
}

impl<D: 'static> StreamProducer<D> for Reading {
    type Item = u8;
    type Buffer = VecBuffer<u8>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        destination: Destination<'a, u8, VecBuffer<u8>>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut destination = destination.as_direct(store, AT_ONCE as usize);
        let room = destination.remaining();
        if room.is_empty() {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let ended = match self.open.read(self.at, room.len() as u64) {
            Ok((bytes, _)) if !bytes.is_empty() => {
                room[..bytes.len()].copy_from_slice(&bytes);
                destination.mark_written(bytes.len());
                self.at += bytes.len() as u64;
                return Poll::Ready(Ok(StreamResult::Completed));
            }
            Ok(_) => Ok(()),
            Err(fault) => Err(fault),
        };
        self.end.send(ended);
        Poll::Ready(Ok(StreamResult::Dropped))
    }
}

impl<D: 'static, I> StreamProducer<D> for Entries<I>
where
    I: Iterator<Item = DirectoryEntry> + Unpin + Send + Sync + 'static,
{
    type Item = DirectoryEntry;
    type Buffer = VecBuffer<DirectoryEntry>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, DirectoryEntry, VecBuffer<DirectoryEntry>>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let room = destination.remaining(store).unwrap_or(MOST_ENTRIES);
        if room == 0 {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        let entries: Vec<_> = self.0.by_ref().take(room.min(MOST_ENTRIES)).collect();
        if entries.is_empty() {
            return Poll::Ready(Ok(StreamResult::Dropped));
        }
        destination.set_buffer(entries.into());
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

impl<D: 'static> StreamConsumer<D> for Writing {
    type Item = u8;

    fn poll_consume(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        store: StoreContextMut<'_, D>,
        source: Source<'_, u8>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut source = source.as_direct(store);
        let bytes = source.remaining();
        let count = bytes.len();
        Poll::Ready(Ok(match self.open.write(self.at, bytes) {
            Ok(()) => {
                source.mark_read(count);
                self.at = self.at.map(|at| at + count as u64);
                StreamResult::Completed
            }
            Err(fault) => {
                self.end.send(Err(fault));
                StreamResult::Dropped
            }
        }))
    }
}

impl End {
    fn send(&mut self, ended: Result<(), Fault>) {
        if let Some(end) = self.0.take() {
            let _receiver_is_gone = end.send(ended.map_err(ErrorCode::from));
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.send(Ok(()));
    }
}
