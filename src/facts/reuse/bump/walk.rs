//! A walk over the code of a function that tracks where values come from.

use super::value::{POINTER, Place, Value, computed};
use crate::component::core_module::CoreModule;
use crate::component::index_space::{FuncIdx, MemoryIdx};
use crate::facts::body::{Body, MemArg, Op, Rmw, Unary};

/// What a function and its callees do with the pointer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Does {
    /// Whether they may set it.
    pub(super) sets: bool,
    /// Whether to what may be lower.
    pub(super) lowers: bool,
    /// Whether that is not only what a callee does whatever its arguments are.
    pub(super) lowers_itself: bool,
    /// Whether to an argument of the function that was asked about.
    pub(super) sets_argument: bool,
    /// What the function gives.
    pub(super) result: Value,
}

/// What a function does that does nothing with it.
const NOTHING: Does = Does {
    sets: false,
    lowers: false,
    lowers_itself: false,
    sets_argument: false,
    result: Value::Other,
};

/// Unknown arguments.
pub(super) fn arguments(count: usize) -> Vec<Value> {
    (0..).map(Value::Argument).take(count).collect()
}

/// The callees of a function.
pub(super) trait Callees {
    /// What `func` does when it is called with these arguments, and whether the pointer is null then; `None` if that is too
    /// much to look at.
    fn follow(&mut self, func: FuncIdx, null: bool, arguments: Vec<Value>) -> Option<Does>;
    /// A place is written, and it is not known yet where the pointer is.
    fn wrote(&mut self, place: Place);
}

/// An open block.
struct Frame {
    /// The height of the stack below it.
    height: usize,
    results: u32,
    /// What it gives so far, if that is one value.
    gives: Option<Value>,
    is_loop: bool,
    /// The locals that are assigned in it.
    assigned: Vec<u32>,
    /// Whether the pointer is null here.
    null: bool,
    /// Whether it is null in the other half of a conditional.
    otherwise_null: bool,
}

/// A walk over the code of a function.
pub(super) struct Walk<'w, 'a> {
    callees: &'w mut dyn Callees,
    module: &'w CoreModule<'a>,
    /// Where the pointer is, if that is known.
    place: Option<Place>,
    /// Whether control may move in ways that are not seen.
    is_opaque: bool,
    /// What each local holds, over all assignments.
    locals: Vec<Option<Value>>,
    /// What each local holds here, and since which epoch; `None` if that depends on the path.
    now: Vec<Option<(usize, Value)>>,
    /// Grows where a loop begins, in which nothing of an earlier epoch is known.
    epoch: usize,
    stack: Vec<Value>,
    frames: Vec<Frame>,
    does: Does,
}

impl<'w, 'a> Walk<'w, 'a> {
    /// What the function does that has this body, and is called with these arguments.
    pub(super) fn of(
        callees: &'w mut dyn Callees,
        module: &'w CoreModule<'a>,
        place: Option<Place>,
        body: &Body,
        null: bool,
        arguments: &[Value],
    ) -> Does {
        let mut locals: Vec<_> = arguments.iter().map(|it| Some(*it)).collect();
        locals.resize((body.params + body.locals) as usize, None);
        let (stack, frames) = (Vec::new(), Vec::new());
        let (now, epoch) = (vec![None; locals.len()], 0);
        let is_opaque = body.opaque.is_some();
        let does = NOTHING;
        let mut walk =
            Walk { callees, module, place, is_opaque, locals, now, epoch, stack, frames, does };
        // What a local holds is known after one pass over all assignments; a second one uses it.
        let mut known = Vec::new();
        for _ in 0..3 {
            known.clone_from(&walk.locals);
            walk.pass(body, null, arguments);
            if known == walk.locals {
                break;
            }
        }
        if known != walk.locals {
            walk.does.lowers |= walk.does.sets;
            walk.does.lowers_itself |= walk.does.sets;
        }
        if known != walk.locals || walk.is_opaque {
            walk.does.result = Value::Other;
        }
        walk.does
    }

    fn pass(&mut self, body: &Body, null: bool, arguments: &[Value]) {
        self.stack.clear();
        self.frames.clear();
        self.now.fill(None);
        for (now, argument) in self.now.iter_mut().zip(arguments) {
            *now = Some((self.epoch, *argument));
        }
        self.does = NOTHING;
        self.open(0, body.results, if null { Value::IsNull } else { Value::Other });
        body.code.iter().for_each(|op| self.step(op));
    }

    fn pop(&mut self) -> Value {
        let floor = self.frames.last().map_or(0, |frame| frame.height);
        match self.stack.len() > floor {
            true => self.stack.pop().unwrap_or(Value::Other),
            false => Value::Other,
        }
    }

    fn pops(&mut self, count: usize) {
        (0..count).for_each(|_| _ = self.pop());
    }

    fn pushes(&mut self, count: usize) {
        self.stack.extend(std::iter::repeat_n(Value::Other, count));
    }

    fn called(&mut self, (takes, gives): (usize, usize)) {
        self.pops(takes);
        self.pushes(gives);
    }

    /// Opens a block. `condition` is what a conditional decides by.
    fn open(&mut self, params: u32, results: u32, condition: Value) {
        self.pops(params as usize);
        self.frames.push(Frame {
            height: self.stack.len(),
            results,
            gives: None,
            is_loop: false,
            assigned: Vec::new(),
            null: condition == Value::IsNull,
            otherwise_null: condition == POINTER,
        });
        self.pushes(params as usize);
    }

    /// The value on top leaves the block that is `depth` levels up.
    fn give(&mut self, depth: usize) {
        let floor = self.frames.last().map_or(0, |frame| frame.height);
        let top = self.stack.last().copied().filter(|_| self.stack.len() > floor);
        let Some(at) = self.frames.len().checked_sub(depth + 1) else { return };
        let is_function = at == 0;
        let frame = &mut self.frames[at];
        if let Some(value) = top.filter(|_| frame.results == 1 && !frame.is_loop) {
            frame.gives = Some(match frame.gives {
                None => value,
                // A null pointer is what a failed allocation gives.
                Some(before) if is_function && before.is_new() && value.is_new() => {
                    if before == value { value } else { POINTER }
                }
                Some(before) => before.or(value),
            });
        }
    }

    /// What follows is not reached.
    fn cut(&mut self) {
        self.stack.truncate(self.frames.last().map_or(0, |frame| frame.height));
    }

    /// Forgets what the locals hold that the innermost block assigns.
    fn forget(&mut self) {
        for local in self.frames.last().iter().flat_map(|frame| &frame.assigned) {
            self.now[*local as usize] = None;
        }
    }

    fn close(&mut self) {
        self.give(0);
        self.forget();
        let Some(frame) = self.frames.pop() else { return };
        self.stack.truncate(frame.height);
        let value = frame.gives.unwrap_or(Value::Other);
        match self.frames.last_mut() {
            Some(outer) => {
                outer.assigned.extend(&frame.assigned);
                match frame.results {
                    1 => self.stack.push(value),
                    more => self.pushes(more as usize),
                }
            }
            None => self.does.result = value,
        }
    }

    fn local(&self, local: u32) -> Value {
        let at = local as usize;
        let now = self.now.get(at).copied().flatten();
        let now = now.filter(|(since, _)| *since == self.epoch && !self.is_opaque);
        now.map(|(_, value)| value)
            .or_else(|| self.locals.get(at).copied().flatten())
            .unwrap_or(Value::Other)
    }

    fn assign(&mut self, local: u32, value: Value) {
        if let Some(known) = self.locals.get_mut(local as usize) {
            *known = Some(known.map_or(value, |before| before.or(value)));
            self.now[local as usize] = Some((self.epoch, value));
            self.frames.last_mut().into_iter().for_each(|it| it.assigned.push(local));
        }
    }

    /// The pointer is set to a value.
    fn set(&mut self, value: Value) {
        self.does.sets = true;
        match value {
            Value::Above(_) => {}
            Value::Argument(_) => self.does.sets_argument = true,
            // Whatever it is, it is more than null.
            Value::Constant(_) if self.is_null() => {}
            _ => (self.does.lowers, self.does.lowers_itself) = (true, true),
        }
        self.frames.iter_mut().for_each(|frame| frame.null = false);
    }

    /// Whether the pointer is null here.
    fn is_null(&self) -> bool {
        self.frames.iter().any(|frame| frame.null)
    }

    /// The cell that an operator touches, if its address is known.
    fn cell(arg: &MemArg, address: Value) -> Option<Place> {
        match address {
            Value::Constant(at) => Some(Place::Cell(arg.memory, at.wrapping_add(arg.offset))),
            _ => None,
        }
    }

    fn store(&mut self, arg: &MemArg, value: Option<Value>) {
        let address = self.pop();
        let Some(place) = Self::cell(arg, address) else { return };
        match (self.place, place) {
            (None, _) => self.callees.wrote(place),
            (Some(pointer), _) if pointer == place && arg.width >= 4 => {
                self.set(value.unwrap_or(Value::Other));
            }
            (Some(pointer), _) if pointer.overlaps(place, u64::from(arg.width)) => {
                self.set(Value::Other);
            }
            _ => {}
        }
    }

    /// Bytes are written at once: `count` from the address `to`, if both are known.
    fn overwrite(&mut self, memory: MemoryIdx, to: Value, count: Value) {
        if let (Some(pointer), Value::Constant(to), Value::Constant(count)) =
            (self.place, to, count)
            && pointer.overlaps(Place::Cell(memory, to), count)
        {
            self.set(Value::Other);
        }
    }

    fn call(&mut self, func: FuncIdx) {
        let ty = self.module.func_type(func);
        let (params, results) = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
        let mut values: Vec<_> = (0..params).map(|_| self.pop()).collect();
        values.reverse();
        match self.callees.follow(func, self.is_null(), values) {
            Some(callee) => {
                self.does.sets |= callee.sets;
                if callee.lowers {
                    let any = self.callees.follow(func, false, arguments(params));
                    self.does.lowers = true;
                    self.does.lowers_itself |= any.is_some_and(|it| !it.lowers);
                }
                self.does.sets_argument |= callee.sets_argument;
                match results {
                    1 => self.stack.push(callee.result),
                    _ => self.pushes(results),
                }
            }
            None => self.pushes(results),
        }
    }

    fn step(&mut self, op: &Op) {
        match op {
            Op::Block { params, results, .. } => self.open(*params, *results, Value::Other),
            Op::Loop { params, results, .. } => {
                self.open(*params, *results, Value::Other);
                self.frames.last_mut().into_iter().for_each(|it| it.is_loop = true);
                self.epoch += 1;
            }
            Op::If { params, results, .. } => {
                let condition = self.pop();
                self.open(*params, *results, condition);
            }
            Op::Else => {
                self.give(0);
                self.cut();
                self.forget();
                self.frames.last_mut().into_iter().for_each(|it| it.null = it.otherwise_null);
            }
            Op::End => self.close(),
            Op::Br(depth) => {
                self.give(*depth as usize);
                self.cut();
            }
            Op::BrIf(depth) => {
                let condition = self.pop();
                self.give(*depth as usize);
                let frame = self.frames.last_mut();
                frame.into_iter().for_each(|it| it.null |= condition == POINTER);
            }
            Op::BrTable(depths) => {
                self.pop();
                depths.iter().for_each(|depth| self.give(*depth as usize));
                self.cut();
            }
            Op::Return => self.leave(),
            Op::ReturnCall(func) => {
                self.call(*func);
                self.leave();
            }
            Op::ReturnCallIndirect(..) | Op::ReturnCallRef => {
                self.stack.push(Value::Other);
                self.leave();
            }
            Op::Unreachable | Op::Throw | Op::Unmodelled => self.cut(),
            Op::Nop => {}
            Op::Call(func) => self.call(*func),
            Op::CallIndirect(ty, _) => {
                let ty = self.module.types.get(*ty).and_then(Option::as_ref);
                let arity = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                self.called((arity.0 + 1, arity.1));
            }
            Op::CallRef(takes, gives) | Op::TableWrite(takes, gives) | Op::Other(takes, gives) => {
                self.called((*takes as usize, *gives as usize));
            }
            Op::Drop => self.pops(1),
            Op::Select => {
                self.pop();
                let (b, a) = (self.pop(), self.pop());
                self.stack.push(a.or(b));
            }
            Op::LocalGet(local) => self.stack.push(self.local(*local)),
            Op::LocalSet(local) => {
                let value = self.pop();
                self.assign(*local, value);
            }
            Op::LocalTee(local) => {
                let value = self.pop();
                self.assign(*local, value);
                self.stack.push(value);
            }
            Op::GlobalGet(global) => {
                let is_pointer = self.place == Some(Place::Global(*global));
                self.stack.push(if is_pointer { POINTER } else { Value::Other });
            }
            Op::GlobalSet(global) => {
                let value = self.pop();
                let place = Place::Global(*global);
                match self.place {
                    None => self.callees.wrote(place),
                    Some(pointer) if pointer == place => self.set(value),
                    Some(_) => {}
                }
            }
            Op::Const(value) => self.stack.push(Value::Constant(*value)),
            Op::Vector(_) => self.stack.push(Value::Other),
            Op::Unary(op) => {
                let value = self.pop();
                self.stack.push(match (op, value) {
                    (Unary::I32WrapI64 | Unary::I64ExtendI32U, value) => value,
                    (Unary::I32Eqz | Unary::I64Eqz, POINTER) => Value::IsNull,
                    _ => Value::Other,
                });
            }
            Op::Binary(op) => {
                let (b, a) = (self.pop(), self.pop());
                self.stack.push(computed(*op, a, b));
            }
            Op::Load(arg, _) => {
                let address = self.pop();
                let place = Self::cell(arg, address);
                let is_pointer = place.is_some() && place == self.place && arg.width >= 4;
                self.stack.push(if is_pointer { POINTER } else { Value::Other });
            }
            Op::LoadOther(_) => self.called((1, 1)),
            Op::Store(arg) => {
                let value = self.pop();
                self.store(arg, Some(value));
            }
            Op::StoreLow(arg) | Op::StoreOther(arg) => {
                self.pop();
                self.store(arg, None);
            }
            Op::AtomicRmw(arg, rmw) => {
                let by = self.pop();
                let is_up = *rmw == Rmw::Add && !by.is_negative();
                let address = self.stack.last().copied().unwrap_or(Value::Other);
                self.store(arg, is_up.then_some(POINTER));
                let place = Self::cell(arg, address);
                let is_pointer = place.is_some() && place == self.place;
                self.stack.push(if is_pointer { POINTER } else { Value::Other });
            }
            Op::AtomicCmpxchg(arg) => {
                self.pops(2);
                self.store(arg, None);
                self.stack.push(Value::Other);
            }
            Op::MemoryInit(memory, _) | Op::MemoryCopy(memory, _) | Op::MemoryFill(memory) => {
                let count = self.pop();
                self.pops(1);
                let to = self.pop();
                self.overwrite(*memory, to, count);
            }
        }
    }

    /// The value on top is returned.
    fn leave(&mut self) {
        self.give(self.frames.len().saturating_sub(1));
        self.cut();
    }
}
