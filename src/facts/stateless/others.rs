//! What the host can make the component do after instantiation, besides the call that is asked about.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::flow::{Callees, Flow};
use super::{Others, Prover};
use crate::component::index_space::FuncIdx;
use crate::facts::effects::Reach;
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::{ComponentFunc, CoreFunc, Start};

impl Prover<'_, '_, '_> {
    pub(super) fn others(&self, all: &[EntryPoint<'_>]) -> Rc<Others> {
        if let Some(others) = &*self.others.borrow() {
            return Rc::clone(others);
        }
        let others = Rc::new(self.find_others(all));
        *self.others.borrow_mut() = Some(Rc::clone(&others));
        others
    }

    fn find_others(&self, all: &[EntryPoint<'_>]) -> Others {
        let world = self.effects.world();
        let summaries = &self.effects.summaries;
        let calls = all.iter().filter_map(|it| it.call.as_ref());
        let mut roots: Vec<_> = calls.flat_map(|call| &call.steps).map(|step| step.func).collect();
        roots.extend(&world.destructors);
        let mut reach = Reach::default();
        // Start functions run before all calls, but on the same stack.
        let starts = world.starts.iter().map(|start| match start {
            Start::Core(func) => *func,
            Start::Component(ComponentFunc::Lifted(id)) => world.lifted[*id].core,
            Start::Component(_) => CoreFunc::Unknown,
        });
        for root in roots.iter().copied().chain(starts) {
            reach.add(summaries, root);
        }
        let mut unbalanced = BTreeSet::new();
        let mut funcs: Vec<_> = reach.functions().iter().copied().collect();
        funcs.sort_unstable();
        for func in funcs {
            let CoreFunc::Defined(instance, func) = func else { continue };
            let module = world.core_instances[instance].module;
            let Some(summary) = summaries.get(module, func) else { continue };
            for global in &summary.sets {
                let Some(id) = world.global(instance, *global) else { continue };
                let flow = self.follow((instance, func), Some(*global), &mut Balanced);
                if !flow.is_some_and(|flow| flow.balanced) {
                    unbalanced.insert(id);
                }
            }
        }
        Others { roots, reach, unbalanced }
    }
}

/// Callees that leave the stack pointer as it was, which is shown of each by itself.
struct Balanced;

impl Callees for Balanced {
    fn flow(&mut self, _: FuncIdx) -> Option<Rc<Flow>> {
        Some(Rc::new(Flow { returns: true, balanced: true, ..Flow::default() }))
    }

    fn decide(&self) -> bool {
        false
    }
}
