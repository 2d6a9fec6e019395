//! What asynchronous exports use on both sides of a suspension, and which other calls use it meanwhile. Judges nothing.
//!
//! A task of the callback ABI suspends when its function or its callback returns; one without a callback suspends where it
//! waits (component-model, `Concurrency.md`, "Current Task" and "Blocking").

use std::collections::BTreeSet;

use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::{EntryPoint, HostCall};
use crate::facts::execution::Role;
use crate::facts::instantiation::{CoreFunc, Instantiation};
use crate::facts::survival::locations::{Accesses, Func, Place};
use crate::facts::survival::runtime::Runtimes;
use crate::inventory::Runtime;

/// Most exports whose accesses are compared.
const MOST_EXPORTS: usize = 256;
/// Builtins that wait, so that other tasks run meanwhile.
pub(super) const WAITING: [&str; 16] = [
    "waitable-set.wait",
    "waitable-set.poll",
    "thread.yield",
    "thread.suspend",
    "thread.suspend-then-resume",
    "thread.yield-then-resume",
    "thread.suspend-then-promote",
    "thread.yield-then-promote",
    "subtask.cancel",
    "stream.read",
    "stream.write",
    "stream.cancel-read",
    "stream.cancel-write",
    "future.read",
    "future.write",
    "future.cancel-read",
];

/// A location that an export uses on both sides of a suspension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Where it is.
    pub place: Place,
    /// What it belongs to by the functions that write it, if not to the program.
    pub runtime: Option<Runtime>,
    /// The functions that may write it before the suspension.
    pub before: Vec<Func>,
    /// The functions that may read it after the suspension.
    pub after: Vec<Func>,
    /// The exports that may write it meanwhile, by index; the same one in another task among them.
    pub written_by: Vec<usize>,
    /// The exports that may read it meanwhile.
    pub read_by: Vec<usize>,
}

/// For each entry point: what it uses on both sides of a suspension; `None` if it does not suspend.
pub fn of(
    effects: &Effects<'_, '_>,
    entry_points: &[EntryPoint<'_>],
    runtimes: &Runtimes,
) -> Vec<Option<Vec<Shared>>> {
    let world = effects.world();
    let sides: Vec<_> = entry_points
        .iter()
        .map(|entry_point| sides(effects, world, entry_point.call.as_ref()?))
        .collect();
    if sides.iter().all(Option::is_none) {
        return sides.into_iter().map(|_| None).collect();
    }
    let others: Vec<_> = entry_points
        .iter()
        .take(MOST_EXPORTS)
        .map(|entry_point| {
            Some(Both::of(effects, &reach(effects, entry_point.call.as_ref()?, |_| true)))
        })
        .collect();
    let shared = sides.into_iter().map(|sides| {
        let (before, after) = sides?;
        let after = Accesses::reads(&effects.summaries, &after);
        let writes = Accesses::writes(&effects.summaries, &before).locations();
        let shared = writes.into_iter().filter_map(|write| {
            let readers = after.of(write.place);
            let users = |reads: bool| {
                let users = others.iter().enumerate().filter(|(_, other)| {
                    let accesses =
                        other.as_ref().map(|it| if reads { &it.reads } else { &it.writes });
                    accesses.is_some_and(|it| !it.of(write.place).is_empty())
                });
                users.map(|(index, _)| index).collect()
            };
            (!readers.is_empty()).then(|| Shared {
                place: write.place,
                runtime: runtimes.of_all(world, &write.funcs),
                written_by: users(false),
                read_by: users(true),
                before: write.funcs,
                after: readers,
            })
        });
        Some(shared.collect())
    });
    shared.collect()
}

/// What a call reads and writes.
struct Both {
    reads: Accesses,
    writes: Accesses,
}

impl Both {
    fn of(effects: &Effects<'_, '_>, reach: &Reach) -> Self {
        let summaries = &effects.summaries;
        Both {
            reads: Accesses::reads(summaries, reach),
            writes: Accesses::writes(summaries, reach),
        }
    }
}

/// The code before a suspension and the code after one; `None` if the call does not suspend.
fn sides(
    effects: &Effects<'_, '_>,
    world: &Instantiation<'_>,
    call: &HostCall,
) -> Option<(Reach, Reach)> {
    if !call.lifted.options.is_async {
        return None;
    }
    let is_of_task = |role: Role| matches!(role, Role::Lifted | Role::Callback);
    let all = reach(effects, call, is_of_task);
    if call.lifted.options.callback.is_some() {
        // A callback may suspend again.
        return Some((all, reach(effects, call, |role| role == Role::Callback)));
    }
    let waits = all.functions().iter().any(|func| match func {
        CoreFunc::Lowered(id) => world.lowered[*id].waits,
        CoreFunc::Builtin(id) => WAITING.contains(&world.builtins[*id].name),
        CoreFunc::Defined(..) | CoreFunc::Unknown => false,
    });
    waits.then(|| (all, reach(effects, call, is_of_task)))
}

/// What some steps of a call reach.
fn reach(effects: &Effects<'_, '_>, call: &HostCall, wanted: impl Fn(Role) -> bool) -> Reach {
    let mut reach = Reach::default();
    let funcs: BTreeSet<_> =
        call.steps.iter().filter(|step| wanted(step.role)).map(|step| step.func).collect();
    funcs.into_iter().for_each(|func| reach.add(&effects.summaries, func));
    reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::component::index_space::Idx;
    use crate::facts::body::Bodies;
    use crate::facts::entry_points;

    /// The shared locations of each export: an address, or `global`; who writes and who reads it meanwhile.
    fn shared(text: &str) -> String {
        let component = Component::of_text(text);
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let entry_points = entry_points::of(&world);
        let runtimes = Runtimes::of(component, std::iter::empty());
        let found = of(&effects, &entry_points, &runtimes);
        let name = |index: &usize| entry_points[*index].name.to_string();
        let exports = found.iter().enumerate().map(|(index, shared)| {
            let Some(shared) = shared else { return format!("{}: runs at once", name(&index)) };
            let locations = shared.iter().map(|it| {
                let place = match it.place {
                    Place::Memory { start, .. } => start.to_string(),
                    Place::Global(id) => format!("global {}", id.raw()),
                };
                let names = |list: &[usize]| list.iter().map(name).collect::<Vec<_>>().join("+");
                format!("{place} w {} r {}", names(&it.written_by), names(&it.read_by))
            });
            format!("{}: {}", name(&index), locations.collect::<Vec<_>>().join(", "))
        });
        exports.collect::<Vec<_>>().join("; ")
    }

    const CALLBACK: &str = r#"(component
        (core module $m
          (memory 1)
          (global $current (mut i32) (i32.const 0))
          (func (export "handle") (param i32) (result i32)
            (i32.store (i32.const 1040) (local.get 0))
            (i32.store (i32.const 1044) (local.get 0))
            (global.set $current (local.get 0))
            (i32.const 1))
          (func (export "handled") (param i32 i32 i32) (result i32)
            (drop (i32.load (i32.const 1040)))
            (drop (global.get $current))
            (i32.const 0))
          (func (export "status") (result i32)
            (i32.add (i32.load (i32.const 1040)) (i32.load (i32.const 1044))))
          (func (export "reset") (global.set $current (i32.const 0))))
        (core instance $i (instantiate $m))
        (func (export "handle") async (param "x" u32)
          (canon lift (core func $i "handle") async (callback (core func $i "handled"))))
        (func (export "status") (result u32) (canon lift (core func $i "status")))
        (func (export "reset") (canon lift (core func $i "reset"))))"#;

    #[test]
    fn a_callback_reads_what_was_written_before_it() {
        assert_eq!(
            shared(CALLBACK),
            "handle: 1040 w handle r handle+status, global 0 w handle+reset r handle; \
             status: runs at once; reset: runs at once"
        );
    }

    #[test]
    fn a_task_without_a_callback_suspends_where_it_waits() {
        let text = |wait: &str| {
            format!(
                r#"(component
                    (core func $yield (canon thread.yield))
                    (core module $m
                      (import "" "yield" (func $yield (result i32)))
                      (memory 1)
                      (func (export "work")
                        (i32.store (i32.const 1040) (i32.const 1))
                        {wait}
                        (drop (i32.load (i32.const 1040)))))
                    (core instance $i (instantiate $m (with "" (instance (export "yield" (func $yield))))))
                    (func (export "work") async (canon lift (core func $i "work") async)))"#
            )
        };
        assert_eq!(shared(&text("(drop (call $yield))")), "work: 1040 w work r work");
        assert_eq!(shared(&text("")), "work: runs at once");
    }
}
