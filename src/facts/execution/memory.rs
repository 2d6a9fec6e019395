//! The operators on memories, globals and tables.

use std::rc::Rc;

use super::heap::{Access, Contents};
use super::state::{Here, State};
use super::value::{LOWEST_STATIC, Near, Value};
use super::{Cell, Executor, Site, arithmetic};
use crate::component::index_space::{Idx, MemoryIdx};
use crate::facts::body::{MemArg, Op};
use crate::facts::instantiation::MemoryId;

/// Assumed length of a bulk write of unknown length to a static object, in bytes.
const UNKNOWN_LENGTH: u64 = 4096;
/// Longest `memory.copy` whose bytes are copied; after a longer one they are unknown.
const COPIED: u64 = 64;

impl Executor<'_, '_> {
    pub(super) fn memory_op(&mut self, here: &Here<'_>, state: &mut State, op: &Op, at: usize) {
        let site = here.site(at);
        match op {
            Op::GlobalGet(global) => {
                let id = self.world.global(here.instance, *global);
                let id = id.filter(|id| !self.distrusted.contains(&Cell::Global(*id)));
                let value = id.map(|id| state.heap.global(self.world, id, site, self.call));
                state.push(value.unwrap_or(Value::ANY));
            }
            Op::GlobalSet(global) => {
                let value = state.pop();
                if let Some(id) = self.world.global(here.instance, *global) {
                    Rc::make_mut(&mut state.heap).set_global(id, value, site, self.call);
                }
            }
            Op::Load(arg, sign) => {
                let address = state.pop();
                let value = self.load(here, state, &address, *arg, site);
                // Extending the sign of a nonzero integer keeps it nonzero.
                state.push(value.map_zeroness(|value| extend(value, arg.width, *sign), None));
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
                let value = state.pop().map(|value| Some(arithmetic::truncate(value, arg.width)));
                let address = state.pop();
                self.store(here, state, &address, *arg, value, site);
            }
            Op::StoreOther(arg) => {
                state.pop();
                let address = state.pop();
                let halves = if arg.width > 8 { 2 } else { 1 };
                for half in 0..halves {
                    let arg =
                        MemArg { offset: arg.offset + half * 8, width: arg.width.min(8), ..*arg };
                    self.store(here, state, &address, arg, Value::ANY, site);
                }
            }
            Op::AtomicRmw(arg, rmw) => {
                let (operand, address) = (state.pop(), state.pop());
                let old = self.load(here, state, &address, *arg, site);
                let new = old.combine(&operand, |a, b| Some(arithmetic::rmw(*rmw, a, b)));
                self.store(here, state, &address, *arg, new, site);
                state.push(old);
            }
            Op::AtomicCmpxchg(arg) => {
                let (new, expected, address) = (state.pop(), state.pop(), state.pop());
                let old = self.load(here, state, &address, *arg, site);
                let width = arg.width;
                let equal = old.combine(&expected, |a, b| {
                    Some(u64::from(a == arithmetic::truncate(b, width)))
                });
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
                state.operands.extend((0..*results).map(|_| Value::ANY));
                self.tables_written = true;
            }
            _ => {}
        }
    }

    fn memory(&self, here: &Here<'_>, memory: MemoryIdx) -> Option<MemoryId> {
        self.world.memory(here.instance, memory)
    }

    fn load(
        &self,
        here: &Here<'_>,
        state: &State,
        address: &Value,
        arg: MemArg,
        site: Site,
    ) -> Value {
        let memory = self.memory(here, arg.memory);
        let (Some(memory), Some(addresses)) = (memory, address.constants()) else {
            return Value::ANY;
        };
        let access = |at: u64| Access {
            memory,
            address: at.wrapping_add(arg.offset),
            width: arg.width,
            literal: address.literal,
            site,
            call: self.call,
        };
        let distrusted = |at: &u64| {
            let address = at.wrapping_add(arg.offset);
            self.distrusted.contains(&Cell::Memory { memory, address, width: arg.width })
        };
        if addresses.iter().any(distrusted) {
            return Value::ANY;
        }
        let loads = addresses.iter().map(|at| state.heap.load(self.world, access(*at)));
        loads.reduce(|a, b| a.join(&b)).unwrap_or(Value::ANY).read_through(address)
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
        let memory = self.memory(here, arg.memory);
        let Some(memory) = memory else { return };
        self.rely_on(address);
        let Some(addresses) = address.constants() else {
            // The offset may be the base of an indexed array.
            let heap = Rc::make_mut(&mut state.heap);
            if arg.offset >= LOWEST_STATIC {
                heap.forget_static(self.world, memory, arg.offset);
            }
            heap.escaped |= value.points_to_computed();
            return self.store_to_unknown(state, memory, address);
        };
        for at in addresses {
            let access = Access {
                memory,
                address: at.wrapping_add(arg.offset),
                width: arg.width,
                literal: address.literal,
                site,
                call: self.call,
            };
            let value = match addresses {
                [_] => value.clone(),
                // The store goes to one of several addresses: each may keep its value.
                _ => state.heap.load(self.world, access).join(&value),
            };
            Rc::make_mut(&mut state.heap).store(access, value);
        }
    }

    /// A store to an unknown address: it may hit any object whose address is taken.
    fn store_to_unknown(&mut self, state: &mut State, memory: MemoryId, address: &Value) {
        let heap = Rc::make_mut(&mut state.heap);
        match address.near {
            Some(Near { address, literal: true }) => {
                heap.forget_static(self.world, memory, address)
            }
            Some(_) => heap.forget_computed(memory),
            None if heap.escaped => heap.forget_computed(memory),
            None => {}
        }
        self.skipped.unknown_stores = true;
        heap.skipped_calls += 1;
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
        let Some(memory) = self.memory(here, memory) else { return };
        self.rely_on(to);
        let Some(addresses) = to.constants() else {
            return self.store_to_unknown(state, memory, to);
        };
        let heap = Rc::make_mut(&mut state.heap);
        // A write to one of several addresses may leave the others unchanged.
        let contents = if addresses.len() > 1 { Contents::Unknown } else { contents };
        for address in addresses {
            match len.single() {
                Some(0) => {}
                Some(len) => heap.overwrite(memory, *address, len, contents),
                None if to.literal => {
                    heap.overwrite(memory, *address, UNKNOWN_LENGTH, Contents::Unknown);
                }
                None => heap.forget_computed(memory),
            }
        }
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
            (to.single(), from.single(), len.single())
        else {
            return self.overwrite(here, state, to_memory, to, len, Contents::Unknown);
        };
        if length > COPIED {
            return self.overwrite(here, state, to_memory, to, len, Contents::Unknown);
        }
        let at = |start: u64, i: u64, literal| Value::constant(start.wrapping_add(i), literal);
        let bytes: Vec<Value> = (0..length)
            .map(|i| {
                self.load(here, state, &at(from_start, i, from.literal), byte(from_memory), site)
            })
            .collect();
        for (i, value) in bytes.into_iter().enumerate() {
            let address = at(to_start, i as u64, to.literal);
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
