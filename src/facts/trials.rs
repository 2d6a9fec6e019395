//! Two calls of one export on one instance, executed abstractly.

mod started;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::HostCall;
use crate::facts::execution::reads::Assumption;
use crate::facts::execution::steps::Suspended;
use crate::facts::execution::value::Value;
use crate::facts::execution::{Ending, Executor, Role, Step};
use crate::facts::instantiation::CoreFunc;
use started::Started;

/// Most operators executed for one call. A guard is among the first hundred of its function; the rest
/// serves to prove that nothing clears it.
const MOST_FUEL: u64 = 200_000;
/// Fewest operators for one call, however many exports share.
const LEAST_FUEL: u64 = 500;
/// Operators that one call of each export gets together.
const SHARED_FUEL: u64 = 4_000_000;

/// Operators for each call in a component with this many exports.
fn fuel(exports: usize) -> u64 {
    (SHARED_FUEL / exports.max(1) as u64).clamp(LEAST_FUEL, MOST_FUEL)
}

/// The endings of two calls.
#[derive(Debug)]
pub struct Trial {
    /// The first call.
    pub first: Ending,
    /// The second call, on the state after the first; `None` if the first does not return, or if the second returns as
    /// [`Self::second_after_change`] does and no more was asked.
    pub second: Option<Ending>,
    /// The second call, on the post-state of the first restricted to paths that modified something; `None` if that
    /// is every path.
    pub second_after_change: Option<Ending>,
    /// What instantiation and both calls assume.
    pub assumptions: BTreeSet<Assumption>,
    /// Whether all that was not executed is taken into account.
    pub is_proof: bool,
}

/// Makes trials of the exports of one component.
#[derive(Debug)]
pub struct Trials<'f, 'a> {
    effects: &'f Effects<'f, 'a>,
    bodies: &'f Bodies<'a>,
    /// Whether every second call is executed, though its effects decide nothing.
    whole: bool,
    guess: OnceLock<Started<'f, 'a>>,
    proof: OnceLock<Started<'f, 'a>>,
    /// The first calls of guesses after the step that allocates their arguments, which exports share.
    allocated: Mutex<Vec<(Step, Arc<OnceLock<Suspended<'f, 'a>>>)>>,
}

impl<'f, 'a> Trials<'f, 'a> {
    /// Executes nothing yet.
    pub fn new(effects: &'f Effects<'f, 'a>, bodies: &'f Bodies<'a>) -> Self {
        let (guess, proof, allocated) = Default::default();
        Trials { effects, bodies, whole: false, guess, proof, allocated }
    }

    /// The same trials, with the state after every second call.
    pub fn whole(self) -> Self {
        Trials { whole: true, ..self }
    }

    /// Calls an export twice. First as if code that is not executed wrote nothing. If the instance exits then, the second
    /// call cannot return, or the answers differ, again with all that it may write, which proves or refutes that.
    pub fn call_twice(&self, call: &HostCall) -> Trial {
        let guess = self.trial(call, true);
        if guess.is_worth_a_proof() {
            let proof = self.trial(call, false);
            if proof.shows_something() {
                return proof;
            }
        }
        guess
    }

    /// The state after instantiation, which is the same for all exports. Nothing in it runs in other threads: a thread
    /// that waits for it does not take up work that waits for the same.
    fn started(&self, is_guess: bool) -> &Started<'f, 'a> {
        let slot = if is_guess { &self.guess } else { &self.proof };
        slot.get_or_init(|| Started::of(self.effects, self.bodies, is_guess))
    }

    fn trial(&self, call: &HostCall, is_guess: bool) -> Trial {
        let world = self.effects.world();
        let fuel = fuel(world.exports.len());
        // Between the calls the host may drop resources that it got from the first.
        let destructors = &world.destructors;
        let steps = call.steps.iter().map(|step| step.func);
        let roots = started::roots(world).chain(steps).chain(destructors.iter().copied());
        let started = self.started(is_guess);
        let (mut executor, mut first) = self.first_call(call, is_guess, roots.collect());
        let mut assumptions = started.assumptions.clone();
        assumptions.extend(&first.assumptions);
        let mut changed = None;
        if let Some((_, heap)) = &mut first.returned {
            heap.settle(&started.heap, world, 1);
            if !destructors.is_empty() || executor.strays.pending {
                executor.strays.extend(destructors.iter().copied());
                heap.advance(true);
            }
            changed = heap.changed(&started.heap, world, 1);
        }
        // If the second call returns from some of the states, it returns from all of them together, and with a known answer
        // only if it has that one here. What takes too long is left out of later calls, so their order matters then.
        if is_guess
            && !self.whole
            && let Some(heap) = &changed
            && executor.followed_all()
        {
            let mut executor = executor.clone();
            let ending = executor.call(&call.steps, heap, 2, fuel);
            let single = |ending: &Ending| ending.single_result().and_then(Value::single);
            let differs =
                single(&ending).is_some_and(|it| single(&first).is_some_and(|first| first != it));
            if ending.returned.is_some() && !differs && executor.followed_all() {
                let (second, second_after_change) = (None, Some(ending));
                return Trial { first, second, second_after_change, assumptions, is_proof: false };
            }
        }
        let second = first.returned.as_ref();
        let second = second.map(|(_, heap)| executor.call(&call.steps, heap, 2, fuel));
        assumptions.extend(second.iter().flat_map(|second| &second.assumptions));
        let second_after_change = changed.map(|heap| executor.call(&call.steps, &heap, 2, fuel));
        Trial { first, second, second_after_change, assumptions, is_proof: !is_guess }
    }

    /// The first call of an export, and what executed it.
    fn first_call(
        &self,
        call: &HostCall,
        is_guess: bool,
        roots: Vec<CoreFunc>,
    ) -> (Executor<'f, 'a>, Ending) {
        let fuel = fuel(self.effects.world().exports.len());
        let started = self.started(is_guess);
        let Some((step, rest)) = call.steps.split_first().filter(|(step, _)| {
            // A proof depends on the roots.
            is_guess && matches!(step.role, Role::Realloc { .. })
        }) else {
            let mut executor = started.executor.with_roots(roots);
            let ending = executor.call(&call.steps, &started.heap, 1, fuel);
            return (executor, ending);
        };
        let slot = {
            let mut known = self.allocated.lock().unwrap_or_else(PoisonError::into_inner);
            match known.iter().find(|(it, _)| it == step) {
                Some((_, slot)) => Arc::clone(slot),
                None => {
                    let slot = Arc::default();
                    known.push((*step, Arc::clone(&slot)));
                    slot
                }
            }
        };
        let allocated =
            slot.get_or_init(|| started.executor.suspended(*step, &started.heap, 1, fuel));
        allocated.resume(rest, roots)
    }
}

impl Trial {
    /// Whether a proof may show more. No rule uses a first call that only traps, nor what follows it.
    fn is_worth_a_proof(&self) -> bool {
        self.shows_something() && (self.first.returned.is_some() || !self.first.exits.is_empty())
    }

    fn shows_something(&self) -> bool {
        self.ends_within_two_calls()
            || self.answers().is_some_and(|(first, second)| first.single() != second.single())
    }

    /// The answers of both calls, if each is one known core value.
    pub fn answers(&self) -> Option<(&Value, &Value)> {
        Some((self.first.single_result()?, self.second.as_ref()?.single_result()?))
    }

    /// Whether the first call or the second cannot return.
    fn ends_within_two_calls(&self) -> bool {
        let second = self.second.as_ref().or(self.second_after_change.as_ref());
        second.is_none_or(|second| second.returned.is_none())
    }
}
