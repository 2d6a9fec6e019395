//! Abstract integers: a set of possible values, the objects that an address may point into, and the cells that the value
//! was read from.

mod ranges;
mod set;
mod test;

use std::sync::Arc;

use super::reads::{Read, Reads};
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Unary};
use crate::facts::effects;
pub use ranges::{Range, Relation};
pub use set::Set;
pub use test::Test;

/// Lowest address of an object (wasm-ld's `--global-base`); a smaller constant is a number.
pub const LOWEST_OBJECT: u64 = 1024;
/// Most objects that an unknown address is said to point into; beyond that it may be any.
const MOST_BASES: usize = 4;
/// Farthest that a constant goes below a pointer, in bytes.
const FARTHEST: i32 = 1 << 20;

/// An abstract value of a local, an operand, a global or a memory cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub(super) set: Set,
    /// Whether it was computed from the stack pointer: as an address, it is that of a stack frame.
    pub(super) frame: bool,
    /// The objects at an unknown distance from it; `None` if nothing is known of them.
    bases: Option<Arc<Bases>>,
    reads: Option<Arc<Reads>>,
    /// What the value says about a local, if it is a condition.
    pub(super) test: Option<Test>,
}

/// The addresses that an unknown address was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bases {
    /// Addresses that the code or its data hold, sorted.
    pub objects: Vec<u64>,
    /// Whether it may point into a stack frame.
    pub frame: bool,
    /// Whether there are more objects than are listed.
    pub more: bool,
    /// How far it may be below the address that it was computed from, in bytes; `u64::MAX` if that has no bound.
    pub below: u64,
    /// Whether an index was added, which is larger than what a loop subtracts again.
    indexed: bool,
}

impl Bases {
    /// How far below one of them a write at an offset may begin, in bytes; `u64::MAX` if that has no bound.
    pub fn below_at(&self, offset: u64) -> u64 {
        effects::below_at(self.below, offset)
    }

    /// Whether nothing is known but how far it may be below.
    fn are_any(&self) -> bool {
        self.objects.is_empty() && !self.frame && !self.more
    }
}

impl Value {
    /// Any value.
    pub const ANY: Value =
        Value { set: Set::Any, frame: false, bases: None, reads: None, test: None };

    /// A constant.
    pub fn constant(value: u64) -> Self {
        Value { set: Set::One(value), ..Value::ANY }
    }

    /// Any value that `bits` bits can hold.
    pub fn below_bits(bits: u32) -> Self {
        Value {
            set: Set::range(Range { low: 0, high: (1 << bits.min(63)) - 1, stride: 1 }),
            ..Value::ANY
        }
    }

    /// The constants it may be; `None` if there are too many.
    pub fn constants(&self) -> Option<&[u64]> {
        self.set.constants()
    }

    /// The constant it is; `None` if it may be several.
    pub fn single(&self) -> Option<u64> {
        match self.set {
            Set::One(value) => Some(value),
            _ => None,
        }
    }

    /// `Some(false)` if it is zero, `Some(true)` if it is not, `None` if it may be either.
    pub fn truth(&self) -> Option<bool> {
        self.set.truth()
    }

    /// The reads it depends on.
    pub fn reads(&self) -> Option<&Arc<Reads>> {
        self.reads.as_ref()
    }

    /// The value, known to satisfy a test of itself; `None` if it cannot.
    pub fn satisfying(&self, relation: Relation, bound: u64) -> Option<Self> {
        Some(Value { set: self.set.satisfying(relation, bound)?, ..self.clone() })
    }

    /// The value without the possibility `value`; `None` if that changes nothing.
    pub fn without(&self, value: u64) -> Option<Self> {
        let set = self.set.satisfying(Relation::Differs, value)?;
        (set != self.set).then(|| Value { set, ..self.clone() })
    }

    /// The value, computed from the stack pointer.
    pub(super) fn in_frame(self) -> Self {
        let bases =
            self.constants().is_none().then(|| Arc::new(Bases { frame: true, ..Bases::default() }));
        Value { frame: true, bases, ..self }
    }

    /// The value as a condition on a local.
    pub fn testing(self, test: Option<Test>) -> Self {
        Value { test, ..self }
    }

    /// The value, read from a cell. A value of more assumed cells than are remembered is unknown.
    pub fn read_from(mut self, read: Read) -> Self {
        let mut reads = self.reads.as_deref().cloned().unwrap_or_default();
        if !reads.add(read) {
            return Value::ANY;
        }
        self.reads = Some(Arc::new(reads));
        self
    }

    /// The value, which depends on all that `other` was read from.
    pub fn depending_on(self, other: &Value) -> Self {
        if other.reads.is_none() {
            return self;
        }
        match union(&self.reads, &other.reads) {
            Some(reads) => Value { reads, ..self },
            None => Value::ANY,
        }
    }

    /// The value as a store of `width` bytes keeps it.
    pub fn stored(self, width: u8) -> Self {
        let set = match self.set {
            // A nonzero value was truncated before.
            set @ (Set::Any | Set::NotZero) => set,
            set => set.map(|value| arithmetic::truncate(value, width)),
        };
        Value { set, test: None, ..self }
    }

    /// The value of a unary operator.
    pub fn unary(&self, op: Unary) -> Self {
        let test = match op {
            Unary::I32Eqz | Unary::I64Eqz => self.test.map(Test::negated),
            _ => None,
        };
        let set = self.set.unary(op);
        let keeps = matches!(op, Unary::I32WrapI64 | Unary::I64ExtendI32U | Unary::I64ExtendI32S);
        let (frame, bases) = if keeps { (self.frame, self.bases_of(&set)) } else { (false, None) };
        self.with(set, frame, bases).testing(test)
    }

    /// The value of a binary operator.
    pub fn binary(&self, op: Binary, other: &Value) -> Self {
        let set = self.set.binary(op, &other.set);
        let is_address = matches!(
            op,
            Binary::I32Add
                | Binary::I64Add
                | Binary::I32Sub
                | Binary::I64Sub
                | Binary::I32And
                | Binary::I64And
                | Binary::I32Or
                | Binary::I64Or
        );
        let (frame, bases) = if is_address {
            let is_difference = matches!(op, Binary::I32Sub | Binary::I64Sub);
            match self.points_to_frame() && other.points_to_frame() && is_difference {
                true => (false, None),
                false => {
                    let bases = merged(self.bases_of(&set), other.bases_of(&set));
                    let below = self.lowered(op, other);
                    let bases = lower(bases, below).map(|bases| {
                        match self.constants().or(other.constants()).is_none() {
                            true => Arc::new(Bases { indexed: true, ..Bases::clone(&bases) }),
                            false => bases,
                        }
                    });
                    (self.frame || other.frame, bases)
                }
            }
        } else {
            (false, None)
        };
        let value = self.with(set, frame, bases).testing(test::of(
            op,
            (self.test, &self.set),
            (other.test, &other.set),
        ));
        value.depending_on(other)
    }

    /// How far below this value, as a pointer, the result of an operator may be.
    fn lowered(&self, op: Binary, other: &Value) -> u64 {
        let negative = |value: &Value| {
            let least = value.constants()?.iter().map(|by| *by as u32 as i32).min()?;
            (-FARTHEST..0).contains(&least).then(|| u64::from(least.unsigned_abs()))
        };
        match op {
            Binary::I32Add | Binary::I64Add => negative(self).or(negative(other)).unwrap_or(0),
            Binary::I32Sub | Binary::I64Sub => match other.constants() {
                Some(by) => {
                    by.iter().copied().max().filter(|by| *by < FARTHEST as u64).unwrap_or(0)
                }
                None if self.bases().is_some() && other.bases().is_none() => u64::MAX,
                None => 0,
            },
            Binary::I32And | Binary::I64And => {
                let mask = negative(self).or(negative(other));
                mask.map_or(0, |mask| mask - 1)
            }
            _ => 0,
        }
    }

    /// The set `f` makes of the constants of both, by other means than an operator of the code.
    pub fn combine(&self, other: &Value, f: impl Fn(u64, u64) -> u64) -> Self {
        let set = self.set.combine(&other.set, |a, b| Some(f(a, b)));
        self.with(set, false, None).depending_on(other)
    }

    /// The set `f` makes of the constants.
    pub fn map(&self, f: impl Fn(u64) -> u64) -> Self {
        let set = self.set.map(f);
        let bases = self.bases_of(&set);
        self.with(set, self.frame, bases)
    }

    fn with(&self, set: Set, frame: bool, bases: Option<Arc<Bases>>) -> Self {
        let bases = if set.is_known() { None } else { bases };
        Value { set, frame, bases, reads: self.reads.clone(), test: None }
    }

    /// The addresses that it is or was computed from; `None` if nothing is known of them.
    pub fn bases(&self) -> Option<Arc<Bases>> {
        if let Some(bases) = &self.bases {
            return Some(Arc::clone(bases));
        }
        if self.frame {
            return Some(Arc::new(Bases { frame: true, ..Bases::default() }));
        }
        let is_distance = |at: u64| (-FARTHEST..0).contains(&(at as u32 as i32));
        let is_object = |at: &u64| *at >= LOWEST_OBJECT && !is_distance(*at);
        let objects: Vec<u64> = self.constants()?.iter().copied().filter(is_object).collect();
        (!objects.is_empty()).then(|| Arc::new(Bases { objects, ..Bases::default() }))
    }

    /// What a value computed from this one keeps of [`Self::bases`]: nothing if it is known.
    fn bases_of(&self, set: &Set) -> Option<Arc<Bases>> {
        if set.is_known() { None } else { self.bases() }
    }

    /// The value, not below the addresses that it was computed from: an adapter's pointer leads into what it was given.
    pub(super) fn at_its_base(&self) -> Self {
        let mut value = self.clone();
        if let Some(bases) = value.bases.as_mut().filter(|bases| bases.below > 0) {
            Arc::make_mut(bases).below = 0;
        }
        value
    }

    /// Whether it may be an address in a stack frame.
    pub fn points_to_frame(&self) -> bool {
        self.frame || self.bases.as_ref().is_some_and(|bases| bases.frame)
    }

    /// The join of two values.
    pub fn join(&self, other: &Value) -> Self {
        self.joined(other, self.set.join(&other.set))
    }

    /// The join of two values of a loop, widened to one of the thresholds, or to any value.
    pub fn widen(&self, other: &Value, thresholds: &[u64]) -> Self {
        let mut joined = self.joined(other, self.set.widen(&other.set, thresholds));
        let before = self.bases.as_ref().map_or(0, |bases| bases.below);
        if let Some(bases) = joined.bases.as_mut().filter(|bases| bases.below > before) {
            let bases = Arc::make_mut(bases);
            bases.below = if bases.indexed { before } else { u64::MAX };
        }
        joined
    }

    fn joined(&self, other: &Value, set: Set) -> Self {
        if self == other {
            return self.clone();
        }
        let Some(reads) = union(&self.reads, &other.reads) else { return Value::ANY };
        let known = set.is_known();
        let frame = self.frame && other.frame;
        let test = self.test.filter(|_| self.test == other.test);
        if known {
            return Value { set, frame, bases: None, reads, test };
        }
        let bases = match (self.bases(), other.bases()) {
            // A number beside an address: an index may have been added on one path.
            (Some(bases), None) if other.constants().is_some() => Some(bases),
            (None, Some(bases)) if self.constants().is_some() => Some(bases),
            (Some(a), Some(b)) if !a.are_any() && !b.are_any() => merged(Some(a), Some(b)),
            (a, b) => {
                let below = |bases: &Option<Arc<Bases>>| bases.as_ref().map_or(0, |it| it.below);
                // Such a value has several uses, of which few are pointers.
                lower(None, if below(&a) == below(&b) { below(&a) } else { 0 })
            }
        };
        let bases = match self.points_to_frame() != other.points_to_frame() {
            true => {
                let one = merged(self.bases(), other.bases());
                let one = one.as_deref().cloned().unwrap_or_default();
                let is_any = |of: &Value| of.bases().is_none_or(|bases| bases.are_any());
                let more = one.more || is_any(self) || is_any(other);
                Some(Arc::new(Bases { frame: true, more, ..one }))
            }
            false => bases,
        };
        Value { set, frame, bases, reads, test }
    }

    /// Whether both are the same set with the same assumptions. What else was read decides nothing.
    pub fn same(&self, other: &Value) -> bool {
        let assumed = |value: &Value| value.reads.as_ref().map_or(0, |reads| reads.assumed());
        self.set == other.set
            && self.frame == other.frame
            && self.bases == other.bases
            && assumed(self) == assumed(other)
    }
}

fn merged(a: Option<Arc<Bases>>, b: Option<Arc<Bases>>) -> Option<Arc<Bases>> {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (one, other) => return one.or(other),
    };
    if a == b {
        return Some(a);
    }
    let mut objects = a.objects.clone();
    objects.extend(&b.objects);
    objects.sort_unstable();
    objects.dedup();
    let more = a.more || b.more || objects.len() > MOST_BASES;
    objects.truncate(MOST_BASES);
    let below = a.below.max(b.below);
    let indexed = a.indexed || b.indexed;
    Some(Arc::new(Bases { objects, frame: a.frame || b.frame, more, below, indexed }))
}

/// The bases of an address that is so much below. An index that was added is larger.
fn lower(bases: Option<Arc<Bases>>, below: u64) -> Option<Arc<Bases>> {
    if below == 0 || bases.as_ref().is_some_and(|bases| bases.indexed) {
        return bases;
    }
    let mut bases = bases.as_deref().cloned().unwrap_or_default();
    bases.below = bases.below.saturating_add(below);
    Some(Arc::new(bases))
}

/// The reads of both; `None` if they are more assumptions than can be remembered.
fn union(a: &Option<Arc<Reads>>, b: &Option<Arc<Reads>>) -> Option<Option<Arc<Reads>>> {
    Some(match (a, b) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(Arc::clone(one)),
        (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a.cover(b) => Some(Arc::clone(a)),
        (Some(a), Some(b)) => {
            let mut reads = Reads::clone(a);
            if !b.iter().all(|read| reads.add(*read)) {
                return None;
            }
            Some(Arc::new(reads))
        }
    })
}
