//! Two calls of one export on one instance, executed abstractly.

use std::collections::BTreeSet;

use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::HostCall;
use crate::facts::execution::heap::Heap;
use crate::facts::execution::reads::Assumption;
use crate::facts::execution::value::Value;
use crate::facts::execution::{Ending, Executor, Role, Step};
use crate::facts::instantiation::{ComponentFunc, CoreFunc, GlobalId, Instantiation, Start};

/// Most operators executed for one call. A guard is among the first hundred of its function; the rest
/// serves to prove that nothing clears it.
const MOST_FUEL: u64 = 200_000;
/// Fewest operators for one call, however many exports share.
const LEAST_FUEL: u64 = 2_000;
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
    /// What both calls assume.
    pub assumptions: BTreeSet<Assumption>,
    /// Whether all that was not executed is taken into account.
    pub is_proof: bool,
    /// Globals that are taken for stack pointers, which skipped code is taken to restore.
    pub stack_pointers: Vec<GlobalId>,
}

/// Calls an export twice. First as if code that is not executed wrote nothing. If no call can follow the first one then, or
/// if the answers differ, again with all that it may write, which proves or refutes that.
pub fn call_twice<'a>(effects: &Effects<'_, 'a>, bodies: &Bodies<'a>, call: &HostCall) -> Trial {
    let guess = trial(effects, bodies, call, true);
    if guess.shows_something() {
        let proof = trial(effects, bodies, call, false);
        if proof.shows_something() {
            return proof;
        }
    }
    guess
}

fn trial<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    call: &HostCall,
    is_guess: bool,
) -> Trial {
    let world = effects.world();
    let fuel = fuel(world.exports.len());
    // Between the calls the host may drop resources that it got from the first.
    let destructors = &world.destructors;
    let starts = world.starts.iter().filter_map(|start| start_func(world, start));
    let roots =
        starts.chain(call.steps.iter().map(|step| step.func)).chain(destructors.iter().copied());
    let mut executor = Executor::new(effects, bodies, roots.collect(), is_guess);
    let instantiated = instantiate(&mut executor, effects);
    let mut first = executor.call(&call.steps, &instantiated, 1, fuel);
    let mut assumptions = first.assumptions.clone();
    let second = first.returned.as_mut().map(|(_, heap)| {
        heap.settle(&instantiated, world, 1);
        if !destructors.is_empty() || executor.strays.pending {
            executor.strays.extend(destructors.iter().copied());
            heap.advance(true);
        }
        executor.call(&call.steps, heap, 2, fuel)
    });
    assumptions.extend(second.iter().flat_map(|second| &second.assumptions));
    let changed = first.returned.as_ref();
    let changed = changed.and_then(|(_, heap)| heap.changed(&instantiated, world, 1));
    let second_after_change = changed.map(|heap| executor.call(&call.steps, &heap, 2, fuel));
    let stack_pointers = world.core_instances.iter().filter_map(|(id, instance)| {
        world.global(id, effects.summaries.stack_pointer(instance.module)?)
    });
    let stack_pointers = stack_pointers.collect();
    Trial { first, second, second_after_change, assumptions, is_proof: !is_guess, stack_pointers }
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

/// Executes the start functions. Returns the memories and globals after them.
fn instantiate(executor: &mut Executor<'_, '_>, effects: &Effects<'_, '_>) -> Heap {
    let world = effects.world();
    let mut heap = Heap::default();
    for func in world.starts.iter().filter_map(|start| start_func(world, start)) {
        let steps = [Step { func, role: Role::Start }];
        let ending = executor.call(&steps, &heap, 0, MOST_FUEL);
        // If a start function cannot return, there is no instance to call.
        if let Some((_, after)) = ending.returned {
            heap = after;
        }
    }
    heap
}

fn start_func(world: &Instantiation<'_>, start: &Start) -> Option<CoreFunc> {
    match start {
        Start::Core(func) => Some(*func),
        Start::Component(ComponentFunc::Lifted(id)) => Some(world.lifted[*id].core),
        Start::Component(_) => None,
    }
}
