//! The constants of a body that may bound its loops.

use super::Op;

/// Most thresholds of one body; the bounds of loops are among the least constants.
const MOST_THRESHOLDS: usize = 64;

/// The constants and their neighbours, sorted.
pub(super) fn thresholds(code: &[Op]) -> Vec<u64> {
    let constants = code.iter().filter_map(|op| match op {
        Op::Const(value) => Some(*value),
        _ => None,
    });
    let mut all: Vec<u64> = constants
        .flat_map(|value| [value.saturating_sub(1), value, value.saturating_add(1)])
        .filter(|value| *value <= u64::from(u32::MAX))
        .collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST_THRESHOLDS);
    all
}
