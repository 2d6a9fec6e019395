//! The operators on memories, globals and tables.

use std::sync::Arc;

use super::heap::{Access, Contents};
use super::reads::Assumption;
use super::state::{Here, State};
use super::value::{Range, Set, Value};
use super::{Executor, Site};
use crate::component::index_space::{CoreModuleId, Idx, MemoryIdx};
use crate::facts::arithmetic;
use crate::facts::body::{MemArg, Op};
use crate::facts::effects::Loose;
use crate::facts::instantiation::MemoryId;

/// Longest `memory.copy` whose bytes are copied; after a longer one they are unknown.
const COPIED: u64 = 64;
/// A range with more bytes than this has no bound in the code, only that of its type.
const UNBOUNDED: u64 = 1 << 28;

/// A write of the code or the host.
#[derive(Debug, Clone, Copy)]
pub(super) struct Write {
    /// The memory.
    pub(super) memory: MemoryId,
    /// The module whose pointer it is.
    pub(super) module: CoreModuleId,
    /// Added to the pointer, in bytes.
    pub(super) offset: u64,
    /// Length in bytes; `u64::MAX` if unknown.
    pub(super) bytes: u64,
    /// Whether it stays inside the object that the pointer points into.
    pub(super) disciplined: bool,
}

impl<'f, 'a> Executor<'f, 'a> {
    /// Executes an operator on a memory, global or table.
    pub(super) fn memory_op(&mut self, here: &Here<'f>, state: &mut State, op: &Op, at: usize) {
        let site = here.site(at);
        match op {
            Op::GlobalGet(global) => {
                let module = self.world.core_instances[here.instance].module;
                let frame = self.effects.summaries.stack_pointer(module) == Some(*global);
                let value = match self.world.global(here.instance, *global) {
                    Some(id) => {
                        state.heap.global(self.world, &mut self.strays, id, site, self.call)
                    }
                    None => Value::ANY,
                };
                state.push(if frame { value.in_frame() } else { value });
            }
            Op::GlobalSet(global) => {
                let value = state.pop();
                let module = self.world.core_instances[here.instance].module;
                if value.points_to_frame()
                    && self.effects.summaries.stack_pointer(module) != Some(*global)
                {
                    Arc::make_mut(&mut state.heap).escaped = true;
                }
                if let Some(id) = self.world.global(here.instance, *global) {
                    Arc::make_mut(&mut state.heap).set_global(id, value, site, self.call);
                }
            }
            Op::Load(arg, sign) => {
                let address = state.pop();
                let value = self.load(here, state, &address, *arg, site);
                state.push(match sign {
                    0 => value,
                    bits => value.map(|value| extend(value, arg.width, *bits)),
                });
            }
            Op::LoadOther(_) => {
                state.pop();
                state.push(Value::ANY);
            }
            Op::Store(arg) => {
                let (value, address) = (state.pop(), state.pop());
                self.store(here, state, &address, *arg, value, site);
            }
            Op::StoreLow(arg) => {
                // Truncation may make a nonzero value zero.
                let value = state.pop().map(|value| arithmetic::truncate(value, arg.width));
                let address = state.pop();
                self.store(here, state, &address, *arg, value, site);
            }
            Op::StoreOther(arg) => {
                state.pop();
                let address = state.pop();
                let halves = if arg.width > 8 { 2 } else { 1 };
                for half in 0..halves {
                    let offset = arg.offset.wrapping_add(half * 8);
                    let arg = MemArg { offset, width: arg.width.min(8), ..*arg };
                    self.store(here, state, &address, arg, Value::ANY, site);
                }
            }
            Op::AtomicRmw(arg, rmw) => {
                let (operand, address) = (state.pop(), state.pop());
                let old = self.load(here, state, &address, *arg, site);
                let new = old.combine(&operand, |a, b| arithmetic::rmw(*rmw, a, b));
                self.store(here, state, &address, *arg, new, site);
                state.push(old);
            }
            Op::AtomicCmpxchg(arg) => {
                let (new, expected, address) = (state.pop(), state.pop(), state.pop());
                let new = new.map(|value| arithmetic::truncate(value, arg.width));
                let old = self.load(here, state, &address, *arg, site);
                let width = arg.width;
                let equal =
                    old.combine(&expected, |a, b| u64::from(a == arithmetic::truncate(b, width)));
                self.rely_on(&equal);
                match equal.truth() {
                    Some(true) => self.store(here, state, &address, *arg, new, site),
                    Some(false) => {}
                    None => self.store(here, state, &address, *arg, old.join(&new), site),
                }
                state.push(old);
            }
            Op::MemoryFill(memory) => {
                let (len, byte, to) = (state.pop(), state.pop(), state.pop());
                let contents = byte.single().map_or(Contents::Unknown, |b| Contents::Fill(b as u8));
                self.overwrite(here, state, *memory, &to, &len, contents);
            }
            Op::MemoryInit(memory, data) => {
                let (len, from, to) = (state.pop(), state.pop(), state.pop());
                let module = self.world.core_instances[here.instance].module;
                let contents = from.single().map_or(Contents::Unknown, |from| {
                    Contents::Data(module, Idx::new(*data), from)
                });
                self.overwrite(here, state, *memory, &to, &len, contents);
            }
            Op::MemoryCopy(to_memory, from_memory) => {
                let (len, from, to) = (state.pop(), state.pop(), state.pop());
                self.copy(here, state, (*to_memory, &to), (*from_memory, &from), &len, site);
            }
            Op::TableWrite(operands, results) => {
                state.pop_many(*operands);
                state.push_unknown(*results);
                self.strays.tables_written = true;
            }
            _ => {}
        }
    }

    /// The memory at an index; `None` if it is unknown, which is then recorded, or if the access is to a reference's heap.
    fn memory(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        memory: MemoryIdx,
    ) -> Option<MemoryId> {
        let found = self.world.memory(here.instance, memory);
        if found.is_none() && memory.raw() != u32::MAX {
            self.strays.add_everything();
            Arc::make_mut(&mut state.heap).advance(true);
        }
        found
    }

    /// The access at a constant address; `None` if it is beyond all memories.
    fn access(
        &self,
        memory: MemoryId,
        at: u64,
        address: &Value,
        arg: MemArg,
        site: Site,
    ) -> Option<Access> {
        let (width, frame, call) = (arg.width, address.frame, self.call);
        let address = at.checked_add(arg.offset)?;
        Some(Access { memory, address, width, frame, site, call })
    }

    fn load(
        &mut self,
        here: &Here<'_>,
        state: &State,
        address: &Value,
        arg: MemArg,
        site: Site,
    ) -> Value {
        let bits = u32::from(arg.width) * 8;
        let unknown = || if bits < 64 { Value::below_bits(bits) } else { Value::ANY };
        let memory = self.world.memory(here.instance, arg.memory);
        let (Some(memory), Some(addresses)) = (memory, address.constants()) else {
            return unknown();
        };
        let mut joined: Option<Value> = None;
        for at in addresses {
            let Some(access) = self.access(memory, *at, address, arg, site) else { continue };
            let value = state.heap.load(self.world, &mut self.strays, access);
            joined = Some(joined.map_or(value.clone(), |joined| joined.join(&value)));
        }
        let mut value = joined.unwrap_or(Value::ANY).depending_on(address);
        if value.set == Set::Any {
            value.set = unknown().set;
        }
        value
    }

    fn store(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        address: &Value,
        arg: MemArg,
        value: Value,
        site: Site,
    ) {
        let Some(memory) = self.memory(here, state, arg.memory) else { return };
        let Some(addresses) = address.constants() else {
            let module = self.world.core_instances[here.instance].module;
            let bytes = u64::from(arg.width);
            let disciplined = self.effects.summaries.is_disciplined(module, here.func);
            let write = Write { memory, module, offset: arg.offset, bytes, disciplined };
            Arc::make_mut(&mut state.heap).escaped |= value.points_to_frame();
            return self.write_somewhere(state, write, address, &value);
        };
        self.rely_on(address);
        for at in addresses {
            let Some(access) = self.access(memory, *at, address, arg, site) else { continue };
            let value = match addresses {
                [_] => value.clone(),
                // The store goes to one of several addresses: each may keep its value.
                _ => state.heap.load(self.world, &mut self.strays, access).join(&value),
            };
            Arc::make_mut(&mut state.heap).store(access, value);
        }
    }

    /// A write to an address that is not a constant.
    pub(super) fn write_somewhere(
        &mut self,
        state: &mut State,
        write: Write,
        address: &Value,
        value: &Value,
    ) {
        let Write { memory, module, offset, bytes, disciplined } = write;
        let heap = Arc::make_mut(&mut state.heap);
        let range = address.set.hull().and_then(|range| {
            let low = range.low.checked_add(offset)?;
            Some(Range { low, high: range.high.checked_add(offset)?, ..range })
        });
        let is_bounded = range.is_some_and(|range| range.high - range.low < UNBOUNDED);
        if let Some(range) = range
            && (is_bounded || !disciplined)
            && (bytes != u64::MAX || !disciplined)
        {
            self.rely_on(address);
            return heap.smear(memory, range, bytes, value);
        }
        let bases = address.bases();
        let points_to_frame = bases.as_ref().is_some_and(|bases| bases.frame);
        let more = bases.as_ref().is_some_and(|bases| bases.more);
        let below = bases.as_ref().map_or(0, |bases| bases.below_at(offset));
        let objects = bases.as_ref().map_or(&[][..], |bases| &bases.objects);
        if more {
            self.strays.add_everything();
        }
        heap.advance(!disciplined || points_to_frame || heap.escaped || more);
        if disciplined && points_to_frame && objects.is_empty() && !more {
            self.assumptions.insert(Assumption::PointersStayInObjects);
            return;
        }
        let loose = Loose::new(&self.effects.summaries, module, memory, below, disciplined);
        self.strays.add_loose(loose, objects);
    }

    fn overwrite(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        memory: MemoryIdx,
        to: &Value,
        len: &Value,
        contents: Contents,
    ) {
        let Some(memory) = self.memory(here, state, memory) else { return };
        let module = self.world.core_instances[here.instance].module;
        if len.single() == Some(0) {
            return;
        }
        // What is written in any case.
        if let (Some(starts), Some(lengths)) = (to.set.hull(), len.set.hull())
            && to.constants().is_some()
            && let (low, high) = (starts.low, starts.high)
            && let end = low.saturating_add(lengths.low)
            && high < end
        {
            self.rely_on(to);
            self.rely_on(len);
            let contents = if low == high { contents } else { Contents::Unknown };
            Arc::make_mut(&mut state.heap).overwrite(memory, high, end - high, contents);
            if low == high && lengths.low == lengths.high {
                return;
            }
        }
        // A length without a bound of its own is as long as the object.
        let bytes = len.set.hull().map_or(u64::MAX, |range| range.high);
        let bytes = if bytes < UNBOUNDED { bytes } else { u64::MAX };
        let disciplined = self.effects.summaries.is_disciplined(module, here.func);
        let write = Write { memory, module, offset: 0, bytes, disciplined };
        self.write_somewhere(state, write, to, &Value::ANY);
    }

    fn copy(
        &mut self,
        here: &Here<'_>,
        state: &mut State,
        (to_memory, to): (MemoryIdx, &Value),
        (from_memory, from): (MemoryIdx, &Value),
        len: &Value,
        site: Site,
    ) {
        let byte = |memory| MemArg { memory, offset: 0, width: 1 };
        let (Some(to_start), Some(from_start), Some(length)) =
            (to.single(), from.single(), len.single().filter(|len| *len <= COPIED))
        else {
            // The bytes may hold a pointer to a stack frame.
            Arc::make_mut(&mut state.heap).escaped |= from.points_to_frame();
            return self.overwrite(here, state, to_memory, to, len, Contents::Unknown);
        };
        // A pointer that is copied byte by byte is not recognized as one.
        if self
            .world
            .memory(here.instance, from_memory)
            .is_some_and(|memory| state.heap.holds_frame_pointer(memory, from_start, length))
        {
            Arc::make_mut(&mut state.heap).escaped = true;
        }
        let at = |start: u64, i: u64, of: &Value| {
            let byte = Value::constant(start.wrapping_add(i));
            if of.frame { byte.in_frame() } else { byte }
        };
        let bytes: Vec<Value> = (0..length)
            .map(|i| self.load(here, state, &at(from_start, i, from), byte(from_memory), site))
            .collect();
        for (i, value) in bytes.into_iter().enumerate() {
            let address = at(to_start, i as u64, to);
            self.store(here, state, &address, byte(to_memory), value, site);
        }
    }
}

/// Extends a loaded integer to the width of its type.
fn extend(value: u64, width: u8, sign: u8) -> u64 {
    match sign {
        0 => value,
        32 => u64::from(arithmetic::sign_extend(value, u32::from(width) * 8) as u32),
        _ => arithmetic::sign_extend(value, u32::from(width) * 8),
    }
}
