//! Two calls of one export on one instance, executed abstractly.

mod started;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::HostCall;
use crate::facts::execution::Ending;
use crate::facts::execution::reads::Assumption;
use crate::facts::execution::value::Value;
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
    /// The second call, on the state after the first; `None` if the first does not return.
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
    guess: OnceLock<Started<'f, 'a>>,
    proof: OnceLock<Started<'f, 'a>>,
}

impl<'f, 'a> Trials<'f, 'a> {
    /// Executes nothing yet.
    pub fn new(effects: &'f Effects<'f, 'a>, bodies: &'f Bodies<'a>) -> Self {
        Trials { effects, bodies, guess: OnceLock::new(), proof: OnceLock::new() }
    }

    /// Calls an export twice. First as if code that is not executed wrote nothing. If no call can follow the first one then,
    /// or if the answers differ, again with all that it may write, which proves or refutes that.
    pub fn call_twice(&self, call: &HostCall) -> Trial {
        let guess = self.trial(call, true);
        if guess.shows_something() {
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
        let mut executor = started.executor.with_roots(roots.collect());
        let mut first = executor.call(&call.steps, &started.heap, 1, fuel);
        let mut assumptions = started.assumptions.clone();
        assumptions.extend(&first.assumptions);
        let second = first.returned.as_mut().map(|(_, heap)| {
            heap.settle(&started.heap, world, 1);
            if !destructors.is_empty() || executor.strays.pending {
                executor.strays.extend(destructors.iter().copied());
                heap.advance(true);
            }
            executor.call(&call.steps, heap, 2, fuel)
        });
        assumptions.extend(second.iter().flat_map(|second| &second.assumptions));
        let changed = first.returned.as_ref();
        let changed = changed.and_then(|(_, heap)| heap.changed(&started.heap, world, 1));
        let second_after_change = changed.map(|heap| executor.call(&call.steps, &heap, 2, fuel));
        Trial { first, second, second_after_change, assumptions, is_proof: !is_guess }
    }
}

impl Trial {
    fn shows_something(&self) -> bool {
        self.ends_within_two_calls()
            || self.answers().is_some_and(|(first, second)| first.single() != second.single())
    }

    /// The answers of both calls, if each is one known core value.
    pub fn answers(&self) -> Option<(&Value, &Value)> {
        let (first, _) = self.first.returned.as_ref()?;
        let (second, _) = self.second.as_ref()?.returned.as_ref()?;
        let ([first], [second]) = (&first[..], &second[..]) else { return None };
        (first.single().is_some() && second.single().is_some()).then_some((first, second))
    }

    /// Whether the first call or the second cannot return.
    fn ends_within_two_calls(&self) -> bool {
        self.second.as_ref().is_none_or(|second| second.returned.is_none())
    }
}
