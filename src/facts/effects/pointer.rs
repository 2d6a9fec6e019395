//! Pointers: those that stores go through, and those that are passed as arguments.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::summaries::Summaries;
use crate::component::index_space::CoreModuleId;
use crate::facts::instantiation::MemoryId;

/// A store through a pointer of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loose {
    /// The memory.
    pub memory: MemoryId,
    /// How far it may begin below the pointer, in bytes; `u64::MAX` if that has no bound.
    pub below: u64,
    /// Whether its code comes from a language in which a pointer stays inside its object.
    pub disciplined: bool,
}

impl Loose {
    /// A store of a module's code.
    pub fn new(
        summaries: &Summaries<'_, '_>,
        module: CoreModuleId,
        memory: MemoryId,
        below: u64,
        disciplined: bool,
    ) -> Self {
        // A distance without a bound is that of an allocator, from one block to another.
        let is_object = below != u64::MAX && summaries.has_objects(module, memory);
        Loose { memory, below: if is_object { below } else { 0 }, disciplined }
    }

    /// What either of two stores to a memory may do.
    pub fn join(self, other: Loose) -> Self {
        let disciplined = self.disciplined && other.disciplined;
        Loose { below: self.below.max(other.below), disciplined, ..self }
    }
}

/// Stores through unknown pointers: for each memory, what any of them may do.
#[derive(Debug, Clone, Default)]
pub struct LooseStores {
    of: BTreeMap<MemoryId, Loose>,
}

impl LooseStores {
    /// Adds a store. Whether more may be done than before.
    pub fn insert(&mut self, loose: Loose) -> bool {
        let known = self.of.get(&loose.memory);
        let joined = known.map_or(loose, |known| known.join(loose));
        self.of.insert(loose.memory, joined) != Some(joined)
    }

    /// What those to a memory may do; `None` if there are none.
    pub fn to(&self, memory: MemoryId) -> Option<Loose> {
        self.of.get(&memory).copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }
}

/// How far below a pointer a write begins at an offset from an address that is `below` it.
pub fn below_at(below: u64, offset: u64) -> u64 {
    if below == u64::MAX { below } else { below.saturating_sub(offset) }
}

/// An argument that points to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// At this address.
    Exact(u64),
    /// At an unknown distance from this address, but not more than this many bytes below it.
    Near(u64, u64),
    /// At most this many bytes below an unknown address.
    Below(u64),
}

impl Address {
    /// The address that it was computed from; `None` if that is not known.
    pub(super) fn object(self) -> Option<u64> {
        match self {
            Address::Exact(at) | Address::Near(at, _) => Some(at),
            Address::Below(_) => None,
        }
    }

    /// How far it may be below the address that it was computed from.
    pub(super) fn below(self) -> u64 {
        match self {
            Address::Exact(_) => 0,
            Address::Near(_, below) | Address::Below(below) => below,
        }
    }

    /// The addresses of which each may be as far below the same one, with a bound; `None` if this one has no bound.
    pub(super) fn covering(self) -> Option<RangeInclusive<Address>> {
        if self.below() == u64::MAX {
            return None;
        }
        let farthest = match self {
            Address::Exact(_) => self,
            Address::Near(at, _) => Address::Near(at, u64::MAX - 1),
            Address::Below(_) => Address::Below(u64::MAX - 1),
        };
        Some(self..=farthest)
    }

    pub(super) fn plus(self, offset: Option<u64>, below: u64) -> Address {
        let lower = self.below().saturating_add(below);
        match (self, offset) {
            (Address::Exact(at), Some(offset)) => Address::Exact(at.wrapping_add(offset)),
            (Address::Exact(at) | Address::Near(at, _), _) => Address::Near(at, lower),
            (Address::Below(_), _) => Address::Below(lower),
        }
    }
}
