//! Allocators that only move a pointer: what they give is never given back.
//!
//! A function is one if the address that it returns is computed from a global, and it moves that global up by what it gives.

use crate::component::core_module::CoreModule;
use crate::component::index_space::{FuncIdx, GlobalIdx};
use crate::facts::body::{Binary, Bodies, Body, Op, Unary};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, Instantiation};

/// Most operators of a function that is taken for one; they are short.
const LONGEST: usize = 400;

/// An allocator that only moves a pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bump {
    /// The instance of its module.
    pub(super) instance: CoreInstanceId,
    /// The pointer.
    pub(super) pointer: GlobalIdx,
    /// The functions that may set it to a lower value; empty if there are none, so nothing is ever given back.
    pub(super) resets: Vec<FuncIdx>,
}

/// The allocator that `func` is; `None` if it is another kind, or if other modules may set its pointer.
pub(super) fn allocator(
    world: &Instantiation<'_>,
    bodies: &Bodies<'_>,
    func: CoreFunc,
) -> Option<Bump> {
    let CoreFunc::Defined(instance, func) = func else { return None };
    let module = world.module(instance);
    let body = bodies.get(module.id, func).filter(|body| body.code.len() <= LONGEST)?;
    let pointers = body.code.iter().filter_map(|op| match op {
        Op::GlobalSet(global) => Some(*global),
        _ => None,
    });
    let is_pointer = |global: &GlobalIdx| {
        let moves = Moves::of(module, body, *global);
        moves.sets > 0 && moves.only_up && moves.returns
    };
    let pointer = pointers.into_iter().find(is_pointer)?;
    let id = world.global(instance, pointer)?;
    if is_shared(world, instance, id) {
        return None;
    }
    let mut resets = Vec::new();
    for (index, _) in module.functions.iter().skip(module.imported_funcs()) {
        let lowers = bodies.visit(module.id, index, |body| {
            let sets = body.code.contains(&Op::GlobalSet(pointer));
            sets && !Moves::of(module, body, pointer).only_up
        });
        if lowers == Some(true) {
            resets.push(index);
        }
    }
    Some(Bump { instance, pointer, resets })
}

/// Whether another instance has the global.
fn is_shared(world: &Instantiation<'_>, owner: CoreInstanceId, global: GlobalId) -> bool {
    let mut others = world.core_instances.iter().filter(|(id, _)| *id != owner);
    others.any(|(_, instance)| instance.globals.iter().any(|(_, it)| *it == Some(global)))
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    /// The pointer, or more than it: sums with it, rounded to an alignment.
    Up,
    Constant(u64),
    Other,
}

/// What a function does with the pointer.
struct Moves<'b> {
    pointer: GlobalIdx,
    /// What is assigned to each local, over all assignments.
    locals: Vec<Option<Value>>,
    /// What each local holds here; `None` if that depends on the path.
    now: Vec<Option<Value>>,
    /// The locals that are assigned in each open block.
    assigned: Vec<Vec<u32>>,
    stack: Vec<Value>,
    /// The heights of the stack at the beginnings of open blocks.
    heights: Vec<(usize, u32)>,
    body: &'b Body,
    sets: u32,
    only_up: bool,
    /// Whether every return gives a value computed from the pointer, or a null pointer.
    returns: bool,
}

impl<'b> Moves<'b> {
    fn of(module: &CoreModule<'_>, body: &'b Body, pointer: GlobalIdx) -> Self {
        let locals = vec![None; (body.params + body.locals) as usize];
        let mut moves = Moves {
            pointer,
            now: locals.clone(),
            locals,
            assigned: Vec::new(),
            stack: Vec::new(),
            heights: Vec::new(),
            body,
            sets: 0,
            only_up: true,
            returns: body.results == 1 && body.opaque.is_none() && !body.is_damaged(),
        };
        // What a local holds is known after one pass over all assignments; a second one uses it.
        let mut known = Vec::new();
        for _ in 0..3 {
            if known == moves.locals && moves.sets > 0 {
                break;
            }
            known.clone_from(&moves.locals);
            moves.restart();
            body.code.iter().for_each(|op| moves.step(module, op));
        }
        moves.only_up &= known == moves.locals;
        moves
    }

    fn restart(&mut self) {
        self.stack.clear();
        self.heights.clear();
        self.now.fill(None);
        self.assigned = vec![Vec::new()];
        (self.sets, self.only_up) = (0, true);
    }

    fn pop(&mut self) -> Value {
        let floor = self.heights.last().map_or(0, |(height, _)| *height);
        if self.stack.len() > floor {
            self.stack.pop().unwrap_or(Value::Other)
        } else {
            Value::Other
        }
    }

    fn pops(&mut self, count: usize) {
        (0..count).for_each(|_| _ = self.pop());
    }

    fn pushes(&mut self, count: usize) {
        self.stack.extend(std::iter::repeat_n(Value::Other, count));
    }

    fn assign(&mut self, local: u32, value: Value) {
        if let Some(known) = self.locals.get_mut(local as usize) {
            *known = Some(match *known {
                Some(before) if before != value => Value::Other,
                _ => value,
            });
            self.now[local as usize] = Some(value);
            self.assigned.last_mut().into_iter().for_each(|it| it.push(local));
        }
    }

    fn open(&mut self, params: u32, results: u32) {
        self.pops(params as usize);
        self.heights.push((self.stack.len(), results));
        self.assigned.push(Vec::new());
        self.pushes(params as usize);
    }

    /// Forgets what the locals hold that the innermost block assigns.
    fn forget(&mut self) {
        for local in self.assigned.last().into_iter().flatten() {
            self.now[*local as usize] = None;
        }
    }

    fn local(&self, local: u32) -> Value {
        if let Some(Some(value)) = self.now.get(local as usize) {
            return *value;
        }
        let known = self.locals.get(local as usize).copied().flatten();
        // A parameter holds its argument before it is assigned.
        known.filter(|_| local >= self.body.params).unwrap_or(Value::Other)
    }

    fn result(&mut self) {
        let value = self.pop();
        self.returns &= matches!(value, Value::Up | Value::Constant(0));
    }

    fn step(&mut self, module: &CoreModule<'_>, op: &Op) {
        match op {
            Op::Block { params, results, .. } => self.open(*params, *results),
            Op::Loop { params, results, .. } => {
                self.open(*params, *results);
                self.now.fill(None);
            }
            Op::If { params, results, .. } => {
                self.pop();
                self.open(*params, *results);
            }
            Op::Else => {
                let height = self.heights.last().map_or(0, |(height, _)| *height);
                self.stack.truncate(height);
                self.forget();
            }
            Op::End => match self.heights.pop() {
                Some((height, results)) => {
                    self.stack.truncate(height);
                    self.pushes(results as usize);
                    self.forget();
                    let inner = self.assigned.pop().unwrap_or_default();
                    self.assigned.last_mut().into_iter().for_each(|it| it.extend(&inner));
                }
                // Behind an instruction that does not go on, nothing is returned.
                None if self.stack.is_empty() => {}
                None => self.result(),
            },
            Op::Return => {
                self.result();
                self.stack.truncate(self.heights.last().map_or(0, |(height, _)| *height));
            }
            // A branch out of the function may return a value.
            Op::Br(depth) | Op::BrIf(depth) => {
                if matches!(op, Op::BrIf(_)) {
                    self.pop();
                }
                if *depth as usize == self.heights.len() {
                    self.returns = false;
                }
            }
            Op::BrTable(_) => {
                self.pop();
                self.returns = false;
            }
            Op::Unreachable | Op::Nop | Op::Throw | Op::Unmodelled => {
                self.returns &= *op != Op::Unmodelled;
            }
            Op::Call(func) => {
                let ty = module.func_type(*func);
                self.called(ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len())));
            }
            Op::CallIndirect(ty, _) => {
                let ty = module.types.get(*ty).and_then(Option::as_ref);
                let (params, results) =
                    ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                self.called((params + 1, results));
            }
            Op::ReturnCall(_) | Op::ReturnCallIndirect(..) | Op::ReturnCallRef => {
                self.returns = false;
            }
            Op::CallRef(takes, gives) | Op::TableWrite(takes, gives) | Op::Other(takes, gives) => {
                self.called((*takes as usize, *gives as usize));
            }
            Op::Drop => self.pops(1),
            Op::Select => {
                self.pop();
                let (b, a) = (self.pop(), self.pop());
                self.stack.push(if a == b { a } else { Value::Other });
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
                let is_pointer = *global == self.pointer;
                self.stack.push(if is_pointer { Value::Up } else { Value::Other });
            }
            Op::GlobalSet(global) => {
                let value = self.pop();
                if *global == self.pointer {
                    self.sets += 1;
                    self.only_up &= value == Value::Up;
                }
            }
            Op::Const(value) => self.stack.push(Value::Constant(*value)),
            Op::Vector(_) => self.stack.push(Value::Other),
            Op::Unary(op) => {
                let value = self.pop();
                let keeps = matches!(op, Unary::I32WrapI64 | Unary::I64ExtendI32U);
                self.stack.push(if keeps { value } else { Value::Other });
            }
            Op::Binary(op) => {
                let (b, a) = (self.pop(), self.pop());
                self.stack.push(computed(*op, a, b));
            }
            Op::Load(..) | Op::LoadOther(_) => self.called((1, 1)),
            Op::Store(_) | Op::StoreLow(_) | Op::StoreOther(_) => self.pops(2),
            Op::AtomicRmw(..) => self.called((2, 1)),
            Op::AtomicCmpxchg(_) => self.called((3, 1)),
            Op::MemoryInit(..) | Op::MemoryCopy(..) | Op::MemoryFill(_) => self.pops(3),
        }
    }

    fn called(&mut self, (takes, gives): (usize, usize)) {
        self.pops(takes);
        self.pushes(gives);
    }
}

/// A sum with the pointer is above it, if nothing negative is added: sizes are unsigned. `and` rounds to an alignment.
fn computed(op: Binary, a: Value, b: Value) -> Value {
    let is_negative = |value: u64| (value as u32 as i32) < 0;
    match (op, a, b) {
        (Binary::I32And | Binary::I64And, Value::Up, Value::Constant(mask))
        | (Binary::I32And | Binary::I64And, Value::Constant(mask), Value::Up)
            if !is_negative(mask) =>
        {
            Value::Other
        }
        (Binary::I32Add | Binary::I64Add, Value::Up, Value::Constant(by))
        | (Binary::I32Add | Binary::I64Add, Value::Constant(by), Value::Up)
            if is_negative(by) =>
        {
            Value::Other
        }
        (Binary::I32Add | Binary::I64Add, Value::Up, _)
        | (Binary::I32Add | Binary::I64Add, _, Value::Up)
        | (Binary::I32And | Binary::I64And, Value::Up, _)
        | (Binary::I32And | Binary::I64And, _, Value::Up) => Value::Up,
        _ => Value::Other,
    }
}
