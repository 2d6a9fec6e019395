//! The host's part of a call: allocates arguments, calls the function, passes events, frees results.

use std::rc::Rc;

use super::heap::Heap;
use super::state::State;
use super::value::Value;
use super::{Ending, Executor, Role, Site, Step};
use crate::facts::body::Bodies;
use crate::facts::instantiation::{CoreFunc, Instantiation};

/// Events passed to an asynchronous task before the values that they change are widened.
const MOST_EVENTS: usize = 3;
impl<'f, 'a> Executor<'f, 'a> {
    /// Creates an executor.
    pub fn new(world: &'f Instantiation<'a>, bodies: &'f Bodies<'a>) -> Self {
        Executor {
            world,
            bodies,
            fuel: 0,
            reserve: 0,
            call: 0,
            stack: Vec::new(),
            traps: Vec::new(),
            exits: Vec::new(),
            decided_branches: Vec::new(),
            relied_on: Default::default(),
            heavy: Default::default(),
            skipped: Default::default(),
            distrusted: Default::default(),
            tables_written: false,
            tables_relied_on: false,
        }
    }

    /// Executes the steps of one call within `fuel` operators. `call` is the number of the call; 0 is instantiation.
    pub fn call(&mut self, steps: &[Step], heap: &Heap, call: u32, fuel: u64) -> Ending {
        (self.call, self.fuel, self.reserve) = (call, fuel, 0);
        let mut state = State {
            locals: Vec::new(),
            operands: Vec::new(),
            heap: Rc::new(heap.clone()),
            branch: None,
        };
        let mut results = Vec::new();
        let mut returns = true;
        'steps: for step in steps {
            if step.role == Role::Callback && results.first().and_then(Value::single) == Some(0) {
                continue;
            }
            let (params, count) = self.arity(step.func);
            let arguments = match step.role {
                Role::PostReturn => results.clone(),
                _ => vec![Value::ANY; params as usize],
            };
            // A call by the host has no instruction of its own; the callee's first one stands in.
            let site = self.entry(step.func);
            let events = if step.role == Role::Callback { MOST_EVENTS } else { 1 };
            for _ in 0..events {
                let before = state.clone();
                state.operands.clone_from(&arguments);
                state.operands.resize(params as usize, Value::ANY);
                let ends = self.call_core(&mut state, step.func, params, count, site, false);
                match step.role {
                    Role::Callback if ends => state = before,
                    Role::Callback => {
                        state.operands.clone_from(&before.operands);
                        state.join(&before, self.world, true);
                    }
                    _ if ends => {
                        returns = false;
                        break 'steps;
                    }
                    Role::Lifted => results = state.operands.clone(),
                    // The host writes the arguments to the allocated memory.
                    Role::Realloc => {
                        let room = state.operands.clone();
                        self.results_behind(&mut state, &room);
                    }
                    _ => {}
                }
            }
        }
        Ending {
            returned: returns.then(|| (results, Heap::clone(&state.heap))),
            relied_on: std::mem::take(&mut self.relied_on),
            traps: std::mem::take(&mut self.traps),
            exits: std::mem::take(&mut self.exits),
            decided_branches: std::mem::take(&mut self.decided_branches),
        }
    }

    fn entry(&self, func: CoreFunc) -> Option<Site> {
        match func {
            CoreFunc::Defined(instance, func) => Some(Site { instance, func, op: 0 }),
            _ => None,
        }
    }

    /// Number of parameters and results of a core function; 0 for functions of the host, whose calls use the caller's type.
    pub(super) fn arity(&self, func: CoreFunc) -> (u32, u32) {
        let CoreFunc::Defined(instance, func) = func else { return (0, 0) };
        let ty = self.world.module(instance).func_type(func);
        ty.map_or((0, 0), |ty| (ty.params().len() as u32, ty.results().len() as u32))
    }
}
