//! The kinds of preview1 adapters.

use std::fmt;

/// The kind of a preview1 adapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flavor {
    /// Exports `wasi:cli/run`, which calls the main module's `_start`.
    Command,
    /// Exports nothing of its own.
    Reactor,
    /// As the reactor, without files, environment and exit.
    Proxy,
    /// Reactor or proxy: its imports fit both, and its bodies neither.
    ReactorOrProxy,
    /// Made by a library, not one of wasmtime's.
    Library,
}

impl fmt::Display for Flavor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flavor::Command => "command",
            Flavor::Reactor => "reactor",
            Flavor::Proxy => "proxy",
            Flavor::ReactorOrProxy => "reactor or proxy",
            Flavor::Library => "library",
        })
    }
}
