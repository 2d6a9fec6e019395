//! Structured control: the next operator and its state. States that branch to one label are joined; a loop repeats until
//! the state at its head reaches a fixpoint.

use std::sync::Arc;

use super::state::{Here, Lesson, MOST_TARGETS, State, cost_of_copy};
use super::value::Value;
use crate::facts::body::Op;
use crate::facts::instantiation::Instantiation;

/// Passes through a loop before changing values are widened to the next threshold.
const EXACT_PASSES: u32 = 2;
/// Passes before they are widened to any value.
const MOST_PASSES: u32 = 12;

/// An open block.
struct Frame {
    opener: usize,
    end: usize,
    is_loop: bool,
    /// Number of operands below the block's own.
    height: usize,
    /// Number of operands of a branch to the label.
    arity: usize,
    /// The join of all branches to the label.
    joined: Option<State>,
    /// Loop: the state at its head in this pass.
    head: Option<State>,
    passes: u32,
    /// Loop: the version of the strays that this pass began with, if its head was exposed to them.
    exposed_to: Option<u64>,
    /// Conditional: the index of its `else`, and the state there.
    otherwise: Option<(usize, State)>,
}

/// The current point of execution.
pub(super) struct Control<'f> {
    at: usize,
    state: Option<State>,
    frames: Vec<Frame>,
    done: bool,
    /// The cost of copies and joins since the last call of [`Control::cost`], in operators.
    spent: u64,
    /// The state of unreachable code, where something asks for it.
    unreachable: Option<State>,
    thresholds: &'f [u64],
}

impl<'f> Control<'f> {
    pub(super) fn new(here: Here<'f>, state: State) -> Self {
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
            exposed_to: None,
            otherwise: None,
        };
        Control {
            at: 0,
            state: Some(state),
            frames: vec![function],
            done: false,
            spent: 0,
            unreachable: None,
            thresholds: &here.body.thresholds,
        }
    }

    /// The index of the operator to execute next; skips dead code. `None` at the end of the function.
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

    /// The cost of the next operator, in operators. States with many locals and cells cost more to copy and join.
    pub(super) fn cost(&mut self) -> u64 {
        1 + std::mem::take(&mut self.spent)
    }

    /// The cost of the copies of the state that an operator makes. They are charged before they are made.
    pub(super) fn cost_of_copies(&self, op: &Op) -> u64 {
        let Some(state) = &self.state else { return 0 };
        let copies = match op {
            Op::Loop { .. } | Op::If { .. } | Op::BrIf(_) => 1,
            Op::BrTable(labels) => labels.len().min(self.frames.len()),
            Op::CallIndirect(..) | Op::ReturnCallIndirect(..) => MOST_TARGETS,
            _ => 0,
        };
        copies as u64 * cost_of_copy(state.locals.len() + state.operands.len())
    }

    /// The current state.
    pub(super) fn state(&mut self) -> &mut State {
        match &mut self.state {
            Some(state) => state,
            None => self.unreachable.get_or_insert_with(|| State {
                locals: Vec::new(),
                operands: Vec::new(),
                heap: Arc::default(),
                branch: None,
            }),
        }
    }

    pub(super) fn heap_size(&self) -> usize {
        self.state.as_ref().map_or(0, |state| state.heap.size())
    }

    /// Makes the following code unreachable.
    pub(super) fn stop(&mut self) {
        self.state = None;
    }

    pub(super) fn stop_if(&mut self, ends: bool) {
        if ends {
            self.stop();
        }
    }

    /// The state at the return; `None` if the function does not return.
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

    /// Goes from the first half of a conditional to the second.
    pub(super) fn second_half(&mut self, world: &Instantiation<'_>) {
        let Some(frame) = self.frames.last_mut() else { return };
        let first = self.state.take();
        self.state = frame.otherwise.take().map(|(_, state)| state);
        match (&mut frame.joined, first) {
            (Some(joined), Some(first)) => {
                joined.join(&first, world, None);
            }
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
            frame.otherwise = self.state.as_ref().and_then(|state| {
                let lesson = state.lesson(condition, false);
                if let Lesson::Impossible = lesson {
                    return None;
                }
                let mut state = state.clone();
                state.learn(lesson);
                Some((*otherwise as usize, state))
            });
        }
        let Some(state) = &mut self.state else { return };
        match state.lesson(condition, true) {
            _ if truth == Some(false) => self.state = None,
            Lesson::Impossible => self.state = None,
            lesson => {
                state.learn(lesson);
            }
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
            exposed_to: None,
            otherwise: None,
        });
    }

    /// Leaves a block, or the function.
    pub(super) fn leave(&mut self, at: usize, world: &Instantiation<'_>, version: u64) {
        let Some(mut frame) = self.frames.pop() else { return };
        if frame.is_loop {
            if let (Some(head), Some(back)) = (&frame.head, frame.joined.take()) {
                let mut next = head.clone();
                let thresholds = match frame.passes {
                    ..EXACT_PASSES => None,
                    EXACT_PASSES..MOST_PASSES => Some(self.thresholds),
                    _ => Some(&[][..]),
                };
                self.spent += 1 + back.size() / 4;
                // What was written unseen in this pass may be read in the next.
                let is_exposed =
                    back.heap.is_later_than(&head.heap) && frame.exposed_to != Some(version);
                let changed = next.join(&back, world, thresholds);
                if changed || is_exposed {
                    frame.exposed_to = Some(version);
                    frame.passes += 1;
                    self.at = frame.opener + 1;
                    self.state = Some(next.clone());
                    frame.head = Some(next);
                    self.frames.push(frame);
                    return;
                }
            }
        } else {
            // A conditional without a second half has equal parameters and results.
            for other in [frame.otherwise.take().map(|(_, state)| state), frame.joined.take()] {
                let Some(other) = other else { continue };
                self.spent += 1 + other.size() / 4;
                match &mut self.state {
                    Some(state) => {
                        state.join(&other, world, None);
                    }
                    state => *state = Some(other),
                }
            }
        }
        if self.frames.is_empty() {
            self.done = true;
        }
        self.at = at + 1;
    }

    /// Branches; the following code is unreachable.
    pub(super) fn branch(&mut self, depth: u32, world: &Instantiation<'_>) {
        if let Some(state) = self.state.take() {
            self.land(depth, state, world);
        }
    }

    /// Branches or continues.
    pub(super) fn branch_maybe(
        &mut self,
        depth: u32,
        condition: &Value,
        world: &Instantiation<'_>,
    ) {
        let Some(state) = &mut self.state else { return };
        let (taken, stays) = (state.lesson(condition, true), state.lesson(condition, false));
        match (taken, &stays) {
            (Lesson::Impossible, _) => {}
            (lesson, Lesson::Impossible) => {
                state.learn(lesson);
                self.branch(depth, world);
            }
            (lesson, _) => {
                let before = state.learn(lesson);
                self.land_too(depth, world);
                if let Some(state) = &mut self.state {
                    state.learn(before);
                }
            }
        }
        match (&mut self.state, stays) {
            (state, Lesson::Impossible) => *state = None,
            (Some(state), lesson) => {
                state.learn(lesson);
            }
            (None, _) => {}
        }
    }

    /// Branches to one of several labels.
    pub(super) fn branch_any(&mut self, depths: &[u32], world: &Instantiation<'_>) {
        let mut depths = depths.to_vec();
        depths.sort_unstable();
        depths.dedup();
        for depth in depths {
            self.land_too(depth, world);
        }
        self.stop();
    }

    /// Returns from the function.
    pub(super) fn branch_out(&mut self, world: &Instantiation<'_>) {
        let outermost = self.frames.len().saturating_sub(1);
        self.branch(outermost as u32, world);
    }

    /// Lands with the current state, which also goes on. Copies it only for the first branch to the label.
    fn land_too(&mut self, depth: u32, world: &Instantiation<'_>) {
        let Some(state) = &self.state else { return };
        let Some(index) = self.frames.len().checked_sub(depth as usize + 1) else { return };
        let frame = &mut self.frames[index];
        let Some(joined) = &mut frame.joined else {
            let state = state.clone();
            return self.land(depth, state, world);
        };
        let carried = state.operands.len().saturating_sub(frame.arity);
        let kept = carried.min(frame.height);
        self.spent += 1 + (state.size() - (carried - kept) as u64) / 4;
        joined.join_branch(state, kept, carried, world);
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
            Some(joined) => {
                joined.join(&state, world, None);
            }
            joined => *joined = Some(state),
        }
    }
}
