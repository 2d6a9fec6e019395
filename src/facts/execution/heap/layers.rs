//! Bulk writes.

use crate::component::index_space::{CoreModuleId, DataIdx};
use crate::facts::instantiation::MemoryId;

/// A bulk write of `width` bytes at `start` and at each `stride` bytes after it. Cells written later override it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layer {
    pub(super) memory: MemoryId,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) stride: u64,
    pub(super) width: u64,
    pub(super) contents: Contents,
}

/// The contents of a bulk write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// Unknown.
    Unknown,
    /// One byte, repeated.
    Fill(u8),
    /// A data segment's bytes from an offset on.
    Data(CoreModuleId, DataIdx, u64),
}

impl Layer {
    /// Whether it writes one of `len` bytes at an address.
    pub(super) fn touches(&self, at: u64, len: u64) -> bool {
        if at >= self.end || at.saturating_add(len) <= self.start {
            return false;
        }
        // The part of the last write at or before the address, or the beginning of the next one.
        let Some(into) = at.checked_sub(self.start) else { return true };
        let part = into % self.stride;
        part < self.width || part.saturating_add(len) > self.stride
    }

    /// Whether an equal one is among the layers, and none of known contents overlaps it later.
    pub(super) fn is_in_effect(&self, layers: &[Layer]) -> bool {
        let replaces = |other: &&Layer| {
            other.contents != Contents::Unknown
                && self.memory == other.memory
                && self.start < other.end
                && other.start < self.end
        };
        layers.iter().rev().take_while(|layer| !replaces(layer)).any(|layer| layer == self)
    }
}

/// Merges the closest layers into unknown ranges until half of the limit is left.
pub(super) fn merge(layers: &mut Vec<Layer>, most: usize) {
    layers.sort_by_key(|layer| (layer.memory, layer.start, layer.end));
    let mut merged: Vec<Layer> = Vec::new();
    for layer in layers.drain(..) {
        match merged.last_mut() {
            Some(last) if last.memory == layer.memory && layer.start <= last.end => {
                last.end = last.end.max(layer.end);
            }
            _ => merged.push(Layer { contents: Contents::Unknown, stride: 1, width: 1, ..layer }),
        }
    }
    while merged.len() > most / 2 {
        let gap = |pair: &[Layer]| match pair {
            [a, b] if a.memory == b.memory => b.start - a.end,
            _ => u64::MAX,
        };
        let gaps = merged.windows(2).map(gap).enumerate();
        let Some((closest, gap)) = gaps.min_by_key(|(_, gap)| *gap) else { break };
        if gap == u64::MAX {
            break;
        }
        let next = merged.remove(closest + 1);
        merged[closest].end = next.end;
    }
    *layers = merged;
}
