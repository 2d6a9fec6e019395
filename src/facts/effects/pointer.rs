//! Pointers: those that stores go through, and those that are passed as arguments.

use super::summaries::Summaries;
use crate::component::index_space::CoreModuleId;
use crate::facts::instantiation::MemoryId;

/// Longest write through a loaded pointer that is taken to begin at an object, in bytes: a scalar's or a vector's.
const SCALAR: u64 = 16;

/// A store through a pointer of which only the constant part of the address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loose {
    /// The memory.
    pub memory: MemoryId,
    /// Added to the pointer, in bytes.
    pub offset: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// Whether its code comes from a language in which a pointer stays inside its object.
    pub disciplined: bool,
    /// Whether its module has objects of its own in the memory. Others, such as adapters, only fill what they were given.
    pub has_objects: bool,
}

impl Loose {
    /// A store; `bytes` is `u64::MAX` if its length is unknown. In disciplined code ([`Summaries::is_disciplined`]) the
    /// object that the pointer points into bounds a bulk write, of which the first byte is certain.
    pub fn new(
        summaries: &Summaries<'_, '_>,
        module: CoreModuleId,
        memory: MemoryId,
        offset: u64,
        bytes: u64,
        disciplined: bool,
    ) -> Self {
        let bytes = if disciplined && bytes > SCALAR { 1 } else { bytes };
        let has_objects = summaries.has_objects(module, memory);
        Loose { memory, offset, bytes, disciplined, has_objects }
    }
}

/// An argument that points to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// At this address.
    Exact(u64),
    /// At an unknown distance from this address.
    Near(u64),
}

impl Address {
    pub(super) fn object(self) -> u64 {
        match self {
            Address::Exact(at) | Address::Near(at) => at,
        }
    }

    pub(super) fn plus(self, offset: Option<u64>) -> Address {
        match (self, offset) {
            (Address::Exact(at), Some(offset)) => Address::Exact(at.wrapping_add(offset)),
            (address, _) => Address::Near(address.object()),
        }
    }
}
