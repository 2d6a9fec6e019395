//! Structured control: which operator comes next, and in which state. Branches to one label meet
//! in a join; a loop is repeated until its head no longer changes.

use std::rc::Rc;

use super::machine::{Here, State};
use super::value::Value;
use crate::facts::body::Op;
use crate::facts::instantiation::Instantiation;

/// Passes through a loop before what changes becomes anything.
const EXACT_PASSES: u32 = 2;

/// A block that is open.
struct Frame {
    opener: usize,
    end: usize,
    is_loop: bool,
    /// Operands below the block's own.
    height: usize,
    /// Values that a branch to the label carries.
    arity: usize,
    /// The join of all branches to the label.
    joined: Option<State>,
    /// Loop: the state at its head in this pass.
    head: Option<State>,
    passes: u32,
    /// Conditional: the state in which its second half begins.
    otherwise: Option<(usize, State)>,
}

/// The point of execution.
pub(super) struct Control {
    at: usize,
    state: Option<State>,
    frames: Vec<Frame>,
    done: bool,
    /// What copying and joining states has cost since it was last asked for, in operators.
    spent: u64,
    /// Handed out where nothing is reached.
    unreachable: State,
}

impl Control {
    pub(super) fn new(here: Here<'_>, state: State) -> Self {
        let end = here.body.code.len().saturating_sub(1);
        let function = Frame {
            opener: 0,
            end,
            is_loop: false,
            height: 0,
            arity: here.body.results as usize,
            joined: None,
            head: None,
            passes: 0,
            otherwise: None,
        };
        let unreachable =
            State { locals: Vec::new(), operands: Vec::new(), heap: Rc::default(), pivot: None };
        Control {
            at: 0,
            state: Some(state),
            frames: vec![function],
            done: false,
            spent: 0,
            unreachable,
        }
    }

    /// The operator to execute now, and the step to the one after it. Dead code is skipped.
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.done {
            return None;
        }
        if self.state.is_none()
            && let Some(frame) = self.frames.last()
        {
            self.at = frame.otherwise.as_ref().map_or(frame.end, |(at, _)| *at);
        }
        let at = self.at;
        self.at += 1;
        Some(at)
    }

    /// What executing at this point costs, in operators. States with many locals and cells cost
    /// more to copy and join.
    pub(super) fn cost(&mut self) -> u64 {
        1 + std::mem::take(&mut self.spent)
    }

    /// The state at this point.
    pub(super) fn state(&mut self) -> &mut State {
        self.state.as_mut().unwrap_or(&mut self.unreachable)
    }

    pub(super) fn heap_size(&self) -> usize {
        self.state.as_ref().map_or(0, |state| state.heap.size())
    }

    /// What follows is not reached.
    pub(super) fn stop(&mut self) {
        self.state = None;
    }

    pub(super) fn stop_if(&mut self, ends: bool) {
        if ends {
            self.stop();
        }
    }

    /// The state in which the function returns.
    pub(super) fn returned(self) -> Option<State> {
        self.state
    }

    pub(super) fn enter(&mut self, at: usize, op: &Op) {
        match op {
            Op::Block { end, params, results } => self.open(at, *end, *params, *results, false),
            Op::Loop { end, params, .. } => {
                self.open(at, *end, *params, *params, true);
                let head = self.state.clone();
                if let Some(frame) = self.frames.last_mut() {
                    frame.head = head;
                }
            }
            _ => {}
        }
    }

    /// The second half of a conditional begins where the first ends.
    pub(super) fn second_half(&mut self, world: &Instantiation<'_>) {
        let Some(frame) = self.frames.last_mut() else { return };
        let first = self.state.take();
        self.state = frame.otherwise.take().map(|(_, state)| state);
        match (&mut frame.joined, first) {
            (Some(joined), Some(first)) => joined.join(&first, world, false),
            (None, first) => frame.joined = first,
            (Some(_), None) => {}
        }
        if self.state.is_none() {
            self.at = frame.end;
        }
    }

    /// Enters a conditional whose condition is true, false, or unknown.
    pub(super) fn enter_if(&mut self, at: usize, op: &Op, truth: Option<bool>, condition: &Value) {
        let Op::If { otherwise, end, params, results } = op else { return };
        self.open(at, *end, *params, *results, false);
        let Some(frame) = self.frames.last_mut() else { return };
        if truth != Some(true) {
            frame.otherwise = self.state.clone().map(|mut state| {
                state.learn(condition, false);
                (*otherwise as usize, state)
            });
        }
        if let Some(state) = &mut self.state {
            state.learn(condition, true);
        }
        if truth == Some(false) {
            self.state = None;
        }
    }

    fn open(&mut self, opener: usize, end: u32, params: u32, arity: u32, is_loop: bool) {
        let operands = self.state.as_ref().map_or(0, |state| state.operands.len());
        self.frames.push(Frame {
            opener,
            end: end as usize,
            is_loop,
            height: operands.saturating_sub(params as usize),
            arity: arity as usize,
            joined: None,
            head: None,
            passes: 0,
            otherwise: None,
        });
    }

    /// The end of a block, or of the function.
    pub(super) fn leave(&mut self, at: usize, world: &Instantiation<'_>) {
        let Some(mut frame) = self.frames.pop() else { return };
        if frame.is_loop {
            if let (Some(head), Some(back)) = (&frame.head, frame.joined.take()) {
                let mut next = head.clone();
                let widen = frame.passes >= EXACT_PASSES;
                next.join(&back, world, widen);
                if !next.same(head) {
                    frame.passes += 1;
                    self.at = frame.opener + 1;
                    self.state = Some(next.clone());
                    frame.head = Some(next);
                    self.frames.push(frame);
                    return;
                }
            }
        } else {
            // A conditional without a second half gives what it took.
            for other in [frame.otherwise.take().map(|(_, state)| state), frame.joined.take()] {
                let Some(other) = other else { continue };
                self.spent += 1 + other.size() / 4;
                match &mut self.state {
                    Some(state) => state.join(&other, world, false),
                    state => *state = Some(other),
                }
            }
        }
        if self.frames.is_empty() {
            self.done = true;
        }
        self.at = at + 1;
    }

    /// Branches; what follows is not reached.
    pub(super) fn branch(&mut self, depth: u32, world: &Instantiation<'_>) {
        if let Some(state) = self.state.take() {
            self.land(depth, state, world);
        }
    }

    /// Branches, or goes on.
    pub(super) fn branch_maybe(
        &mut self,
        depth: u32,
        condition: &Value,
        world: &Instantiation<'_>,
    ) {
        let Some(state) = &mut self.state else { return };
        let mut taken = state.clone();
        taken.learn(condition, true);
        state.learn(condition, false);
        self.land(depth, taken, world);
    }

    /// Branches to one of several labels.
    pub(super) fn branch_any(&mut self, depths: &[u32], world: &Instantiation<'_>) {
        let Some(state) = self.state.take() else { return };
        let mut depths = depths.to_vec();
        depths.sort_unstable();
        depths.dedup();
        for depth in depths {
            self.land(depth, state.clone(), world);
        }
    }

    /// Returns from the function.
    pub(super) fn branch_out(&mut self, world: &Instantiation<'_>) {
        let outermost = self.frames.len().saturating_sub(1);
        self.branch(outermost as u32, world);
    }

    fn land(&mut self, depth: u32, mut state: State, world: &Instantiation<'_>) {
        let Some(index) = self.frames.len().checked_sub(depth as usize + 1) else { return };
        let frame = &mut self.frames[index];
        let carried = state.operands.len().saturating_sub(frame.arity);
        let values = state.operands.split_off(carried);
        state.operands.truncate(frame.height);
        state.operands.extend(values);
        self.spent += 1 + state.size() / 4;
        match &mut frame.joined {
            Some(joined) => joined.join(&state, world, false),
            joined => *joined = Some(state),
        }
    }
}

impl State {
    /// Takes over what a branch tells of the local that its condition tests.
    fn learn(&mut self, condition: &Value, truth: bool) {
        let Some((local, opposite)) = condition.of_local else { return };
        let Some(value) = self.locals.get_mut(local as usize) else { return };
        if value.truth().is_none() {
            *value = value.refined(truth != opposite);
        }
    }

    /// Writes a local. What is still on the stack no longer tells of it.
    pub(super) fn set_local(&mut self, local: u32, value: Value) {
        for operand in &mut self.operands {
            if operand.of_local.is_some_and(|(of, _)| of == local) {
                operand.of_local = None;
            }
        }
        if let Some(slot) = self.locals.get_mut(local as usize) {
            *slot = value.telling(None);
        }
    }

    fn size(&self) -> u64 {
        (self.locals.len() + self.operands.len() + self.heap.size()) as u64
    }

    pub(super) fn join(&mut self, other: &State, world: &Instantiation<'_>, widen: bool) {
        join_values(&mut self.locals, &other.locals, widen);
        join_values(&mut self.operands, &other.operands, widen);
        if !Rc::ptr_eq(&self.heap, &other.heap) {
            Rc::make_mut(&mut self.heap).join(&other.heap, world, widen);
        }
        if self.pivot != other.pivot {
            self.pivot = None;
        }
    }

    /// Whether a loop's head has not changed. What is remembered of reads may still grow, but it
    /// decides nothing.
    fn same(&self, other: &State) -> bool {
        same_values(&self.locals, &other.locals)
            && same_values(&self.operands, &other.operands)
            && (Rc::ptr_eq(&self.heap, &other.heap) || self.heap.same(&other.heap))
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
