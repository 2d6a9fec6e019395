//! Recognizes the stack pointer of LLVM's linear stack by the code that moves it.

use wasmparser::{GlobalType, Operator, ValType};

/// How many operators a prologue has at most, unoptimized code included.
const LONGEST: usize = 16;

/// Looks for functions that begin with `global.get sp; …; i32.sub; …; global.set sp`.
#[derive(Debug)]
pub(super) struct Prologue {
    candidates: Vec<bool>,
    /// How many functions move each global like a stack pointer.
    found: Vec<u32>,
    /// Whether some function sets each global.
    set: Vec<bool>,
    seen: usize,
    read: Option<u32>,
    subtracted: bool,
}

impl Prologue {
    pub(super) fn new(globals: &[GlobalType]) -> Self {
        let is_candidate = |it: &GlobalType| it.mutable && it.content_type == ValType::I32;
        Prologue {
            candidates: globals.iter().map(is_candidate).collect(),
            found: vec![0; globals.len()],
            set: vec![false; globals.len()],
            seen: 0,
            read: None,
            subtracted: false,
        }
    }

    /// A function begins.
    pub(super) fn begin(&mut self) {
        (self.seen, self.read, self.subtracted) = (0, None, false);
    }

    /// The next operator of the function.
    pub(super) fn see(&mut self, operator: &Operator<'_>) {
        if let Operator::GlobalSet { global_index } = operator
            && let Some(set) = self.set.get_mut(*global_index as usize)
        {
            *set = true;
        }
        self.seen += 1;
        if self.seen > LONGEST {
            return;
        }
        match operator {
            Operator::GlobalGet { global_index } if self.read.is_none() => {
                self.read = Some(*global_index);
            }
            Operator::I32Sub => self.subtracted = self.read.is_some(),
            Operator::GlobalSet { global_index }
                if self.subtracted && self.read == Some(*global_index) =>
            {
                if let Some(count) = self.found.get_mut(*global_index as usize) {
                    *count += 1;
                }
                self.seen = LONGEST;
            }
            _ => {}
        }
    }

    /// The only global that functions move like a stack pointer.
    pub(super) fn stack_pointer(&self) -> Option<u32> {
        let mut moved = (0..self.found.len()).filter(|at| self.found[*at] > 0);
        let only = moved.next().filter(|at| self.candidates[*at])?;
        moved.next().is_none().then_some(only as u32)
    }

    /// The mutable `i32` globals that no function sets. One that begins at the end of the stack is the pointer of a stack
    /// that no function uses.
    pub(super) fn unset(&self) -> impl Iterator<Item = u32> {
        let all = 0..self.set.len();
        all.filter(|at| self.candidates[*at] && !self.set[*at]).map(|at| at as u32)
    }
}
