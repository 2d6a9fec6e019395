//! The place of an allocator's pointer, and values as far as they have to do with it.

use crate::component::index_space::{GlobalIdx, MemoryIdx};
use crate::facts::body::Binary;

/// Where an allocator keeps its pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Global(GlobalIdx),
    /// The address.
    Cell(MemoryIdx, u64),
}

impl Place {
    /// Whether it shares bytes with so many at another place.
    pub(super) fn overlaps(self, other: Place, bytes: u64) -> bool {
        let (Place::Cell(memory, at), Place::Cell(of, from)) = (self, other) else { return false };
        memory == of && from < at.saturating_add(4) && at < from.saturating_add(bytes)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// The pointer and at least this many bytes. Sizes and alignments are at least 1.
    Above(u64),
    /// Whether the pointer is null.
    IsNull,
    Constant(u64),
    /// An argument of the function that was asked about.
    Argument(u32),
    /// What makes a pointer lower that it is added to.
    Negated,
    Other,
}

/// The pointer itself, or what is rounded from more than it.
pub(super) const POINTER: Value = Value::Above(0);

impl Value {
    /// Whether it is a pointer to new memory, or null.
    pub(super) fn is_new(self) -> bool {
        matches!(self, Value::Above(_) | Value::Constant(0))
    }

    /// Whether it makes a pointer lower that it is added to.
    pub(super) fn is_negative(self) -> bool {
        match self {
            Value::Constant(value) => negative(value),
            other => other == Value::Negated,
        }
    }

    /// What is known of a value that is one of two.
    pub(super) fn or(self, other: Value) -> Value {
        match (self, other) {
            (a, b) if a == b => a,
            (Value::Above(a), Value::Above(b)) => Value::Above(a.min(b)),
            _ => Value::Other,
        }
    }
}

/// Whether a number has its highest bit set, as an `i32`.
fn negative(value: u64) -> bool {
    (value as u32 as i32) < 0
}

/// A sum with the pointer is above it, if nothing negative is added: sizes are unsigned. `and` rounds to an alignment, after
/// the alignment minus 1 was added.
pub(super) fn computed(op: Binary, a: Value, b: Value) -> Value {
    use Value::{Above, Argument, Constant, IsNull, Negated, Other};
    let is_narrow = matches!(op, Binary::I32Add | Binary::I32Sub);
    let cut = |value: u64| if is_narrow { value & u64::from(u32::MAX) } else { value };
    match (op, a, b) {
        (Binary::I32Add | Binary::I64Add, Constant(a), Constant(b)) => {
            Constant(cut(a.wrapping_add(b)))
        }
        (Binary::I32Sub | Binary::I64Sub, Constant(a), Constant(b)) => {
            Constant(cut(a.wrapping_sub(b)))
        }
        (Binary::I32Add | Binary::I64Add, Above(least), Constant(by))
        | (Binary::I32Add | Binary::I64Add, Constant(by), Above(least)) => {
            moved(least, i64::from(by as u32 as i32))
        }
        (Binary::I32Sub | Binary::I64Sub, Above(least), Constant(by)) => {
            moved(least, -i64::from(by as u32 as i32))
        }
        (Binary::I32Add | Binary::I64Add, Above(least), Argument(_) | Other)
        | (Binary::I32Add | Binary::I64Add, Argument(_) | Other, Above(least)) => moved(least, 1),
        (Binary::I32And | Binary::I64And, Above(_), Constant(mask))
        | (Binary::I32And | Binary::I64And, Constant(mask), Above(_)) => {
            if negative(mask) {
                POINTER
            } else {
                Other
            }
        }
        (Binary::I32And | Binary::I64And, Above(_), Argument(_) | Negated | Other)
        | (Binary::I32And | Binary::I64And, Argument(_) | Negated | Other, Above(_)) => POINTER,
        (Binary::I32Sub | Binary::I64Sub, Constant(0), Argument(_) | Other)
        | (Binary::I32Shl | Binary::I64Shl, Negated, Constant(_)) => Negated,
        (Binary::I32Mul | Binary::I64Mul, Argument(_) | Other, Constant(by))
        | (Binary::I32Mul | Binary::I64Mul, Constant(by), Argument(_) | Other)
            if negative(by) =>
        {
            Negated
        }
        (Binary::I32Or | Binary::I64Or, Above(least), _)
        | (Binary::I32Or | Binary::I64Or, _, Above(least)) => Above(least),
        (Binary::I32Eq | Binary::I64Eq, POINTER, Constant(0))
        | (Binary::I32Eq | Binary::I64Eq, Constant(0), POINTER) => IsNull,
        (Binary::I32Ne | Binary::I64Ne, POINTER, Constant(0))
        | (Binary::I32Ne | Binary::I64Ne, Constant(0), POINTER) => POINTER,
        _ => Other,
    }
}

/// The pointer and at least `least` bytes, moved.
fn moved(least: u64, by: i64) -> Value {
    least.checked_add_signed(by).map_or(Value::Other, Value::Above)
}
