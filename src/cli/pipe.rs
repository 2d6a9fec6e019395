//! Standard output whose reader may leave.

use std::io::{ErrorKind, Result, Write};

/// A writer that discards output once its reader has left: the reader has seen what it wanted, and nothing is wrong.
pub(super) struct Pipe<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) closed: bool,
}

impl Pipe<'_> {
    fn write_with<T>(
        &mut self,
        discarded: T,
        write: impl FnOnce(&mut dyn Write) -> Result<T>,
    ) -> Result<T> {
        if self.closed {
            return Ok(discarded);
        }
        match write(self.out) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(discarded)
            }
            result => result,
        }
    }
}

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.write_with(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> Result<()> {
        self.write_with((), |out| out.flush())
    }
}
