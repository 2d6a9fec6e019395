//! A data segment with its place.

use crate::component::index_space::{CoreModuleId, DataIdx};

/// A data segment with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The module that has the segment.
    pub module: CoreModuleId,
    /// The segment.
    pub data: DataIdx,
    /// The address, in bytes.
    pub start: u64,
    /// Length in bytes.
    pub len: u64,
}
