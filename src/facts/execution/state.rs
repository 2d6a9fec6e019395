//! The abstract state at one point of a function.

use std::sync::Arc;

use super::DecidedBranch;
use super::heap::Heap;
use super::site::Site;
use super::value::Value;
use crate::component::index_space::FuncIdx;
use crate::facts::body::Body;
use crate::facts::instantiation::{CoreInstanceId, Instantiation};

/// How many operands may test a local: those that were pushed last. A condition is tested soon after it is computed.
const DEEPEST_TEST: usize = 64;

/// Operands for which a state has room; most code needs no more.
pub(super) const ROOM: usize = 8;

/// The state at one point of a function.
#[derive(Debug)]
pub(super) struct State {
    pub(super) locals: Vec<Value>,
    pub(super) operands: Vec<Value>,
    pub(super) heap: Arc<Heap>,
    pub(super) branch: Option<Arc<DecidedBranch>>,
}

impl Clone for State {
    fn clone(&self) -> Self {
        let mut operands = Vec::with_capacity(self.operands.len() + ROOM);
        operands.extend_from_slice(&self.operands);
        let (locals, heap) = (self.locals.clone(), Arc::clone(&self.heap));
        State { locals, operands, heap, branch: self.branch.clone() }
    }
}

/// What a truth of a condition says about a local.
#[derive(Debug)]
pub(super) enum Lesson {
    Nothing,
    /// The local's value.
    Local(u32, Value),
    /// The condition cannot have this truth; the local's value was joined since.
    Impossible,
}

impl State {
    pub(super) fn pop(&mut self) -> Value {
        // A body that is not valid may pop more than it pushes.
        self.operands.pop().unwrap_or(Value::ANY)
    }

    pub(super) fn push(&mut self, value: Value) {
        self.operands.push(value);
        if let Some(at) = self.operands.len().checked_sub(DEEPEST_TEST + 1) {
            self.operands[at].test = None;
        }
    }

    pub(super) fn push_unknown(&mut self, count: u32) {
        self.push_all((0..count).map(|_| Value::ANY));
    }

    /// Pushes values. Those that are more than [`DEEPEST_TEST`] values deep then test no local any more.
    pub(super) fn push_all(&mut self, values: impl IntoIterator<Item = Value>) {
        let before = self.operands.len();
        self.operands.extend(values);
        let tested = before.saturating_sub(DEEPEST_TEST);
        let untested = self.operands.len().saturating_sub(DEEPEST_TEST).min(before);
        for operand in self.operands.get_mut(tested..untested).unwrap_or_default() {
            operand.test = None;
        }
    }

    pub(super) fn pop_many(&mut self, count: u32) -> Vec<Value> {
        match self.operands.len().checked_sub(count as usize) {
            Some(rest) => self.operands.split_off(rest),
            None => {
                let mut values: Vec<_> = (0..count).map(|_| self.pop()).collect();
                values.reverse();
                values
            }
        }
    }

    /// What a truth of a condition says about the local that it tests.
    pub(super) fn lesson(&self, condition: &Value, truth: bool) -> Lesson {
        let Some(test) = condition.test else { return Lesson::Nothing };
        let Some(value) = self.locals.get(test.local as usize) else { return Lesson::Nothing };
        let relation = if truth { test.relation } else { test.relation.negated() };
        match value.satisfying(relation, u64::from(test.bound)) {
            Some(refined) => Lesson::Local(test.local, refined),
            None => Lesson::Impossible,
        }
    }

    /// Refines the local of a lesson. Returns the lesson that undoes it.
    pub(super) fn learn(&mut self, lesson: Lesson) -> Lesson {
        match lesson {
            Lesson::Local(local, refined) => match self.locals.get_mut(local as usize) {
                Some(value) => Lesson::Local(local, std::mem::replace(value, refined)),
                None => Lesson::Nothing,
            },
            _ => Lesson::Nothing,
        }
    }

    /// The operands that may test a local.
    fn testing(&mut self) -> &mut [Value] {
        let first = self.operands.len().saturating_sub(DEEPEST_TEST);
        &mut self.operands[first..]
    }

    /// Writes a local. Operands no longer test it.
    pub(super) fn set_local(&mut self, local: u32, value: Value) {
        for operand in self.testing() {
            if operand.test.is_some_and(|test| test.local == local) {
                operand.test = None;
            }
        }
        if let Some(slot) = self.locals.get_mut(local as usize) {
            *slot = value.testing(None);
        }
    }

    pub(super) fn size(&self) -> u64 {
        (self.locals.len() + self.operands.len() + self.heap.size()) as u64
    }

    /// Joins two states of one point; `thresholds` widen values that changed. Whether anything changed that a later
    /// execution depends on.
    pub(super) fn join(
        &mut self,
        other: &State,
        world: &Instantiation<'_>,
        thresholds: Option<&[u64]>,
    ) -> bool {
        let changed = join_values(&mut self.operands, &other.operands, thresholds);
        self.join_rest(other, world, thresholds) | changed
    }

    /// Joins a state that branches to a label: of its operands, it keeps the first `kept`, and those from `carried` on.
    pub(super) fn join_branch(
        &mut self,
        other: &State,
        kept: usize,
        carried: usize,
        world: &Instantiation<'_>,
    ) {
        let operands = other.operands[..kept].iter().chain(&other.operands[carried..]);
        join_values(&mut self.operands, operands, None);
        self.join_rest(other, world, None);
    }

    /// Joins all but the operands.
    fn join_rest(
        &mut self,
        other: &State,
        world: &Instantiation<'_>,
        thresholds: Option<&[u64]>,
    ) -> bool {
        let mut changed = join_values(&mut self.locals, &other.locals, thresholds);
        if !Arc::ptr_eq(&self.heap, &other.heap) {
            changed |= Arc::make_mut(&mut self.heap).join(&other.heap, world, thresholds);
        }
        if self.branch != other.branch {
            self.branch = None;
        }
        changed
    }
}

/// Most callees of an indirect call, each executed on its own.
pub(super) const MOST_TARGETS: usize = 3;
/// Values that are copied for the price of an operator. Few functions have so many locals.
const CHEAP: usize = 512;

/// What a copy of so many values costs, in operators.
pub(super) fn cost_of_copy(values: usize) -> u64 {
    values.saturating_sub(CHEAP) as u64 / 4
}

/// The function being executed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here<'f> {
    pub(super) instance: CoreInstanceId,
    pub(super) func: FuncIdx,
    pub(super) body: &'f Body,
}

impl Here<'_> {
    pub(super) fn site(&self, op: usize) -> Site {
        Site { instance: self.instance, func: self.func, op: op as u32 }
    }
}

fn join_values<'v>(
    own: &mut [Value],
    others: impl IntoIterator<Item = &'v Value>,
    thresholds: Option<&[u64]>,
) -> bool {
    let mut changed = false;
    for (own, other) in own.iter_mut().zip(others) {
        if own != other {
            let joined = match thresholds {
                Some(thresholds) => own.widen(other, thresholds),
                None => own.join(other),
            };
            changed |= !joined.same(own);
            *own = joined;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::super::value::Test;
    use super::*;

    /// A write of a local costs the same under any number of operands, all of which tested the local.
    #[test]
    fn a_write_of_a_local_looks_at_few_operands() {
        let value = || Value::constant(1);
        for size in [50, 100, 1000, 2000, 4000, 8000] {
            let mut state = State {
                locals: vec![value()],
                operands: Vec::new(),
                heap: Arc::default(),
                branch: None,
            };
            let mut steps = 0;
            for number in 0..size {
                state.push(value().testing(Some(Test::of_local(0))));
                if number % 10 == 9 {
                    state.push_unknown(3);
                    state.pop_many(2);
                }
                let all = state.operands.len();
                let looked_at = state.testing().len();
                let rest = &state.operands[..all - looked_at];
                assert!(rest.iter().all(|it| it.test.is_none()), "{number} of {size}");
                steps += looked_at;
            }
            assert!(steps <= size * DEEPEST_TEST, "{steps} steps for {size} operands");
            let before = state.operands.iter().filter(|it| it.test.is_some()).count();
            assert!((50..=DEEPEST_TEST).contains(&before) || size < 1000 && before > 0, "{before}");
            state.set_local(0, value());
            assert!(state.operands.iter().all(|it| it.test.is_none()));
        }
    }
}
