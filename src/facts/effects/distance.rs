//! How far an address is from the pointer that it was computed from.

/// A distance, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Distance {
    /// The least that it may be; `i64::MIN` if it has no bound.
    least: i64,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is the least.
    Exact,
    /// It is one of several, or changes in a loop.
    Varying,
    /// An index was added.
    Indexed,
}

impl Distance {
    pub(super) const ZERO: Distance = Distance { least: 0, kind: Kind::Exact };

    /// That of an address which is any number of bytes below the pointer.
    pub(super) const UNBOUNDED: Distance = Distance { least: i64::MIN, kind: Kind::Varying };

    /// The distance, if it is known and not negative.
    pub(super) fn exact(self) -> Option<u64> {
        u64::try_from(self.least).ok().filter(|_| self.kind == Kind::Exact)
    }

    /// How far below the pointer the address may be; `u64::MAX` if that has no bound.
    pub(super) fn below(self) -> u64 {
        match self.least {
            i64::MIN => u64::MAX,
            least => least.min(0).unsigned_abs(),
        }
    }

    /// The distance plus a constant. An index that was added is larger than what is subtracted from it.
    pub(super) fn plus(self, by: i64) -> Self {
        match self.least {
            i64::MIN => self,
            _ if by < 0 && self.kind == Kind::Indexed => self,
            least => Distance { least: least.saturating_add(by), ..self },
        }
    }

    /// The distance plus an index, which is not negative. What was any number of bytes below the pointer is an index itself.
    pub(super) fn indexed(self) -> Self {
        let least = if self.least == i64::MIN { 0 } else { self.least };
        Distance { least, kind: Kind::Indexed }
    }

    /// The distance of an address after its low bits, those of `mask`, are cleared.
    pub(super) fn aligned(self, mask: u32) -> Self {
        Distance { kind: Kind::Varying, ..self }.plus(-i64::from(mask))
    }

    /// The join of two. It grows at most four times: a bound that falls twice is gone. An index that was added is larger
    /// than what a loop subtracts again.
    pub(super) fn join(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let is_indexed = self.kind == Kind::Indexed || other.kind == Kind::Indexed;
        let kind = if is_indexed { Kind::Indexed } else { Kind::Varying };
        let least = match self.kind {
            Kind::Exact => self.least.min(other.least),
            Kind::Varying if other.least < self.least => i64::MIN,
            Kind::Varying | Kind::Indexed => self.least,
        };
        Distance { least, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_below_a_pointer_an_address_may_be() {
        let zero = Distance::ZERO;
        for (distance, exact, below) in [
            (zero.plus(8), Some(8), 0),
            (zero.plus(-8), None, 8),
            (zero.plus(-8).plus(12), Some(4), 0),
            (zero.plus(-8).indexed(), None, 8),
            // `p[i - 1]`
            (zero.indexed().plus(-8), None, 0),
            (zero.plus(4).aligned(7), None, 3),
            (Distance::UNBOUNDED.plus(4), None, u64::MAX),
            (Distance::UNBOUNDED.indexed(), None, 0),
            (zero.join(zero.plus(-4)), None, 4),
            // A loop that goes down.
            (zero.join(zero.plus(-4)).join(zero.plus(-8)), None, u64::MAX),
            (zero.indexed().join(zero.indexed().plus(-4)), None, 0),
        ] {
            assert_eq!((distance.exact(), distance.below()), (exact, below), "{distance:?}");
        }
    }
}
