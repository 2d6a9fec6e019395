//! Abstract integers: a few constants, any value but zero, or any value; with the cells they were read from.

use std::rc::Rc;

use super::arithmetic::truncate;
use super::site::{Cell, Site};

/// Most constants of a value; beyond that it is unknown. Three distinguish the states of a flag and keep the loops of
/// `printf` from being unrolled.
const MOST: usize = 3;
/// Most reads that a value remembers. A value made of more cells is no evidence for one of them.
const MOST_READS: usize = 6;
/// Lowest address of static objects (wasm-ld's `--global-base`); a smaller constant is a number.
pub const LOWEST_STATIC: u64 = 1024;
/// Most reads remembered of the branches of one call.
const MOST_ASSUMED: usize = 256;

/// An abstract value of a local, an operand, a global or a memory cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    known: Known,
    /// Whether it is made of constants in the code only, not of mutable globals: as an address, it is that of a static
    /// object, not of a stack frame.
    pub literal: bool,
    /// The local that is zero exactly if this value is, or, if `true`, exactly if this value is not.
    pub tests_local: Option<(u32, bool)>,
    /// The known address at an unknown distance from this value.
    pub near: Option<Near>,
    reads: Option<Rc<Reads>>,
}

/// The known address that an unknown one was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The address.
    pub address: u64,
    /// Whether it is a constant in the code: the address of a static object, not of a stack frame.
    pub literal: bool,
}

/// The set of possible values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Any value.
    Any,
    /// Any value but zero, such as a checked pointer.
    NotZero,
    /// One of these.
    Few(Constants),
}

/// A few constants, sorted, without repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Constants {
    len: u8,
    list: [u64; MOST],
}

/// The reads of cells that a value depends on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reads {
    /// The reads, in the order of first use.
    pub list: Vec<Read>,
    /// Whether some were dropped.
    pub overflow: bool,
}

/// A read of a cell that an earlier call wrote, or that is assumed unchanged although code was skipped since the write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The cell.
    pub cell: Cell,
    /// The load.
    pub load: Site,
    /// The store of an earlier call that the value comes from.
    pub earlier: Option<Site>,
    /// Whether code was skipped between the write and the read.
    pub exposed: bool,
    /// Whether the address was a constant in the code.
    pub literal: bool,
}

impl Value {
    /// Any value.
    pub const ANY: Value =
        Value { known: Known::Any, literal: false, tests_local: None, near: None, reads: None };

    /// A constant.
    pub fn constant(value: u64, literal: bool) -> Self {
        let known = Known::Few(Constants { len: 1, list: [value, 0, 0] });
        Value { known, literal, tests_local: None, near: None, reads: None }
    }

    /// The constants it may be; `None` if unknown.
    pub fn constants(&self) -> Option<&[u64]> {
        match &self.known {
            Known::Few(known) => Some(&known.list[..usize::from(known.len)]),
            Known::Any | Known::NotZero => None,
        }
    }

    /// Whether the sets of possible values are equal.
    pub fn same(&self, other: &Value) -> bool {
        self.known == other.known
    }

    /// The value, known to be nonzero or zero.
    pub fn refined(&self, truth: bool) -> Self {
        let known = match (self.known, truth) {
            (Known::Few(_), _) => {
                let kept = self.constants().unwrap_or_default().iter();
                let kept = kept.filter(|value| (**value != 0) == truth);
                Constants::of(kept.map(|value| Some(*value))).map_or(self.known, Known::Few)
            }
            (_, true) => Known::NotZero,
            (_, false) => Known::Few(Constants { len: 1, list: [0; MOST] }),
        };
        Value { known, ..self.clone() }
    }

    /// The constant it is; `None` if it may be several.
    pub fn single(&self) -> Option<u64> {
        match self.constants() {
            Some([value]) => Some(*value),
            _ => None,
        }
    }

    /// `Some(false)` if it is zero, `Some(true)` if it is not, `None` if it may be either.
    pub fn truth(&self) -> Option<bool> {
        if self.known == Known::NotZero {
            return Some(true);
        }
        let constants = self.constants()?;
        let first = *constants.first()? != 0;
        constants.iter().all(|value| (*value != 0) == first).then_some(first)
    }

    /// The reads it depends on.
    pub fn reads(&self) -> Option<&Rc<Reads>> {
        self.reads.as_ref()
    }

    /// The value without the possibility `value`; `None` if that changes nothing.
    pub fn without(&self, value: u64) -> Option<Self> {
        let known = match self.known {
            Known::Any if value == 0 => Known::NotZero,
            Known::Any | Known::NotZero => return None,
            Known::Few(constants) => {
                let kept = self.constants()?.iter().filter(|constant| **constant != value);
                let kept = Constants::of(kept.map(|constant| Some(*constant)))?;
                if kept == constants {
                    return None;
                }
                Known::Few(kept)
            }
        };
        Some(Value { known, ..self.clone() })
    }

    /// The value, known to be a constant.
    pub fn known_as(self, value: u64) -> Self {
        let known = Known::Few(Constants { len: 1, list: [value, 0, 0] });
        Value { known, ..self }
    }

    /// The value as a test of a local, or of none.
    pub fn testing_local(self, tests_local: Option<(u32, bool)>) -> Self {
        Value { tests_local, ..self }
    }

    /// The value, read from a cell.
    pub fn read_from(mut self, read: Read) -> Self {
        let mut reads = self.reads.as_deref().cloned().unwrap_or_default();
        reads.add(read, MOST_READS);
        self.reads = Some(Rc::new(reads));
        self
    }

    /// The value as a store of `width` bytes keeps it. A nonzero value must have been truncated before.
    pub fn stored(self, width: u8) -> Self {
        match self.known {
            Known::NotZero => Value { tests_local: None, ..self },
            _ => self.map(|value| Some(truncate(value, width))),
        }
    }

    /// The value, no longer a constant in the code.
    pub fn computed(self) -> Self {
        Value { literal: false, tests_local: None, ..self }
    }

    /// Applies a unary operator; `None` from `f` is any value.
    pub fn map(&self, f: impl Fn(u64) -> Option<u64>) -> Self {
        let known = self
            .constants()
            .and_then(|constants| Constants::of(constants.iter().map(|value| f(*value))));
        self.with(known.map_or(Known::Any, Known::Few))
    }

    /// Applies an extension or a test for zero. The result for a nonzero value is `not_zero`.
    pub fn map_zeroness(&self, f: impl Fn(u64) -> u64, not_zero: Option<u64>) -> Self {
        match (self.known, not_zero) {
            (Known::NotZero, Some(value)) => {
                self.with(Known::Few(Constants { len: 1, list: [value, 0, 0] }))
            }
            (Known::NotZero, None) => self.with(Known::NotZero),
            _ => self.map(|value| Some(f(value))),
        }
    }

    fn with(&self, known: Known) -> Self {
        let near = if known == Known::Any { self.points_near() } else { None };
        Value { known, literal: self.literal, tests_local: None, near, reads: self.reads.clone() }
    }

    /// The address that it is or was computed from.
    fn points_near(&self) -> Option<Near> {
        match self.constants() {
            Some([address, ..]) if *address >= LOWEST_STATIC => {
                Some(Near { address: *address, literal: self.literal })
            }
            Some(_) => None,
            None => self.near,
        }
    }

    /// Whether it may be an address in a stack frame or heap object.
    pub fn points_to_computed(&self) -> bool {
        self.points_near().is_some_and(|near| !near.literal)
    }

    /// Applies a binary operator; `None` from `f` is any value.
    pub fn combine(&self, other: &Value, f: impl Fn(u64, u64) -> Option<u64>) -> Self {
        let known = match (self.constants(), other.constants()) {
            (Some(a), Some(b)) => Constants::of(a.iter().flat_map(|a| b.iter().map(|b| f(*a, *b)))),
            _ => None,
        };
        let known = known.map_or(Known::Any, Known::Few);
        let near = match known {
            Known::Any => self.points_near().or(other.points_near()),
            _ => None,
        };
        let reads = union(&self.reads, &other.reads);
        Value { known, literal: self.literal && other.literal, tests_local: None, near, reads }
    }

    /// The join of two values.
    pub fn join(&self, other: &Value) -> Self {
        if self == other {
            return self.clone();
        }
        let known = match (self.constants(), other.constants()) {
            (Some(a), Some(b)) => {
                let both = Constants::of(a.iter().chain(b).map(|value| Some(*value)));
                both.map_or(Known::Any, Known::Few)
            }
            _ => Known::Any,
        };
        let known = match known {
            Known::Any if self.truth() == Some(true) && other.truth() == Some(true) => {
                Known::NotZero
            }
            known => known,
        };
        let near = match known {
            Known::Few(_) => None,
            _ => self.points_near().or(other.points_near()),
        };
        let reads = union(&self.reads, &other.reads);
        Value { known, literal: self.literal && other.literal, tests_local: None, near, reads }
    }

    /// The unknown sum of `a` and `b`, of which one is near a known address and the other a constant: moves that address.
    pub fn moved(self, a: &Value, b: &Value, narrow: bool) -> Self {
        let moved = |from: &Value, by: &Value| {
            let near = from.near?;
            let address = near.address.wrapping_add(by.single()?);
            let address = if narrow { u64::from(address as u32) } else { address };
            Some(Near { address, literal: near.literal })
        };
        let near = moved(a, b).or_else(|| moved(b, a)).filter(|_| self.known == Known::Any);
        match near {
            Some(near) => Value { near: Some(near), ..self },
            None => self,
        }
    }

    /// Widens to any value, keeping the base address.
    pub fn widened(&self) -> Self {
        Value { near: self.points_near(), reads: self.reads.clone(), ..Value::ANY }
    }

    /// The value, read through an address with reads of its own.
    pub fn read_through(mut self, address: &Value) -> Self {
        if address.reads.is_some() {
            self.reads = union(&self.reads, &address.reads);
        }
        self
    }
}

impl Constants {
    fn of(values: impl Iterator<Item = Option<u64>>) -> Option<Self> {
        let mut constants = Constants { len: 0, list: [0; MOST] };
        for value in values {
            let value = value?;
            let len = usize::from(constants.len);
            match constants.list[..len].binary_search(&value) {
                Ok(_) => {}
                Err(_) if len == MOST => return None,
                Err(at) => {
                    constants.list.copy_within(at..len, at + 1);
                    constants.list[at] = value;
                    constants.len += 1;
                }
            }
        }
        (constants.len > 0).then_some(constants)
    }
}

impl Reads {
    /// Adds a read, or merges it with one of the same cell.
    fn add(&mut self, read: Read, most: usize) {
        if let Some(known) = self.list.iter_mut().find(|known| known.cell == read.cell) {
            known.exposed |= read.exposed;
            known.earlier = known.earlier.or(read.earlier);
        } else if self.list.len() < most {
            self.list.push(read);
        } else {
            self.overflow = true;
        }
    }

    /// Adds the reads that a branch relies on.
    pub fn assume(&mut self, other: &Reads) {
        self.extend(other, MOST_ASSUMED);
    }

    fn extend(&mut self, other: &Reads, most: usize) {
        self.overflow |= other.overflow;
        for read in &other.list {
            self.add(*read, most);
        }
    }
}

fn union(a: &Option<Rc<Reads>>, b: &Option<Rc<Reads>>) -> Option<Rc<Reads>> {
    match (a, b) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(Rc::clone(one)),
        (Some(a), Some(b)) if Rc::ptr_eq(a, b) => Some(Rc::clone(a)),
        (Some(a), Some(b)) => {
            let mut reads = Reads::clone(a);
            reads.extend(b, MOST_READS);
            Some(Rc::new(reads))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few(values: &[u64]) -> Value {
        let constants = values.iter().map(|value| Value::constant(*value, true));
        constants.reduce(|a, b| a.join(&b)).unwrap_or(Value::ANY)
    }

    fn not_zero() -> Value {
        Value::ANY.refined(true)
    }

    #[test]
    fn a_join_holds_both_values() {
        let any = Value::ANY;
        for (a, b, joined, truth) in [
            (few(&[1]), few(&[1]), Some(vec![1]), Some(true)),
            (few(&[2]), few(&[0]), Some(vec![0, 2]), None),
            (few(&[3, 1]), few(&[2, 3]), Some(vec![1, 2, 3]), Some(true)),
            (few(&[1, 2, 3]), few(&[4]), None, Some(true)),
            (few(&[0, 1, 2]), few(&[4]), None, None),
            (not_zero(), few(&[5]), None, Some(true)),
            (not_zero(), few(&[0]), None, None),
            (any.clone(), few(&[0]), None, None),
        ] {
            for value in [a.join(&b), b.join(&a)] {
                let constants = value.constants().map(<[u64]>::to_vec);
                assert_eq!((constants, value.truth()), (joined.clone(), truth), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_branch_excludes_values() {
        for (value, truth, constants) in [
            (few(&[0, 1]), true, Some(vec![1])),
            (few(&[0, 1]), false, Some(vec![0])),
            (Value::ANY, false, Some(vec![0])),
            (Value::ANY, true, None),
        ] {
            let refined = value.refined(truth);
            assert_eq!(refined.constants().map(<[u64]>::to_vec), constants, "{value:?}");
            assert_eq!(refined.truth(), Some(truth), "{value:?}");
        }
        assert_eq!(few(&[1, 2]).without(2).and_then(|value| value.single()), Some(1));
        assert_eq!(Value::ANY.without(0).and_then(|value| value.truth()), Some(true));
        assert!(few(&[1, 2]).without(3).is_none() && Value::ANY.without(1).is_none());
    }

    #[test]
    fn an_operator_applies_to_each_constant() {
        let sum = few(&[1, 2]).combine(&few(&[10, 20]), |a, b| Some(a + b));
        assert_eq!(sum.constants(), None, "four constants are too many");
        let sum = few(&[1, 2]).combine(&few(&[1, 2]), |a, b| Some(a + b));
        assert_eq!(sum.constants(), Some([2, 3, 4].as_slice()));
        assert_eq!(few(&[1, 2]).combine(&Value::ANY, |a, b| Some(a + b)).constants(), None);
        assert_eq!(few(&[1, 2]).map(|value| (value < 2).then_some(value)).constants(), None);
        assert_eq!(few(&[0x1ff]).stored(1).single(), Some(0xff));
        assert_eq!(not_zero().map_zeroness(|value| value, Some(1)).single(), Some(1));
    }

    #[test]
    fn a_loop_forgets_all_but_the_nearest_address() {
        let widened = few(&[LOWEST_STATIC, LOWEST_STATIC + 4]).widened();
        assert_eq!(widened.constants(), None);
        assert_eq!(widened.near, Some(Near { address: LOWEST_STATIC, literal: true }));
        assert_eq!(few(&[LOWEST_STATIC - 1]).widened().near, None);
    }
}
