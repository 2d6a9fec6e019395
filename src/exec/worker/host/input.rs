//! Standard input: what the user provides, or nothing. Each call reads it from its beginning, as a new process would,
//! even through a stream that an earlier call opened. A read past its end is traced as refused.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};
use wasmtime_wasi::cli::{IsTerminal, StdinStream};
use wasmtime_wasi::p2::{InputStream, StreamError};

use super::ready::always_ready;
use super::trace;

/// Standard input of one instance, and a stream that reads it. All streams share one position.
#[derive(Clone, Default)]
pub(super) struct Input {
    bytes: Bytes,
    position: Arc<AtomicUsize>,
    /// Whether each new stream has a position of its own, at the beginning.
    is_apart: Arc<AtomicBool>,
}

impl Input {
    pub(super) fn of(bytes: Bytes) -> Self {
        Input { bytes, ..Input::default() }
    }

    /// Goes back to the beginning. Of two concurrent calls each reads all of it, through streams of its own.
    pub(super) fn begin(&self, concurrent: bool) {
        self.position.store(0, Relaxed);
        self.is_apart.store(concurrent, Relaxed);
    }

    fn stream(&self) -> Self {
        match self.is_apart.load(Relaxed) {
            true => Input::of(self.bytes.clone()),
            false => self.clone(),
        }
    }

    /// The next bytes, at most `most`; `None` at the end.
    fn next(&self, most: usize) -> Option<Bytes> {
        let from = self.position.load(Relaxed);
        if from >= self.bytes.len() {
            trace::refuse("stdin");
            return None;
        }
        let to = from.saturating_add(most).min(self.bytes.len());
        self.position.store(to, Relaxed);
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

always_ready!(Input);

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
    fn streams_share_a_position_and_each_call_begins_at_the_beginning() {
        let input = Input::of(Bytes::from_static(b"abcde"));
        let (mut first, mut second) = (input.p2_stream(), input.p2_stream());
        assert_eq!(read(&mut *first, 2).as_deref(), Some(&b"ab"[..]));
        assert_eq!(read(&mut *second, 9).as_deref(), Some(&b"cde"[..]));
        assert_eq!(read(&mut *first, 2), None);
        input.begin(false);
        assert_eq!(read(&mut *first, 9).as_deref(), Some(&b"abcde"[..]));
        input.begin(true);
        for mut stream in [input.p2_stream(), input.p2_stream()] {
            assert_eq!(read(&mut *stream, 4).as_deref(), Some(&b"abcd"[..]));
        }
        assert!(Input::default().p2_stream().read(1).is_err());
    }
}
