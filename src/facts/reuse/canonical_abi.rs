//! Facts about lifts, lowered functions, allocators and resources.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::bump::{Bump, allocator};
use super::calls::{Call, Calls};
use super::found::{Found, Kind};
use super::handles::{CalledAnew, never_dropped};
use super::subject::Subject;
use crate::component::definition::Item;
use crate::component::index_space::{FuncIdx, Idx};
use crate::facts::entry_points::HostCall;
use crate::facts::execution::Role;
use crate::facts::instantiation::{
    ComponentFunc, ComponentInstanceId, CoreFunc, CoreInstanceId, Instantiation, Lowered, Start,
};

/// Languages whose results lie in memory that is collected (wit-bindgen, `crates/`; go-modules, `DESIGN.md`: "does not
/// support post-return functions"). Others with a collector have an allocator of their own for results.
const COLLECT: [&str; 6] =
    ["ComponentizeJS", "Go", "StarlingMonkey", "TinyGo", "componentize-py", "wit-bindgen-go"];

/// Most functions that are looked at as allocators of arguments.
const MOST_ALLOCATORS: usize = 64;

/// The allocators of arguments, by their functions. Exports share them.
type Allocators = FxHashMap<CoreFunc, Option<Bump>>;

pub(super) fn find(subject: &Subject<'_, '_, '_>, found: &mut Found) {
    let world = subject.world();
    let Subject { effects, bodies, calls, roles, .. } = subject;
    let (mut allocators, mut called_anew) = (Allocators::default(), CalledAnew::default());
    for (at, call) in calls.known() {
        let entry_point = &subject.entry_points[at];
        let Some(host_call) = &entry_point.call else { continue };
        result(subject, (at, call), host_call, found);
        arguments(subject, (at, host_call), &mut allocators, found);
        let kept = never_dropped(effects, bodies, roles, host_call, call, &mut called_anew);
        if !kept.is_empty() {
            found.of_export(Kind::HandlesNeverDropped, at, kept);
        }
        if !world.truncated && call.lowered.iter().any(|id| is_own(world, &world.lowered[*id])) {
            found.of_export(Kind::CallsOwnLift, at, []);
        }
    }
    let without = world.component.definitions.iter().flat_map(|(_, it)| &it.items);
    // Of the others, only the component's own code drops handles, and knows when.
    let without = without.filter_map(|it| match it {
        Item::Resource { destructor: None, exported: Some(name) } => Some(name.to_string()),
        _ => None,
    });
    let without: BTreeSet<_> = without.collect();
    if !without.is_empty() {
        found.of_component(Kind::ResourceWithoutDestructor, without);
    }
    never_initialized(world, calls, found);
}

/// A result that has to be freed, and is not.
fn result(
    subject: &Subject<'_, '_, '_>,
    (at, call): (usize, &Call),
    host_call: &HostCall,
    found: &mut Found,
) {
    let world = subject.world();
    let options = &host_call.lifted.options;
    let returns_list = world.component.exports.get(at).is_some_and(|it| it.returns_list);
    // The asynchronous ABI has no post-return: results are copied in `task.return`.
    if !returns_list || options.is_async || options.gc || options.post_return.is_some() {
        return;
    }
    let reallocates = options.realloc.is_some_and(|it| call.body.contains(&it));
    let allocates = call.unbounded || call.sets_globals || reallocates || call.grows_memory;
    let collectors = subject.provenance.toolchains.iter().map(|it| it.name.as_str());
    let collector = collectors.into_iter().find(|name| COLLECT.contains(name));
    match (allocates, collector) {
        (false, _) => found.of_export(Kind::ResultInPlace, at, []),
        (true, Some(name)) => found.of_export(Kind::ResultCollected, at, [name.to_owned()]),
        (true, None) => found.of_export(Kind::ResultNotFreed, at, []),
    }
}

/// An allocator of arguments that only moves a pointer.
fn arguments(
    subject: &Subject<'_, '_, '_>,
    (at, host_call): (usize, &HostCall),
    known: &mut Allocators,
    found: &mut Found,
) {
    let mut steps = host_call.steps.iter();
    let realloc = steps.find(|step| matches!(step.role, Role::Realloc { .. }));
    let Some(realloc) = realloc else { return };
    let world = subject.world();
    let called = subject.calls.called();
    let is_full = known.len() >= MOST_ALLOCATORS;
    let bump = known.entry(realloc.func).or_insert_with(|| match is_full {
        true => None,
        false => allocator(world, subject.bodies, realloc.func, called),
    });
    let Some(bump) = bump else { return };
    if bump.resets.is_empty() {
        found.of_export(Kind::AllocatorNeverFrees, at, [bump.name(world)]);
    } else {
        let module = world.module(bump.instance);
        let name = |func: &FuncIdx| match module.func_name(*func) {
            Some(name) => name.to_owned(),
            None => format!("func {} of core module {}", func.raw(), module.id.raw()),
        };
        found.of_export(Kind::AllocatorReset, at, bump.resets.iter().map(name));
    }
}

/// Whether a lowered function is lifted in its own component, in one that contains it or in one that it contains
/// (wasmtime, `crates/environ/src/fact/trampoline.rs`: such a call traps).
fn is_own(world: &Instantiation<'_>, lowered: &Lowered) -> bool {
    let ComponentFunc::Lifted(id) = &lowered.target else { return false };
    let lifted = world.lifted[*id].home;
    contains(world, lifted, lowered.home) || contains(world, lowered.home, lifted)
}

/// Whether a component instance is another, or made by it, or by what it made.
fn contains(
    world: &Instantiation<'_>,
    outer: ComponentInstanceId,
    inner: ComponentInstanceId,
) -> bool {
    let mut at = Some(inner);
    while let Some(instance) = at {
        if instance == outer {
            return true;
        }
        at = world.instantiated_by.get(instance).copied().flatten();
    }
    false
}

/// A core module whose `_initialize` nothing runs (wit-component before 0.217 did not).
fn never_initialized(world: &Instantiation<'_>, calls: &Calls, found: &mut Found) {
    // What a snapshot was taken of ran before it was.
    if calls.unbounded || found.has(Kind::FrozenSnapshot) {
        return;
    }
    for (id, instance) in world.core_instances.iter() {
        let module = &world.component.core_modules[instance.module];
        let initialize = ["_initialize", "cm32p2_initialize"];
        let Some(func) = initialize.iter().find_map(|name| module.exported_func(name)) else {
            continue;
        };
        let func = world.func(id, func);
        let is_called = |calls: &Calls, id: CoreInstanceId| {
            // A module of which no export is called needs no initialization.
            calls.functions.iter().any(|it| matches!(it, CoreFunc::Defined(of, _) if *of == id))
        };
        let starts = world.starts.contains(&Start::Core(func));
        if !starts && !calls.functions.contains(&func) && is_called(calls, id) {
            let name = module.name.map(|name| format!(" `{name}`")).unwrap_or_default();
            found.of_component(
                Kind::NeverInitialized,
                [format!("core module {}{name}", module.id.raw())],
            );
        }
    }
}
