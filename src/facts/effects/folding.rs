//! Symbolic operands of one function: constants, and addresses computed from a parameter or from the stack pointer.

use super::summary::{Callee, LOWEST_OBJECT, Load, Pass, Passed, Store, Summary, Target};
use super::symbol::{Symbol, frame_size};
use crate::component::core_module::CoreModule;
use crate::component::index_space::MemoryIdx;
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Body, MemArg, Op, Unary};

pub(super) struct Folding<'m, 'a> {
    module: &'m CoreModule<'a>,
    summary: Summary,
    stack: Vec<Symbol>,
    params: u32,
    /// The join of all that is assigned to each local, as far as the earlier passes found. It holds where `set` is.
    assigned: Vec<Option<Symbol>>,
    /// The same, by this pass.
    next: Vec<Option<Symbol>>,
    /// Locals that are assigned on every path to this point, besides parameters.
    set: Vec<bool>,
    /// The locals that became so in each open block.
    scopes: Vec<Vec<u32>>,
}

impl<'m, 'a> Folding<'m, 'a> {
    /// The effects of a body; all but its frame.
    pub(super) fn summary(module: &'m CoreModule<'a>, body: &Body) -> Summary {
        let locals = (body.params + body.locals) as usize;
        let mut params: Vec<Option<Symbol>> =
            (0..body.params).map(|param| Some(Symbol::Param(param, Some(0)))).collect();
        params.resize(locals, None);
        let mut folding = Folding {
            module,
            summary: Summary::default(),
            stack: Vec::new(),
            params: body.params,
            assigned: params.clone(),
            next: params.clone(),
            set: Vec::new(),
            scopes: Vec::new(),
        };
        // Symbols only grow, each at most twice.
        loop {
            folding.summary = Summary::default();
            folding.stack.clear();
            folding.set.clear();
            folding.set.resize(locals, false);
            folding.scopes.clear();
            folding.scopes.push(Vec::new());
            for op in &body.code {
                folding.step(op);
            }
            let mut changed = false;
            for (known, symbol) in folding.assigned.iter_mut().zip(&folding.next) {
                let Some(symbol) = *symbol else { continue };
                let joined = known.map_or(symbol, |known| known.join(symbol));
                changed |= *known != Some(joined);
                *known = Some(joined);
            }
            if !changed {
                break;
            }
            folding.next.clone_from(&params);
        }
        for (param, symbol) in (0..body.params).zip(&folding.assigned) {
            // What it was at first goes where the join goes.
            if !matches!(symbol, Some(Symbol::Param(of, _)) if *of == param) {
                folding.summary.escaping.push(param);
            }
        }
        folding.summary
    }

    fn pop(&mut self) -> Symbol {
        self.stack.pop().unwrap_or(Symbol::Unknown)
    }

    fn push_unknown(&mut self, count: usize) {
        self.stack.extend((0..count).map(|_| Symbol::Unknown));
    }

    /// Pops operands whose values are used in any way.
    fn take(&mut self, count: usize) {
        for _ in 0..count {
            let symbol = self.pop();
            self.escape(symbol);
        }
    }

    fn escape(&mut self, symbol: Symbol) {
        match symbol {
            Symbol::Constant(value) => self.taken(value),
            Symbol::Param(param, _) => self.summary.escaping.push(param),
            Symbol::Sum(a, b) => self.summary.escaping.extend([a, b]),
            Symbol::Global(..) | Symbol::Lowered(..) | Symbol::Unknown => {}
        }
    }

    /// A value that may be an address, or hold two.
    fn taken(&mut self, value: u64) {
        let halves = [value & u64::from(u32::MAX), value >> 32];
        let whole = (halves[1] != 0).then_some(value);
        let values = whole.into_iter().chain(halves);
        self.summary.taken.extend(values.filter(|at| *at >= LOWEST_OBJECT));
    }

    fn forget(&mut self) {
        self.take(self.stack.len());
    }

    fn local(&self, local: u32) -> Symbol {
        let is_set = local < self.params || self.set.get(local as usize) == Some(&true);
        if !is_set {
            return Symbol::Unknown;
        }
        let of = |list: &[Option<Symbol>]| list.get(local as usize).copied().flatten();
        of(&self.assigned).or_else(|| of(&self.next)).unwrap_or(Symbol::Unknown)
    }

    /// Assigns to a local. Its symbol escapes if that is not the local's.
    fn assign(&mut self, local: u32, symbol: Symbol) {
        if let Some(next) = self.next.get_mut(local as usize) {
            *next = Some(next.map_or(symbol, |next| next.join(symbol)));
        }
        if local >= self.params
            && let Some(set) = self.set.get_mut(local as usize)
            && !*set
        {
            *set = true;
            if let Some(scope) = self.scopes.last_mut() {
                scope.push(local);
            }
        }
        let known = self.assigned.get(local as usize).copied().flatten();
        if known.is_none_or(|known| known == Symbol::Unknown) {
            self.escape(symbol);
        }
    }

    /// Leaves a block: what was assigned in it may be unassigned behind it.
    fn close_scope(&mut self) {
        // Behind the end of the function is nothing.
        if self.scopes.len() == 1 {
            return;
        }
        for local in self.scopes.pop().unwrap_or_default() {
            let symbol = self.local(local);
            self.escape(symbol);
            self.set[local as usize] = false;
        }
    }

    fn call(&mut self, callee: Callee, ty: Option<&wasmparser::FuncType>) {
        let (params, results) = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
        for param in (0..params as u32).rev() {
            let passed = match self.pop() {
                Symbol::Constant(value) if value >= LOWEST_OBJECT => Passed::Constant(value),
                Symbol::Param(param, offset) => Passed::Param(param, offset),
                Symbol::Global(global, offset) => Passed::Global(global, offset),
                Symbol::Sum(a, b) => {
                    let passed = Passed::Param(a, None);
                    self.summary.passes.push(Pass { callee, param, passed });
                    Passed::Param(b, None)
                }
                _ => continue,
            };
            self.summary.passes.push(Pass { callee, param, passed });
        }
        self.push_unknown(results);
    }

    /// Pops the address of a load.
    fn loaded(&mut self, arg: MemArg) {
        let symbol = self.pop();
        self.reads(symbol, arg);
    }

    /// Records a load, if its address is known.
    fn reads(&mut self, symbol: Symbol, arg: MemArg) {
        if let Some(target) = self.source(symbol, arg.offset) {
            let bytes = u64::from(arg.width);
            self.summary.loads.push(Load { memory: arg.memory, target, bytes });
        }
    }

    /// Where a load at this distance of an address reads, if that is known.
    fn source(&self, symbol: Symbol, offset: u64) -> Option<Target> {
        let is_fixed = |of| self.module.globals.get(of).is_some_and(|global| !global.mutable);
        match symbol {
            Symbol::Constant(at) => Some(Target::At(at.wrapping_add(offset))),
            Symbol::Global(global, Some(by)) if is_fixed(global) => {
                Some(Target::Global(global, Some(by.wrapping_add(offset))))
            }
            _ => (offset >= LOWEST_OBJECT).then_some(Target::Loose(offset)),
        }
    }

    /// Records the loads of an atomic operator, whose address is on top of the stack.
    fn reads_atomically(&mut self, arg: MemArg) {
        let symbol = self.stack.last().copied().unwrap_or(Symbol::Unknown);
        self.reads(symbol, arg);
    }

    /// Pops the address of a store.
    fn stored(&mut self, arg: MemArg) {
        let bytes = u64::from(arg.width);
        let target = match self.pop() {
            Symbol::Constant(at) => Target::At(at.wrapping_add(arg.offset)),
            Symbol::Global(global, offset) => {
                Target::Global(global, offset.and_then(|offset| offset.checked_add(arg.offset)))
            }
            Symbol::Lowered(global, size) => {
                // Nothing but the stack pointer keeps it in its frame.
                self.summary.opaque |= arg.offset.saturating_add(bytes) > size;
                Target::Global(global, None)
            }
            Symbol::Param(param, offset) if arg.offset < LOWEST_OBJECT => {
                Target::Param(param, offset.and_then(|offset| offset.checked_add(arg.offset)))
            }
            Symbol::Sum(a, b) if arg.offset < LOWEST_OBJECT => {
                let target = Target::Param(a, None);
                self.summary.stores.push(Store { memory: arg.memory, target, bytes });
                Target::Param(b, None)
            }
            symbol => {
                self.escape(symbol);
                self.taken(arg.offset);
                Target::Loose(arg.offset)
            }
        };
        self.summary.stores.push(Store { memory: arg.memory, target, bytes });
    }

    /// A bulk write, `from` a memory if it copies: pops its length, its source and its target.
    fn bulk(&mut self, memory: MemoryIdx, from: Option<MemoryIdx>) {
        let (len, source, to) = (self.pop(), self.pop(), self.pop());
        let bytes = match len {
            Symbol::Constant(bytes) => bytes,
            _ => u64::MAX,
        };
        if let (Some(memory), Some(target)) = (from, self.source(source, 0)) {
            self.summary.loads.push(Load { memory, target, bytes });
        }
        let target = match to {
            Symbol::Constant(at) if bytes != u64::MAX => Target::At(at),
            Symbol::Constant(at) => {
                self.taken(at);
                Target::Loose(0)
            }
            Symbol::Global(global, offset) => Target::Global(global, offset),
            Symbol::Lowered(global, _) => Target::Global(global, None),
            Symbol::Param(param, offset) => Target::Param(param, offset),
            Symbol::Sum(a, b) => {
                let target = Target::Param(a, None);
                self.summary.stores.push(Store { memory, target, bytes });
                Target::Param(b, None)
            }
            Symbol::Unknown => Target::Loose(0),
        };
        self.summary.stores.push(Store { memory, target, bytes });
    }

    fn unary(&mut self, op: Unary) {
        let keeps = matches!(op, Unary::I32WrapI64 | Unary::I64ExtendI32U | Unary::I64ExtendI32S);
        let result = match self.pop() {
            Symbol::Constant(value) => Symbol::Constant(arithmetic::unary(op, value)),
            symbol if keeps => symbol,
            _ => Symbol::Unknown,
        };
        self.stack.push(result);
    }

    fn binary(&mut self, op: Binary) {
        let (b, a) = (self.pop(), self.pop());
        let is_sum =
            matches!(op, Binary::I32Add | Binary::I32Sub | Binary::I64Add | Binary::I64Sub);
        let is_mask = matches!(op, Binary::I32And | Binary::I32Or | Binary::I64And | Binary::I64Or);
        let result = match (a, b) {
            (Symbol::Constant(x), Symbol::Constant(y)) => {
                // What else makes a number of an address may be undone later.
                if !is_sum && !op.is_comparison() {
                    self.escape(a);
                    self.escape(b);
                }
                arithmetic::binary(op, x, y).map_or(Symbol::Unknown, Symbol::Constant)
            }
            (Symbol::Global(global, _), Symbol::Constant(size))
                if let Some(size) = frame_size(op, size) =>
            {
                Symbol::Lowered(global, size)
            }
            // A comparison with an address makes no pointer.
            _ if op.is_comparison() => Symbol::Unknown,
            (Symbol::Param(param, Some(offset)), Symbol::Constant(by))
            | (Symbol::Constant(by), Symbol::Param(param, Some(offset)))
                if matches!(op, Binary::I32Add | Binary::I64Add) && by < LOWEST_OBJECT =>
            {
                Symbol::Param(param, Some(offset + by))
            }
            (Symbol::Global(global, Some(offset)), Symbol::Constant(by))
            | (Symbol::Constant(by), Symbol::Global(global, Some(offset)))
                if matches!(op, Binary::I32Add | Binary::I64Add) =>
            {
                Symbol::Global(global, Some(offset.wrapping_add(by)))
            }
            (
                Symbol::Global(..) | Symbol::Lowered(..) | Symbol::Param(..),
                Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT),
            ) if is_sum || is_mask => a.moved(),
            (
                Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT),
                Symbol::Global(..) | Symbol::Lowered(..) | Symbol::Param(..),
            ) if is_sum || is_mask => b.moved(),
            (Symbol::Param(a, _), Symbol::Param(b, _)) if is_sum && a != b => Symbol::Sum(a, b),
            (Symbol::Sum(..), Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT)) if is_sum => a,
            (Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT), Symbol::Sum(..)) if is_sum => b,
            // A negative offset.
            (
                Symbol::Global(..) | Symbol::Lowered(..) | Symbol::Param(..),
                Symbol::Constant(by),
            ) if is_sum && by as i32 <= 0 => a.moved(),
            (Symbol::Global(..) | Symbol::Lowered(..), Symbol::Constant(_))
                if is_sum || is_mask =>
            {
                a.moved()
            }
            _ => {
                self.escape(a);
                self.escape(b);
                Symbol::Unknown
            }
        };
        self.stack.push(result);
    }

    fn step(&mut self, op: &Op) {
        match op {
            Op::Block { .. } | Op::Loop { .. } | Op::If { .. } => {
                self.forget();
                self.scopes.push(Vec::new());
            }
            Op::Else | Op::Unmodelled => {
                self.forget();
                self.close_scope();
                self.scopes.push(Vec::new());
            }
            Op::End => {
                self.forget();
                self.close_scope();
            }
            Op::Const(value) => self.stack.push(Symbol::Constant(*value)),
            Op::LocalGet(local) => self.stack.push(self.local(*local)),
            Op::LocalSet(local) => {
                let symbol = self.pop();
                self.assign(*local, symbol);
            }
            Op::LocalTee(local) => {
                let symbol = self.pop();
                self.assign(*local, symbol);
                self.stack.push(symbol);
            }
            Op::Drop => {
                self.pop();
            }
            Op::BrIf(_) => {
                self.pop();
                // A branch may carry them.
                for at in 0..self.stack.len() {
                    self.escape(self.stack[at]);
                }
            }
            Op::Nop => {}
            Op::Unary(op) => self.unary(*op),
            Op::Binary(op) => self.binary(*op),
            Op::Select => {
                self.pop();
                let (b, a) = (self.pop(), self.pop());
                let joined = a.join(b);
                if joined == Symbol::Unknown {
                    self.escape(a);
                    self.escape(b);
                }
                self.stack.push(joined);
            }
            Op::GlobalGet(global) => {
                self.summary.gets.push(*global);
                self.stack.push(Symbol::Global(*global, Some(0)));
            }
            Op::GlobalSet(global) => {
                let symbol = self.pop();
                self.escape(symbol);
                match symbol {
                    Symbol::Lowered(of, _) if of == *global => self.summary.frame = Some(*global),
                    Symbol::Global(of, _) if of == *global => self.summary.restored = Some(*global),
                    Symbol::Unknown => self.summary.unclear.push(*global),
                    _ => self.summary.replaced.push(*global),
                }
                self.summary.sets.push(*global);
            }
            Op::Call(func) | Op::ReturnCall(func) => {
                self.summary.calls.push(*func);
                self.call(Callee::Direct(*func), self.module.func_type(*func));
            }
            Op::CallIndirect(ty, table) | Op::ReturnCallIndirect(ty, table) => {
                self.summary.indirect.push((*ty, *table));
                self.pop();
                let of = self.module.types.get(*ty).and_then(Option::as_ref);
                self.call(Callee::Indirect(*ty, *table), of);
            }
            Op::CallRef(..) | Op::ReturnCallRef => {
                self.summary.opaque = true;
                self.forget();
            }
            Op::Load(arg, _) | Op::LoadOther(arg) => {
                self.loaded(*arg);
                self.stack.push(Symbol::Unknown);
            }
            Op::Store(arg) | Op::StoreLow(arg) | Op::StoreOther(arg) => {
                self.take(1);
                self.stored(*arg);
            }
            Op::AtomicRmw(arg, _) => {
                self.take(1);
                self.reads_atomically(*arg);
                self.stored(*arg);
                self.stack.push(Symbol::Unknown);
            }
            Op::AtomicCmpxchg(arg) => {
                self.take(2);
                self.reads_atomically(*arg);
                self.stored(*arg);
                self.stack.push(Symbol::Unknown);
            }
            Op::MemoryFill(memory) | Op::MemoryInit(memory, _) => self.bulk(*memory, None),
            Op::MemoryCopy(memory, from) => self.bulk(*memory, Some(*from)),
            Op::TableWrite(operands, results) => {
                self.summary.writes_table = true;
                self.take(*operands as usize);
                self.push_unknown(*results as usize);
            }
            Op::Other(params, results) => {
                self.take(*params as usize);
                self.push_unknown(*results as usize);
            }
            // Control: the stack beyond this point is unknown.
            _ => self.forget(),
        }
    }
}
