//! Symbolic operands of one function: constants, and addresses computed from a parameter or from the stack pointer.

mod accesses;

use super::distance::Distance;
use super::flow::Flow;
use super::summary::{Callee, LOWEST_OBJECT, Pass, Passed, Summary};
use super::symbol::{self, Symbol};
use crate::component::core_module::CoreModule;
use crate::facts::arithmetic;
use crate::facts::body::{Binary, Body, Op, Unary};
use crate::facts::instantiation::unaligned_words;

/// Whether a join tells nothing of what was assigned.
fn is_untold(join: Option<Symbol>) -> bool {
    join.is_none_or(|join| matches!(join, Symbol::Other(_)))
}

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
    /// The join of each local that this pass used, or that it used none.
    used: Vec<Used>,
    /// Whether it used different ones of one local.
    used_several: bool,
    /// The locals that became so in each open block.
    scopes: Vec<Vec<u32>>,
    flow: Flow,
    /// The index of the operator.
    at: usize,
}

/// What a pass used of the join of all that is assigned to a local.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Used {
    Nothing,
    /// That it tells nothing.
    Untold,
    /// All of it.
    Whole(Symbol),
}

impl<'m, 'a> Folding<'m, 'a> {
    /// The effects of a body; all but its frame.
    pub(super) fn summary(module: &'m CoreModule<'a>, body: &Body) -> Summary {
        let locals = (body.params + body.locals) as usize;
        let mut params: Vec<Option<Symbol>> =
            (0..body.params).map(|param| Some(Symbol::Param(param, Distance::ZERO))).collect();
        params.resize(locals, None);
        let mut folding = Folding {
            flow: Flow::of(body, &params),
            at: 0,
            module,
            summary: Summary::default(),
            stack: Vec::new(),
            params: body.params,
            assigned: params.clone(),
            next: params.clone(),
            set: Vec::new(),
            used: Vec::new(),
            used_several: false,
            scopes: Vec::new(),
        };
        // Symbols only grow, each a few times.
        loop {
            folding.summary = Summary::default();
            folding.stack.clear();
            folding.set.clear();
            folding.set.resize(locals, false);
            folding.scopes.clear();
            folding.scopes.push(Vec::new());
            folding.used.clear();
            folding.used.resize(locals, Used::Nothing);
            folding.used_several = false;
            let is_flow_known = !folding.flow.is_off();
            if is_flow_known {
                folding.flow.restart();
            }
            for (at, op) in body.code.iter().enumerate() {
                folding.at = at;
                folding.step(op);
            }
            let mut changed = folding.used_several;
            let assigned = folding.assigned.iter_mut().zip(&folding.next).zip(&folding.used);
            for ((known, symbol), used) in assigned {
                if let Some(symbol) = *symbol {
                    *known = Some(known.map_or(symbol, |known| known.join(symbol)));
                }
                changed |= match used {
                    Used::Nothing => false,
                    Used::Untold => !is_untold(*known),
                    Used::Whole(used) => known.unwrap_or(Symbol::UNKNOWN) != *used,
                };
            }
            // What was lost before the flow became unknown was not told.
            if !changed && is_flow_known != folding.flow.is_off() {
                break;
            }
            folding.next.clone_from(&params);
        }
        for (param, symbol) in (0..body.params).zip(&folding.assigned) {
            // What it was at first goes where the join goes.
            let is_told = !folding.flow.is_off()
                || matches!(symbol, Some(Symbol::Param(of, _)) if *of == param);
            if !is_told {
                folding.summary.escaping.push(param);
            }
        }
        folding.summary
    }

    fn pop(&mut self) -> Symbol {
        self.stack.pop().unwrap_or(Symbol::UNKNOWN)
    }

    fn push_unknown(&mut self, count: usize) {
        self.stack.extend((0..count).map(|_| Symbol::UNKNOWN));
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
            Symbol::Constant(value) | Symbol::Near(value, _) => self.taken(value),
            Symbol::Param(param, _) => self.summary.escaping.push(param),
            Symbol::Sum(a, b) => self.summary.escaping.extend([a, b]),
            Symbol::Global(..) | Symbol::Lowered(..) | Symbol::Other(_) | Symbol::Loaded(_) => {}
        }
    }

    /// A value that may be an address, or hold two.
    fn taken(&mut self, value: u64) {
        let halves = [value & u64::from(u32::MAX), value >> 32];
        let whole = (halves[1] != 0).then_some(value);
        self.summary
            .taken
            .extend(whole.into_iter().chain(halves).filter(|at| *at >= LOWEST_OBJECT));
    }

    fn forget(&mut self) {
        self.take(self.stack.len());
    }

    fn local(&mut self, local: u32) -> Symbol {
        if let Some(symbol) = self.flow.get(local) {
            return symbol;
        }
        let is_set = local < self.params || self.set.get(local as usize) == Some(&true);
        let of = |list: &[Option<Symbol>]| list.get(local as usize).copied().flatten();
        let symbol = of(&self.assigned).or_else(|| of(&self.next)).unwrap_or(Symbol::UNKNOWN);
        self.use_join(local, Used::Whole(symbol));
        // A local without a value is null: it points to no array.
        let is_known = is_set || matches!(symbol, Symbol::Near(..));
        if is_known { symbol } else { Symbol::UNKNOWN }
    }

    /// Assigns to a local.
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
        let old = self.flow.set(self.at, local, symbol);
        let lost = if self.flow.is_off() { Some(symbol) } else { old };
        self.lose(lost.map(|lost| (local, lost)));
    }

    /// Values that are read later as what their local is on any way. They escape if that does not tell them.
    fn lose(&mut self, lost: impl IntoIterator<Item = (u32, Symbol)>) {
        for (local, symbol) in lost {
            let known = self.assigned.get(local as usize).copied().flatten();
            if is_untold(known) {
                self.use_join(local, Used::Untold);
                self.escape(symbol);
            } else if let Some(known) = known {
                self.use_join(local, Used::Whole(known));
            }
        }
    }

    /// Remembers that this pass depends on the join of a local.
    fn use_join(&mut self, local: u32, used: Used) {
        let Some(known) = self.used.get_mut(local as usize) else { return };
        match (*known, used) {
            (Used::Nothing, used) => *known = used,
            // The whole join tells nothing, too.
            (Used::Untold, Used::Whole(symbol)) if is_untold(Some(symbol)) => *known = used,
            (Used::Whole(symbol), Used::Untold) if is_untold(Some(symbol)) => {}
            (known, used) => self.used_several |= known != used,
        }
    }

    fn enter(&mut self, end: u32, is_loop: bool) {
        self.forget();
        self.scopes.push(Vec::new());
        let lost = self.flow.enter(self.at, end as usize, is_loop);
        self.lose(lost);
    }

    /// The operands beyond a branch are unknown.
    fn branch(&mut self, depth: u32) {
        let lost = self.flow.branch(depth);
        self.lose(lost);
    }

    /// Leaves a block: what was assigned in it may be unassigned behind it.
    fn close_scope(&mut self) {
        // Behind the end of the function is nothing.
        if self.scopes.len() == 1 {
            return;
        }
        let lost = self.flow.leave();
        self.lose(lost);
        for local in self.scopes.pop().unwrap_or_default() {
            let symbol = self.local(local);
            if !matches!(symbol, Symbol::Near(..)) {
                self.escape(symbol);
            }
            self.set[local as usize] = false;
        }
    }

    fn call(&mut self, callee: Callee, ty: Option<&wasmparser::FuncType>) {
        let (params, results) = ty.map_or((0, 0), |ty| (ty.params().len(), ty.results().len()));
        for param in (0..params as u32).rev() {
            let symbol = self.pop();
            let below = symbol.distance().below();
            let passed = match symbol {
                Symbol::Constant(value) if value >= LOWEST_OBJECT => Passed::Constant(value),
                Symbol::Param(param, distance) => Passed::Param(param, distance.exact()),
                Symbol::Near(base, _) => Passed::Near(base),
                Symbol::Global(global, offset) => Passed::Global(global, offset),
                Symbol::Sum(a, b) => {
                    let passed = Passed::Param(a, None);
                    self.summary.passes.push(Pass { callee, param, passed, below });
                    Passed::Param(b, None)
                }
                Symbol::Other(_) if (1..u64::MAX).contains(&below) => Passed::Other,
                _ => continue,
            };
            self.summary.passes.push(Pass { callee, param, passed, below });
        }
        self.push_unknown(results);
    }

    fn unary(&mut self, op: Unary) {
        let keeps = matches!(op, Unary::I32WrapI64 | Unary::I64ExtendI32U | Unary::I64ExtendI32S);
        let result = match self.pop() {
            Symbol::Constant(value) => Symbol::Constant(arithmetic::unary(op, value)),
            symbol if keeps => symbol,
            _ => Symbol::UNKNOWN,
        };
        self.stack.push(result);
    }

    fn binary(&mut self, op: Binary) {
        let (b, a) = (self.pop(), self.pop());
        let result = match (a, b) {
            (Symbol::Constant(x), Symbol::Constant(y)) => {
                // What else makes a number of an address may be undone later.
                if !symbol::is_sum(op) && !op.is_comparison() {
                    self.escape(a);
                    self.escape(b);
                }
                arithmetic::binary(op, x, y).map_or(Symbol::UNKNOWN, Symbol::Constant)
            }
            (Symbol::Global(global, _), Symbol::Constant(size))
                if let Some(size) = symbol::frame_size(op, size) =>
            {
                Symbol::Lowered(global, size)
            }
            // A comparison with an address makes no pointer.
            _ if op.is_comparison() => Symbol::UNKNOWN,
            _ => Symbol::computed(op, a, b).unwrap_or_else(|| {
                self.escape(a);
                self.escape(b);
                // A distance of the address at which it is kept: where it leads is not known.
                self.summary.opaque |= match (a, b) {
                    (Symbol::Constant(base), Symbol::Loaded(at))
                    | (Symbol::Loaded(at), Symbol::Constant(base)) => base == at,
                    _ => false,
                };
                Symbol::Other(Distance::ZERO.indexed())
            }),
        };
        self.stack.push(result);
    }

    fn step(&mut self, op: &Op) {
        match op {
            Op::Block { end, .. } | Op::If { end, .. } => self.enter(*end, false),
            Op::Loop { end, .. } => self.enter(*end, true),
            Op::Else | Op::Unmodelled => {
                let end = self.flow.end();
                self.forget();
                self.close_scope();
                self.enter(end, false);
            }
            Op::End => {
                self.forget();
                self.close_scope();
            }
            Op::Const(value) => self.stack.push(Symbol::Constant(*value)),
            Op::Vector(bytes) => {
                let words = unaligned_words(bytes).map(u64::from);
                self.summary.taken.extend(words.filter(|at| *at >= LOWEST_OBJECT));
                self.push_unknown(1);
            }
            Op::LocalGet(local) => {
                let symbol = self.local(*local);
                self.stack.push(symbol);
            }
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
            Op::BrIf(depth) => {
                self.pop();
                self.branch(*depth);
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
                if matches!(joined, Symbol::Other(_)) {
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
                    Symbol::Other(_) | Symbol::Loaded(_) => self.summary.unclear.push(*global),
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
            }
            Op::Store(arg) | Op::StoreLow(arg) | Op::StoreOther(arg) => {
                self.take(1);
                self.stored(*arg);
            }
            Op::AtomicRmw(arg, _) => {
                self.take(1);
                self.reads_atomically(*arg);
                self.stored(*arg);
                self.stack.push(Symbol::UNKNOWN);
            }
            Op::AtomicCmpxchg(arg) => {
                self.take(2);
                self.reads_atomically(*arg);
                self.stored(*arg);
                self.stack.push(Symbol::UNKNOWN);
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
            Op::Br(depth) => {
                self.branch(*depth);
                self.forget();
            }
            Op::BrTable(depths) => {
                depths.iter().for_each(|depth| self.branch(*depth));
                self.forget();
            }
            // Control: the stack beyond this point is unknown.
            _ => self.forget(),
        }
    }
}
