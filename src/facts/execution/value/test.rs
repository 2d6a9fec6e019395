//! What a condition says about a local.

use super::ranges::Relation;
use super::set::Set;
use crate::facts::body::Binary;

/// A condition that is true exactly if a local has a relation to a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    /// The local.
    pub local: u32,
    /// The relation.
    pub relation: Relation,
    /// The constant.
    pub bound: u32,
    /// Whether the value is the local's own, not just a condition on it.
    pub is_own: bool,
}

impl Test {
    /// The test that a local is not zero, which its own value is.
    pub fn of_local(local: u32) -> Self {
        Test { local, relation: Relation::Differs, bound: 0, is_own: true }
    }

    /// The test that is true exactly if this one is not.
    pub fn negated(self) -> Self {
        Test { relation: self.relation.negated(), is_own: false, ..self }
    }
}

/// The test that a comparison makes; `None` if it is none of one local with one constant.
pub(super) fn of(op: Binary, a: (Option<Test>, &Set), b: (Option<Test>, &Set)) -> Option<Test> {
    use Binary::*;
    let (of, set, bound, swapped) = match (a, b) {
        ((Some(test), set), (_, Set::One(bound))) => (test, set, *bound, false),
        ((_, Set::One(bound)), (Some(test), set)) => (test, set, *bound, true),
        _ => return None,
    };
    if !of.is_own {
        return match op {
            _ if bound != 0 => None,
            I32Eq | I64Eq => Some(of.negated()),
            I32Ne | I64Ne | I32Or | I64Or => Some(of),
            _ => None,
        };
    }
    // Signed comparisons of two numbers that are not negative are unsigned ones.
    let small = |limit: u64| bound < limit && set.high().is_some_and(|high| high < limit);
    let (narrow, wide) = (small(1 << 31), small(1 << 63));
    let relation = match (op, swapped) {
        (I32Or | I64Or, _) if bound == 0 => Relation::Differs,
        (I32Eq | I64Eq, _) => Relation::Equals,
        (I32Ne | I64Ne, _) => Relation::Differs,
        (I32LtU | I64LtU, false) | (I32GtU | I64GtU, true) => Relation::Below,
        (I32GeU | I64GeU, false) | (I32LeU | I64LeU, true) => Relation::NotBelow,
        (I32LtS, false) | (I32GtS, true) if narrow => Relation::Below,
        (I32GeS, false) | (I32LeS, true) if narrow => Relation::NotBelow,
        (I64LtS, false) | (I64GtS, true) if wide => Relation::Below,
        (I64GeS, false) | (I64LeS, true) if wide => Relation::NotBelow,
        (I32GtU | I64GtU, false) | (I32LtU | I64LtU, true) => return above(of, bound, true),
        (I32LeU | I64LeU, false) | (I32GeU | I64GeU, true) => return above(of, bound, false),
        (I32GtS, false) | (I32LtS, true) if narrow => return above(of, bound, true),
        (I32LeS, false) | (I32GeS, true) if narrow => return above(of, bound, false),
        (I64GtS, false) | (I64LtS, true) if wide => return above(of, bound, true),
        (I64LeS, false) | (I64GeS, true) if wide => return above(of, bound, false),
        _ => return None,
    };
    let bound = u32::try_from(bound).ok()?;
    Some(Test { local: of.local, relation, bound, is_own: false })
}

/// The test that a local is above a constant, or is not.
fn above(of: Test, bound: u64, above: bool) -> Option<Test> {
    let bound = u32::try_from(bound.checked_add(1)?).ok()?;
    let relation = if above { Relation::NotBelow } else { Relation::Below };
    Some(Test { local: of.local, relation, bound, is_own: false })
}
