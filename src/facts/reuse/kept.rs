//! Calls that are made once, on purpose: a test of a place skips the call, and that place is written after it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::component::core_module::CoreModule;
use crate::component::index_space::{FuncIdx, GlobalIdx};
use crate::facts::body::{Binary, Body, Op};

/// What an address is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Base {
    /// Nothing: it is constant.
    Constant,
    /// The stack frame.
    Frame,
    Global(GlobalIdx),
    /// A parameter, or what is not known, by number.
    Unknown(u32),
    /// What was loaded as number so and so.
    Loaded(usize),
}

/// A place that keeps its value between calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Global(GlobalIdx),
    Cell(Base, u64),
}

/// A value: the address that it may be, and the place that it was read from or tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Value {
    address: Option<(Base, u64)>,
    tells: Option<Place>,
}

/// Most operators of a function that is looked at. Of the calls of a longer one, nothing is known.
const LONGEST: usize = 20_000;

/// The functions that a function may call whatever was kept.
pub(super) fn called_anew(
    module: &CoreModule<'_>,
    stack_pointer: Option<GlobalIdx>,
    body: &Body,
) -> FxHashSet<FuncIdx> {
    if body.code.len() > LONGEST {
        return FxHashSet::default();
    }
    let mut scan = Scan {
        module,
        stack_pointer,
        locals: Vec::new(),
        unknown: body.params + body.locals,
        stack: Vec::new(),
        frames: Vec::new(),
        loaded: FxHashMap::default(),
        loads: 0,
        tests: Vec::new(),
        writes: Vec::new(),
        calls: Vec::new(),
    };
    let unknown = |number| Value { address: Some((Base::Unknown(number), 0)), tells: None };
    scan.locals = (0..scan.unknown).map(unknown).collect();
    for (at, op) in body.code.iter().enumerate() {
        scan.step(body, at, op);
    }
    // The operators that each test decides, up to the last write of the place.
    let decided = scan.tests.iter().filter_map(|(place, from, to)| {
        let last = match place {
            Place::Cell(Base::Constant, _) => Some(*to),
            // A flag is often set before what it guards.
            Place::Global(_) => scan.last_write(*place).filter(|at| from < at).map(|_| *to),
            Place::Cell(..) => scan.last_write(*place),
        };
        Some(*from..last?.min(*to))
    });
    // For each operator, where the last range ends that begins there or before.
    let mut ends = vec![0; body.code.len()];
    for range in decided {
        ends[range.start] = range.end.max(ends[range.start]);
    }
    for at in 1..ends.len() {
        ends[at] = ends[at].max(ends[at - 1]);
    }
    let calls = scan.calls.iter().filter(|(at, _)| ends[*at] <= *at);
    calls.map(|(_, func)| *func).collect()
}

/// An open block.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Where it ends.
    end: usize,
    is_loop: bool,
    results: u32,
    /// The height of the stack below it.
    height: usize,
}

/// A walk over a function's code.
struct Scan<'s, 'a> {
    module: &'s CoreModule<'a>,
    stack_pointer: Option<GlobalIdx>,
    locals: Vec<Value>,
    /// How many unknown values have a number.
    unknown: u32,
    stack: Vec<Value>,
    frames: Vec<Frame>,
    /// The places that pointers were loaded from and that were not written since, by number.
    loaded: FxHashMap<Place, usize>,
    /// How many loads have a number.
    loads: usize,
    /// Places that were tested, and the operators that the test may skip.
    tests: Vec<(Place, usize, usize)>,
    /// Places that were written, and where; the flag is set if what follows the place may be written, too.
    writes: Vec<(Place, usize, bool)>,
    calls: Vec<(usize, FuncIdx)>,
}

impl Scan<'_, '_> {
    /// Where a place is written for the last time.
    fn last_write(&self, place: Place) -> Option<usize> {
        let writes = self.writes.iter().filter(|(written, _, goes_on)| {
            let reaches = match (*written, place) {
                (Place::Cell(of, from), Place::Cell(base, at)) if *goes_on => {
                    of == base && from <= at
                }
                _ => false,
            };
            *written == place || reaches
        });
        writes.map(|(_, at, _)| *at).max()
    }

    fn pop(&mut self) -> Value {
        let floor = self.frames.last().map_or(0, |frame| frame.height);
        match self.stack.len() > floor {
            true => self.stack.pop().unwrap_or_default(),
            false => Value::default(),
        }
    }

    fn called(&mut self, takes: usize, gives: usize) {
        (0..takes).for_each(|_| _ = self.pop());
        self.stack.extend(std::iter::repeat_n(Value::default(), gives));
    }

    fn cut(&mut self) {
        self.stack.truncate(self.frames.last().map_or(0, |frame| frame.height));
    }

    fn open(&mut self, end: u32, is_loop: bool, params: u32, results: u32) {
        (0..params).for_each(|_| _ = self.pop());
        self.frames.push(Frame { end: end as usize, is_loop, results, height: self.stack.len() });
        self.called(0, params as usize);
    }

    /// A condition decides whether operators up to `end` are skipped. If they end by leaving, it decides the rest, too.
    fn test(&mut self, body: &Body, condition: Value, at: usize, end: usize) {
        let Some(place) = condition.tells else { return };
        let last = end.checked_sub(1).and_then(|it| body.code.get(it));
        let leaves = matches!(last, Some(Op::Return | Op::Br(_)));
        self.tests.push((place, at, if leaves { body.code.len() } else { end }));
    }

    /// A branch decides the rest of the block that it leaves.
    fn branch(&mut self, body: &Body, condition: Value, at: usize, depth: u32) {
        let target = self.frames.len().checked_sub(depth as usize + 1);
        match target.map(|it| self.frames[it]) {
            Some(frame) if frame.is_loop => {}
            Some(frame) => self.test(body, condition, at, frame.end),
            None => self.test(body, condition, at, body.code.len()),
        }
    }

    fn write(&mut self, place: Place, at: usize, goes_on: bool) {
        self.writes.push((place, at, goes_on));
        self.loaded.remove(&place);
    }

    fn store(&mut self, offset: u64, at: usize) {
        if let Some((base, from)) = self.pop().address {
            self.write(Place::Cell(base, from.wrapping_add(offset)), at, false);
        }
    }

    fn load(&mut self, offset: u64) -> Value {
        match self.pop().address {
            None | Some((Base::Frame, _)) => Value::default(),
            Some((base, from)) => {
                let place = Place::Cell(base, from.wrapping_add(offset));
                let next = self.loads;
                let number = *self.loaded.entry(place).or_insert(next);
                self.loads += usize::from(number == next);
                Value { address: Some((Base::Loaded(number), 0)), tells: Some(place) }
            }
        }
    }

    fn global(&self, global: GlobalIdx) -> Value {
        if Some(global) == self.stack_pointer {
            return Value { address: Some((Base::Frame, 0)), tells: None };
        }
        let is_mutable = self.module.globals.get(global).is_none_or(|it| it.mutable);
        let tells = is_mutable.then_some(Place::Global(global));
        Value { address: Some((Base::Global(global), 0)), tells }
    }

    fn assign(&mut self, local: u32, value: Value) {
        let known = value.address.is_some() || value.tells.is_some();
        let number = self.unknown;
        if let Some(slot) = self.locals.get_mut(local as usize) {
            *slot = match known {
                true => value,
                false => Value { address: Some((Base::Unknown(number), 0)), tells: None },
            };
            self.unknown += u32::from(!known);
        }
    }

    fn step(&mut self, body: &Body, at: usize, op: &Op) {
        match op {
            Op::Block { end, params, results } => self.open(*end, false, *params, *results),
            Op::Loop { end, params, results } => self.open(*end, true, *params, *results),
            Op::If { end, params, results, .. } => {
                let condition = self.pop();
                self.test(body, condition, at, *end as usize);
                self.open(*end, false, *params, *results);
            }
            Op::Else => self.cut(),
            Op::End => {
                if let Some(frame) = self.frames.pop() {
                    self.stack.truncate(frame.height);
                    self.called(0, frame.results as usize);
                }
            }
            Op::Br(_) | Op::Return | Op::Unreachable | Op::Throw | Op::Unmodelled => self.cut(),
            Op::BrIf(depth) => {
                let condition = self.pop();
                self.branch(body, condition, at, *depth);
            }
            Op::BrTable(depths) => {
                let condition = self.pop();
                depths.iter().for_each(|depth| self.branch(body, condition, at, *depth));
                self.cut();
            }
            Op::Call(func) | Op::ReturnCall(func) => {
                self.calls.push((at, *func));
                let ty = self.module.func_type(*func);
                let arity = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                self.called(arity.0, arity.1);
            }
            Op::CallIndirect(ty, _) | Op::ReturnCallIndirect(ty, _) => {
                let ty = self.module.types.get(*ty).and_then(Option::as_ref);
                let arity = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
                self.called(arity.0 + 1, arity.1);
            }
            Op::CallRef(takes, gives) | Op::TableWrite(takes, gives) | Op::Other(takes, gives) => {
                self.called(*takes as usize, *gives as usize);
            }
            Op::Nop | Op::ReturnCallRef => {}
            Op::Drop => _ = self.pop(),
            Op::Select => {
                let condition = self.pop();
                let (b, a) = (self.pop(), self.pop());
                let tells = condition.tells.or(a.tells).or(b.tells);
                self.stack.push(Value { address: None, tells });
            }
            Op::LocalGet(local) => {
                let value = self.locals.get(*local as usize).copied();
                self.stack.push(value.unwrap_or_default());
            }
            Op::LocalSet(local) => {
                let value = self.pop();
                self.assign(*local, value);
            }
            Op::LocalTee(local) => {
                let value = self.pop();
                self.assign(*local, value);
                self.stack.push(self.locals.get(*local as usize).copied().unwrap_or_default());
            }
            Op::GlobalGet(global) => self.stack.push(self.global(*global)),
            Op::GlobalSet(global) => {
                self.pop();
                self.write(Place::Global(*global), at, false);
            }
            Op::Const(value) => {
                let address = Some((Base::Constant, *value));
                self.stack.push(Value { address, tells: None });
            }
            Op::Vector(_) => self.called(0, 1),
            Op::Unary(_) => {
                let tells = self.pop().tells;
                self.stack.push(Value { address: None, tells });
            }
            Op::Binary(op) => {
                let (b, a) = (self.pop(), self.pop());
                self.stack.push(computed(*op, a, b));
            }
            Op::Load(arg, _) => {
                let value = self.load(arg.offset);
                self.stack.push(value);
            }
            Op::LoadOther(_) => self.called(1, 1),
            Op::Store(arg) | Op::StoreLow(arg) | Op::StoreOther(arg) => {
                self.pop();
                self.store(arg.offset, at);
            }
            Op::AtomicRmw(arg, _) => {
                self.pop();
                self.store(arg.offset, at);
                self.called(0, 1);
            }
            Op::AtomicCmpxchg(arg) => {
                self.called(2, 0);
                self.store(arg.offset, at);
                self.called(0, 1);
            }
            Op::MemoryInit(..) | Op::MemoryCopy(..) | Op::MemoryFill(_) => {
                self.called(2, 0);
                if let Some((base, from)) = self.pop().address {
                    self.write(Place::Cell(base, from), at, true);
                }
            }
        }
    }
}

fn computed(op: Binary, a: Value, b: Value) -> Value {
    let tells = a.tells.or(b.tells);
    let address = match (op, a.address, b.address) {
        (Binary::I32Add | Binary::I32Sub, Some((Base::Frame, _)), _)
        | (Binary::I32Add, _, Some((Base::Frame, _))) => Some((Base::Frame, 0)),
        (Binary::I32Add, Some((base, at)), Some((Base::Constant, by)))
        | (Binary::I32Add, Some((Base::Constant, by)), Some((base, at))) => {
            Some((base, at.wrapping_add(by) & u64::from(u32::MAX)))
        }
        _ => None,
    };
    Value { address, tells: if address.is_some() { None } else { tells } }
}
