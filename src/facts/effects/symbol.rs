//! A symbolic operand, and the join of two.

use crate::component::index_space::GlobalIdx;
use crate::facts::body::Binary;

/// A symbolic operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Symbol {
    Constant(u64),
    /// Computed from a global: its value plus an offset; `None` if the offset is unknown.
    Global(GlobalIdx, Option<u64>),
    /// A global minus the size of a stack frame: a multiple of 16 bytes (tool-conventions, `BasicCABI.md`, "The linear
    /// stack").
    Lowered(GlobalIdx, u64),
    /// A parameter plus an offset; `None` if the offset is unknown.
    Param(u32, Option<u64>),
    /// The sum of two parameters, of which either may be an address, at an unknown distance.
    Sum(u32, u32),
    Unknown,
}

impl Symbol {
    pub(super) fn join(self, other: Symbol) -> Symbol {
        match (self, other) {
            (a, b) if a == b => a,
            (
                Symbol::Global(a, _) | Symbol::Lowered(a, _),
                Symbol::Global(b, _) | Symbol::Lowered(b, _),
            ) if a == b => Symbol::Global(a, None),
            (Symbol::Param(a, _), Symbol::Param(b, _)) if a == b => Symbol::Param(a, None),
            _ => Symbol::Unknown,
        }
    }

    /// The symbol at an unknown distance.
    pub(super) fn moved(self) -> Symbol {
        match self {
            Symbol::Param(param, _) => Symbol::Param(param, None),
            Symbol::Constant(_) => Symbol::Unknown,
            Symbol::Lowered(global, _) | Symbol::Global(global, _) => Symbol::Global(global, None),
            symbol => symbol,
        }
    }
}

/// The size of a stack frame that an operator subtracts, in bytes.
pub(super) fn frame_size(op: Binary, size: u64) -> Option<u64> {
    let size = match op {
        Binary::I32Sub | Binary::I64Sub => size,
        // LEB128 encodes -64 in one byte, 64 in two.
        Binary::I32Add if (size as i32) < 0 => u64::from((size as i32).unsigned_abs()),
        _ => return None,
    };
    (size > 0 && size.is_multiple_of(16)).then_some(size)
}
