//! Instructions and the locations that they read and write.

use crate::component::index_space::FuncIdx;
use crate::facts::instantiation::{CoreInstanceId, GlobalId, MemoryId};

/// An instruction in an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The instance.
    pub instance: CoreInstanceId,
    /// The function.
    pub func: FuncIdx,
    /// Index of the operator in the function body.
    pub op: u32,
}

/// An abstract location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A range of a memory.
    Memory {
        /// The memory.
        memory: MemoryId,
        /// The address, in bytes.
        address: u64,
        /// Length, in bytes.
        width: u8,
    },
    /// A global.
    Global(GlobalId),
}
