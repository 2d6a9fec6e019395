//! Replaces `worker` in a build without the feature `exec`, which has no engine.

use std::io;

/// The engine that runs guests; `None` in a build without one.
pub(crate) const ENGINE: Option<&str> = None;
/// Why exports cannot be called.
pub(crate) const MISSING: Option<&str> = Some(
    "this build of secondcall executes nothing: install it with its default features, \
     `cargo install secondcall`",
);

pub(crate) fn serve() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, MISSING.unwrap_or_default()))
}
