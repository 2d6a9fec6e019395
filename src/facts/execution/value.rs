//! Abstract integers: a few known constants, anything but zero, or anything; and which cells they
//! were read from.

use std::rc::Rc;

use super::arithmetic::truncate;
use super::{Cell, Site};

/// How many constants a value may be before it is anything. Three tell a flag's states apart and
/// keep the loops of `printf` from being counted through.
const MOST: usize = 3;
/// How many reads a value remembers. A value made of more cells is not evidence for one of them.
const MOST_READS: usize = 6;
/// Below this no linker puts static objects (wasm-ld's `--global-base`): it is a number.
pub const LOWEST_STATIC: u64 = 1024;
/// How many reads the decisions of one path are remembered to rest on.
const MOST_ASSUMED: usize = 256;

/// An abstract value of a local, an operand, a global or a memory cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    known: Known,
    /// Made of constants of the code only, not of mutable globals: as an address, it names a
    /// static object and no stack frame.
    pub literal: bool,
    /// The local whose zeroness this value's tells, and whether it is the opposite.
    pub of_local: Option<(u32, bool)>,
    /// If it is an unknown distance from some known address: that address.
    pub near: Option<Near>,
    reads: Option<Rc<Reads>>,
}

/// An address that an unknown one was computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The address.
    pub address: u64,
    /// Whether it is a constant of the code: a static object's, not a stack frame's.
    pub literal: bool,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nothing.
    Any,
    /// It is not zero: an allocated pointer that was checked, say.
    NotZero,
    /// It is one of these.
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
    /// The reads; the order is that of first use.
    pub list: Vec<Read>,
    /// Whether there were more than are kept.
    pub overflow: bool,
}

/// A read of a cell whose value is remembered from an earlier call, or is believed although code
/// that was not followed ran since it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The cell.
    pub cell: Cell,
    /// The load.
    pub load: Site,
    /// The store of an earlier call that the value comes from.
    pub earlier: Option<Site>,
    /// Whether code that was not followed may have run between.
    pub exposed: bool,
    /// Whether the address was a constant of the code.
    pub literal: bool,
}

impl Value {
    /// Anything at all.
    pub const ANY: Value =
        Value { known: Known::Any, literal: false, of_local: None, near: None, reads: None };

    /// A constant.
    pub fn constant(value: u64, literal: bool) -> Self {
        let known = Known::Few(Constants { len: 1, list: [value, 0, 0] });
        Value { known, literal, of_local: None, near: None, reads: None }
    }

    /// The constants it may be, or `None` if they are not known.
    pub fn constants(&self) -> Option<&[u64]> {
        match &self.known {
            Known::Few(known) => Some(&known.list[..usize::from(known.len)]),
            Known::Any | Known::NotZero => None,
        }
    }

    /// Whether as much is known of both.
    pub fn same(&self, other: &Value) -> bool {
        self.known == other.known
    }

    /// The same value once a branch has told whether it is zero.
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

    /// The one constant it is.
    pub fn single(&self) -> Option<u64> {
        match self.constants() {
            Some([value]) => Some(*value),
            _ => None,
        }
    }

    /// Whether it is zero (`Some(false)`), not zero (`Some(true)`), or may be either.
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

    /// The same value, known not to be `value` after all; `None` if that tells nothing new.
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

    /// The same value, known to be a constant.
    pub fn known_as(self, value: u64) -> Self {
        let known = Known::Few(Constants { len: 1, list: [value, 0, 0] });
        Value { known, ..self }
    }

    /// The same value, known to tell whether a local is zero, or the opposite; or nothing of any.
    pub fn telling(self, of_local: Option<(u32, bool)>) -> Self {
        Value { of_local, ..self }
    }

    /// The same value, read from a cell.
    pub fn read_from(mut self, read: Read) -> Self {
        let mut reads = self.reads.as_deref().cloned().unwrap_or_default();
        reads.add(read, MOST_READS);
        self.reads = Some(Rc::new(reads));
        self
    }

    /// What a store of `width` bytes leaves; what is not zero was cut off before, if it was.
    pub fn stored(self, width: u8) -> Self {
        match self.known {
            Known::NotZero => Value { of_local: None, ..self },
            _ => self.map(|value| Some(truncate(value, width))),
        }
    }

    /// The same value, no longer a constant of the code.
    pub fn computed(self) -> Self {
        Value { literal: false, of_local: None, ..self }
    }

    /// What an operator makes of one value; `None` from `f` means anything.
    pub fn map(&self, f: impl Fn(u64) -> Option<u64>) -> Self {
        let known = self
            .constants()
            .and_then(|constants| Constants::of(constants.iter().map(|value| f(*value))));
        self.with(known.map_or(Known::Any, Known::Few))
    }

    /// What a widening or a test for zero makes of one value: of what is not zero, `not_zero`.
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
        Value { known, literal: self.literal, of_local: None, near, reads: self.reads.clone() }
    }

    /// The address that it is, or is an unknown distance from.
    fn points_near(&self) -> Option<Near> {
        match self.constants() {
            Some([address, ..]) if *address >= LOWEST_STATIC => {
                Some(Near { address: *address, literal: self.literal })
            }
            Some(_) => None,
            None => self.near,
        }
    }

    /// Whether it is, or may be, an address in a stack frame or heap object.
    pub fn points_to_computed(&self) -> bool {
        self.points_near().is_some_and(|near| !near.literal)
    }

    /// What an operator makes of two values.
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
        Value { known, literal: self.literal && other.literal, of_local: None, near, reads }
    }

    /// A value that may be either.
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
        Value { known, literal: self.literal && other.literal, of_local: None, near, reads }
    }

    /// The same unknown sum of `a` and `b`, if one of them is an unknown distance from some address
    /// and the other is a distance.
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

    /// The same value, known only as far as a loop that goes on changing it leaves it.
    pub fn widened(&self) -> Self {
        Value { near: self.points_near(), reads: self.reads.clone(), ..Value::ANY }
    }

    /// The same value, read through an address that itself was read.
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
    /// Adds a read, unless its cell is there already.
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

    /// Adds all that a decision rests on to what the path's decisions rest on.
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
