//! Whether a concrete state lies inside the abstract one.

use std::collections::BTreeSet;
use std::ops::Range;

use secondcall::component::Component;
use secondcall::component::core_module::{CoreModule, Extern};
use secondcall::component::index_space::Idx;
use secondcall::facts::body::Bodies;
use secondcall::facts::effects::Effects;
use secondcall::facts::entry_points::HostCall;
use secondcall::facts::execution::heap::{Access, Heap};
use secondcall::facts::execution::reads::Assumption;
use secondcall::facts::execution::value::{Relation, Value};
use secondcall::facts::execution::{Executor, Role, Site, Step, Strays};
use secondcall::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation, Start};

use crate::concrete::Live;

/// Operators of one abstract call.
const FUEL: u64 = 100_000;
/// Most wrong values that are listed of one state.
const MOST: usize = 3;
/// Addresses at which the generated programs have most of their variables: each is read in every width.
const BUSY: Range<u64> = 1024..1160;
/// Other addresses, of which each word is read.
const OTHERS: Range<u64> = 0..3072;

/// What two abstract calls of an export leave.
pub(crate) struct States<'f, 'a> {
    world: &'f Instantiation<'a>,
    strays: Strays<'f, 'a>,
    /// Results and state after each call; `None` if it does not return.
    after: Vec<Option<(Vec<Value>, Heap)>>,
    instance: CoreInstanceId,
    site: Site,
    /// What the calls assume.
    assumptions: BTreeSet<Assumption>,
    /// Values compared that are not just any value.
    pub(crate) compared: usize,
}

/// Executes an export twice, and passes what that leaves to `f`.
pub(crate) fn with_states<'a, T>(
    component: &'a Component<'a>,
    call: &HostCall,
    f: impl FnOnce(&mut States<'_, '_>) -> T,
) -> Option<T> {
    let CoreFunc::Defined(instance, func) = call.lifted.core else { return None };
    let world = Instantiation::of(component);
    let bodies = Bodies::of(component);
    let effects = Effects::new(&world, &bodies);
    let starts: Vec<CoreFunc> = world
        .starts
        .iter()
        .filter_map(|start| match start {
            Start::Core(func) => Some(*func),
            Start::Component(_) => None,
        })
        .collect();
    let roots = starts.iter().copied().chain(call.steps.iter().map(|step| step.func)).collect();
    let mut executor = Executor::new(&effects, &bodies, roots, false);
    let mut before = Heap::default();
    for func in starts {
        let ending = executor.call(&[Step { func, role: Role::Start }], &before, 0, FUEL);
        before = ending.returned?.1;
    }
    let (mut after, mut assumptions) = (Vec::new(), BTreeSet::new());
    for number in 1..=2 {
        let ending = executor.call(&call.steps, &before, number, FUEL);
        if let Some((_, heap)) = &ending.returned {
            let mut heap = heap.clone();
            heap.settle(&before, &world, number);
            before = heap;
        }
        assumptions.extend(ending.assumptions);
        let returns = ending.returned.is_some();
        after.push(ending.returned);
        if !returns {
            break;
        }
    }
    let site = Site { instance, func, op: 0 };
    let strays = executor.strays;
    Some(f(&mut States { world: &world, strays, after, instance, site, assumptions, compared: 0 }))
}

impl States<'_, '_> {
    /// What of a live instance, and of the results of its last call, the analysis did not expect after so many calls.
    pub(crate) fn outside(
        &mut self,
        calls: usize,
        module: &CoreModule<'_>,
        live: &mut Live,
        results: &[Option<u64>],
    ) -> Vec<String> {
        let Some(after) = self.after.get(calls - 1).cloned() else { return Vec::new() };
        let Some((expected, heap)) = after else {
            let is_assumed = !self.assumptions.is_empty();
            return if is_assumed { Vec::new() } else { vec!["returns".to_owned()] };
        };
        let mut wrong = Vec::new();
        for (value, result) in expected.iter().zip(results) {
            self.compare(value, *result, "answers", &mut wrong);
        }
        for export in &module.exports {
            match export.item {
                Extern::Global(global) => {
                    let Some(id) = self.world.global(self.instance, global) else { continue };
                    let value = heap.global(self.world, &mut self.strays, id, self.site, 3);
                    let found = live.global(export.name);
                    self.compare(&value, found, &format!("global {}", global.raw()), &mut wrong);
                }
                Extern::Memory(memory) => {
                    let Some(id) = self.world.memory(self.instance, memory) else { continue };
                    let Some(bytes) = live.memory(export.name) else { continue };
                    let cells = BUSY
                        .flat_map(|address| [1, 2, 4, 8].map(|width| (address, width)))
                        .chain(OTHERS.step_by(4).map(|address| (address, 4)));
                    for (address, width) in cells {
                        let at = address as usize;
                        let Some(of) = bytes.get(at..at + usize::from(width)) else { continue };
                        let mut found = [0; 8];
                        found[..of.len()].copy_from_slice(of);
                        let found = Some(u64::from_le_bytes(found));
                        let site = self.site;
                        let access =
                            Access { memory: id, address, width, frame: false, site, call: 3 };
                        let value = heap.load(self.world, &mut self.strays, access);
                        let what = format!("{width} bytes at {address} of memory {}", memory.raw());
                        self.compare(&value, found, &what, &mut wrong);
                    }
                }
                _ => {}
            }
        }
        wrong
    }

    fn compare(&mut self, value: &Value, found: Option<u64>, what: &str, wrong: &mut Vec<String>) {
        let Some(found) = found.filter(|_| *value != Value::ANY) else { return };
        let assumed =
            value.reads().is_some_and(|reads| reads.iter().any(|it| it.assumed.is_some()));
        if assumed {
            return;
        }
        self.compared += 1;
        if value.satisfying(Relation::Equals, found).is_none() && wrong.len() < MOST {
            wrong.push(format!("{what}: {found} is none of {:?}", value.constants()));
        }
    }
}
