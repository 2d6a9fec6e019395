//! Standard input: empty. A read of it is noted.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use tokio::io::AsyncRead;
use tokio::io::ReadBuf;
use wasmtime_wasi::cli::IsTerminal;
use wasmtime_wasi::cli::StdinStream;
use wasmtime_wasi::p2::InputStream;
use wasmtime_wasi::p2::Pollable;
use wasmtime_wasi::p2::StreamError;

use super::trace;

/// An empty standard input.
#[derive(Clone, Copy)]
pub(super) struct Input;

impl IsTerminal for Input {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdinStream for Input {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        Box::new(Input)
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        Box::new(Input)
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
    fn read(&mut self, _: usize) -> Result<Bytes, StreamError> {
        trace::refuse("stdin");
        Err(StreamError::Closed)
    }
}

impl AsyncRead for Input {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        trace::refuse("stdin");
        Poll::Ready(Ok(()))
    }
}
