//! What code may do to memories, globals and tables, by its instructions alone: for one function, and for all that some
//! functions reach. An indirect call reaches every function of its type in the table.

mod distance;
mod flow;
mod summary;
mod symbol;
mod folding;
mod summaries;
mod pointer;
mod passed;
mod reachable;
mod reach;
mod addresses;

use std::sync::OnceLock;

use crate::component::index_space::IndexSpace;
use crate::facts::body::Bodies;
use crate::facts::instantiation::{Instantiation, MemoryId};
pub use addresses::{Boundaries, Pointers, objects};
pub use pointer::{Address, Loose, LooseStores, below_at};
pub use reach::Reach;
pub use summaries::{MOST_CALLEES, Summaries};
pub use summary::{Callee, LOWEST_OBJECT, Load, Pass, Passed, Store, Summary, Target};

/// The effects of a component's code.
#[derive(Debug)]
pub struct Effects<'f, 'a> {
    /// Those of each function.
    pub summaries: Summaries<'f, 'a>,
    boundaries: IndexSpace<MemoryId, OnceLock<Boundaries>>,
    initial: IndexSpace<MemoryId, OnceLock<Vec<u64>>>,
}

impl<'f, 'a> Effects<'f, 'a> {
    /// Summarizes nothing yet.
    pub fn new(world: &'f Instantiation<'a>, bodies: &'f Bodies<'a>) -> Self {
        let boundaries = world.memories.iter().map(|_| OnceLock::new()).collect();
        let initial = world.memories.iter().map(|_| OnceLock::new()).collect();
        Effects { summaries: Summaries::new(world, bodies), boundaries, initial }
    }

    /// Where the objects of a memory begin.
    pub fn boundaries(&self, memory: MemoryId) -> &Boundaries {
        self.boundaries[memory].get_or_init(|| {
            self.summaries.prepare();
            Boundaries::of(&self.summaries, memory)
        })
    }

    /// The addresses of objects that data segments and globals hold from the beginning, sorted.
    pub fn initial(&self, memory: MemoryId) -> &[u64] {
        self.initial[memory].get_or_init(|| addresses::initial(&self.summaries, memory))
    }

    /// The instances.
    pub fn world(&self) -> &'f Instantiation<'a> {
        self.summaries.world
    }
}
