//! The operators on ranges, and the relations of integers.

use crate::facts::body::Binary;

pub(super) const MAX_32: u64 = u32::MAX as u64;

/// `low`, `low + stride`, … up to `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least value.
    pub low: u64,
    /// The greatest value.
    pub high: u64,
    /// The distance between neighbours, at least 1; `high - low` is a multiple of it.
    pub stride: u64,
}

/// A relation of an integer to a constant, unsigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is the constant.
    Equals,
    /// It is not.
    Differs,
    /// It is less.
    Below,
    /// It is not less.
    NotBelow,
}

impl Relation {
    /// The relation that holds exactly if this one does not.
    pub fn negated(self) -> Self {
        match self {
            Relation::Equals => Relation::Differs,
            Relation::Differs => Relation::Equals,
            Relation::Below => Relation::NotBelow,
            Relation::NotBelow => Relation::Below,
        }
    }
}

impl Range {
    /// The least range that holds both.
    pub(super) fn join(self, other: Range) -> Range {
        let (low, high) = (self.low.min(other.low), self.high.max(other.high));
        let apart = self.low.abs_diff(other.low);
        let strides = |range: Range| if range.low == range.high { 0 } else { range.stride };
        let stride = gcd(gcd(strides(self), strides(other)), apart).max(1);
        Range { low, high, stride }
    }

    /// Whether the range is a whole residue class of the integers up to `most`, so that sums wrap around within it.
    fn is_circular(self, most: u64) -> bool {
        self.stride.is_power_of_two() && most - (self.high - self.low) == self.stride - 1
    }
}

pub(super) fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

pub(super) fn is_narrow(op: Binary) -> bool {
    use Binary::*;
    matches!(
        op,
        I32Eq
            | I32Ne
            | I32LtS
            | I32LtU
            | I32GtS
            | I32GtU
            | I32LeS
            | I32LeU
            | I32GeS
            | I32GeU
            | I32Add
            | I32Sub
            | I32Mul
            | I32DivS
            | I32DivU
            | I32RemS
            | I32RemU
            | I32And
            | I32Or
            | I32Xor
            | I32Shl
            | I32ShrS
            | I32ShrU
            | I32Rotl
            | I32Rotr
    )
}

/// An operand of a comparison.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operand {
    /// Its range; `None` if it may be any value.
    pub(super) range: Option<Range>,
    /// Whether it is certainly not zero.
    pub(super) not_zero: bool,
}

impl Operand {
    fn is_zero(self) -> bool {
        self.range.is_some_and(|range| range.high == 0)
    }
}

/// Whether two operands can never be equal.
fn apart(a: Operand, b: Operand) -> bool {
    let skips = |one: Range, range: Range| {
        one.low == one.high
            && range.low < one.low
            && !(one.low - range.low).is_multiple_of(range.stride)
    };
    match (a.range, b.range) {
        (Some(a), Some(b)) if a.high < b.low || b.high < a.low => true,
        (Some(a), Some(b)) => skips(a, b) || skips(b, a),
        _ => a.is_zero() && b.not_zero || b.is_zero() && a.not_zero,
    }
}

/// The truth of a comparison, if it is known; `None` for other operators.
pub(super) fn compared(op: Binary, a: Operand, b: Operand, most: u64) -> Option<Option<bool>> {
    use Binary::*;
    // Bounds of both as numbers that are not negative; signed comparisons are unsigned ones then.
    let bounds = |signed: bool| {
        let limit = if signed { most / 2 } else { most };
        let of = |range: Option<Range>| range.filter(|range| range.high <= limit);
        match (of(a.range), of(b.range)) {
            (Some(a), Some(b)) => Some((a, b)),
            _ if signed => None,
            (a, b) => {
                let whole = Range { low: 0, high: most, stride: 1 };
                Some((a.unwrap_or(whole), b.unwrap_or(whole)))
            }
        }
    };
    let less = |signed: bool| {
        let (a, b) = bounds(signed)?;
        if a.high < b.low { Some(true) } else { (a.low >= b.high).then_some(false) }
    };
    let more = |signed: bool| {
        let (a, b) = bounds(signed)?;
        if a.low > b.high { Some(true) } else { (a.high <= b.low).then_some(false) }
    };
    Some(match op {
        I32Eq | I64Eq => apart(a, b).then_some(false),
        I32Ne | I64Ne => apart(a, b).then_some(true),
        I32LtU | I64LtU => less(false),
        I32LtS | I64LtS => less(true),
        I32GtU | I64GtU => more(false),
        I32GtS | I64GtS => more(true),
        I32LeU | I64LeU => more(false).map(|more| !more),
        I32LeS | I64LeS => more(true).map(|more| !more),
        I32GeU | I64GeU => less(false).map(|less| !less),
        I32GeS | I64GeS => less(true).map(|less| !less),
        _ => return None,
    })
}

/// The range of an operator's results; `None` if it may be any value.
pub(super) fn ranged(op: Binary, a: Range, b: Range, most: u64) -> Option<Range> {
    use Binary::*;
    let whole = Range { low: 0, high: most, stride: 1 };
    if (a, b) == (whole, whole) {
        return None;
    }
    let one = |range: Range| (range.low == range.high).then_some(range.low);
    let stride = match (one(a), one(b)) {
        (Some(_), _) => b.stride,
        (_, Some(_)) => a.stride,
        _ => gcd(a.stride, b.stride),
    };
    match op {
        I32Add | I64Add => {
            for (range, by) in [(a, one(b)), (b, one(a))] {
                if let Some(by) = by
                    && range.is_circular(most)
                {
                    return Some(turned(range, by, most));
                }
            }
            let low = u128::from(a.low) + u128::from(b.low);
            between(low, u128::from(a.high) + u128::from(b.high), stride, most)
        }
        I32Sub | I64Sub => {
            if let Some(by) = one(b)
                && a.is_circular(most)
            {
                return Some(turned(a, 0u64.wrapping_sub(by) & most, most));
            }
            let around = u128::from(most) + 1;
            let low = around + u128::from(a.low) - u128::from(b.high);
            between(low, around + u128::from(a.high) - u128::from(b.low), stride, most)
        }
        I32Mul | I64Mul => scaled(a, one(b)?, most).or_else(|| scaled(b, one(a)?, most)),
        I32Shl | I64Shl => {
            let bits = if most == MAX_32 { 32 } else { 64 };
            scaled(a, 1 << (one(b)? % bits), most)
        }
        I32ShrU | I64ShrU => {
            let bits = if most == MAX_32 { 32 } else { 64 };
            let by = one(b)? % bits;
            Some(Range { low: a.low >> by, high: a.high >> by, stride: 1 })
        }
        I32And | I64And => {
            let (range, mask) = one(b).map(|mask| (a, mask)).or_else(|| Some((b, one(a)?)))?;
            let stride = if mask == 0 { 1 } else { 1 << mask.trailing_zeros() };
            let high = range.high.min(mask);
            Some(Range { low: 0, high: high - high % stride, stride })
        }
        I32RemU | I64RemU => {
            let high = one(b)?.checked_sub(1)?.min(a.high);
            Some(Range { low: 0, high, stride: 1 })
        }
        I32DivU | I64DivU => {
            let by = one(b).filter(|by| *by > 0)?;
            Some(Range { low: a.low / by, high: a.high / by, stride: 1 })
        }
        _ => None,
    }
}

/// A residue class, moved.
fn turned(range: Range, by: u64, most: u64) -> Range {
    let low = (range.low % range.stride).wrapping_add(by) % range.stride;
    Range { low, high: most - (range.stride - 1) + low, stride: range.stride }
}

/// The range between two sums, if both wrap around equally often.
fn between(low: u128, high: u128, stride: u64, most: u64) -> Option<Range> {
    let around = u128::from(most) + 1;
    let stride = stride.max(1);
    (low / around == high / around).then(|| Range {
        low: (low % around) as u64,
        high: (high % around) as u64,
        stride,
    })
}

/// The multiples of a range; where they wrap around, the multiples of the factor's power of two.
fn scaled(range: Range, by: u64, most: u64) -> Option<Range> {
    if by == 0 {
        return Some(Range { low: 0, high: 0, stride: 1 });
    }
    match range.high.checked_mul(by).filter(|high| *high <= most) {
        Some(high) => {
            Some(Range { low: range.low * by, high, stride: range.stride.saturating_mul(by) })
        }
        None => {
            let stride = 1u64.checked_shl(by.trailing_zeros())?;
            (stride > 1 && stride <= most).then(|| Range {
                low: 0,
                high: most - (stride - 1),
                stride,
            })
        }
    }
}
