//! Standard input: what the author gave, or nothing. Each call finds the whole of it from its beginning, as a process
//! of its own would, also through a stream that an earlier call opened. A read behind its end is noted.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};
use wasmtime_wasi::cli::{IsTerminal, StdinStream};
use wasmtime_wasi::p2::{InputStream, Pollable, StreamError};

use super::trace;

/// Standard input of one instance, and a stream that reads it. All streams share how far it was read.
#[derive(Clone, Default)]
pub(super) struct Input {
    bytes: Bytes,
    /// How many bytes were read.
    read: Arc<AtomicUsize>,
    /// Whether each new stream begins at the beginning.
    is_apart: Arc<AtomicBool>,
}

impl Input {
    pub(super) fn of(bytes: Bytes) -> Self {
        Input { bytes, ..Input::default() }
    }

    /// Begins at the beginning. Where two calls are made at once, each finds the whole of it: a stream that one of them
    /// opens shares nothing with others.
    pub(super) fn begin(&self, is_apart: bool) {
        self.read.store(0, Relaxed);
        self.is_apart.store(is_apart, Relaxed);
    }

    fn stream(&self) -> Self {
        match self.is_apart.load(Relaxed) {
            true => Input::of(self.bytes.clone()),
            false => self.clone(),
        }
    }

    /// The next bytes, so many at most; nothing at the end.
    fn next(&self, most: usize) -> Option<Bytes> {
        let from = self.read.load(Relaxed);
        if from >= self.bytes.len() {
            trace::refuse("stdin");
            return None;
        }
        let to = from.saturating_add(most).min(self.bytes.len());
        self.read.store(to, Relaxed);
        Some(self.bytes.slice(from..to))
    }
}

impl IsTerminal for Input {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Input {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(self.stream())
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(self.stream())
    }
}

impl Pollable for Input {
    fn ready<'a, 'b>(&'a mut self) -> Pin<Box<dyn Future<Output = ()> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(std::future::ready(()))
    }
}

impl InputStream for Input {
    fn read(&mut self, most: usize) -> Result<Bytes, StreamError> {
        self.next(most).ok_or(StreamError::Closed)
    }
}

impl AsyncRead for Input {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(bytes) = self.next(into.remaining()) {
            into.put_slice(&bytes);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stream: &mut dyn InputStream, most: usize) -> Option<Bytes> {
        stream.read(most).ok()
    }

    #[test]
    fn streams_share_what_was_read_and_each_call_begins_anew() {
        let input = Input::of(Bytes::from_static(b"abcde"));
        let (mut kept, mut other) = (input.p2_stream(), input.p2_stream());
        assert_eq!(read(&mut *kept, 2).as_deref(), Some(&b"ab"[..]));
        assert_eq!(read(&mut *other, 9).as_deref(), Some(&b"cde"[..]));
        assert_eq!(read(&mut *kept, 2), None);
        input.begin(false);
        assert_eq!(read(&mut *kept, 9).as_deref(), Some(&b"abcde"[..]));
        input.begin(true);
        for mut stream in [input.p2_stream(), input.p2_stream()] {
            assert_eq!(read(&mut *stream, 4).as_deref(), Some(&b"abcd"[..]));
        }
        assert!(Input::default().p2_stream().read(1).is_err());
    }
}
