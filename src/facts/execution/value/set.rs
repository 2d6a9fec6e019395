//! Sets of integers: a few constants, a strided range, any but zero, or any.

use super::ranges::{MAX_32, Operand, Range, Relation, compared, gcd, is_narrow, ranged};
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Unary};

/// Most constants that operators make of two sets.
const MOST_COMBINED: usize = 9;

/// A set of possible values. An `i32` is kept zero-extended. Most three constants are kept apart; more become a range: three
/// tell the states of a flag and keep the loops of `printf` from being unrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Any value.
    Any,
    /// Any value but zero, such as a checked pointer.
    NotZero,
    /// One constant.
    One(u64),
    /// Two constants, sorted.
    Two([u64; 2]),
    /// Three constants, sorted.
    Three([u64; 3]),
    /// A range.
    Range(Range),
}

impl Set {
    /// The values of a range.
    pub fn range(range: Range) -> Self {
        match range {
            Range { low, high, .. } if low == high => Set::One(low),
            Range { low: 0, high: u64::MAX, stride: 1 } => Set::Any,
            range => Set::Range(range),
        }
    }

    /// The set of at most [`MOST_COMBINED`] constants.
    fn of(values: impl IntoIterator<Item = u64>) -> Self {
        let (mut sorted, mut len) = ([0; MOST_COMBINED], 0);
        for value in values {
            let at = sorted[..len].iter().take_while(|known| **known < value).count();
            if at == len || sorted[at] != value {
                sorted.copy_within(at..len, at + 1);
                sorted[at] = value;
                len += 1;
            }
        }
        match sorted[..len] {
            [] => Set::Any,
            [value] => Set::One(value),
            [a, b] => Set::Two([a, b]),
            [a, b, c] => Set::Three([a, b, c]),
            [low, .., high] => {
                let values = sorted[..len].iter();
                let stride = values.fold(0, |stride, value| gcd(stride, value - low));
                Set::range(Range { low, high, stride })
            }
        }
    }

    pub(super) fn constants(&self) -> Option<&[u64]> {
        match self {
            Set::One(value) => Some(std::slice::from_ref(value)),
            Set::Two(values) => Some(values),
            Set::Three(values) => Some(values),
            Set::Any | Set::NotZero | Set::Range(_) => None,
        }
    }

    /// Whether it is a few constants.
    pub(super) fn is_known(&self) -> bool {
        matches!(self, Set::One(_) | Set::Two(_) | Set::Three(_))
    }

    /// The least range that holds the set; `None` if that is every value.
    pub fn hull(&self) -> Option<Range> {
        match self {
            Set::Any | Set::NotZero => None,
            Set::Range(range) => Some(*range),
            _ => {
                let values = self.constants()?;
                let (low, high) = (*values.first()?, *values.last()?);
                let stride = values.iter().fold(0, |stride, value| gcd(stride, value - low));
                Some(Range { low, high, stride: stride.max(1) })
            }
        }
    }

    /// The greatest value; `None` if there is no bound.
    pub(super) fn high(&self) -> Option<u64> {
        self.hull().map(|range| range.high)
    }

    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Set::Any => None,
            Set::NotZero => Some(true),
            Set::One(value) => Some(*value != 0),
            Set::Two([low, _]) | Set::Three([low, ..]) => (*low != 0).then_some(true),
            Set::Range(range) => (range.low > 0).then_some(true),
        }
    }

    /// The values that have a relation to a constant; `None` if no value has.
    pub(super) fn satisfying(&self, relation: Relation, bound: u64) -> Option<Self> {
        let holds = |value: u64| match relation {
            Relation::Equals => value == bound,
            Relation::Differs => value != bound,
            Relation::Below => value < bound,
            Relation::NotBelow => value >= bound,
        };
        if let Some(values) = self.constants() {
            let mut kept = values.iter().copied().filter(|value| holds(*value)).peekable();
            kept.peek()?;
            return Some(Set::of(kept));
        }
        let Some(Range { low, high, stride }) = self.hull() else {
            return match relation {
                Relation::Equals if bound == 0 && *self == Set::NotZero => None,
                Relation::Equals => Some(Set::One(bound)),
                Relation::Differs if bound == 0 => Some(Set::NotZero),
                Relation::Differs => Some(*self),
                Relation::Below => {
                    let low = u64::from(*self == Set::NotZero);
                    let high = bound.checked_sub(1).filter(|high| *high >= low)?;
                    Some(Set::range(Range { low, high, stride: 1 }))
                }
                Relation::NotBelow if bound == 0 => Some(*self),
                Relation::NotBelow => {
                    Some(Set::range(Range { low: bound, high: u64::MAX, stride: 1 }))
                }
            };
        };
        let (low, high) = match relation {
            Relation::Equals => {
                let is_member =
                    low <= bound && bound <= high && (bound - low).is_multiple_of(stride);
                return is_member.then_some(Set::One(bound));
            }
            Relation::Differs if bound == low => (low.checked_add(stride)?, high),
            Relation::Differs if bound == high => (low, high.checked_sub(stride)?),
            Relation::Differs => (low, high),
            Relation::Below => {
                let most = bound.checked_sub(1)?.min(high);
                (low, most.checked_sub(most.checked_sub(low)? % stride)?)
            }
            Relation::NotBelow if bound <= low => (low, high),
            Relation::NotBelow => {
                (low.checked_add((bound - low).checked_next_multiple_of(stride)?)?, high)
            }
        };
        (low <= high).then(|| Set::range(Range { low, high, stride }))
    }

    /// The set of `f` of each value; any value where there are too many to tell.
    pub(super) fn map(&self, f: impl Fn(u64) -> u64) -> Self {
        match self.constants() {
            Some(values) => Set::of(values.iter().map(|value| f(*value))),
            None => Set::Any,
        }
    }

    /// The set of `f` of each pair of constants; `None` from `f` is no value.
    pub(super) fn combine(&self, other: &Set, f: impl Fn(u64, u64) -> Option<u64>) -> Self {
        if let (Set::One(a), Set::One(b)) = (self, other) {
            return f(*a, *b).map_or(Set::Any, Set::One);
        }
        let (Some(a), Some(b)) = (self.constants(), other.constants()) else { return Set::Any };
        Set::of(a.iter().flat_map(|a| b.iter().filter_map(|b| f(*a, *b))))
    }

    pub(super) fn unary(&self, op: Unary) -> Self {
        let not_zero = self.truth() == Some(true);
        match op {
            Unary::I32Eqz | Unary::I64Eqz if self.constants().is_none() => {
                if not_zero {
                    Set::One(0)
                } else {
                    Set::Two([0, 1])
                }
            }
            Unary::I64ExtendI32U if matches!(self, Set::Range(_) | Set::NotZero) => *self,
            Unary::I64ExtendI32S if *self == Set::NotZero => Set::NotZero,
            Unary::I64ExtendI32S | Unary::I32WrapI64 => match self {
                Set::Range(range) if range.high <= MAX_32 / 2 => *self,
                Set::Range(range) if op == Unary::I32WrapI64 && range.high <= MAX_32 => *self,
                _ => self.map(|value| arithmetic::unary(op, value)),
            },
            _ => self.map(|value| arithmetic::unary(op, value)),
        }
    }

    pub(super) fn binary(&self, op: Binary, other: &Set) -> Self {
        if self.constants().is_some() && other.constants().is_some() {
            return self.combine(other, |a, b| arithmetic::binary(op, a, b));
        }
        let most = if is_narrow(op) { MAX_32 } else { u64::MAX };
        let operand =
            |set: &Set| Operand { range: set.hull(), not_zero: set.truth() == Some(true) };
        if let Some(truth) = compared(op, operand(self), operand(other), most) {
            return truth.map_or(Set::Two([0, 1]), |truth| Set::One(u64::from(truth)));
        }
        let whole = Range { low: 0, high: most, stride: 1 };
        let of = |set: &Set| set.hull().filter(|range| range.high <= most).unwrap_or(whole);
        let range = ranged(op, of(self), of(other), most).filter(|range| *range != whole);
        range.map_or_else(|| self.bits(op, other), Set::range)
    }

    /// What is known of a result that no range describes.
    fn bits(&self, op: Binary, other: &Set) -> Self {
        let sets_bits = self.truth() == Some(true) || other.truth() == Some(true);
        match op {
            Binary::I32Or | Binary::I64Or if sets_bits => Set::NotZero,
            _ => Set::Any,
        }
    }

    pub(super) fn join(&self, other: &Set) -> Self {
        if self == other {
            return *self;
        }
        if let (Some(a), Some(b)) = (self.constants(), other.constants()) {
            return Set::of(a.iter().chain(b).copied());
        }
        match (self.hull(), other.hull()) {
            (Some(a), Some(b)) => Set::range(a.join(b)),
            _ if self.truth() == Some(true) && other.truth() == Some(true) => Set::NotZero,
            _ => Set::Any,
        }
    }

    /// The join, with bounds that grew moved to the next threshold.
    pub(super) fn widen(&self, other: &Set, thresholds: &[u64]) -> Self {
        let joined = self.join(other);
        let (Some(old), Some(new)) = (self.hull(), joined.hull()) else { return joined };
        if old == new {
            return joined;
        }
        let above = thresholds.get(thresholds.partition_point(|it| *it < new.high));
        let below = thresholds.partition_point(|it| *it <= new.low).checked_sub(1);
        let below = below.and_then(|at| thresholds.get(at)).copied().unwrap_or(0);
        let low = if new.low < old.low { below } else { new.low };
        let high = match above {
            _ if new.high <= old.high => new.high,
            Some(high) => *high,
            None if low > 0 => return Set::NotZero,
            None => return Set::Any,
        };
        let stride = gcd(new.stride, new.low - low).max(1);
        // The last member at or above the threshold.
        let high = low + (high - low).next_multiple_of(stride);
        Set::range(Range { low, high, stride })
    }
}
