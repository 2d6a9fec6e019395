//! The host's part of a call: allocates arguments, calls the function, passes events, frees results.

use std::sync::Arc;

use super::heap::Heap;
use super::state::State;
use super::value::Value;
use super::{Ending, Executor, Role, Site, Step, Strays};
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::instantiation::{CoreFunc, MemoryId};

/// Events or allocations before the values that they change are widened to any value.
const MOST_ROUNDS: u32 = 12;
/// Rounds before values are widened to the next threshold.
const EXACT_ROUNDS: u32 = 2;

/// A call between two of its steps.
#[derive(Debug)]
pub struct Suspended<'f, 'a> {
    executor: Executor<'f, 'a>,
    /// `None` if the call has ended.
    state: Option<State>,
}

impl<'f, 'a> Suspended<'f, 'a> {
    /// Executes the rest of the call, as one of `roots`. Returns what executed it, too.
    pub fn resume(&self, steps: &[Step], roots: Vec<CoreFunc>) -> (Executor<'f, 'a>, Ending) {
        let mut executor = self.executor.with_roots(roots);
        let ending = executor.finish(steps, self.state.clone());
        (executor, ending)
    }
}

impl<'f, 'a> Executor<'f, 'a> {
    /// Creates an executor of calls of `roots` by the host. `ignores_strays`: what is not executed writes nothing.
    pub fn new(
        effects: &'f Effects<'f, 'a>,
        bodies: &'f Bodies<'a>,
        roots: Vec<CoreFunc>,
        ignores_strays: bool,
    ) -> Self {
        Executor {
            world: effects.world(),
            bodies,
            effects,
            fuel: 0,
            reserve: 0,
            call: 0,
            stack: Vec::new(),
            traps: Vec::new(),
            exits: Vec::new(),
            decided_branches: Vec::new(),
            assumptions: Default::default(),
            heavy: Default::default(),
            strays: Strays::new(effects, roots, ignores_strays),
        }
    }

    /// The same executor for calls of other `roots`, after what it has executed.
    pub fn with_roots(&self, roots: Vec<CoreFunc>) -> Self {
        let mut executor = self.clone();
        executor.strays.set_roots(roots);
        executor
    }

    /// Whether no function took too long.
    pub fn followed_all(&self) -> bool {
        self.heavy.is_empty()
    }

    /// Executes the steps of one call within `fuel` operators. `call` is the number of the call; 0 is instantiation.
    pub fn call(&mut self, steps: &[Step], heap: &Heap, call: u32, fuel: u64) -> Ending {
        let state = self.begin(heap, call, fuel);
        self.finish(steps, Some(state))
    }

    /// A call after its first step, which allocates its arguments. Leaves this executor as it is.
    pub fn suspended(&self, step: Step, heap: &Heap, call: u32, fuel: u64) -> Suspended<'f, 'a> {
        let mut executor = self.clone();
        let mut state = executor.begin(heap, call, fuel);
        let goes_on = executor.perform(step, &mut state, &[]);
        Suspended { executor, state: goes_on.then_some(state) }
    }

    fn begin(&mut self, heap: &Heap, call: u32, fuel: u64) -> State {
        (self.call, self.fuel, self.reserve) = (call, fuel, 0);
        let heap = Arc::new(heap.clone());
        State { locals: Vec::new(), operands: Vec::new(), heap, branch: None }
    }

    /// Executes steps from a state, `None` if an earlier one ended the call.
    fn finish(&mut self, steps: &[Step], mut state: Option<State>) -> Ending {
        let mut results = Vec::new();
        for step in steps {
            let Some(before) = &mut state else { break };
            let returns = self.perform(*step, before, &results);
            if returns && step.role == Role::Lifted {
                results = std::mem::take(&mut before.operands);
            }
            state = state.filter(|_| returns);
        }
        Ending {
            returned: state.map(|state| (results, Heap::clone(&state.heap))),
            assumptions: std::mem::take(&mut self.assumptions),
            traps: std::mem::take(&mut self.traps),
            exits: std::mem::take(&mut self.exits),
            decided_branches: std::mem::take(&mut self.decided_branches),
        }
    }

    /// Executes a step; `results` are those of the lifted function. Whether the call goes on.
    fn perform(&mut self, step: Step, state: &mut State, results: &[Value]) -> bool {
        match step.role {
            Role::Realloc { memory, always } => self.allocate(state, step.func, memory, always),
            Role::Callback => self.events(state, step.func, results),
            Role::PostReturn => self.step(state, step.func, results.to_vec()),
            Role::Lifted | Role::Start => self.step(state, step.func, Vec::new()),
        }
    }

    /// One call of a function; leaves its results as operands. Whether it returns.
    fn step(&mut self, state: &mut State, func: CoreFunc, arguments: Vec<Value>) -> bool {
        let (params, count) = self.arity(func);
        // A call by the host has no instruction of its own; the callee's first one stands in.
        let site = match func {
            CoreFunc::Defined(instance, func) => Some(Site { instance, func, op: 0 }),
            _ => None,
        };
        state.operands = arguments;
        state.operands.resize(params as usize, Value::ANY);
        !self.call_core(state, func, params, count, site, false)
    }

    /// Allocates arguments: any number of calls, at least one if `always`, each with a write of the host to what it got.
    /// Whether the call goes on.
    fn allocate(
        &mut self,
        state: &mut State,
        func: CoreFunc,
        memory: Option<MemoryId>,
        always: bool,
    ) -> bool {
        let mut version = None;
        for round in 0.. {
            let mut after = state.clone();
            // An allocation that fails ends the call.
            if !self.step(&mut after, func, Vec::new()) {
                return round > 0 || !always;
            }
            let pointer = after.pop();
            match memory {
                Some(memory) => self.write_behind(&mut after, memory, &pointer, u64::MAX),
                None => self.strays.add_everything(),
            }
            after.operands.clone_from(&state.operands);
            if round == 0 && always {
                *state = after;
                continue;
            }
            let changed = state.join(&after, self.world, thresholds(round));
            if !changed && version == Some(self.strays.version()) {
                break;
            }
            version = Some(self.strays.version());
        }
        true
    }

    /// Passes events to a task until it has ended. Its state is that of any number of events.
    fn events(&mut self, state: &mut State, callback: CoreFunc, results: &[Value]) -> bool {
        let code = results.first().cloned().unwrap_or(Value::ANY);
        let (ends, goes_on) = codes(&code);
        let mut ended = ends.then(|| state.clone());
        let mut waiting = goes_on.then(|| state.clone());
        let mut version = None;
        for round in 0.. {
            let Some(before) = &mut waiting else { break };
            let mut after = before.clone();
            if self.strays.pending {
                Arc::make_mut(&mut after.heap).advance(true);
            }
            if !self.step(&mut after, callback, Vec::new()) {
                break;
            }
            let code = after.pop();
            self.rely_on(&code);
            after.operands.clear();
            let (ends, goes_on) = codes(&code);
            if ends {
                match &mut ended {
                    Some(ended) => {
                        ended.join(&after, self.world, None);
                    }
                    ended => *ended = Some(after.clone()),
                }
            }
            let changed = goes_on && before.join(&after, self.world, thresholds(round));
            if !goes_on || !changed && version == Some(self.strays.version()) {
                break;
            }
            version = Some(self.strays.version());
        }
        match ended {
            Some(ended) => *state = ended,
            None => return false,
        }
        true
    }

    /// Number of parameters and results of a core function; 0 for functions of the host, whose calls use the caller's type.
    pub(super) fn arity(&self, func: CoreFunc) -> (u32, u32) {
        let CoreFunc::Defined(instance, func) = func else { return (0, 0) };
        let ty = self.world.module(instance).func_type(func);
        ty.map_or((0, 0), |ty| (ty.params().len() as u32, ty.results().len() as u32))
    }
}

fn thresholds(round: u32) -> Option<&'static [u64]> {
    const NEAR: &[u64] = &[0, 1, 2, 4, 8, 16, 256, 65_536];
    match round {
        ..EXACT_ROUNDS => None,
        EXACT_ROUNDS..MOST_ROUNDS => Some(NEAR),
        _ => Some(&[]),
    }
}

/// Whether the code of a callback may end its task, and whether it may ask for another event. The low four bits of the code
/// are 0 for the end (component-model, `CanonicalABI.md`, `CallbackCode`).
fn codes(code: &Value) -> (bool, bool) {
    match code.constants() {
        Some(codes) => {
            (codes.iter().any(|code| code & 0xf == 0), codes.iter().any(|code| code & 0xf != 0))
        }
        None => (true, true),
    }
}
