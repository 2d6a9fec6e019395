//! The addresses of objects, as far as code and data name them.

use std::ops::Range;

use super::reach::Reach;
use super::summaries::Summaries;
use super::summary::{LOWEST_OBJECT, Passed, Summary, Target};
use crate::component::core_module::Placement;
use crate::facts::instantiation::{CoreFunc, MemoryId, unaligned_words};

/// Addresses in one memory that pointers hold, in bytes, sorted.
#[derive(Debug, Clone)]
pub struct Pointers<'f> {
    /// Those that a loaded pointer may hold because some code stores them.
    taken: Vec<u64>,
    /// Those that data segments and globals hold, whatever the code does.
    initial: &'f [u64],
}

/// Addresses in one memory that tell where objects begin, in bytes, each list sorted.
#[derive(Debug)]
pub struct Boundaries {
    /// Those of which a pointer is held anywhere: stored, passed as an argument, or computed with.
    held: Vec<u64>,
    /// Where its data are, adjacent segments as one.
    segments: Vec<Range<u64>>,
}

/// Where the objects of a memory can be: not below a stack that is below the data, nor beyond the initial memory, where
/// allocators make them.
pub fn objects(summaries: &Summaries<'_, '_>, memory: MemoryId) -> Range<u64> {
    let contents = &summaries.world.memories[memory];
    let (owner, _) = contents.owner;
    let stack = summaries
        .stack_pointer(summaries.world.core_instances[owner].module)
        .and_then(|global| summaries.world.global(owner, global))
        .and_then(|global| summaries.world.globals[global].init);
    let first = contents.segments.first().unwrap_or(0);
    let low = stack.filter(|stack| *stack <= first).unwrap_or(0).max(LOWEST_OBJECT);
    low..contents.bytes
}

/// Whether an address can be that of an object.
fn is_object(summaries: &Summaries<'_, '_>, memory: MemoryId) -> impl Fn(&u64) -> bool + Copy {
    let Range { start, end } = objects(summaries, memory);
    move |at| (start..end).contains(at)
}

fn sorted(mut list: Vec<u64>) -> Vec<u64> {
    list.sort_unstable();
    list.dedup();
    list
}

fn passed(summary: &Summary) -> impl Iterator<Item = u64> {
    summary.passes.iter().filter_map(|pass| match pass.passed {
        Passed::Constant(at) | Passed::Near(at) => Some(at),
        Passed::Param(..) | Passed::Global(..) | Passed::Other => None,
    })
}

/// The addresses of arrays that code stores to or loads from.
fn arrays(summary: &Summary) -> impl Iterator<Item = u64> {
    let stores = summary.stores.iter().map(|store| store.target);
    let targets = stores.chain(summary.loads.iter().map(|load| load.target));
    targets.filter_map(|target| match target {
        Target::Near(base) => Some(base),
        _ => None,
    })
}

/// The addresses that data segments and globals hold from the beginning, sorted.
pub(super) fn initial(summaries: &Summaries<'_, '_>, memory: MemoryId) -> Vec<u64> {
    let world = summaries.world;
    let is_object = is_object(summaries, memory);
    let words = world.memories[memory].segments.unaligned_words().map(u64::from);
    let mut held: Vec<u64> = words.filter(is_object).collect();
    let globals = world.globals.iter().filter(|(_, global)| {
        let (instance, index) = global.owner;
        let module = world.core_instances[instance].module;
        summaries.stack_pointer(module) != Some(index)
    });
    held.extend(globals.filter_map(|(_, global)| global.init).filter(is_object));
    // Copied by `memory.init`.
    for (_, module) in world.component.core_modules.iter() {
        let passive = module.data.iter().filter(|(_, data)| data.placement == Placement::Passive);
        let words = passive.flat_map(|(_, data)| unaligned_words(data.bytes)).map(u64::from);
        held.extend(words.filter(is_object));
    }
    sorted(held)
}

impl<'f> Pointers<'f> {
    /// The addresses that some code holds, besides the `initial` ones.
    pub fn of(
        summaries: &Summaries<'_, '_>,
        memory: MemoryId,
        code: &Reach,
        initial: &'f [u64],
    ) -> Self {
        let world = summaries.world;
        let is_object = is_object(summaries, memory);
        let mut taken = Vec::new();
        for func in code.functions() {
            let CoreFunc::Defined(instance, func) = func else { continue };
            let instance = &world.core_instances[*instance];
            if let Some(summary) = summaries.get(instance.module, *func)
                && instance.memories.iter().any(|(_, of)| *of == Some(memory))
            {
                taken.extend(summary.taken.iter().copied().filter(is_object));
            }
        }
        // Passed to functions that let it escape.
        taken.extend(code.objects.iter().copied().filter(is_object));
        Pointers { taken: sorted(taken), initial }
    }

    /// The greatest address from `low` to `high` that a loaded pointer may hold.
    pub fn last_in(&self, low: u64, high: u64) -> Option<u64> {
        last_in(&self.taken, low, high).max(last_in(self.initial, low, high))
    }

    /// The least.
    pub fn first_in(&self, low: u64, high: u64) -> Option<u64> {
        let first = [first_in(&self.taken, low, high), first_in(self.initial, low, high)];
        first.into_iter().flatten().min()
    }
}

impl Boundaries {
    pub(super) fn of(summaries: &Summaries<'_, '_>, memory: MemoryId) -> Self {
        let world = summaries.world;
        let is_object = is_object(summaries, memory);
        let holders = world
            .core_instances
            .iter()
            .filter(|(_, instance)| instance.memories.iter().any(|(_, of)| *of == Some(memory)));
        let mut modules: Vec<_> = holders.map(|(_, instance)| instance.module).collect();
        modules.sort_unstable();
        modules.dedup();
        let mut held: Vec<u64> =
            world.memories[memory].segments.words().map(u64::from).filter(is_object).collect();
        for module in modules {
            let functions = world.component.core_modules[module].functions.iter();
            for summary in functions.filter_map(|(func, _)| summaries.get(module, func)) {
                let of = passed(summary).chain(arrays(summary));
                held.extend(of.chain(summary.taken.iter().copied()).filter(is_object));
            }
        }
        let segments = world.memories[memory].segments.ranges();
        Boundaries { held: sorted(held), segments }
    }

    /// Whether a pointer to an address between two others is held, or the data of the first end there.
    pub fn holds_between(&self, low: u64, high: u64) -> bool {
        high > low && last_in(&self.held, low + 1, high - 1).is_some()
            || self.segments.iter().any(|segment| segment.contains(&low) && segment.end <= high)
    }
}

fn last_in(list: &[u64], low: u64, high: u64) -> Option<u64> {
    let after = list.partition_point(|at| *at <= high);
    list.get(after.checked_sub(1)?).copied().filter(|at| *at >= low)
}

fn first_in(list: &[u64], low: u64, high: u64) -> Option<u64> {
    list.get(list.partition_point(|at| *at < low)).copied().filter(|at| *at <= high)
}
