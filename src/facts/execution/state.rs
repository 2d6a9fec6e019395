//! The abstract state at one point of a function.

use std::rc::Rc;

use super::DecidedBranch;
use super::heap::Heap;
use super::site::Site;
use super::value::Value;
use crate::component::index_space::FuncIdx;
use crate::facts::body::Body;
use crate::facts::instantiation::{CoreInstanceId, Instantiation};

/// The state at one point of a function.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) locals: Vec<Value>,
    pub(super) operands: Vec<Value>,
    pub(super) heap: Rc<Heap>,
    pub(super) branch: Option<Rc<DecidedBranch>>,
}

impl State {
    pub(super) fn pop(&mut self) -> Value {
        // A body that is not valid may pop more than it pushes.
        self.operands.pop().unwrap_or(Value::ANY)
    }

    pub(super) fn push(&mut self, value: Value) {
        self.operands.push(value);
    }

    pub(super) fn pop_many(&mut self, count: u32) -> Vec<Value> {
        let mut values: Vec<_> = (0..count).map(|_| self.pop()).collect();
        values.reverse();
        values
    }

    /// Refines the local that a condition tests.
    pub(super) fn learn(&mut self, condition: &Value, truth: bool) {
        let Some((local, opposite)) = condition.tests_local else { return };
        let Some(value) = self.locals.get_mut(local as usize) else { return };
        if value.truth().is_none() {
            *value = value.refined(truth != opposite);
        }
    }

    /// Writes a local. Operands no longer test it.
    pub(super) fn set_local(&mut self, local: u32, value: Value) {
        for operand in &mut self.operands {
            if operand.tests_local.is_some_and(|(of, _)| of == local) {
                operand.tests_local = None;
            }
        }
        if let Some(slot) = self.locals.get_mut(local as usize) {
            *slot = value.testing_local(None);
        }
    }

    pub(super) fn size(&self) -> u64 {
        (self.locals.len() + self.operands.len() + self.heap.size()) as u64
    }

    pub(super) fn join(&mut self, other: &State, world: &Instantiation<'_>, widen: bool) {
        join_values(&mut self.locals, &other.locals, widen);
        join_values(&mut self.operands, &other.operands, widen);
        if !Rc::ptr_eq(&self.heap, &other.heap) {
            Rc::make_mut(&mut self.heap).join(&other.heap, world, widen);
        }
        if self.branch != other.branch {
            self.branch = None;
        }
    }

    /// Whether the values of both states are equal: the fixpoint of a loop. Reads may still grow, but they decide
    /// nothing.
    pub(super) fn same(&self, other: &State) -> bool {
        same_values(&self.locals, &other.locals)
            && same_values(&self.operands, &other.operands)
            && (Rc::ptr_eq(&self.heap, &other.heap) || self.heap.same(&other.heap))
    }
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

fn join_values(own: &mut [Value], others: &[Value], widen: bool) {
    for (own, other) in own.iter_mut().zip(others) {
        if own != other {
            let joined = own.join(other);
            *own = if widen && !joined.same(own) { joined.widened() } else { joined };
        }
    }
}

fn same_values(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
}
