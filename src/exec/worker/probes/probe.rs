//! What an accessor accesses, and its value.

/// Accessors to one memory or global of one core instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The beginning of the names of its exports.
    pub(crate) prefix: String,
    /// Where the core module's binary begins, in the bytes that were given.
    pub(crate) module: u64,
    /// Which instance of that module it is, from 0, in the order of the file.
    pub(crate) instance: u32,
    /// What it accesses.
    pub(crate) cell: Cell,
}

/// A memory or a global, by its index in its core module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Memory(u32),
    Global(u32),
}

/// The value of a memory or a global.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// All bytes.
    Memory(Vec<u8>),
    /// The bits.
    Global(u64),
}
