//! What instantiation leaves: segments are placed and start functions executed, in the order of a runtime.

use std::collections::BTreeSet;

use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::execution::heap::{Contents, Heap};
use crate::facts::execution::reads::Assumption;
use crate::facts::execution::{Executor, Role, Step};
use crate::facts::instantiation::{
    ComponentFunc, CoreFunc, Instantiation, LateData, MemoryId, Placed, Start,
};

/// Most operators executed for one start function.
const MOST_FUEL: u64 = 200_000;

/// A component that was instantiated.
#[derive(Debug)]
pub(super) struct Started<'f, 'a> {
    /// What executed the start functions.
    pub(super) executor: Executor<'f, 'a>,
    /// Memories and globals.
    pub(super) heap: Heap,
    /// What the start functions assume.
    pub(super) assumptions: BTreeSet<Assumption>,
}

impl<'f, 'a> Started<'f, 'a> {
    /// Executes the start functions. `is_guess`: what is not executed writes nothing.
    pub(super) fn of(effects: &'f Effects<'f, 'a>, bodies: &'f Bodies<'a>, is_guess: bool) -> Self {
        let world = effects.world();
        let executor = Executor::new(effects, bodies, roots(world).collect(), is_guess);
        let (heap, assumptions) = Default::default();
        let mut started = Started { executor, heap, assumptions };
        let late = world.late_data();
        // Initial memory has all segments.
        for (memory, data) in &late {
            started.place(*memory, data.placed, |_| Contents::Unknown);
        }
        let mut late = late.into_iter().peekable();
        for (before, start) in world.starts.iter().enumerate() {
            let is_due = |(_, data): &(MemoryId, LateData)| data.starts_before <= before;
            while let Some((memory, data)) = late.next_if(is_due) {
                started.place(memory, data.placed, contents);
            }
            started.extend(start_func(world, start));
        }
        late.for_each(|(memory, data)| started.place(memory, data.placed, contents));
        started
    }

    fn place(
        &mut self,
        memory: MemoryId,
        placed: Option<Placed>,
        contents: impl Fn(Placed) -> Contents,
    ) {
        match placed {
            Some(it) => self.heap.overwrite(memory, it.start, it.len, contents(it)),
            None => self.heap.overwrite(memory, 0, u64::MAX, Contents::Unknown),
        }
    }

    /// Executes a start function, if there is one.
    fn extend(&mut self, func: Option<CoreFunc>) {
        let Some(func) = func else { return };
        let steps = [Step { func, role: Role::Start }];
        let ending = self.executor.call(&steps, &self.heap, 0, MOST_FUEL);
        // If a start function cannot return, there is no instance to call.
        if let Some((_, after)) = ending.returned {
            self.heap = after;
            self.assumptions.extend(ending.assumptions);
        }
    }
}

/// The start functions.
pub(super) fn roots(world: &Instantiation<'_>) -> impl Iterator<Item = CoreFunc> {
    world.starts.iter().filter_map(|start| start_func(world, start))
}

fn start_func(world: &Instantiation<'_>, start: &Start) -> Option<CoreFunc> {
    match start {
        Start::Core(func) => Some(*func),
        Start::Component(ComponentFunc::Lifted(id)) => Some(world.lifted[*id].core),
        Start::Component(_) => None,
    }
}

fn contents(placed: Placed) -> Contents {
    Contents::Data(placed.module, placed.data, 0)
}
