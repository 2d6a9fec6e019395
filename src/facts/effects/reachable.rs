//! The functions that some functions can reach.

use rustc_hash::FxHashSet;

use super::summaries::Summaries;
use crate::component::index_space::{FuncIdx, TypeIdx};
use crate::facts::instantiation::{ComponentFunc, CoreFunc, CoreInstanceId, TableId};

/// Functions that one set of roots may reach; a scripting language's runtime has more than half of it.
const MOST_FUNCTIONS: usize = 100_000;
/// Functions that the roots of all exports may reach together, each as often as it is reached.
const SHARED_FUNCTIONS: usize = 16_000_000;

/// Functions that the roots of one export may reach in a component with this many.
fn most_functions(exports: usize) -> usize {
    (SHARED_FUNCTIONS / exports.max(1)).min(MOST_FUNCTIONS)
}

/// The functions that some roots can reach. Grows with its roots.
#[derive(Debug, Clone, Default)]
pub(super) struct Reachable {
    functions: FxHashSet<CoreFunc>,
    tables: FxHashSet<(CoreInstanceId, TypeIdx, TableId)>,
    /// Whether an unknown function is reached, or more functions than the limit.
    pub(super) unbounded: bool,
}

impl Reachable {
    /// The functions.
    pub(super) fn functions(&self) -> &FxHashSet<CoreFunc> {
        &self.functions
    }

    /// Whether a call through a table is reached.
    pub(super) fn calls_tables(&self) -> bool {
        !self.tables.is_empty()
    }

    /// Adds a root. Returns the functions that were not reached before.
    pub(super) fn add(&mut self, summaries: &Summaries<'_, '_>, root: CoreFunc) -> Vec<CoreFunc> {
        self.follow(summaries, vec![root])
    }

    /// Adds every function that an indirect call may reach. Returns those that were not reached before.
    pub(super) fn add_indirect(
        &mut self,
        summaries: &Summaries<'_, '_>,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: TableId,
    ) -> Vec<CoreFunc> {
        let mut waiting = Vec::new();
        self.indirect(summaries, instance, ty, table, &mut waiting);
        self.follow(summaries, waiting)
    }

    fn follow(
        &mut self,
        summaries: &Summaries<'_, '_>,
        mut waiting: Vec<CoreFunc>,
    ) -> Vec<CoreFunc> {
        let world = summaries.world;
        let most = most_functions(world.exports.len());
        let mut new = Vec::new();
        while let Some(func) = waiting.pop() {
            if self.functions.len() > most {
                self.unbounded = true;
                break;
            }
            if !self.functions.insert(func) {
                continue;
            }
            new.push(func);
            summaries.prepare_for(self.functions.len() + waiting.len());
            match func {
                CoreFunc::Defined(instance, func) => {
                    self.defined(summaries, instance, func, &mut waiting)
                }
                CoreFunc::Lowered(id) => {
                    let lowered = &world.lowered[id];
                    waiting.extend(lowered.options.realloc);
                    match &lowered.target {
                        ComponentFunc::Lifted(id) => {
                            let lifted = &world.lifted[*id];
                            waiting.push(lifted.core);
                            let options = &lifted.options;
                            waiting.extend(options.realloc);
                            waiting.extend(options.post_return);
                            waiting.extend(options.callback);
                        }
                        ComponentFunc::Imported { .. } => {}
                        ComponentFunc::Unknown => self.unbounded = true,
                    }
                }
                CoreFunc::Builtin(id) => {
                    let builtin = &world.builtins[id];
                    waiting.extend(builtin.destructor);
                    waiting.extend(builtin.realloc);
                    self.unbounded |= builtin.starts_thread();
                }
                CoreFunc::Unknown => self.unbounded = true,
            }
        }
        new
    }

    fn defined(
        &mut self,
        summaries: &Summaries<'_, '_>,
        instance: CoreInstanceId,
        func: FuncIdx,
        waiting: &mut Vec<CoreFunc>,
    ) {
        let world = summaries.world;
        let Some(summary) = summaries.get(world.core_instances[instance].module, func) else {
            self.unbounded = true;
            return;
        };
        let callees = summary.calls.iter().map(|func| world.func(instance, *func));
        waiting.extend(callees.filter(|callee| !self.functions.contains(callee)));
        for (ty, table) in &summary.indirect {
            match world.table(instance, *table) {
                Some(table) => self.indirect(summaries, instance, *ty, table, waiting),
                None => self.unbounded = true,
            }
        }
        self.unbounded |= summary.opaque;
    }

    fn indirect(
        &mut self,
        summaries: &Summaries<'_, '_>,
        instance: CoreInstanceId,
        ty: TypeIdx,
        id: TableId,
        waiting: &mut Vec<CoreFunc>,
    ) {
        if !self.tables.insert((instance, ty, id)) {
            return;
        }
        let world = summaries.world;
        self.unbounded |= world.tables[id].unknown_elements;
        let callees = world.callees(instance, ty, id);
        waiting.extend(callees.filter(|callee| !self.functions.contains(callee)));
    }
}
