//! Bulk writes, kept as ranges.

use crate::component::index_space::CoreModuleId;
use crate::component::index_space::DataIdx;
use crate::facts::instantiation::MemoryId;

/// A bulk write. Cells written later lie above it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    pub(super) memory: MemoryId,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) contents: Contents,
}

/// What a bulk write wrote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Contents {
    /// Not known.
    Unknown,
    /// One byte, repeated.
    Fill(u8),
    /// A data segment's bytes from an offset on.
    Data(CoreModuleId, DataIdx, u64),
}

/// One unknown range for each memory in place of its layers.
pub(super) fn merge(layers: &mut Vec<Layer>) {
    let mut memories: Vec<MemoryId> = layers.iter().map(|layer| layer.memory).collect();
    memories.sort_unstable();
    memories.dedup();
    *layers = memories.into_iter().filter_map(|memory| unknown_hull(layers, memory)).collect();
}

fn unknown_hull(layers: &[Layer], memory: MemoryId) -> Option<Layer> {
    let own = layers.iter().filter(|layer| layer.memory == memory);
    let start = own.clone().map(|layer| layer.start).min()?;
    let end = own.map(|layer| layer.end).max()?;
    Some(Layer { memory, start, end, contents: Contents::Unknown })
}
