//! What one function reads before it writes it, and what it writes, counted from its arguments and from the stack pointer
//! at its entry. Follows every path; a loop is repeated until nothing changes.

mod accesses;

use std::cell::Cell;

use super::symbols::{Base, Ranges, State, Symbol};
use crate::component::index_space::{FuncIdx, GlobalIdx, MemoryIdx};
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Body, MemArg, Op};

/// Most steps in one function: operators, and values that are copied for branches.
const MOST_STEPS: u64 = 1 << 20;

/// An access to memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) memory: MemoryIdx,
    pub(super) at: Address,
    pub(super) bytes: u64,
}

/// An address that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Absolute(u64),
    Param(u32, i64),
}

/// What a function does.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// What it reads that it did not write before.
    pub(super) reads: Vec<Touch>,
    /// What it may write outside of its own frame.
    pub(super) writes: Vec<Touch>,
    /// What is written when it returns, by its parameters.
    pub(super) written: Ranges,
    /// Globals that it reads, without the stack pointer.
    pub(super) gets: Vec<GlobalIdx>,
    /// Callees that never return.
    pub(super) ends: Vec<FuncIdx>,
    /// Bytes of stack that it takes, with its callees.
    pub(super) depth: u64,
    /// Whether it reads the stack pointer.
    pub(super) uses_stack: bool,
    /// Whether it may return.
    pub(super) returns: bool,
    /// Whether the stack pointer is as before when it returns, if its callees leave it so.
    pub(super) balanced: bool,
    /// Whether it does anything that is not told here.
    pub(super) refused: bool,
}

/// Finds what a callee does; `None` if that is not known.
pub(super) trait Callees {
    fn flow(&mut self, callee: FuncIdx) -> Option<std::rc::Rc<Flow>>;
    /// Whether what is not known refuses the caller.
    fn decide(&self) -> bool;
}

/// The surroundings of a function.
pub(super) struct Around<'c> {
    /// Number of parameters and results of each callee.
    pub(super) arity: &'c dyn Fn(&Op) -> Option<(u32, u32)>,
    /// Whether an operator that is not modelled computes from its operands alone.
    pub(super) is_pure: &'c dyn Fn(usize) -> bool,
    /// The stack pointer.
    pub(super) stack_pointer: Option<GlobalIdx>,
    /// Whether a function that is refused need not be followed further.
    pub(super) gives_up: bool,
    /// Steps that are left for all functions.
    pub(super) fuel: &'c Cell<u64>,
    pub(super) callees: &'c mut dyn Callees,
}

struct Label {
    /// Operands below the block's own.
    height: usize,
    /// Values that a branch carries.
    carried: usize,
    /// Where a loop begins, and its state there.
    head: Option<(usize, State)>,
    /// Whether a branch changed that.
    changed: bool,
    /// The state behind the block, as far as branches go there.
    exit: Option<State>,
    /// The state of the second half of a conditional.
    otherwise: Option<State>,
    results: usize,
}

/// Follows a function.
pub(super) fn of(body: &Body, around: &mut Around<'_>) -> Flow {
    let mut walk = Walk {
        body,
        around,
        flow: Flow::default(),
        labels: Vec::new(),
        state: None,
        left: MOST_STEPS,
    };
    if body.opaque.is_some() || body.is_damaged() || walk.run().is_none() {
        return Flow { refused: true, ..Flow::default() };
    }
    walk.flow
}

struct Walk<'w, 'c> {
    body: &'w Body,
    around: &'w mut Around<'c>,
    flow: Flow,
    labels: Vec<Label>,
    /// `None` where no path leads.
    state: Option<State>,
    /// Steps that are left for this function.
    left: u64,
}

impl Walk<'_, '_> {
    /// `None` if it takes too many steps, or if the control flow is not modelled.
    fn run(&mut self) -> Option<()> {
        let params = (0..self.body.params).map(|param| Symbol::Param(param, 0));
        self.spend(u64::from(self.body.locals))?;
        let locals = (0..self.body.locals).map(|_| Symbol::Constant(0));
        self.state = Some(State {
            locals: params.chain(locals).collect(),
            operands: Vec::new(),
            pointer: Some(0),
            written: Ranges::default(),
        });
        let results = self.body.results as usize;
        self.labels.push(Label {
            height: 0,
            carried: results,
            head: None,
            changed: false,
            exit: None,
            otherwise: None,
            results,
        });
        let mut at = 0;
        while let Some(op) = self.body.code.get(at) {
            self.spend(1)?;
            at = self.step(at, op)?;
            if self.flow.refused && self.around.gives_up {
                return None;
            }
        }
        Some(())
    }

    fn spend(&mut self, steps: u64) -> Option<()> {
        self.left = self.left.checked_sub(steps)?;
        self.around.fuel.set(self.around.fuel.get().checked_sub(steps)?);
        Some(())
    }

    /// A copy of the state, charged before it is made.
    fn copied(&mut self) -> Option<Option<State>> {
        let Some(state) = &self.state else { return Some(None) };
        self.spend(state.size())?;
        Some(self.state.clone())
    }

    /// One operator; returns the next one's index.
    fn step(&mut self, at: usize, op: &Op) -> Option<usize> {
        match op {
            Op::Block { params, results, .. } => self.open(*params, *results, *results, None),
            Op::Loop { params, results, .. } => {
                let head = self.copied()?.map(|state| (at, state));
                self.open(*params, *results, *params, head);
            }
            Op::If { params, results, .. } => {
                if let Some(state) = &mut self.state {
                    state.pop();
                }
                self.open(*params, *results, *results, None);
                let otherwise = self.copied()?;
                self.labels.last_mut()?.otherwise = otherwise;
            }
            Op::Else => {
                let label = self.labels.last_mut()?;
                let second = label.otherwise.take();
                let first = std::mem::replace(&mut self.state, second);
                merge(&mut self.labels.last_mut()?.exit, first);
            }
            Op::End => return self.close(at),
            Op::Br(depth) => {
                let state = self.state.take();
                self.branch(*depth, state)?;
            }
            Op::BrIf(depth) => {
                if let Some(state) = &mut self.state {
                    state.pop();
                }
                let state = self.copied()?;
                self.branch(*depth, state)?;
            }
            Op::BrTable(labels) => {
                if let Some(state) = &mut self.state {
                    state.pop();
                }
                let mut targets = labels.to_vec();
                targets.sort_unstable();
                targets.dedup();
                for depth in targets {
                    let state = self.copied()?;
                    self.branch(depth, state)?;
                }
                self.state = None;
            }
            Op::Return => {
                let state = self.state.take();
                self.branch(u32::try_from(self.labels.len()).ok()?.checked_sub(1)?, state)?;
            }
            Op::Unreachable => self.state = None,
            Op::Throw | Op::Unmodelled | Op::ReturnCallRef => return None,
            op if self.state.is_some() => self.plain(at, op)?,
            _ => {}
        }
        Some(at + 1)
    }

    fn open(&mut self, params: u32, results: u32, carried: u32, head: Option<(usize, State)>) {
        let operands = self.state.as_ref().map_or(0, |state| state.operands.len());
        self.labels.push(Label {
            height: operands.saturating_sub(params as usize),
            carried: carried as usize,
            head,
            changed: false,
            exit: None,
            otherwise: None,
            results: results as usize,
        });
    }

    fn close(&mut self, at: usize) -> Option<usize> {
        let label = self.labels.last_mut()?;
        if let Some((start, head)) = &label.head
            && label.changed
        {
            label.changed = false;
            let (start, size) = (*start, head.size());
            self.state = Some(head.clone());
            self.spend(size)?;
            return Some(start + 1);
        }
        let mut label = self.labels.pop()?;
        let mut state = self.state.take();
        if let Some(state) = &mut state {
            keep(state, label.height, label.results);
        }
        merge(&mut label.exit, state);
        merge(&mut label.exit, label.otherwise.take());
        self.state = label.exit;
        if self.labels.is_empty() {
            self.returns();
        }
        Some(at + 1)
    }

    fn returns(&mut self) {
        let Some(state) = self.state.take() else {
            self.flow.balanced = true;
            return;
        };
        self.flow.returns = true;
        self.flow.balanced = state.pointer == Some(0);
        for (base, from, to) in state.written.iter() {
            if matches!(base, Base::Param(_)) {
                self.flow.written.insert(base, from, to);
            }
        }
    }

    fn branch(&mut self, depth: u32, state: Option<State>) -> Option<()> {
        let Some(mut state) = state else { return Some(()) };
        self.spend(state.size())?;
        let index = self.labels.len().checked_sub(1 + depth as usize)?;
        let label = &mut self.labels[index];
        keep(&mut state, label.height, label.carried);
        match &mut label.head {
            Some((_, head)) => {
                let before = head.clone();
                head.join(&state);
                label.changed |= *head != before;
            }
            None => merge(&mut label.exit, Some(state)),
        }
        Some(())
    }

    /// An operator that does not branch.
    fn plain(&mut self, at: usize, op: &Op) -> Option<()> {
        let mut state = self.state.take()?;
        match op {
            Op::Nop => {}
            Op::Drop => {
                state.pop();
            }
            Op::Select => {
                state.pop();
                let (b, a) = (state.pop(), state.pop());
                state.operands.push(a.join(b));
            }
            Op::LocalGet(local) => {
                let value = state.locals.get(*local as usize).copied();
                state.operands.push(value.unwrap_or(Symbol::Unknown));
            }
            Op::LocalSet(local) | Op::LocalTee(local) => {
                let value = state.pop();
                if let Some(slot) = state.locals.get_mut(*local as usize) {
                    *slot = value;
                }
                if matches!(op, Op::LocalTee(_)) {
                    state.operands.push(value);
                }
            }
            Op::Const(value) => state.operands.push(Symbol::Constant(*value)),
            Op::Unary(_) => {
                state.pop();
                state.operands.push(Symbol::Unknown);
            }
            Op::Binary(op) => {
                let (b, a) = (state.pop(), state.pop());
                state.operands.push(binary(*op, a, b));
            }
            Op::GlobalGet(global) if Some(*global) == self.around.stack_pointer => {
                self.flow.uses_stack = true;
                let value = state.pointer.map_or(Symbol::Unknown, Symbol::Stack);
                state.operands.push(value);
            }
            Op::GlobalGet(global) => {
                self.flow.gets.push(*global);
                state.operands.push(Symbol::Unknown);
            }
            Op::GlobalSet(global) => {
                let value = state.pop();
                if Some(*global) == self.around.stack_pointer {
                    state.pointer = match value {
                        Symbol::Stack(offset) => Some(offset),
                        _ => None,
                    };
                    self.deepen(state.pointer.unwrap_or(0));
                } else {
                    self.flow.refused = true;
                }
            }
            Op::Load(arg, _) | Op::LoadOther(arg) => {
                let address = state.pop();
                self.read(&state, *arg, address);
                state.operands.push(Symbol::Unknown);
            }
            Op::Store(arg) | Op::StoreLow(arg) | Op::StoreOther(arg) => {
                state.pop();
                let address = state.pop();
                self.write(&mut state, *arg, address);
            }
            Op::AtomicRmw(arg, _) | Op::AtomicCmpxchg(arg) => {
                let operands = if matches!(op, Op::AtomicRmw(..)) { 1 } else { 2 };
                state.take(operands);
                let address = state.pop();
                self.read(&state, *arg, address);
                self.write(&mut state, *arg, address);
                state.operands.push(Symbol::Unknown);
            }
            Op::MemoryFill(memory) => {
                let (len, _, to) = (state.pop(), state.pop(), state.pop());
                self.bulk_write(&mut state, *memory, to, len);
            }
            Op::MemoryCopy(memory, from_memory) => {
                let (len, from, to) = (state.pop(), state.pop(), state.pop());
                match len {
                    Symbol::Constant(bytes) => {
                        let arg = MemArg { memory: *from_memory, offset: 0, width: 0 };
                        self.access(&state, arg, from, bytes);
                    }
                    _ => self.flow.refused = true,
                }
                self.bulk_write(&mut state, *memory, to, len);
            }
            Op::Call(_)
            | Op::ReturnCall(_)
            | Op::CallIndirect(..)
            | Op::ReturnCallIndirect(..)
            | Op::CallRef(..) => {
                // A call that never returns ends the path.
                if let (Op::Call(callee), Some(Op::Unreachable)) = (op, self.body.code.get(at + 1))
                {
                    self.flow.ends.push(*callee);
                    return Some(());
                }
                if !self.call(&mut state, op)? {
                    return Some(());
                }
                if matches!(op, Op::ReturnCall(_) | Op::ReturnCallIndirect(..)) {
                    let depth = u32::try_from(self.labels.len()).ok()?.checked_sub(1)?;
                    return self.branch(depth, Some(state));
                }
            }
            Op::MemoryInit(..) => {
                state.take(3);
                self.flow.refused = true;
            }
            Op::TableWrite(params, results) => {
                take_and_give(&mut state, *params, *results);
                self.flow.refused = true;
            }
            Op::Other(params, results) => {
                take_and_give(&mut state, *params, *results);
                self.flow.refused |= !(self.around.is_pure)(at);
            }
            _ => return None,
        }
        self.state = Some(state);
        Some(())
    }
}

fn binary(op: Binary, a: Symbol, b: Symbol) -> Symbol {
    if let (Symbol::Constant(a), Symbol::Constant(b)) = (a, b) {
        return arithmetic::binary(op, a, b).map_or(Symbol::Unknown, Symbol::Constant);
    }
    let signed = |value: u64| match op {
        Binary::I32Add | Binary::I32Sub => i64::from(value as u32 as i32),
        _ => value as i64,
    };
    match (op, a, b) {
        (Binary::I32Add | Binary::I64Add, pointer, Symbol::Constant(by))
        | (Binary::I32Add | Binary::I64Add, Symbol::Constant(by), pointer) => {
            pointer.plus(signed(by))
        }
        (Binary::I32Sub | Binary::I64Sub, pointer, Symbol::Constant(by)) => {
            pointer.plus(signed(by).wrapping_neg())
        }
        _ => Symbol::Unknown,
    }
}

/// Keeps the topmost operands above a height.
fn keep(state: &mut State, height: usize, count: usize) {
    let from = state.operands.len().saturating_sub(count).max(height.min(state.operands.len()));
    let kept = state.operands.split_off(from);
    state.operands.truncate(height);
    state.operands.extend(kept);
}

fn merge(into: &mut Option<State>, state: Option<State>) {
    match (into, state) {
        (_, None) => {}
        (Some(into), Some(state)) => into.join(&state),
        (into, state) => *into = state,
    }
}

fn take_and_give(state: &mut State, params: u32, results: u32) {
    state.take(params);
    state.operands.extend((0..results).map(|_| Symbol::Unknown));
}
