//! Executes a function, operator by operator.

use std::sync::Arc;

use super::control::Control;
use super::heap::MOST_CELLS;
use super::state::{Here, State, cost_of_copy};
use super::value::{Set, Test, Value};
use super::{DecidedBranch, Event, Executor, Site};
use crate::component::index_space::FuncIdx;
use crate::facts::body::{Binary, Op};
use crate::facts::instantiation::CoreInstanceId;

/// Why the execution of a function was abandoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abandoned {
    /// It used up its share of the fuel.
    Fuel,
    /// Its body was not decoded.
    Opaque,
}

impl<'f> Executor<'f, '_> {
    /// Executes a function from `state`, which holds its arguments as locals. Returns the state at its return, with the
    /// results as operands; `None` if it does not return.
    pub(super) fn function(
        &mut self,
        instance: CoreInstanceId,
        func: FuncIdx,
        mut state: State,
    ) -> Result<Option<State>, Abandoned> {
        let module = self.world.core_instances[instance].module;
        let Some(body) = self.bodies.get(module, func) else { return Err(Abandoned::Opaque) };
        if body.opaque.is_some() {
            return Err(Abandoned::Opaque);
        }
        let locals = (body.params + body.locals) as usize;
        if !self.spend(cost_of_copy(locals)) {
            return Err(Abandoned::Fuel);
        }
        state.locals.resize(locals, Value::constant(0));
        state.operands.clear();
        let here = Here { instance, func, body };
        let mut control = Control::new(here, state);
        while let Some(at) = control.next() {
            let op = &here.body.code[at];
            let cost = control.cost() + control.cost_of_copies(op);
            if !self.spend(cost) {
                return Err(Abandoned::Fuel);
            }
            match op {
                Op::Block { .. } | Op::Loop { .. } => control.enter(at, op),
                Op::Else => control.second_half(self.world),
                Op::End => control.leave(at, self.world, self.strays.version()),
                Op::If { .. } => {
                    let site = here.site(at);
                    let state = control.state();
                    let condition = state.pop();
                    let truth = self.decide(state, &condition, site);
                    control.enter_if(at, op, truth, &condition);
                }
                Op::Br(depth) => control.branch(*depth, self.world),
                Op::Return => control.branch_out(self.world),
                Op::BrIf(depth) => {
                    let state = control.state();
                    let condition = state.pop();
                    match self.decide(state, &condition, here.site(at)) {
                        Some(true) => control.branch(*depth, self.world),
                        Some(false) => {}
                        None => control.branch_maybe(*depth, &condition, self.world),
                    }
                }
                Op::BrTable(labels) => {
                    let state = control.state();
                    let index = state.pop();
                    self.decide_index(state, &index, here.site(at));
                    match index.constants() {
                        Some(indices) => {
                            let last = labels.len() as u64 - 1;
                            let taken: Vec<u32> =
                                indices.iter().map(|i| labels[(*i).min(last) as usize]).collect();
                            control.branch_any(&taken, self.world);
                        }
                        None => control.branch_any(labels, self.world),
                    }
                }
                Op::Unreachable => {
                    let state = control.state();
                    self.trap(state, here.site(at));
                    control.stop();
                }
                Op::Throw => {
                    // No executed caller catches exceptions: bodies that do are not decoded.
                    let state = control.state();
                    self.trap(state, here.site(at));
                    control.stop();
                }
                Op::Binary(
                    Binary::I32DivS
                    | Binary::I32DivU
                    | Binary::I32RemS
                    | Binary::I32RemU
                    | Binary::I64DivS
                    | Binary::I64DivU
                    | Binary::I64RemS
                    | Binary::I64RemU,
                ) if control.state().operands.last().is_some_and(|v| v.truth() == Some(false)) => {
                    let state = control.state();
                    let divisor = state.pop();
                    self.decide(state, &divisor, here.site(at));
                    self.trap(state, here.site(at));
                    control.stop();
                }
                Op::ReturnCallRef => return Err(Abandoned::Opaque),
                Op::Call(callee) => {
                    let ends = self.call_func(&here, control.state(), *callee, at);
                    control.stop_if(ends);
                }
                Op::ReturnCall(callee) => {
                    let ends = self.call_func(&here, control.state(), *callee, at);
                    control.stop_if(ends);
                    control.branch_out(self.world);
                }
                Op::CallIndirect(ty, table) => {
                    let ends = self.call_indirect(&here, control.state(), *ty, *table, at);
                    control.stop_if(ends);
                }
                Op::ReturnCallIndirect(ty, table) => {
                    let ends = self.call_indirect(&here, control.state(), *ty, *table, at);
                    control.stop_if(ends);
                    control.branch_out(self.world);
                }
                op => self.straight(&here, control.state(), op, at),
            }
            if control.heap_size() > MOST_CELLS {
                return Err(Abandoned::Fuel);
            }
        }
        Ok(control.returned())
    }

    /// Takes the cost of what comes next from the fuel. Returns whether there is enough.
    fn spend(&mut self, cost: u64) -> bool {
        let is_enough = self.fuel >= self.reserve.saturating_add(cost);
        if is_enough {
            self.fuel -= cost;
        }
        is_enough
    }

    /// Executes an operator that neither branches nor calls.
    fn straight(&mut self, here: &Here<'f>, state: &mut State, op: &Op, at: usize) {
        match op {
            Op::Drop => {
                state.pop();
            }
            Op::Select => {
                let condition = state.pop();
                let (second, first) = (state.pop(), state.pop());
                let chosen = match condition.truth() {
                    Some(true) => first,
                    Some(false) => second,
                    None => first.join(&second),
                };
                state.push(chosen.testing(None).depending_on(&condition));
            }
            Op::LocalGet(local) => {
                let value = state.locals.get(*local as usize).cloned().unwrap_or(Value::ANY);
                state.push(value.testing(Some(Test::of_local(*local))));
            }
            Op::LocalSet(local) => {
                let value = state.pop();
                state.set_local(*local, value);
            }
            Op::LocalTee(local) => {
                let value = state.pop();
                state.set_local(*local, value.clone());
                state.push(value.testing(Some(Test::of_local(*local))));
            }
            Op::Const(value) => state.push(Value::constant(*value)),
            Op::Vector(_) => state.push_unknown(1),
            Op::Unary(op) => {
                let value = state.pop();
                state.push(value.unary(*op));
            }
            Op::Binary(op) => {
                let (b, a) = (state.pop(), state.pop());
                state.push(a.binary(*op, &b));
            }
            Op::CallRef(params, results) => {
                state.pop_many(*params);
                self.strays.add_everything();
                Arc::make_mut(&mut state.heap).advance(true);
                state.push_unknown(*results);
            }
            Op::Other(params, results) => {
                state.pop_many(*params);
                state.push_unknown(*results);
            }
            op => self.memory_op(here, state, op, at),
        }
    }

    /// The truth of a branch's condition; `None` if it may be either. Records a decided branch in the state.
    pub(super) fn decide(
        &mut self,
        state: &mut State,
        condition: &Value,
        site: Site,
    ) -> Option<bool> {
        let truth = condition.truth();
        if truth.is_none() {
            state.branch = None;
            return None;
        }
        self.rely_on(condition);
        self.record_decision(state, condition, site);
        truth
    }

    /// Records a branch or call that an index decides.
    pub(super) fn decide_index(&mut self, state: &mut State, index: &Value, site: Site) {
        self.rely_on(index);
        if index.single().is_some() {
            self.record_decision(state, index, site);
        } else {
            state.branch = None;
        }
    }

    fn record_decision(&mut self, state: &mut State, value: &Value, site: Site) {
        let Some(reads) = value.reads().filter(|reads| reads.earlier().is_some()) else { return };
        let branch = Arc::new(DecidedBranch { site, reads: Arc::clone(reads) });
        self.decided_branches.push(Arc::clone(&branch));
        state.branch = Some(branch);
    }

    /// Records what the execution assumes of a value that it relies on.
    pub(super) fn rely_on(&mut self, value: &Value) {
        if value.set == Set::Any {
            return;
        }
        let reads = value.reads().into_iter().flat_map(|reads| reads.iter());
        self.assumptions.extend(reads.filter_map(|read| read.assumed));
    }

    /// Records a trap.
    pub(super) fn trap(&mut self, state: &State, site: Site) {
        let event = self.event(state, site);
        self.traps.push(event);
    }

    /// Records a call of `wasi:cli/exit`.
    pub(super) fn exit(&mut self, state: &State, site: Site) {
        let status = state.operands.last();
        let failure = status.and_then(Value::truth) == Some(true);
        let event = Event { failure, ..self.event(state, site) };
        self.exits.push(event);
    }

    fn event(&self, state: &State, site: Site) -> Event {
        Event { site, stack: self.stack.clone(), branch: state.branch.clone(), failure: false }
    }
}
