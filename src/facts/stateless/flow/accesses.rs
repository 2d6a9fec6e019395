//! Reads, writes and calls of a function that is followed.

use super::{Address, Touch, Walk};
use crate::component::index_space::{Idx, MemoryIdx};
use crate::facts::body::{MemArg, Op};
use crate::facts::stateless::symbols::{Base, State, Symbol};

impl Walk<'_, '_> {
    pub(super) fn deepen(&mut self, offset: i64) {
        self.flow.depth = self.flow.depth.max(offset.min(0).unsigned_abs());
    }

    pub(super) fn read(&mut self, state: &State, arg: MemArg, address: Symbol) {
        self.access(state, arg, address, u64::from(arg.width));
    }

    /// A read of some bytes.
    pub(super) fn access(&mut self, state: &State, arg: MemArg, address: Symbol, bytes: u64) {
        let is_written = |base, offset: i64| {
            state.written.contains(base, offset, offset.saturating_add_unsigned(bytes))
        };
        let at = match plus(address, arg.offset) {
            // The frame alone is written here; what is above it is the caller's.
            Symbol::Stack(offset) if is_first(arg.memory) && is_written(Base::Stack, offset) => {
                return;
            }
            Symbol::Param(param, offset)
                if is_first(arg.memory) && is_written(Base::Param(param), offset) =>
            {
                return;
            }
            Symbol::Param(param, offset) => Address::Param(param, offset),
            Symbol::Constant(at) => Address::Absolute(at),
            _ => {
                self.flow.refused = true;
                return;
            }
        };
        let touch = Touch { memory: arg.memory, at, bytes };
        if !self.flow.reads.contains(&touch) {
            self.flow.reads.push(touch);
        }
    }

    pub(super) fn write(&mut self, state: &mut State, arg: MemArg, address: Symbol) {
        self.put(state, arg.memory, plus(address, arg.offset), u64::from(arg.width));
    }

    pub(super) fn bulk_write(
        &mut self,
        state: &mut State,
        memory: MemoryIdx,
        to: Symbol,
        len: Symbol,
    ) {
        match len {
            Symbol::Constant(bytes) => self.put(state, memory, to, bytes),
            _ => self.flow.refused = true,
        }
    }

    /// A write of some bytes.
    fn put(&mut self, state: &mut State, memory: MemoryIdx, address: Symbol, bytes: u64) {
        let end = |offset: i64| offset.checked_add_unsigned(bytes);
        let at = match address {
            Symbol::Stack(offset)
                if is_first(memory) && end(offset).is_some_and(|end| end <= 0) =>
            {
                self.deepen(offset);
                state.written.insert(Base::Stack, offset, offset.saturating_add_unsigned(bytes));
                return;
            }
            Symbol::Param(param, offset) if is_first(memory) => {
                let end = offset.saturating_add_unsigned(bytes);
                state.written.insert(Base::Param(param), offset, end);
                Address::Param(param, offset)
            }
            Symbol::Constant(at) => Address::Absolute(at),
            _ => {
                self.flow.refused = true;
                return;
            }
        };
        let touch = Touch { memory, at, bytes };
        if !self.flow.writes.contains(&touch) {
            self.flow.writes.push(touch);
        }
    }

    /// A call. Whether it may return.
    pub(super) fn call(&mut self, state: &mut State, op: &Op) -> Option<bool> {
        if matches!(op, Op::CallIndirect(..) | Op::ReturnCallIndirect(..)) {
            state.pop();
        }
        let (params, results) = (self.around.arity)(op)?;
        let mut arguments: Vec<_> = (0..params).map(|_| state.pop()).collect();
        arguments.reverse();
        state.operands.extend((0..results).map(|_| Symbol::Unknown));
        let callee = match op {
            Op::Call(callee) | Op::ReturnCall(callee) => self.around.callees.flow(*callee),
            _ => None,
        };
        let Some(callee) = callee else {
            self.flow.refused = true;
            return Some(true);
        };
        self.flow.refused |= callee.refused;
        self.flow.uses_stack |= callee.uses_stack;
        self.flow.ends.extend(&callee.ends);
        for global in &callee.gets {
            // Callees of other modules are refused.
            self.flow.gets.push(*global);
        }
        match state.pointer {
            Some(pointer) => {
                let depth = i64::try_from(callee.depth).ok()?;
                self.deepen(pointer.checked_sub(depth)?);
            }
            None => self.flow.refused |= callee.uses_stack,
        }
        let argument = |touch: &Touch| match touch.at {
            Address::Absolute(at) => Symbol::Constant(at),
            Address::Param(param, offset) => {
                let passed = arguments.get(param as usize).copied();
                passed.unwrap_or(Symbol::Unknown).plus(offset)
            }
        };
        for touch in &callee.reads {
            let arg = MemArg { memory: touch.memory, offset: 0, width: 0 };
            self.access(state, arg, argument(touch), touch.bytes);
        }
        let before = state.written.clone();
        for touch in &callee.writes {
            self.put(state, touch.memory, argument(touch), touch.bytes);
        }
        // What it may write, it need not write.
        state.written = before;
        for (base, from, to) in callee.written.iter() {
            let Base::Param(param) = base else { continue };
            match arguments.get(param as usize) {
                Some(Symbol::Stack(offset)) => {
                    state.written.insert(
                        Base::Stack,
                        offset.wrapping_add(from),
                        offset.wrapping_add(to),
                    );
                }
                Some(Symbol::Param(of, offset)) => {
                    let base = Base::Param(*of);
                    state.written.insert(base, offset.wrapping_add(from), offset.wrapping_add(to));
                }
                _ => {}
            }
        }
        Some(callee.returns || callee.refused)
    }
}

/// Whether it is the memory that stack frames are in.
fn is_first(memory: MemoryIdx) -> bool {
    memory.raw() == 0
}

/// An address with the constant offset of an access. Where that wraps around, the access traps.
fn plus(address: Symbol, offset: u64) -> Symbol {
    match i64::try_from(offset) {
        Ok(offset) => address.plus(offset),
        Err(_) => Symbol::Unknown,
    }
}
