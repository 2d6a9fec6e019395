//! Two calls of one export on one instance, executed abstractly.

use crate::facts::body::Bodies;
use crate::facts::entry_points::Road;
use crate::facts::execution::Ending;
use crate::facts::execution::Executor;
use crate::facts::execution::Role;
use crate::facts::execution::Step;
use crate::facts::execution::Unfollowed;
use crate::facts::execution::heap::Heap;
use crate::facts::instantiation::ComponentFunc;
use crate::facts::instantiation::Instantiation;
use crate::facts::instantiation::Start;

/// Operators that are executed for one call, at most. A guard is met within the first hundred of
/// its function; the rest is for proving that nothing clears it.
pub const FUEL: u64 = 60_000;

/// What instantiation leaves behind.
#[derive(Debug)]
pub struct Instantiated {
    /// Memories and globals after all start functions.
    pub heap: Heap,
    /// What the start functions entered unseen.
    pub unfollowed: Unfollowed,
}

/// What two calls did.
#[derive(Debug)]
pub struct Trial {
    /// The first call.
    pub first: Ending,
    /// The second, on what the first left; `None` if the first does not return.
    pub second: Option<Ending>,
    /// What was entered unseen, from instantiation on.
    pub unfollowed: Unfollowed,
}

/// Runs the start functions.
pub fn instantiate<'a>(world: &Instantiation<'a>, bodies: &Bodies<'a>) -> Instantiated {
    let mut executor = Executor::new(world, bodies);
    let mut heap = Heap::default();
    for start in &world.starts {
        let func = match start {
            Start::Core(func) => *func,
            Start::Component(ComponentFunc::Lifted(id)) => world.lifted[*id].core,
            Start::Component(_) => continue,
        };
        let ending = executor.call(&[Step { func, role: Role::Start }], &heap, 0, FUEL);
        // A start function that cannot return leaves no instance to call.
        if let Some((_, after)) = ending.returned {
            heap = after;
        }
    }
    Instantiated { heap, unfollowed: executor.unfollowed }
}

/// Calls an export twice.
pub fn call_twice<'a>(
    world: &Instantiation<'a>,
    bodies: &Bodies<'a>,
    instantiated: &Instantiated,
    road: &Road,
) -> Trial {
    let mut executor = Executor::new(world, bodies);
    executor.unfollowed = instantiated.unfollowed.clone();
    let mut first = executor.call(&road.steps, &instantiated.heap, 1, FUEL);
    let second = first.returned.as_mut().map(|(_, heap)| {
        heap.settle(&instantiated.heap, world, 1);
        executor.call(&road.steps, heap, 2, FUEL)
    });
    Trial { first, second, unfollowed: executor.unfollowed }
}
