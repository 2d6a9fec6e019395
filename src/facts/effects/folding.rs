//! Symbolic operands of one function: constants, and addresses computed from a parameter or from the stack pointer.
//!
//! A local has one symbol, the join of all that is assigned to it, and only where it is assigned on every path.

use rustc_hash::FxHashMap;

use super::summary::{Callee, LOWEST_OBJECT, Pass, Passed, Store, Summary, Target};
use crate::component::core_module::CoreModule;
use crate::component::index_space::{GlobalIdx, MemoryIdx};
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Body, MemArg, Op, Unary};

/// A symbolic operand.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Symbol {
    Constant(u64),
    /// Computed from a global.
    Frame(GlobalIdx),
    /// A global minus the size of a stack frame: a multiple of 16 bytes (tool-conventions, `BasicCABI.md`, "The linear
    /// stack").
    Lowered(GlobalIdx),
    /// A parameter plus an offset; `None` if the offset is unknown.
    Param(u32, Option<u64>),
    /// The sum of two parameters, of which either may be an address, at an unknown distance.
    Sum(u32, u32),
    Unknown,
}

impl Symbol {
    fn join(self, other: Symbol) -> Symbol {
        match (self, other) {
            (a, b) if a == b => a,
            (Symbol::Frame(a) | Symbol::Lowered(a), Symbol::Frame(b) | Symbol::Lowered(b))
                if a == b =>
            {
                Symbol::Frame(a)
            }
            (Symbol::Param(a, _), Symbol::Param(b, _)) if a == b => Symbol::Param(a, None),
            _ => Symbol::Unknown,
        }
    }

    /// The symbol at an unknown distance.
    fn moved(self) -> Symbol {
        match self {
            Symbol::Param(param, _) => Symbol::Param(param, None),
            Symbol::Constant(_) => Symbol::Unknown,
            Symbol::Lowered(global) => Symbol::Frame(global),
            symbol => symbol,
        }
    }
}

pub(super) struct Folding<'m, 'a> {
    module: &'m CoreModule<'a>,
    summary: Summary,
    stack: Vec<Symbol>,
    params: u32,
    /// What is assigned to each local, as far as the earlier passes found.
    assigned: FxHashMap<u32, Symbol>,
    /// The same, by this pass.
    next: FxHashMap<u32, Symbol>,
    /// Locals that are assigned on every path to this point, besides parameters.
    set: Vec<bool>,
    /// The locals that became so in each open block.
    scopes: Vec<Vec<u32>>,
}

impl<'m, 'a> Folding<'m, 'a> {
    /// The effects of a body; all but its frame.
    pub(super) fn summary(module: &'m CoreModule<'a>, body: &Body) -> Summary {
        let params: FxHashMap<u32, Symbol> =
            (0..body.params).map(|param| (param, Symbol::Param(param, Some(0)))).collect();
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
            folding.set.resize((body.params + body.locals) as usize, false);
            folding.scopes = vec![Vec::new()];
            for op in &body.code {
                folding.step(op);
            }
            let mut changed = false;
            for (local, symbol) in std::mem::replace(&mut folding.next, params.clone()) {
                let known = folding.assigned.entry(local).or_insert_with(|| {
                    changed = true;
                    symbol
                });
                let joined = known.join(symbol);
                changed |= joined != *known;
                *known = joined;
            }
            if !changed {
                break;
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
            Symbol::Frame(_) | Symbol::Lowered(_) | Symbol::Unknown => {}
        }
    }

    fn taken(&mut self, value: u64) {
        if value >= LOWEST_OBJECT {
            self.summary.taken.push(value);
        }
    }

    fn forget(&mut self) {
        self.take(self.stack.len());
    }

    fn local(&self, local: u32) -> Symbol {
        let is_set = local < self.params || self.set.get(local as usize) == Some(&true);
        match self.assigned.get(&local).or_else(|| self.next.get(&local)) {
            Some(symbol) if is_set => *symbol,
            _ => Symbol::Unknown,
        }
    }

    /// Assigns to a local. Its symbol escapes if that is not the local's.
    fn assign(&mut self, local: u32, symbol: Symbol) {
        let next = self.next.entry(local).or_insert(symbol);
        *next = next.join(symbol);
        if local >= self.params
            && let Some(set) = self.set.get_mut(local as usize)
            && !*set
        {
            *set = true;
            if let Some(scope) = self.scopes.last_mut() {
                scope.push(local);
            }
        }
        if self.assigned.get(&local).is_none_or(|known| *known == Symbol::Unknown) {
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
                Symbol::Constant(value) if value >= LOWEST_OBJECT => {
                    self.summary.named.push(value);
                    Passed::Constant(value)
                }
                Symbol::Param(param, offset) => Passed::Param(param, offset),
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
        match self.pop() {
            Symbol::Constant(at) => self.summary.named.push(at.wrapping_add(arg.offset)),
            // The offset may be the base of an indexed array.
            _ if arg.offset >= LOWEST_OBJECT => self.summary.named.push(arg.offset),
            _ => {}
        }
    }

    /// Pops the address of a store.
    fn stored(&mut self, arg: MemArg) {
        let bytes = u64::from(arg.width);
        let target = match self.pop() {
            Symbol::Constant(at) => {
                let at = at.wrapping_add(arg.offset);
                self.summary.named.push(at);
                Target::At(at)
            }
            Symbol::Frame(global) | Symbol::Lowered(global) => Target::Frame(global),
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

    /// A bulk write: pops its length, its source and its target.
    fn bulk(&mut self, memory: MemoryIdx) {
        let (len, _, to) = (self.pop(), self.pop(), self.pop());
        let bytes = match len {
            Symbol::Constant(bytes) => bytes,
            _ => u64::MAX,
        };
        let target = match to {
            Symbol::Constant(at) if bytes != u64::MAX => {
                self.summary.named.push(at);
                Target::At(at)
            }
            Symbol::Constant(at) => {
                self.taken(at);
                Target::Loose(0)
            }
            Symbol::Frame(global) | Symbol::Lowered(global) => Target::Frame(global),
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

    fn binary(&mut self, op: Binary) {
        let (b, a) = (self.pop(), self.pop());
        let is_sum =
            matches!(op, Binary::I32Add | Binary::I32Sub | Binary::I64Add | Binary::I64Sub);
        let is_mask = matches!(op, Binary::I32And | Binary::I32Or | Binary::I64And | Binary::I64Or);
        let result = match (a, b) {
            (Symbol::Constant(a), Symbol::Constant(b)) => {
                arithmetic::binary(op, a, b).map_or(Symbol::Unknown, Symbol::Constant)
            }
            (Symbol::Frame(global), Symbol::Constant(size)) if is_frame(op, size) => {
                Symbol::Lowered(global)
            }
            // A comparison with an address makes no pointer.
            _ if op.is_comparison() => Symbol::Unknown,
            (Symbol::Param(param, Some(offset)), Symbol::Constant(by))
            | (Symbol::Constant(by), Symbol::Param(param, Some(offset)))
                if matches!(op, Binary::I32Add | Binary::I64Add) && by < LOWEST_OBJECT =>
            {
                Symbol::Param(param, Some(offset + by))
            }
            (
                Symbol::Frame(_) | Symbol::Param(..),
                Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT),
            ) if is_sum || is_mask => a.moved(),
            (
                Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT),
                Symbol::Frame(_) | Symbol::Param(..),
            ) if is_sum || is_mask => b.moved(),
            (Symbol::Param(a, _), Symbol::Param(b, _)) if is_sum && a != b => Symbol::Sum(a, b),
            (Symbol::Sum(..), Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT)) if is_sum => a,
            (Symbol::Unknown | Symbol::Constant(..LOWEST_OBJECT), Symbol::Sum(..)) if is_sum => b,
            // A negative offset.
            (Symbol::Frame(_) | Symbol::Lowered(_) | Symbol::Param(..), Symbol::Constant(by))
                if is_sum && by as i32 <= 0 =>
            {
                a.moved()
            }
            (Symbol::Frame(_) | Symbol::Lowered(_), Symbol::Constant(_)) if is_sum || is_mask => {
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
            Op::Unary(Unary::I32WrapI64 | Unary::I64ExtendI32U | Unary::I64ExtendI32S) => {}
            Op::Unary(_) => {
                self.pop();
                self.stack.push(Symbol::Unknown);
            }
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
                let mutable = self.module.globals.get(*global).is_none_or(|global| global.mutable);
                self.stack.push(if mutable { Symbol::Frame(*global) } else { Symbol::Unknown });
            }
            Op::GlobalSet(global) => {
                let symbol = self.pop();
                self.escape(symbol);
                if symbol == Symbol::Lowered(*global) {
                    self.summary.frame = Some(*global);
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
                self.stored(*arg);
                self.stack.push(Symbol::Unknown);
            }
            Op::AtomicCmpxchg(arg) => {
                self.take(2);
                self.stored(*arg);
                self.stack.push(Symbol::Unknown);
            }
            Op::MemoryFill(memory) | Op::MemoryInit(memory, _) | Op::MemoryCopy(memory, _) => {
                self.bulk(*memory);
            }
            Op::MemoryGrow => {
                self.summary.grows = true;
                self.pop();
                self.stack.push(Symbol::Unknown);
            }
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

/// Whether an operator subtracts the size of a stack frame.
fn is_frame(op: Binary, size: u64) -> bool {
    match op {
        Binary::I32Sub | Binary::I64Sub => size > 0 && size.is_multiple_of(16),
        // LEB128 encodes -64 in one byte, 64 in two.
        Binary::I32Add => (size as i32) < 0 && size.is_multiple_of(16),
        _ => false,
    }
}
