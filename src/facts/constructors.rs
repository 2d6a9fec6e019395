//! Exports that run static constructors on each call: wasm-ld wraps exported functions so where nothing calls
//! `__wasm_call_ctors` (LLVM 12 and later, `.command_export`).

use rustc_hash::{FxHashMap, FxHashSet};

use crate::component::index_space::FuncIdx;
use crate::facts::body::{Bodies, Op};
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::heap::Heap;
use crate::facts::execution::{Executor, Role, Site, Step};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation};

/// A wrapped export.
#[derive(Debug, Clone)]
pub struct Wrapped {
    /// Index of the entry point.
    pub entry_point: usize,
    /// The call of the constructors.
    pub call: Site,
    /// The constructors.
    pub constructors: FuncIdx,
    /// Whether only names tell that it is a wrapper: it is the only function that begins so.
    pub named_only: bool,
    /// Whether its `realloc` is wrapped, too.
    pub realloc: bool,
}

/// Operators executed to see whether a function skips its work the second time.
const FUEL: u64 = 10_000;

/// The wrapped exports among the entry points.
pub fn of<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'a>],
) -> Vec<Wrapped> {
    let world = effects.world();
    // The functions that call each constructor function first: siblings reveal a wrapper without a name.
    let mut siblings: FxHashMap<(CoreInstanceId, FuncIdx), FxHashSet<CoreFunc>> =
        FxHashMap::default();
    let prologue = |func: Option<CoreFunc>| prologue(world, bodies, func?);
    for entry_point in entry_points {
        let Some(host_call) = &entry_point.call else { continue };
        let lifted = &host_call.lifted;
        for func in [Some(lifted.core), lifted.options.realloc, lifted.options.post_return] {
            if let (Some(func), Some((call, constructors))) = (func, prologue(func)) {
                siblings.entry((call.instance, constructors)).or_default().insert(func);
            }
        }
    }
    let mut reruns = FxHashMap::default();
    let mut wrapped = Vec::new();
    for (index, entry_point) in entry_points.iter().enumerate() {
        let Some(host_call) = &entry_point.call else { continue };
        let Some((call, constructors)) = prologue(Some(host_call.lifted.core)) else { continue };
        let key = (call.instance, constructors);
        let named = is_named(world, call, constructors);
        let is_alone = siblings.get(&key).is_none_or(|siblings| siblings.len() < 2);
        if !named && is_alone {
            continue;
        }
        let reruns = *reruns.entry(key).or_insert_with(|| {
            let func = CoreFunc::Defined(call.instance, constructors);
            has_effect(effects, call.instance, constructors) && !skips_itself(effects, bodies, func)
        });
        if reruns {
            let realloc = prologue(host_call.lifted.options.realloc)
                .is_some_and(|(_, func)| func == constructors);
            wrapped.push(Wrapped {
                entry_point: index,
                call,
                constructors,
                named_only: is_alone,
                realloc,
            });
        }
    }
    wrapped
}

/// The call of constructors that a wrapper begins with, and the constructors. A wrapper calls a function without
/// parameters or results, then passes its own parameters to another function.
fn prologue(
    world: &Instantiation<'_>,
    bodies: &Bodies<'_>,
    func: CoreFunc,
) -> Option<(Site, FuncIdx)> {
    let CoreFunc::Defined(instance, func) = func else { return None };
    let module = world.module(instance);
    let body = bodies.get(module.id, func)?;
    let [Op::Call(constructors), rest @ ..] = body.code.as_slice() else { return None };
    let is_action = |func: &FuncIdx| {
        let ty = module.func_type(*func);
        ty.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty())
    };
    if !is_action(constructors) || module.functions[*constructors].body.is_none() {
        return None;
    }
    let passed_on = rest.iter().take_while(|op| matches!(op, Op::LocalGet(_))).count();
    let in_order = rest[..passed_on].iter().enumerate();
    if !in_order.clone().all(|(i, op)| *op == Op::LocalGet(i as u32))
        || passed_on != body.params as usize
    {
        return None;
    }
    match &rest[passed_on..] {
        [Op::Call(_), Op::End] => {}
        // Destructors run afterwards.
        [Op::Call(_), Op::Call(after), Op::End] if is_action(after) => {}
        _ => return None,
    }
    Some((Site { instance, func, op: 0 }, *constructors))
}

fn is_named(world: &Instantiation<'_>, call: Site, constructors: FuncIdx) -> bool {
    let module = world.module(call.instance);
    module.debug_name(constructors) == Some("__wasm_call_ctors")
        || module.debug_name(call.func).is_some_and(|name| name.ends_with(".command_export"))
}

/// Whether a function has any effect or calls any function.
fn has_effect(effects: &Effects<'_, '_>, instance: CoreInstanceId, func: FuncIdx) -> bool {
    let module = effects.world().core_instances[instance].module;
    effects.summaries.get(module, func).is_some_and(|summary| {
        !summary.calls.is_empty()
            || !summary.indirect.is_empty()
            || !summary.stores.is_empty()
            || !summary.sets.is_empty()
            || summary.opaque
    })
}

/// Whether a branch of the function depends on what its first run wrote: constructors that run once do that.
fn skips_itself<'a>(effects: &Effects<'_, 'a>, bodies: &Bodies<'a>, func: CoreFunc) -> bool {
    let mut executor = Executor::new(effects, bodies, vec![func], true);
    let steps = [Step { func, role: Role::Lifted }];
    let before = Heap::default();
    let first = executor.call(&steps, &before, 1, FUEL);
    let Some((_, mut after)) = first.returned else { return false };
    after.settle(&before, effects.world(), 1);
    let own = |site: Site| CoreFunc::Defined(site.instance, site.func) == func;
    let second = executor.call(&steps, &after, 2, FUEL);
    second.decided_branches.iter().any(|branch| own(branch.site))
}
