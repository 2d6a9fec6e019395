//! Handles that each call gets and that never leave.
//!
//! Only paths of direct calls are followed: what a table holds is called by somebody, and not always by this export. A call
//! that is made once is not followed either: a handle that is kept on purpose is no leak.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::calls::Call;
use super::kept::called_anew;
use crate::component::index_space::{CoreModuleId, FuncIdx};
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::HostCall;
use crate::facts::execution::Role;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, LoweredId};
use crate::facts::roles::Roles;

/// By function, the direct callees that it may call whatever was kept. Exports share them.
pub(super) type CalledAnew = FxHashMap<(CoreModuleId, FuncIdx), FxHashSet<FuncIdx>>;

/// The names of the host's functions that give a call handles that the component neither drops nor passes on.
pub(super) fn never_dropped(
    effects: &Effects<'_, '_>,
    bodies: &Bodies<'_>,
    roles: &Roles,
    host_call: &HostCall,
    call: &Call,
    known: &mut CalledAnew,
) -> BTreeSet<String> {
    let world = effects.world();
    let unreleased = call.lowered.iter().filter(|id| world.lowered[**id].unreleased);
    let wanted: FxHashSet<LoweredId> = unreleased.copied().collect();
    if wanted.is_empty() {
        return BTreeSet::new();
    }
    let steps = host_call.steps.iter();
    let body = steps.filter(|step| matches!(step.role, Role::Lifted | Role::Callback));
    let roots: Vec<_> = body.map(|step| step.func).collect();
    let leads = leading(effects, roles, &roots, &wanted);
    let mut got = BTreeSet::new();
    let mut seen = FxHashSet::default();
    let mut waiting = roots;
    while let Some(func) = waiting.pop() {
        if !leads.contains(&func) || !seen.insert(func) {
            continue;
        }
        match func {
            CoreFunc::Lowered(id) => got.extend(world.lowered[id].target.name()),
            CoreFunc::Defined(instance, func) => {
                let module = world.module(instance);
                if let Some(behind) = roles.behind(world, instance, func) {
                    waiting.push(behind);
                    continue;
                }
                let anew = known.entry((module.id, func)).or_insert_with(|| {
                    let stack_pointer = effects.summaries.stack_pointer(module.id);
                    let anew = bodies
                        .visit(module.id, func, |body| called_anew(module, stack_pointer, body));
                    anew.unwrap_or_default()
                });
                waiting.extend(anew.iter().map(|func| world.func(instance, *func)));
            }
            CoreFunc::Builtin(_) | CoreFunc::Unknown => {}
        }
    }
    got
}

/// The direct callees of a function, with their indices in its module.
fn callees<'e>(
    effects: &'e Effects<'_, '_>,
    instance: CoreInstanceId,
    func: FuncIdx,
) -> impl Iterator<Item = (FuncIdx, CoreFunc)> + 'e {
    let world = effects.world();
    let summary = effects.summaries.get(world.core_instances[instance].module, func);
    let calls = summary.into_iter().flat_map(|it| &it.calls);
    calls.map(move |func| (*func, world.func(instance, *func)))
}

/// The functions on direct paths from the roots to one that is wanted.
fn leading(
    effects: &Effects<'_, '_>,
    roles: &Roles,
    roots: &[CoreFunc],
    wanted: &FxHashSet<LoweredId>,
) -> FxHashSet<CoreFunc> {
    let world = effects.world();
    let mut callers: FxHashMap<CoreFunc, Vec<CoreFunc>> = FxHashMap::default();
    let mut seen = FxHashSet::default();
    let mut waiting = roots.to_vec();
    while let Some(func) = waiting.pop() {
        if !seen.insert(func) {
            continue;
        }
        if let CoreFunc::Defined(instance, index) = func {
            let behind = roles.behind(world, instance, index);
            let direct = callees(effects, instance, index).map(|(_, callee)| callee);
            for callee in direct.chain(behind) {
                callers.entry(callee).or_default().push(func);
                waiting.push(callee);
            }
        }
    }
    let mut leads = FxHashSet::default();
    let mut waiting: Vec<_> = wanted.iter().map(|id| CoreFunc::Lowered(*id)).collect();
    while let Some(func) = waiting.pop() {
        if seen.contains(&func) && leads.insert(func) {
            waiting.extend(callers.get(&func).into_iter().flatten());
        }
    }
    leads
}
