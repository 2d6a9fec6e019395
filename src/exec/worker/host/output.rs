//! Standard output and standard error, recorded up to a limit. A guest that writes more is stopped.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, StreamError};

use super::limits::Reached;
use super::ready::always_ready;
use super::trace;
use crate::observation::Limit;

/// How many bytes one call may write.
pub(crate) const MOST: usize = 4 << 20;
/// How many bytes may be written at once.
const AT_ONCE: usize = 64 << 10;

/// Standard output or standard error of one instance.
#[derive(Clone, Default)]
pub(super) struct Output {
    written: Arc<Mutex<Vec<u8>>>,
    is_error: bool,
}

impl Output {
    /// Standard error.
    pub(super) fn errors() -> Self {
        Output { is_error: true, ..Output::default() }
    }

    /// What was written since the last call of this function.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.written())
    }

    /// Whether more was written than a call may.
    pub(super) fn is_flooded(&self) -> bool {
        self.written().len() > MOST
    }

    /// Records bytes. Returns false if the call has now written too much.
    fn record(&self, bytes: &[u8]) -> bool {
        if self.is_error {
            trace::note_error_output();
        }
        let mut written = self.written();
        let room = (MOST + 1).saturating_sub(written.len());
        written.extend_from_slice(&bytes[..bytes.len().min(room)]);
        written.len() <= MOST
    }

    fn written(&self) -> MutexGuard<'_, Vec<u8>> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

always_ready!(Output);

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> Result<(), StreamError> {
        match self.record(&bytes) {
            true => Ok(()),
            false => Err(StreamError::Trap(Reached(Limit::Output).into())),
        }
    }

    fn flush(&mut self) -> Result<(), StreamError> {
        Ok(())
    }

    fn check_write(&mut self) -> Result<usize, StreamError> {
        Ok(AT_ONCE)
    }
}

impl AsyncWrite for Output {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(match self.record(bytes) {
            true => Ok(bytes.len()),
            false => Err(io::ErrorKind::StorageFull.into()),
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
