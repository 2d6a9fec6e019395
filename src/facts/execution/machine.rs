//! Executes a function, operator by operator.

use std::rc::Rc;

use super::control::Control;
use super::heap::MOST_CELLS;
use super::state::{Here, State};
use super::value::Value;
use super::{DecidedBranch, Event, Executor, Site, arithmetic};
use crate::component::index_space::FuncIdx;
use crate::facts::body::{Binary, Op, Unary};
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
        let zero = Value::constant(0, false);
        state.locals.resize((body.params + body.locals) as usize, zero);
        state.operands.clear();
        let here = Here { instance, func, body };
        let mut control = Control::new(here, state);
        while let Some(at) = control.next() {
            let cost = control.cost();
            if self.fuel < self.reserve + cost {
                return Err(Abandoned::Fuel);
            }
            self.fuel -= cost;
            let op = &here.body.code[at];
            match op {
                Op::Block { .. } | Op::Loop { .. } => control.enter(at, op),
                Op::Else => control.second_half(self.world),
                Op::End => control.leave(at, self.world),
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
                let chosen = match condition.reads() {
                    Some(reads) => reads.list.iter().fold(chosen, |v, read| v.read_from(*read)),
                    None => chosen,
                };
                state.push(chosen);
            }
            Op::LocalGet(local) => {
                let value = state.locals.get(*local as usize).cloned().unwrap_or(Value::ANY);
                state.push(value.testing_local(Some((*local, false))));
            }
            Op::LocalSet(local) => {
                let value = state.pop();
                state.set_local(*local, value);
            }
            Op::LocalTee(local) => {
                let value = state.pop();
                state.set_local(*local, value.clone());
                state.push(value.testing_local(Some((*local, false))));
            }
            Op::Const(value) => state.push(Value::constant(*value, true)),
            Op::Unary(op) => {
                let value = state.pop();
                state.push(self.unary(*op, &value));
            }
            Op::Binary(op) => {
                let (b, a) = (state.pop(), state.pop());
                state.push(self.binary(*op, &a, &b));
            }
            Op::CallRef(params, results) => {
                state.pop_many(*params);
                self.skipped.anything = true;
                Rc::make_mut(&mut state.heap).skipped_calls += 1;
                state.operands.extend((0..*results).map(|_| Value::ANY));
            }
            Op::Other(params, results) => {
                state.pop_many(*params);
                state.operands.extend((0..*results).map(|_| Value::ANY));
            }
            op => self.memory_op(here, state, op, at),
        }
    }

    fn unary(&self, op: Unary, value: &Value) -> Value {
        let constant = |value| arithmetic::unary(op, value);
        match op {
            Unary::I32Eqz | Unary::I64Eqz => {
                let tests_local = value.tests_local.map(|(local, opposite)| (local, !opposite));
                value.map_zeroness(constant, Some(0)).testing_local(tests_local)
            }
            Unary::I64ExtendI32U | Unary::I64ExtendI32S => value.map_zeroness(constant, None),
            _ => value.map(|value| Some(constant(value))),
        }
    }

    fn binary(&self, op: Binary, a: &Value, b: &Value) -> Value {
        let result = a.combine(b, |a, b| arithmetic::binary(op, a, b));
        if matches!(op, Binary::I32Add | Binary::I64Add) {
            return result.moved(a, b, op == Binary::I32Add);
        }
        let sets_bits = [a, b].iter().any(|value| value.truth() == Some(true));
        if matches!(op, Binary::I32Or | Binary::I64Or) && sets_bits && result.constants().is_none()
        {
            return result.refined(true);
        }
        let tested = match (a.single(), b.single()) {
            (_, Some(0)) => a,
            (Some(0), _) => b,
            _ => return result,
        };
        // A comparison with zero tests for zero.
        let not_zero = tested.constants().is_none() && tested.truth() == Some(true);
        let (value, tests_local) = match op {
            Binary::I32Eq | Binary::I64Eq => {
                (Some(0), tested.tests_local.map(|(local, opposite)| (local, !opposite)))
            }
            Binary::I32Ne | Binary::I64Ne => (Some(1), tested.tests_local),
            Binary::I32Or | Binary::I64Or => (None, tested.tests_local),
            _ => return result,
        };
        let result = result.testing_local(tests_local);
        match value {
            _ if !not_zero => result,
            Some(value) => result.known_as(value),
            None => result.refined(true),
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
        let Some(reads) = condition.reads() else {
            if truth.is_none() {
                state.branch = None;
            }
            return truth;
        };
        if truth.is_some() {
            self.rely_on(condition);
        }
        let by_earlier_call = reads.list.iter().any(|read| read.earlier.is_some());
        if by_earlier_call && truth.is_some() {
            let branch = Rc::new(DecidedBranch { site, reads: Rc::clone(reads) });
            self.decided_branches.push(Rc::clone(&branch));
            state.branch = Some(branch);
        } else if truth.is_none() {
            state.branch = None;
        }
        truth
    }

    /// Records a branch or call that an index decides.
    pub(super) fn decide_index(&mut self, state: &mut State, index: &Value, site: Site) {
        self.rely_on(index);
        let reads = index.reads().filter(|_| index.single().is_some());
        let Some(reads) = reads.filter(|reads| reads.list.iter().any(|it| it.earlier.is_some()))
        else {
            if index.single().is_none() {
                state.branch = None;
            }
            return;
        };
        let branch = Rc::new(DecidedBranch { site, reads: Rc::clone(reads) });
        self.decided_branches.push(Rc::clone(&branch));
        state.branch = Some(branch);
    }

    /// Records that the execution relies on a value.
    pub(super) fn rely_on(&mut self, value: &Value) {
        let Some(reads) =
            value.reads().filter(|_| value.truth().is_some() || value.constants().is_some())
        else {
            return;
        };
        if reads.overflow || reads.list.iter().any(|read| read.exposed) {
            self.relied_on.assume(reads);
        }
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
