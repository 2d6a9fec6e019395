//! What calls of each export may reach, in short.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::Role;
use crate::facts::instantiation::{ComponentFunc, CoreFunc, Instantiation, LoweredId, Start};

/// Most exports that are looked at. What the others reach is unknown.
const MOST_EXPORTS: usize = 256;

/// What calls of each export may reach.
#[derive(Debug)]
pub(super) struct Calls {
    /// By entry point; `None` if its core function is unknown.
    pub(super) exports: Vec<Option<Call>>,
    /// Functions that any export or start function may reach.
    pub(super) functions: FxHashSet<CoreFunc>,
    /// Those that exports and destructors may reach.
    after_start: FxHashSet<CoreFunc>,
    /// The builtins among them.
    pub(super) builtins: BTreeSet<&'static str>,
    /// Whether exports or start functions may reach more than is known.
    pub(super) unbounded: bool,
}

/// What a call of one export may reach.
#[derive(Debug)]
pub(super) struct Call {
    /// The builtins.
    pub(super) builtins: BTreeSet<&'static str>,
    /// The lowered functions.
    pub(super) lowered: BTreeSet<LoweredId>,
    /// Those of the `wanted` functions that the lifted function and its callback reach.
    pub(super) body: FxHashSet<CoreFunc>,
    /// Whether these two may grow a memory.
    pub(super) grows_memory: bool,
    /// Whether these set a global other than their stack pointer.
    pub(super) sets_globals: bool,
    /// Whether the call may reach more than is known.
    pub(super) unbounded: bool,
}

impl Calls {
    /// Of the functions that each export reaches, only those that are `wanted` are kept: there may be 100,000.
    pub(super) fn of(
        effects: &Effects<'_, '_>,
        entry_points: &[EntryPoint<'_>],
        wanted: &FxHashSet<CoreFunc>,
    ) -> Self {
        let world = effects.world();
        let mut all = Calls {
            exports: Vec::new(),
            functions: FxHashSet::default(),
            after_start: FxHashSet::default(),
            builtins: BTreeSet::new(),
            unbounded: world.truncated || entry_points.len() > MOST_EXPORTS,
        };
        for entry_point in entry_points.iter().take(MOST_EXPORTS) {
            let call = entry_point.call.as_ref().map(|call| {
                let mut reach = Reach::default();
                let is_body = |role: Role| matches!(role, Role::Lifted | Role::Callback);
                for step in call.steps.iter().filter(|step| is_body(step.role)) {
                    reach.add(&effects.summaries, step.func);
                }
                let is_reached = |func: &&CoreFunc| reach.functions().contains(*func);
                let body = wanted.iter().filter(is_reached).copied().collect();
                let grows_memory = reach.functions().iter().any(|func| grows(effects, *func));
                let sets_globals = !reach.sets.is_empty();
                for step in call.steps.iter().filter(|step| !is_body(step.role)) {
                    reach.add(&effects.summaries, step.func);
                }
                all.after_start.extend(reach.functions());
                all.add(world, &reach);
                let lowered = reach.functions().iter().filter_map(|func| match func {
                    CoreFunc::Lowered(id) => Some(*id),
                    _ => None,
                });
                Call {
                    builtins: builtins(world, &reach),
                    lowered: lowered.collect(),
                    body,
                    grows_memory,
                    sets_globals,
                    unbounded: reach.is_unbounded(false),
                }
            });
            all.exports.push(call);
        }
        let mut reach = Reach::default();
        for start in &world.starts {
            match start {
                Start::Core(func) => reach.add(&effects.summaries, *func),
                Start::Component(ComponentFunc::Lifted(id)) => {
                    reach.add(&effects.summaries, world.lifted[*id].core);
                }
                Start::Component(_) => all.unbounded = true,
            }
        }
        all.add(world, &reach);
        let mut reach = Reach::default();
        for func in &world.destructors {
            reach.add(&effects.summaries, *func);
        }
        all.after_start.extend(reach.functions());
        all.add(world, &reach);
        all
    }

    fn add(&mut self, world: &Instantiation<'_>, reach: &Reach) {
        self.functions.extend(reach.functions());
        self.builtins.extend(builtins(world, reach));
        self.unbounded |= reach.is_unbounded(false);
    }

    /// The functions that may run after instantiation; `None` if they are not known.
    pub(super) fn called(&self) -> Option<&FxHashSet<CoreFunc>> {
        (!self.unbounded).then_some(&self.after_start)
    }

    /// Each export whose core function is known, with its index.
    pub(super) fn known(&self) -> impl Iterator<Item = (usize, &Call)> {
        self.exports.iter().enumerate().filter_map(|(at, call)| Some((at, call.as_ref()?)))
    }
}

fn grows(effects: &Effects<'_, '_>, func: CoreFunc) -> bool {
    let CoreFunc::Defined(instance, func) = func else { return false };
    let module = effects.world().core_instances[instance].module;
    effects.summaries.get(module, func).is_none_or(|it| it.grows_memory)
}

fn builtins(world: &Instantiation<'_>, reach: &Reach) -> BTreeSet<&'static str> {
    let names = reach.functions().iter().filter_map(|func| match func {
        CoreFunc::Builtin(id) => Some(world.builtins[*id].name),
        _ => None,
    });
    names.collect()
}
