//! Loads and stores.

use super::Folding;
use crate::component::index_space::MemoryIdx;
use crate::facts::body::MemArg;
use crate::facts::effects::summary::{LOWEST_OBJECT, Load, Store, Target};
use crate::facts::effects::symbol::Symbol;

impl Folding<'_, '_> {
    /// Pops the address of a load, and pushes what it loads.
    pub(super) fn loaded(&mut self, arg: MemArg) {
        let symbol = self.pop();
        self.reads(symbol, arg);
        self.stack.push(match symbol {
            Symbol::Constant(at) => Symbol::Loaded(at.wrapping_add(arg.offset)),
            _ => Symbol::UNKNOWN,
        });
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
            Symbol::Near(base, _) => Some(Target::Near(base.wrapping_add(offset))),
            _ => (offset >= LOWEST_OBJECT).then_some(Target::Near(offset)),
        }
    }

    /// Records the loads of an atomic operator, whose address is on top of the stack.
    pub(super) fn reads_atomically(&mut self, arg: MemArg) {
        let symbol = self.stack.last().copied().unwrap_or(Symbol::UNKNOWN);
        self.reads(symbol, arg);
    }

    /// Pops the address of a store.
    pub(super) fn stored(&mut self, arg: MemArg) {
        let bytes = u64::from(arg.width);
        let symbol = self.pop();
        let distance = symbol.distance().plus(i64::try_from(arg.offset).unwrap_or(i64::MAX));
        let (memory, below) = (arg.memory, distance.below());
        let target = match symbol {
            Symbol::Constant(at) => Target::At(at.wrapping_add(arg.offset)),
            Symbol::Global(global, offset) => {
                Target::Global(global, offset.and_then(|offset| offset.checked_add(arg.offset)))
            }
            Symbol::Lowered(global, size) => {
                // Nothing but the stack pointer keeps it in its frame.
                self.summary.opaque |= arg.offset.saturating_add(bytes) > size;
                Target::Global(global, Some(arg.offset.wrapping_sub(size)))
            }
            Symbol::Param(param, _) if arg.offset < LOWEST_OBJECT => {
                Target::Param(param, distance.exact())
            }
            Symbol::Sum(a, b) if arg.offset < LOWEST_OBJECT => {
                let target = Target::Param(a, None);
                self.summary.stores.push(Store { memory, target, bytes, below });
                Target::Param(b, None)
            }
            Symbol::Near(base, _) if arg.offset < LOWEST_OBJECT => Target::Near(base),
            Symbol::Other(_) | Symbol::Loaded(_) if arg.offset >= LOWEST_OBJECT => {
                Target::Near(arg.offset)
            }
            symbol => {
                self.escape(symbol);
                self.taken(arg.offset);
                if arg.offset < LOWEST_OBJECT { Target::Loose } else { Target::Near(arg.offset) }
            }
        };
        self.summary.stores.push(Store { memory, target, bytes, below });
    }

    /// A bulk write, `from` a memory if it copies: pops its length, its source and its target.
    pub(super) fn bulk(&mut self, memory: MemoryIdx, from: Option<MemoryIdx>) {
        let (len, source, to) = (self.pop(), self.pop(), self.pop());
        let bytes = match len {
            Symbol::Constant(bytes) => bytes,
            _ => u64::MAX,
        };
        if let (Some(memory), Some(target)) = (from, self.source(source, 0)) {
            self.summary.loads.push(Load { memory, target, bytes });
        }
        let below = to.distance().below();
        let target = match to {
            Symbol::Constant(at) if bytes != u64::MAX => Target::At(at),
            Symbol::Constant(at) => {
                self.taken(at);
                Target::Loose
            }
            Symbol::Global(global, offset) => Target::Global(global, offset),
            Symbol::Lowered(global, _) => Target::Global(global, None),
            Symbol::Param(param, distance) => Target::Param(param, distance.exact()),
            Symbol::Sum(a, b) => {
                let target = Target::Param(a, None);
                self.summary.stores.push(Store { memory, target, bytes, below });
                Target::Param(b, None)
            }
            Symbol::Near(base, _) => Target::Near(base),
            Symbol::Other(_) | Symbol::Loaded(_) => Target::Loose,
        };
        self.summary.stores.push(Store { memory, target, bytes, below });
    }
}
