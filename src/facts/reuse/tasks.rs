//! Facts about asynchronous calls, and about what waits.
//!
//! Source: component-model, `CanonicalABI.md`: `canon lower`, `canon waitable-set.wait`, `canon context.set`,
//! `canon future.drop-writable`.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::{Call, Calls};
use super::found::{Found, Kind};
use crate::component::index_space::{CoreModuleId, Idx};
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::{ComponentFunc, ComponentInstanceId, CoreFunc, Instantiation};

/// What a builtin makes, and the builtins of which one drops it.
const PAIRS: [(&str, &[&str]); 3] = [
    ("waitable-set.new", &["waitable-set.drop"]),
    ("stream.new", &["stream.drop-readable", "stream.drop-writable"]),
    ("future.new", &["future.drop-readable", "future.drop-writable"]),
];

pub(super) fn find(
    world: &Instantiation<'_>,
    entry_points: &[EntryPoint<'_>],
    calls: &Calls,
    found: &mut Found,
) {
    for (at, call) in calls.known() {
        if !entry_points[at].signature.starts_with("async ") {
            let waits = waits(world, call);
            if !waits.is_empty() {
                found.of_export(Kind::WaitsWithoutAsync, at, waits);
            }
        }
        if never_answers(world, &entry_points[at], call) {
            found.of_export(Kind::NeverAnswers, at, []);
        }
        if !calls.unbounded {
            left_behind(world, calls, (at, call), found);
        }
    }
    context_slots(world, found);
}

/// Where a call waits. A call that is not async must not: it traps.
fn waits(world: &Instantiation<'_>, call: &Call) -> Vec<String> {
    let set = call.builtins.contains("waitable-set.wait").then(|| "waitable-set.wait".to_owned());
    let lowered = call.lowered.iter().map(|id| &world.lowered[*id]).filter(|it| it.waits);
    let names = lowered.filter_map(|it| it.target.name());
    set.into_iter().chain(names).collect()
}

/// Whether a call ends without an answer, if it ends: neither it nor its callback reaches what gives one.
fn never_answers(world: &Instantiation<'_>, entry_point: &EntryPoint<'_>, call: &Call) -> bool {
    let is_async = entry_point.call.as_ref().is_some_and(|call| call.lifted.options.is_async);
    let exits = |target: &ComponentFunc| match target {
        ComponentFunc::Imported { instance: Some(instance), .. } => {
            instance.starts_with("wasi:cli/exit")
        }
        _ => false,
    };
    is_async
        && !call.unbounded
        && !["task.return", "task.cancel"].iter().any(|name| call.builtins.contains(name))
        && !call.lowered.iter().any(|id| exits(&world.lowered[*id].target))
}

/// What a call makes and no export drops.
fn left_behind(
    world: &Instantiation<'_>,
    calls: &Calls,
    (at, call): (usize, &Call),
    found: &mut Found,
) {
    let dropped = |names: &[&str]| names.iter().any(|name| calls.builtins.contains(name));
    let pairs = PAIRS.iter().filter(|(new, drops)| call.builtins.contains(new) && !dropped(drops));
    let mut left: Vec<_> = pairs.map(|(new, _)| (*new).to_owned()).collect();
    let starts_subtask = call.lowered.iter().any(|id| world.lowered[*id].options.is_async);
    if starts_subtask && !dropped(&["subtask.drop"]) {
        left.push("subtasks".to_owned());
    }
    if !left.is_empty() {
        found.of_export(Kind::LeftBehind, at, left);
    }
    if call.builtins.contains("future.new") && !dropped(&["future.write"]) {
        found.of_export(Kind::FutureNeverWritten, at, []);
    }
}

/// Slots that several core modules of one component instance set: they belong to the thread, not to a module.
fn context_slots(world: &Instantiation<'_>, found: &mut Found) {
    let mut setters: BTreeMap<(ComponentInstanceId, u8), BTreeSet<CoreModuleId>> = BTreeMap::new();
    for (_, instance) in world.core_instances.iter() {
        for (_, func) in instance.imported_funcs.iter() {
            if let CoreFunc::Builtin(id) = func
                && let builtin = &world.builtins[*id]
                && builtin.name == "context.set"
                && let Some(slot) = builtin.slot
            {
                setters.entry((instance.home, slot)).or_default().insert(instance.module);
            }
        }
    }
    for ((_, slot), modules) in setters.into_iter().filter(|(_, modules)| modules.len() > 1) {
        let modules = modules.iter().map(|id| format!("core module {}", id.raw()));
        let items = std::iter::once(slot.to_string()).chain(modules);
        found.of_component(Kind::ContextSlotShared, items);
    }
}
