//! Exports that no earlier call can influence. The theorem, its conditions and its assumptions: `docs/stateless.md`.
//!
//! An export is proven by what its code reads before writing it. What other code may write is taken from its effects.

mod flow;
mod others;
mod purity;
mod symbols;

use std::cell::{Cell as Counter, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::component::index_space::{CoreModuleId, FuncIdx, GlobalIdx, Idx};
use crate::component::world::WorldFunction;
use crate::facts::body::{Bodies, Op};
use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::heap::{Exposure, Judge};
use crate::facts::execution::reads::Assumption;
use crate::facts::execution::{Cell, Executor, Role};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, GlobalId, MemoryId};
use flow::{Address, Around, Callees, Flow, Touch};

/// Deepest nesting of calls that is followed.
const DEEPEST: u32 = 64;
/// Steps that the proofs of a component may take.
const MOST_STEPS: u64 = 1 << 23;
/// Longest read from static memory that is judged, in bytes.
const LONGEST_READ: u64 = 4096;

/// The proof that an export is stateless.
#[derive(Debug, Clone)]
pub struct Stateless {
    /// What it assumes.
    pub assumptions: Vec<Assumption>,
}

/// For each entry point, the proof that it is stateless, if there is one.
pub fn of<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'_>],
) -> Vec<Option<Stateless>> {
    let prover = Prover {
        effects,
        bodies,
        flows: RefCell::default(),
        others: RefCell::default(),
        fuel: Counter::new(MOST_STEPS),
    };
    let exports = &effects.world().component.exports;
    let proofs = entry_points.iter().zip(exports).map(|(entry_point, export)| {
        if !passes_plain_values(entry_point, export) {
            return None;
        }
        prover.proof(entry_point, entry_points)
    });
    proofs.collect()
}

/// Whether the arguments and the result are core values without handles, and the host calls the function at once.
fn passes_plain_values(entry_point: &EntryPoint<'_>, export: &WorldFunction) -> bool {
    let Some(call) = &entry_point.call else { return false };
    let options = &call.lifted.options;
    !export.allocates_arguments
        && !options.is_async
        && options.callback.is_none()
        && options.memory.is_none()
        && !options.gc
        && export
            .parameters
            .iter()
            .map(|it| &it.ty)
            .chain(&export.result)
            .all(|it| it.wave.is_some())
}

/// What each function does.
type Flows = BTreeMap<(CoreInstanceId, FuncIdx), Option<Rc<Flow>>>;

struct Prover<'p, 'f, 'a> {
    effects: &'p Effects<'f, 'a>,
    bodies: &'p Bodies<'a>,
    /// `None` while a function is being followed: it is recursive.
    flows: RefCell<Flows>,
    others: RefCell<Option<Rc<Others>>>,
    /// Steps that are left.
    fuel: Counter<u64>,
}

/// What the host can make the component do after instantiation.
struct Others {
    roots: Vec<CoreFunc>,
    reach: Reach,
    /// The globals that are not as before when a function returns that sets them.
    unbalanced: BTreeSet<GlobalId>,
}

impl Prover<'_, '_, '_> {
    fn proof(&self, entry_point: &EntryPoint<'_>, all: &[EntryPoint<'_>]) -> Option<Stateless> {
        let world = self.effects.world();
        let call = entry_point.call.as_ref()?;
        let mut assumptions = BTreeSet::new();
        for step in &call.steps {
            if !matches!(step.role, Role::Lifted | Role::PostReturn) {
                return None;
            }
            let CoreFunc::Defined(instance, func) = step.func else { return None };
            let flow = self.flow(instance, func, 0)?;
            if flow.refused || !flow.writes.is_empty() || !flow.returns {
                return None;
            }
            if self.may_exit(instance, &flow) {
                return None;
            }
            let gets: Option<BTreeSet<_>> =
                flow.gets.iter().map(|global| world.global(instance, *global)).collect();
            let gets: Vec<_> =
                gets?.into_iter().filter(|global| world.globals[*global].mutable).collect();
            if flow.reads.is_empty() && gets.is_empty() && !flow.uses_stack {
                continue;
            }
            let others = self.others(all);
            if others.reach.is_unbounded(false)
                || gets
                    .iter()
                    .any(|id| others.reach.sets.contains(id) || others.unbalanced.contains(id))
            {
                return None;
            }
            if flow.uses_stack {
                self.stack_is_free(instance, &flow, &others)?;
            }
            for read in &flow.reads {
                assumptions.extend(self.read_is_constant(instance, *read, &flow, &others)?);
            }
        }
        Some(Stateless { assumptions: assumptions.into_iter().collect() })
    }

    /// Whether a callee that never returns may end the instance otherwise than by a trap.
    fn may_exit(&self, instance: CoreInstanceId, flow: &Flow) -> bool {
        let world = self.effects.world();
        let mut reach = Reach::default();
        for callee in &flow.ends {
            reach.add(&self.effects.summaries, world.func(instance, *callee));
        }
        let exits = |func: &CoreFunc| matches!(func, CoreFunc::Lowered(id) if world.lowered[*id].target.is_exit());
        reach.is_unbounded(false) || reach.functions().iter().any(exits)
    }

    /// Whether the stack pointer is the same at each call, and the stack that the function takes holds no data.
    fn stack_is_free(&self, instance: CoreInstanceId, flow: &Flow, others: &Others) -> Option<()> {
        let (id, top) = self.stack(instance)?;
        let memory = self.effects.world().memory(instance, Idx::new(0))?;
        let memory = &self.effects.world().memories[memory];
        let low = top.checked_sub(flow.depth)?;
        let holds_data =
            memory.segments.ranges().iter().any(|data| data.start < top && data.end > low);
        let is_free = flow.balanced
            && !others.unbalanced.contains(&id)
            && top <= memory.bytes
            && !memory.shared
            && !memory.unknown_data
            && !holds_data;
        is_free.then_some(())
    }

    /// The stack pointer of an instance and its first value.
    fn stack(&self, instance: CoreInstanceId) -> Option<(GlobalId, u64)> {
        let world = self.effects.world();
        let module = world.core_instances[instance].module;
        let id = world.global(instance, self.effects.summaries.stack_pointer(module)?)?;
        Some((id, world.globals[id].init?))
    }

    /// The assumptions under which nothing writes what is read, after instantiation; `None` if something may.
    fn read_is_constant(
        &self,
        instance: CoreInstanceId,
        read: Touch,
        flow: &Flow,
        others: &Others,
    ) -> Option<Vec<Assumption>> {
        let world = self.effects.world();
        let Address::Absolute(start) = read.at else { return None };
        let id = world.memory(instance, read.memory)?;
        let memory = &world.memories[id];
        let end = start.checked_add(read.bytes)?;
        // Beside data there may be a stack, or what an allocator makes.
        let is_data = (start..end).all(|at| memory.segments.byte(at).is_some());
        if memory.shared || memory.unknown_data || read.bytes > LONGEST_READ || !is_data {
            return None;
        }
        self.is_above_stacks(id, start, end, flow)?;
        let mut executor = Executor::new(self.effects, self.bodies, others.roots.clone(), false);
        executor.strays.extend(others.roots.iter().copied());
        let mut assumptions = Vec::new();
        let mut at = start;
        while at < end {
            let width = (end - at).min(8) as u8;
            match executor.strays.exposure(Cell::Memory { memory: id, address: at, width }) {
                Exposure::Untouched => {}
                Exposure::Assumed(assumption) => assumptions.push(assumption),
                Exposure::Written => return None,
            }
            at += u64::from(width);
        }
        Some(assumptions)
    }

    /// Whether no stack begins in a range or in the data around it.
    fn is_above_stacks(&self, memory: MemoryId, start: u64, end: u64, flow: &Flow) -> Option<()> {
        let world = self.effects.world();
        for (instance, of) in world.core_instances.iter() {
            let shares = of.memories.iter().any(|(_, id)| *id == Some(memory));
            let Some((_, top)) = self.stack(instance).filter(|_| shares) else { continue };
            let below = top.checked_sub(1).and_then(|at| world.memories[memory].segments.byte(at));
            let is_apart = end <= top.saturating_sub(flow.depth) || start >= top;
            if below.is_some() || !is_apart {
                return None;
            }
        }
        Some(())
    }

    /// What a function does; `None` if it is recursive, too deep, or not of this component.
    fn flow(&self, instance: CoreInstanceId, func: FuncIdx, depth: u32) -> Option<Rc<Flow>> {
        if let Some(known) = self.flows.borrow().get(&(instance, func)) {
            return known.clone();
        }
        if depth > DEEPEST {
            return None;
        }
        self.flows.borrow_mut().insert((instance, func), None);
        let module = self.effects.world().core_instances[instance].module;
        let stack_pointer = self.effects.summaries.stack_pointer(module);
        let mut callees = Followed { prover: self, instance, depth: depth + 1 };
        let flow = self.follow((instance, func), stack_pointer, &mut callees)?;
        let flow = Rc::new(flow);
        self.flows.borrow_mut().insert((instance, func), Some(Rc::clone(&flow)));
        Some(flow)
    }

    fn follow(
        &self,
        (instance, func): (CoreInstanceId, FuncIdx),
        stack_pointer: Option<GlobalIdx>,
        callees: &mut dyn Callees,
    ) -> Option<Flow> {
        let component = self.effects.world().component;
        let module: CoreModuleId = self.effects.world().core_instances[instance].module;
        let body = self.bodies.get(module, func)?;
        let module = &component.core_modules[module];
        let arity = |op: &Op| {
            let ty = match op {
                Op::Call(callee) | Op::ReturnCall(callee) => module.func_type(*callee)?,
                Op::CallIndirect(ty, _) | Op::ReturnCallIndirect(ty, _) => {
                    module.types.get(*ty)?.as_ref()?
                }
                Op::CallRef(params, results) => return Some((*params, *results)),
                _ => return None,
            };
            Some((ty.params().len() as u32, ty.results().len() as u32))
        };
        let is_pure = |at: usize| {
            let start = body.offsets.get(at).map(|at| *at as usize);
            start.and_then(|start| component.file.get(start..)).is_some_and(purity::is_pure)
        };
        let (fuel, gives_up) = (&self.fuel, callees.decide());
        let mut around =
            Around { arity: &arity, is_pure: &is_pure, stack_pointer, gives_up, fuel, callees };
        Some(flow::of(body, &mut around))
    }
}

/// Callees that are followed: those of the same instance.
struct Followed<'q, 'p, 'f, 'a> {
    prover: &'q Prover<'p, 'f, 'a>,
    instance: CoreInstanceId,
    depth: u32,
}

impl Callees for Followed<'_, '_, '_, '_> {
    fn flow(&mut self, callee: FuncIdx) -> Option<Rc<Flow>> {
        match self.prover.effects.world().func(self.instance, callee) {
            CoreFunc::Defined(instance, func) if instance == self.instance => {
                self.prover.flow(instance, func, self.depth)
            }
            _ => None,
        }
    }

    fn decide(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::entry_points;
    use crate::facts::instantiation::Instantiation;

    const FRAME: &str = "(local.set $p (i32.sub (global.get $sp) (i32.const 16)))
        (global.set $sp (local.get $p))";
    const LEAVE: &str = "(global.set $sp (i32.add (local.get $p) (i32.const 16)))";

    /// Whether the export `f` is proven stateless, and the number of assumptions.
    fn proof(f: &str, others: &str) -> Option<usize> {
        let component = Component::of_text(&format!(
            r#"(component
                (import "host" (func $host))
                (core func $host (canon lower (func $host)))
                (core module $m
                  (import "" "host" (func $host))
                  (memory 2)
                  (global $sp (mut i32) (i32.const 65536))
                  (global $count (mut i32) (i32.const 0))
                  (global $fixed i32 (i32.const 5))
                  (data (i32.const 66000) "\01\02\03\04\05\06\07\08")
                  (func $set (param $at i32) (i32.store (local.get $at) (i32.const 1)))
                  (func $maybe (param $at i32)
                    (if (i32.load (local.get $at)) (then (i32.store (local.get $at) (i32.const 1)))))
                  (func $panic (call $host))
                  (func $framed (local $p i32) {FRAME} (i32.store (local.get $p) (i32.const 0)) {LEAVE})
                  (func (export "f") (param $x i32) (result i32) (local $p i32) {f})
                  (func (export "g") (param $x i32) (result i32) (local $p i32) {others}))
                (core instance $i (instantiate $m (with "" (instance (export "host" (func $host))))))
                (func (export "f") (param "x" u32) (result u32) (canon lift (core func $i "f")))
                (func (export "g") (param "x" u32) (result u32) (canon lift (core func $i "g"))))"#
        ));
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let entry_points = entry_points::of(&world);
        let proofs = of(&effects, &bodies, &entry_points);
        proofs[0].as_ref().map(|proof| proof.assumptions.len())
    }

    #[test]
    fn what_reads_nothing_that_calls_write_is_stateless() {
        let framed = |body: &str| format!("{FRAME} {body} {LEAVE}");
        for (body, expected) in [
            ("(i32.mul (local.get $x) (i32.const 3))".to_owned(), true),
            ("(i32.add (global.get $fixed) (local.get $x))".to_owned(), true),
            ("(global.get $count)".to_owned(), true),
            ("(global.set $count (i32.const 1)) (i32.const 0)".to_owned(), false),
            ("(i32.load (i32.const 66000))".to_owned(), true),
            ("(i32.store (i32.const 66100) (i32.const 1)) (i32.const 0)".to_owned(), false),
            ("(i32.load (i32.const 70000))".to_owned(), false),
            ("(i32.load (local.get $x))".to_owned(), false),
            ("(memory.grow (i32.const 1))".to_owned(), false),
            ("(memory.size)".to_owned(), false),
            ("(call $host) (i32.const 1)".to_owned(), false),
            ("(if (local.get $x) (then (call $panic) unreachable)) (i32.const 1)".to_owned(), true),
            ("(unreachable)".to_owned(), false),
            (framed("(i32.store (local.get $p) (local.get $x)) (i32.load (local.get $p))"), true),
            (framed("(i32.load (local.get $p))"), false),
            (framed("(i32.store8 (local.get $p) (local.get $x)) (i32.load (local.get $p))"), false),
            (framed("(i32.store offset=16 (local.get $p) (local.get $x)) (i32.const 0)"), false),
            (
                framed(
                    "(if (local.get $x) (then (i32.store (local.get $p) (local.get $x))))
                     (i32.load (local.get $p))",
                ),
                false,
            ),
            (framed("(call $set (local.get $p)) (i32.load (local.get $p))"), true),
            (framed("(call $maybe (local.get $p)) (i32.const 0)"), false),
            (
                framed(
                    "(i32.store (local.get $p) (local.get $x)) (call $maybe (local.get $p))
                     (i32.load (local.get $p))",
                ),
                true,
            ),
            (
                framed(
                    "(loop $l (i32.store (local.get $p) (local.get $x))
                       (br_if $l (i32.load (local.get $p)))) (i32.const 0)",
                ),
                true,
            ),
            (format!("{FRAME} (i32.const 1)"), false),
        ] {
            assert_eq!(proof(&body, "(i32.const 0)").is_some(), expected, "{body}");
        }
    }

    #[test]
    fn what_other_exports_write_counts() {
        let reads_data = "(i32.load (i32.const 66000))";
        let framed = format!(
            "{FRAME} (i32.store (local.get $p) (local.get $x)) (i32.load (local.get $p)) {LEAVE}"
        );
        for (f, g, expected) in [
            (reads_data, "(i32.store (i32.const 66002) (i32.const 0)) (i32.const 0)", None),
            (reads_data, "(i32.store (i32.const 66004) (i32.const 0)) (i32.const 0)", Some(0)),
            (reads_data, "(call $framed) (i32.const 0)", Some(0)),
            // A pointer that is an argument stays in its object, wherever that is.
            (
                reads_data,
                "(call $framed) (i32.store (local.get $x) (i32.const 0)) (i32.const 0)",
                Some(1),
            ),
            ("(global.get $count)", "(global.set $count (i32.const 1)) (i32.const 0)", None),
            (
                &framed,
                "(global.set $sp (i32.sub (global.get $sp) (i32.const 16))) (i32.const 0)",
                None,
            ),
            (&framed, "(call $framed) (i32.const 0)", Some(0)),
        ] {
            assert_eq!(proof(f, g), expected, "{f} beside {g}");
        }
    }
}
