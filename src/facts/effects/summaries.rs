//! The effects of each function of a component, summarized at most once and only when a fact needs it.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use rustc_hash::FxHashMap;

use super::folding::Folding;
use super::summary::{Summary, Target};
use crate::component::core_module::{CoreModule, Placement};
use crate::component::index_space::{CoreModuleId, FuncIdx, GlobalIdx, IndexSpace, TypeIdx};
use crate::facts::body::{Bodies, Body, Op};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation, MemoryId, TableId};

/// Callees of one indirect call that an address is followed to; otherwise it escapes.
pub const MOST_CALLEES: usize = 64;
/// Functions that are worth the start of another thread.
const WORTH_A_THREAD: usize = 256;
/// Functions that a thread takes at a time.
const PART: usize = 32;
/// If more than one in this many functions is needed, all are.
const WORTH_ALL: usize = 6;

/// What decides the callees of an indirect call.
type IndirectCall = (CoreInstanceId, TypeIdx, TableId);

/// The effects of each function, without those of its callees.
#[derive(Debug)]
pub struct Summaries<'f, 'a> {
    /// The instances.
    pub world: &'f Instantiation<'a>,
    bodies: &'f Bodies<'a>,
    summaries: IndexSpace<CoreModuleId, IndexSpace<FuncIdx, OnceLock<Summary>>>,
    stack_pointers: IndexSpace<CoreModuleId, OnceLock<Option<GlobalIdx>>>,
    prepared: OnceLock<()>,
    /// How many functions there are.
    count: OnceLock<usize>,
    /// The callees of indirect calls; `None` if there are more than [`MOST_CALLEES`].
    few: Mutex<FxHashMap<IndirectCall, Option<Arc<[CoreFunc]>>>>,
}

impl<'f, 'a> Summaries<'f, 'a> {
    pub(super) fn new(world: &'f Instantiation<'a>, bodies: &'f Bodies<'a>) -> Self {
        let modules = || world.component.core_modules.iter();
        let slots = |functions: usize| (0..functions).map(|_| OnceLock::new()).collect();
        Summaries {
            world,
            bodies,
            summaries: modules().map(|(_, module)| slots(module.functions.len())).collect(),
            stack_pointers: modules().map(|_| OnceLock::new()).collect(),
            prepared: OnceLock::new(),
            count: OnceLock::new(),
            few: Mutex::default(),
        }
    }

    /// Summarizes every function of every instantiated module at once, on all processors. Threads that need the same
    /// summary would wait for each other later.
    pub(super) fn prepare(&self) {
        self.prepared.get_or_init(|| {
            let all: Vec<_> = self.functions().collect();
            if all.len() >= WORTH_A_THREAD {
                // Threads of their own: one of the pool that waited here would take up another task, which may wait for
                // this one.
                let next = AtomicUsize::new(0);
                let work = || {
                    while let Some(part) = all.get(next.fetch_add(PART, Relaxed)..) {
                        for (module, func) in part.iter().take(PART) {
                            self.get(*module, *func);
                        }
                    }
                };
                thread::scope(|scope| {
                    let processors = thread::available_parallelism().map_or(1, usize::from);
                    for _ in 1..processors {
                        let _none_left = thread::Builder::new().spawn_scoped(scope, work);
                    }
                    work();
                });
            }
        });
    }

    /// Summarizes every function at once if that many of them are needed.
    pub(super) fn prepare_for(&self, needed: usize) {
        let is_much = || needed > *self.count.get_or_init(|| self.functions().count()) / WORTH_ALL;
        if needed > WORTH_A_THREAD && self.prepared.get().is_none() && is_much() {
            self.prepare();
        }
    }

    /// The functions that an indirect call may reach, each once; `None` if there are more than `most`, which is at most
    /// [`MOST_CALLEES`]. Tables are searched once for each type.
    pub fn few_callees(
        &self,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: TableId,
        most: usize,
    ) -> Option<Arc<[CoreFunc]>> {
        let key = (instance, ty, table);
        let few = || self.few.lock().unwrap_or_else(PoisonError::into_inner);
        let known = few().get(&key).cloned();
        let callees = known.unwrap_or_else(|| {
            let found = self.world.few_callees(instance, ty, table, MOST_CALLEES);
            let found = found.map(Arc::from);
            few().insert(key, found.clone());
            found
        });
        callees.filter(|callees| callees.len() <= most)
    }

    /// The functions of every instantiated module.
    fn functions(&self) -> impl Iterator<Item = (CoreModuleId, FuncIdx)> {
        let instances = self.world.core_instances.iter();
        let modules: BTreeSet<_> = instances.map(|(_, instance)| instance.module).collect();
        modules.into_iter().flat_map(|module| {
            let functions = self.world.component.core_modules[module].functions.iter();
            functions.map(move |(func, _)| (module, func))
        })
    }

    /// The effects of one function; `None` if it has no body.
    pub fn get(&self, module: CoreModuleId, func: FuncIdx) -> Option<&Summary> {
        let slot = self.summaries.get(module)?.get(func)?;
        self.world.component.core_modules[module].functions[func].body.as_ref()?;
        Some(slot.get_or_init(|| {
            let module = &self.world.component.core_modules[module];
            self.bodies.visit(module.id, func, |body| summarized(module, body)).unwrap_or_default()
        }))
    }

    /// The global that holds a module's stack pointer, if the module has the shape that LLVM gives it: functions that
    /// subtract the size of their frame from a global first (tool-conventions, `BasicCABI.md`, "The linear stack").
    ///
    /// Such code comes from a language in which a pointer stays inside its object, and its frames and objects are apart.
    pub fn stack_pointer(&self, module: CoreModuleId) -> Option<GlobalIdx> {
        *self.stack_pointers.get(module)?.get_or_init(|| {
            let functions = self.world.component.core_modules[module].functions.iter();
            functions.into_iter().find_map(|(func, _)| self.get(module, func)?.frame)
        })
    }

    /// The value of a global that is never set, as an address; `None` if it may be set, or its value is not known.
    pub fn fixed(&self, instance: CoreInstanceId, global: GlobalIdx) -> Option<u64> {
        let global = &self.world.globals[self.world.global(instance, global)?];
        global.init.filter(|_| !global.mutable)
    }

    /// The same plus an offset, which may be negative, as an address in a memory.
    pub fn fixed_at(
        &self,
        instance: CoreInstanceId,
        global: GlobalIdx,
        memory: MemoryId,
        offset: u64,
    ) -> Option<u64> {
        let at = self.fixed(instance, global)?.wrapping_add(offset);
        Some(if self.world.memories[memory].memory64 { at } else { at & u64::from(u32::MAX) })
    }

    /// Whether the writes of a function stay inside the objects that they point into: the module has LLVM's shape, and no
    /// bulk write begins at a mutable global, which no compiler of such a language makes. A tool that resets memory does.
    pub fn is_disciplined(&self, module: CoreModuleId, func: FuncIdx) -> bool {
        let Some(stack_pointer) = self.stack_pointer(module) else { return false };
        let summary = self.get(module, func);
        summary.is_none_or(|it| it.bulk_bases.iter().all(|global| *global == stack_pointer))
    }

    /// Whether a module has active data in a memory, or defines it. Others, such as adapters, only fill what they were given.
    pub fn has_objects(&self, module: CoreModuleId, memory: MemoryId) -> bool {
        let of = &self.world.component.core_modules[module];
        let has_data = |placement: &Placement<_>| matches!(placement, Placement::Active { .. });
        let (owner, _) = self.world.memories[memory].owner;
        self.world.core_instances[owner].module == module
            || of.data.iter().any(|(_, data)| has_data(&data.placement))
    }
}

fn summarized(module: &CoreModule<'_>, body: &Body) -> Summary {
    let mut summary = Folding::summary(module, body);
    summary.opaque |= body.is_damaged();
    summary.grows_memory = body.grows_memory;
    // A frame is given back on return.
    let never_returns = matches!(body.code.as_slice(), [.., Op::Unreachable, Op::End]);
    let (replaced, unclear) =
        (std::mem::take(&mut summary.replaced), std::mem::take(&mut summary.unclear));
    let is_restored = |global: &GlobalIdx| never_returns || summary.restored == Some(*global);
    // A local that the optimizer uses twice hides what the stack pointer was.
    summary.balanced = summary.frame.filter(|global| {
        (is_restored(global) || unclear.contains(global)) && !replaced.contains(global)
    });
    summary.frame = summary.frame.filter(is_restored);
    let is_fixed = |global| module.globals.get(global).is_some_and(|it| !it.mutable);
    let bulk = summary.stores.iter().filter(|store| store.bytes == u64::MAX);
    let bases = bulk.filter_map(|store| match store.target {
        Target::Global(global, _) if !is_fixed(global) => Some(global),
        _ => None,
    });
    summary.bulk_bases = bases.collect();
    fn tidy<T: Ord>(list: &mut Vec<T>) {
        list.sort_unstable();
        list.dedup();
        list.shrink_to_fit();
    }
    tidy(&mut summary.calls);
    tidy(&mut summary.indirect);
    tidy(&mut summary.stores);
    tidy(&mut summary.loads);
    tidy(&mut summary.gets);
    tidy(&mut summary.sets);
    tidy(&mut summary.passes);
    tidy(&mut summary.taken);
    tidy(&mut summary.escaping);
    tidy(&mut summary.bulk_bases);
    summary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::effects::{Effects, Target};

    #[test]
    fn a_summary_tells_constant_addresses_from_others() {
        let component = Component::of_text(
            r#"(component (core module $m (memory 1) (global $stack (mut i32) (i32.const 4096))
                (func (param $p i32)
                  (local $at i32)
                  (global.set $stack (i32.sub (global.get $stack) (i32.const 16)))
                  (local.set $at (i32.const 2000))
                  (i32.store offset=4 (i32.add (local.get $at) (i32.const 20)) (i32.const 7))
                  (i64.store8 offset=8 (local.get $p) (i64.const 9))
                  (i32.store offset=1500 (local.get $p) (i32.const 3000))
                  (i32.store (global.get $stack) (i32.eq (local.get $p) (i32.const 5000)))
                  (memory.fill (i32.const 2100) (i32.const 0) (i32.const 12))
                  (memory.fill (i32.const 2200) (i32.const 0) (local.get $p))
                  (global.set $stack (i32.add (global.get $stack) (i32.const 16)))))
              (core instance (instantiate $m)))"#,
        );
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let (module, of) = component.core_modules.iter().next().expect("a module");
        let (func, _) = of.functions.iter().next().expect("a function");
        let summary = effects.summaries.get(module, func).expect("a body");
        let stack = summary.frame.expect("a stack frame");
        let stores: Vec<_> =
            summary.stores.iter().map(|store| (store.target, store.bytes)).collect();
        assert_eq!(
            stores,
            [
                (Target::At(2024), 4),
                (Target::At(2100), 12),
                (Target::Global(stack, Some(0)), 4),
                (Target::Param(0, Some(8)), 1),
                (Target::Near(1500), 4),
                (Target::Loose, u64::MAX),
            ]
        );
        assert_eq!(summary.taken, [1500, 2200, 3000], "5000 is only compared");
    }

    #[test]
    fn a_function_that_sets_a_global_otherwise_keeps_no_stack_pointer() {
        let lower = "(global.set $s (i32.sub (global.get $s) (i32.const 32)))";
        let raise = "(global.set $s (i32.add (global.get $s) (i32.const 32)))";
        let constant = "(global.set $s (i32.const 4096))";
        let loaded = "(global.set $s (i32.load (i32.const 2000)))";
        for (body, balanced) in [
            (format!("{lower} {raise}"), true),
            (format!("{lower} {loaded}"), true),
            (format!("{lower} unreachable"), true),
            (lower.to_owned(), false),
            (raise.to_owned(), false),
            (format!("{lower} {constant}"), false),
            (format!("{lower} {raise} {constant}"), false),
            (format!("{lower} (global.set $s (local.get 0))"), false),
        ] {
            let component = Component::of_text(&format!(
                "(component
                  (core module $m (memory 1) (global $s (mut i32) (i32.const 4096))
                    (func (param i32) {body}))
                  (core instance (instantiate $m)))"
            ));
            let world = Instantiation::of(component);
            let bodies = Bodies::of(component);
            let effects = Effects::new(&world, &bodies);
            let (module, of) = component.core_modules.iter().next().expect("a module");
            let (func, _) = of.functions.iter().next().expect("a function");
            let summary = effects.summaries.get(module, func).expect("a body");
            assert_eq!(summary.balanced.is_some(), balanced, "{body}");
        }
    }
}
