//! Files as the streams of `wasi:io`. They never wait, and are closed after an error.

use bytes::Bytes;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::{InputStream, OutputStream, StreamError};

use crate::exec::worker::host::files::{AT_ONCE, Fault, Open};
use crate::exec::worker::host::ready::always_ready;

/// Reads a file from a position on.
pub(super) struct Reading {
    open: Open,
    at: u64,
}

/// Writes to a file from a position on, or always at its end.
pub(super) struct Writing {
    /// `None` after an error.
    open: Option<Open>,
    at: Option<u64>,
}

impl Reading {
    pub(super) fn new(open: Open, at: u64) -> Self {
        Reading { open, at }
    }
}

impl Writing {
    pub(super) fn new(open: Open, at: Option<u64>) -> Self {
        Writing { open: Some(open), at }
    }

    fn check(&self) -> Result<&Open, StreamError> {
        self.open.as_ref().ok_or(StreamError::Closed)
    }
}

impl InputStream for Reading {
    fn read(&mut self, size: usize) -> Result<Bytes, StreamError> {
        let (bytes, is_end) = self.open.read(self.at, size as u64).map_err(failed)?;
        if bytes.is_empty() && is_end && size > 0 {
            return Err(StreamError::Closed);
        }
        self.at += bytes.len() as u64;
        Ok(bytes.into())
    }
}

impl OutputStream for Writing {
    fn write(&mut self, bytes: Bytes) -> Result<(), StreamError> {
        let done = self.check()?.write(self.at, &bytes);
        if done.is_err() {
            self.open = None;
        }
        done.map_err(failed)?;
        self.at = self.at.map(|at| at + bytes.len() as u64);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StreamError> {
        self.check().map(drop)
    }

    fn check_write(&mut self) -> Result<usize, StreamError> {
        self.check().map(|_| AT_ONCE as usize)
    }
}

always_ready!(Reading, Writing);

/// The error from which `filesystem-error-code` extracts the code.
fn failed(fault: Fault) -> StreamError {
    StreamError::LastOperationFailed(ErrorCode::from(fault).into())
}
