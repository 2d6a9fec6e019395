//! What is known of values, and of the bytes of stack frames that are written for certain, at one point of a function.

/// Most ranges that are remembered; the others count as not written.
const MOST_RANGES: usize = 256;

/// A value. Offsets wrap around at 32 bits where the function computes with 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Unknown,
    Constant(u64),
    /// The stack pointer at the function's entry, plus an offset.
    Stack(i64),
    /// A parameter plus an offset.
    Param(u32, i64),
}

impl Symbol {
    pub(super) fn join(self, other: Symbol) -> Symbol {
        if self == other { self } else { Symbol::Unknown }
    }

    /// The value plus a constant.
    pub(super) fn plus(self, by: i64) -> Symbol {
        match self {
            Symbol::Unknown => Symbol::Unknown,
            Symbol::Constant(value) => Symbol::Constant(value.wrapping_add_signed(by)),
            Symbol::Stack(offset) => Symbol::Stack(offset.wrapping_add(by)),
            Symbol::Param(param, offset) => Symbol::Param(param, offset.wrapping_add(by)),
        }
    }
}

/// Where an address counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    Stack,
    Param(u32),
}

/// Ranges of bytes that are written on every path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ranges(Vec<(Base, i64, i64)>);

impl Ranges {
    pub(super) fn insert(&mut self, base: Base, start: i64, end: i64) {
        if start >= end || self.0.len() >= MOST_RANGES {
            return;
        }
        let (mut start, mut end) = (start, end);
        self.0.retain(|(of, from, to)| {
            let touches = *of == base && *from <= end && *to >= start;
            if touches {
                start = start.min(*from);
                end = end.max(*to);
            }
            !touches
        });
        self.0.push((base, start, end));
        self.0.sort_unstable();
    }

    pub(super) fn contains(&self, base: Base, start: i64, end: i64) -> bool {
        self.0.iter().any(|(of, from, to)| *of == base && *from <= start && *to >= end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Base, i64, i64)> {
        self.0.iter().copied()
    }

    /// The bytes that both have.
    pub(super) fn intersection(&self, other: &Ranges) -> Ranges {
        if self == other {
            return self.clone();
        }
        let mut both = Ranges::default();
        for (base, from, to) in self.iter() {
            for (of, other_from, other_to) in other.iter() {
                if of == base {
                    both.insert(base, from.max(other_from), to.min(other_to));
                }
            }
        }
        both
    }
}

/// What is known at one point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) locals: Vec<Symbol>,
    pub(super) operands: Vec<Symbol>,
    /// The stack pointer now, counted from its value at entry; `None` if unknown.
    pub(super) pointer: Option<i64>,
    pub(super) written: Ranges,
}

impl State {
    pub(super) fn pop(&mut self) -> Symbol {
        self.operands.pop().unwrap_or(Symbol::Unknown)
    }

    pub(super) fn take(&mut self, count: u32) {
        let left = self.operands.len().saturating_sub(count as usize);
        self.operands.truncate(left);
    }

    /// The steps that a copy costs.
    pub(super) fn size(&self) -> u64 {
        (self.locals.len() + self.operands.len()) as u64
    }

    pub(super) fn join(&mut self, other: &State) {
        let lists = [(&mut self.locals, &other.locals), (&mut self.operands, &other.operands)];
        for (own, others) in lists {
            own.iter_mut().zip(others).for_each(|(own, other)| *own = own.join(*other));
        }
        if self.pointer != other.pointer {
            self.pointer = None;
        }
        self.written = self.written.intersection(&other.written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_where_they_touch_and_intersect() {
        let ranges = |list: &[(i64, i64)]| {
            let mut ranges = Ranges::default();
            list.iter().for_each(|(from, to)| ranges.insert(Base::Stack, *from, *to));
            ranges
        };
        let all = ranges(&[(-16, -8), (-8, -4), (-2, 0)]);
        assert!(all.contains(Base::Stack, -16, -4));
        assert!(!all.contains(Base::Stack, -16, -3));
        assert!(!all.contains(Base::Param(0), -16, -4));
        assert_eq!(all.intersection(&ranges(&[(-10, -1)])), ranges(&[(-10, -4), (-2, -1)]));
        assert_eq!(all.intersection(&Ranges::default()), Ranges::default());
    }
}
