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

/// The addresses inside a range, sorted, each once.
fn sorted(addresses: impl Iterator<Item = u64>, range: Range<u64>) -> Vec<u64> {
    let mut list = Vec::new();
    addresses.filter(|at| range.contains(at)).for_each(|at| list.push(at));
    let words = range.end.saturating_sub(range.start).div_ceil(64);
    if words > list.len() as u64 {
        list.sort_unstable();
        list.dedup();
        return list;
    }
    // Where they are many, a bit for each address of the range takes no more memory than the list, and less time.
    let mut bits = vec![0_u64; words as usize];
    for at in &list {
        let at = at - range.start;
        bits[(at / 64) as usize] |= 1 << (at % 64);
    }
    list.clear();
    for (first, mut bits) in (range.start..).step_by(64).zip(bits) {
        while bits != 0 {
            list.push(first + u64::from(bits.trailing_zeros()));
            bits &= bits - 1;
        }
    }
    list.shrink_to_fit();
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
    let words = world.memories[memory].segments.unaligned_words().map(u64::from);
    let globals = world.globals.iter().filter(|(_, global)| {
        let (instance, index) = global.owner;
        let module = world.core_instances[instance].module;
        summaries.stack_pointer(module) != Some(index)
    });
    let globals = globals.filter_map(|(_, global)| global.init);
    // Copied by `memory.init`.
    let passive = world.component.core_modules.iter().flat_map(|(_, module)| {
        let passive = module.data.iter().filter(|(_, data)| data.placement == Placement::Passive);
        passive.flat_map(|(_, data)| unaligned_words(data.bytes)).map(u64::from)
    });
    sorted(words.chain(globals).chain(passive), objects(summaries, memory))
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
        let of = |func: &CoreFunc| {
            let CoreFunc::Defined(instance, func) = func else { return None };
            let instance = &world.core_instances[*instance];
            let has_memory = instance.memories.iter().any(|(_, of)| *of == Some(memory));
            summaries.get(instance.module, *func).filter(|_| has_memory)
        };
        let taken = code.functions().iter().filter_map(of).flat_map(|summary| &summary.taken);
        // Passed to functions that let it escape.
        let passed = &code.objects;
        let taken = sorted(taken.chain(passed).copied(), objects(summaries, memory));
        Pointers { taken, initial }
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
        let holders = world
            .core_instances
            .iter()
            .filter(|(_, instance)| instance.memories.iter().any(|(_, of)| *of == Some(memory)));
        let mut modules: Vec<_> = holders.map(|(_, instance)| instance.module).collect();
        modules.sort_unstable();
        modules.dedup();
        let words = world.memories[memory].segments.words().map(u64::from);
        let code = modules.into_iter().flat_map(|module| {
            let functions = world.component.core_modules[module].functions.iter();
            let summaries = functions.filter_map(move |(func, _)| summaries.get(module, func));
            summaries.flat_map(|it| passed(it).chain(arrays(it)).chain(it.taken.iter().copied()))
        });
        let held = sorted(words.chain(code), objects(summaries, memory));
        let segments = world.memories[memory].segments.ranges();
        Boundaries { held, segments }
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

#[cfg(test)]
mod tests {
    use super::sorted;

    #[test]
    fn few_and_many_addresses_are_sorted_alike() {
        let addresses = |count| (0..count).map(|at: u64| 900 + at * 37 % 5000);
        for (count, range) in [(10, 1024..6000), (3000, 1024..6000), (3000, 1000..1001), (5, 7..7)]
        {
            let mut expected: Vec<u64> = addresses(count).filter(|at| range.contains(at)).collect();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(sorted(addresses(count), range.clone()), expected, "{count} in {range:?}");
        }
    }
}
