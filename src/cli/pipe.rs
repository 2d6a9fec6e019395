//! Standard output, and whether its reader has gone.

use std::io::{self, ErrorKind, Result, Write};

/// A writer that remembers whether its other end was closed.
pub(super) struct Pipe<'a> {
    out: &'a mut dyn Write,
    closed: bool,
}

impl<'a> Pipe<'a> {
    /// Writes to `out`.
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Pipe { out, closed: false }
    }

    /// Whether the reader has gone: it has seen what it wanted, and nothing is wrong.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    fn remember<T>(&mut self, done: Result<T>) -> Result<T> {
        self.closed |= done.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe);
        done
    }
}

impl std::fmt::Debug for Pipe<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipe").field("closed", &self.closed).finish_non_exhaustive()
    }
}

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.out.write(bytes);
        self.remember(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.remember(done)
    }
}
