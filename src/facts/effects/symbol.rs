//! A symbolic operand, and the join of two.

use super::distance::Distance;
use super::summary::LOWEST_OBJECT;
use crate::component::index_space::GlobalIdx;
use crate::facts::body::Binary;

/// Farthest that a constant goes below a pointer, in bytes. A lower one is a number.
const FARTHEST: i64 = 1 << 20;
/// The same as a signed number.
const LOWEST_ADDRESS: i64 = LOWEST_OBJECT as i64;

/// A symbolic operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Symbol {
    Constant(u64),
    /// Computed from a global: its value plus an offset; `None` if the offset is unknown.
    Global(GlobalIdx, Option<u64>),
    /// A global minus the size of a stack frame: a multiple of 16 bytes (tool-conventions, `BasicCABI.md`, "The linear
    /// stack").
    Lowered(GlobalIdx, u64),
    /// At a distance of a parameter.
    Param(u32, Distance),
    /// The sum of two parameters, of which either may be an address, at an unknown distance.
    Sum(u32, u32),
    /// An index added to a constant that may be the address of an array, and a distance.
    Near(u64, Distance),
    /// At a distance of a value of which nothing is known.
    Other(Distance),
    /// A value that was loaded from this address.
    Loaded(u64),
}

impl Symbol {
    /// A value of which nothing is known.
    pub(super) const UNKNOWN: Symbol = Symbol::Other(Distance::ZERO);

    pub(super) fn join(self, other: Symbol) -> Symbol {
        match (self, other) {
            (a, b) if a == b => a,
            (
                Symbol::Global(a, _) | Symbol::Lowered(a, _),
                Symbol::Global(b, _) | Symbol::Lowered(b, _),
            ) if a == b => Symbol::Global(a, None),
            (Symbol::Param(a, by), Symbol::Param(b, other)) if a == b => {
                Symbol::Param(a, by.join(other))
            }
            (Symbol::Near(a, by), Symbol::Near(b, other)) if a == b => {
                Symbol::Near(a, by.join(other))
            }
            // Such a local has several uses, of which few are pointers.
            _ => Symbol::UNKNOWN,
        }
    }

    /// The distance of the pointer that it may be.
    pub(super) fn distance(self) -> Distance {
        match self {
            Symbol::Param(_, by) | Symbol::Near(_, by) | Symbol::Other(by) => by,
            _ => Distance::ZERO,
        }
    }

    /// At another distance; at an unknown one of a global.
    fn at(self, distance: Distance) -> Symbol {
        match self {
            Symbol::Param(param, _) => Symbol::Param(param, distance),
            Symbol::Near(base, _) => Symbol::Near(base, distance),
            Symbol::Lowered(global, _) | Symbol::Global(global, _) => Symbol::Global(global, None),
            Symbol::Sum(..) => self,
            Symbol::Other(_) | Symbol::Loaded(_) | Symbol::Constant(_) => Symbol::Other(distance),
        }
    }

    /// An index is added. Of two values of which nothing is known, either may be the index.
    fn indexed(self) -> Symbol {
        match self {
            Symbol::Param(..) | Symbol::Near(..) => self.at(self.distance().indexed()),
            _ => self.at(Distance::ZERO.indexed()),
        }
    }

    /// The result of an addition, a subtraction or a mask, if one operand may be an address and keeps to be one. What it is
    /// not computed from escapes.
    pub(super) fn computed(op: Binary, a: Symbol, b: Symbol) -> Option<Symbol> {
        use Symbol::{Constant, Global, Loaded, Lowered, Near, Other, Param, Sum};
        let constant = match (a, b) {
            (_, Constant(by)) if is_sum(op) || is_mask(op) => Some((a, by)),
            (Constant(by), _) if is_addition(op) || is_mask(op) => Some((b, by)),
            _ => None,
        };
        if let Some((of, by)) = constant {
            let by = if is_narrow(op) { i64::from(by as u32 as i32) } else { by as i64 };
            return match (of, by) {
                (Global(global, Some(offset)), _) if is_addition(op) => {
                    Some(Global(global, Some(offset.wrapping_add(by as u64))))
                }
                (Global(..) | Lowered(..), _) => Some(of.at(Distance::ZERO)),
                // The address of a value plus the value is not far from another object.
                (Loaded(at), _) if at == by as u64 && is_addition(op) => None,
                (Other(_) | Loaded(_), LOWEST_ADDRESS..) if is_addition(op) => {
                    Some(Near(by as u64, Distance::ZERO.indexed()))
                }
                (Param(..) | Near(..) | Other(_) | Sum(..) | Loaded(_), _) if is_mask(op) => {
                    Some(match by {
                        ..0 if is_and(op) => {
                            of.at(of.distance().aligned(u32::try_from(!by).unwrap_or(u32::MAX)))
                        }
                        _ if by < LOWEST_ADDRESS => of.indexed(),
                        _ => return None,
                    })
                }
                (Param(..) | Near(..) | Other(_) | Sum(..) | Loaded(_), _) => {
                    let by = if is_addition(op) { by } else { by.checked_neg()? };
                    let is_distance = (-FARTHEST..LOWEST_ADDRESS).contains(&by);
                    is_distance.then(|| of.at(of.distance().plus(by)))
                }
                _ => None,
            };
        }
        match (a, b) {
            (Param(p, _), Param(q, _)) if is_sum(op) && p != q => Some(Sum(p, q)),
            (Sum(..), Other(_) | Loaded(_)) if is_sum(op) => Some(a),
            (Other(_) | Loaded(_), Sum(..)) if is_sum(op) => Some(b),
            (Global(..) | Lowered(..), Other(_) | Loaded(_)) if is_sum(op) || is_mask(op) => {
                Some(a.at(Distance::ZERO))
            }
            (Other(_) | Loaded(_), Global(..) | Lowered(..)) if is_sum(op) || is_mask(op) => {
                Some(b.at(Distance::ZERO))
            }
            (Param(..) | Near(..), Other(_) | Loaded(_)) if is_addition(op) || is_mask(op) => {
                Some(a.indexed())
            }
            (Other(_) | Loaded(_), Near(..)) if is_addition(op) || is_mask(op) => Some(b.indexed()),
            (Other(_) | Loaded(_), Param(..)) if is_sum(op) || is_mask(op) => Some(b.indexed()),
            (Other(_) | Loaded(_), Other(_) | Loaded(_)) if is_addition(op) => Some(a.indexed()),
            (Param(..) | Other(_) | Loaded(_), Other(_) | Loaded(_)) if is_sum(op) => {
                Some(a.at(Distance::UNBOUNDED))
            }
            _ => None,
        }
    }
}

fn is_addition(op: Binary) -> bool {
    matches!(op, Binary::I32Add | Binary::I64Add)
}

pub(super) fn is_sum(op: Binary) -> bool {
    is_addition(op) || matches!(op, Binary::I32Sub | Binary::I64Sub)
}

fn is_and(op: Binary) -> bool {
    matches!(op, Binary::I32And | Binary::I64And)
}

fn is_mask(op: Binary) -> bool {
    is_and(op) || matches!(op, Binary::I32Or | Binary::I64Or)
}

fn is_narrow(op: Binary) -> bool {
    matches!(op, Binary::I32Add | Binary::I32Sub | Binary::I32And | Binary::I32Or)
}

/// Whether an operator subtracts the size of a stack frame, and how large that is.
pub(super) fn frame_size(op: Binary, size: u64) -> Option<u64> {
    let size = match op {
        Binary::I32Sub | Binary::I64Sub => size,
        // LEB128 encodes -64 in one byte, 64 in two.
        Binary::I32Add if (size as i32) < 0 => u64::from((size as i32).unsigned_abs()),
        _ => return None,
    };
    (size > 0 && size.is_multiple_of(16)).then_some(size)
}
