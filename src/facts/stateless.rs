//! Exports that no earlier call can influence, because their code reads and keeps nothing. The theorem and its conditions:
//! `docs/state.md`.

mod purity;
mod reachable;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::component::index_space::{FuncIdx, GlobalIdx};
use crate::component::world::WorldFunction;
use crate::facts::body::{Bodies, Body, Op};
use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::Role;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId};
use reachable::Reachable;

/// Deepest nesting of calls that is followed.
const DEEPEST: u32 = 64;

/// For each entry point, whether it is proven stateless.
pub fn of<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'_>],
) -> Vec<bool> {
    let prover = Prover { effects, bodies, known: RefCell::default(), exits: RefCell::default() };
    let exports = &effects.world().component.exports;
    let proofs = entry_points.iter().zip(exports).map(|(entry_point, export)| {
        passes_plain_values(entry_point, export) && prover.is_stateless(entry_point)
    });
    proofs.collect()
}

/// Whether the arguments and the result are core values without handles, and the host calls the function at once.
fn passes_plain_values(entry_point: &EntryPoint<'_>, export: &WorldFunction) -> bool {
    let Some(call) = &entry_point.call else { return false };
    let options = &call.lifted.options;
    // A function whose type is asynchronous may have to wait, whatever its options.
    let is_async = options.is_async || export.signature.starts_with("async ");
    !export.allocates_arguments
        && !is_async
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

/// How a call of a function ends whose outcome its arguments alone decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pure {
    /// It may return.
    Returns,
    /// It never returns.
    Ends,
}

struct Prover<'p, 'f, 'a> {
    effects: &'p Effects<'f, 'a>,
    bodies: &'p Bodies<'a>,
    /// By function, how it ends; `None` if it is not pure, or is being followed and so recursive.
    known: RefCell<BTreeMap<(CoreInstanceId, FuncIdx), Option<Pure>>>,
    /// By function that never returns, whether it may exit.
    exits: RefCell<BTreeMap<CoreFunc, bool>>,
}

impl Prover<'_, '_, '_> {
    fn is_stateless(&self, entry_point: &EntryPoint<'_>) -> bool {
        let steps = entry_point.call.iter().flat_map(|call| &call.steps);
        steps.into_iter().all(|step| {
            let CoreFunc::Defined(instance, func) = step.func else { return false };
            matches!(step.role, Role::Lifted | Role::PostReturn)
                && self.pure(instance, func, 0) == Some(Pure::Returns)
        })
    }

    fn pure(&self, instance: CoreInstanceId, func: FuncIdx, depth: u32) -> Option<Pure> {
        if let Some(known) = self.known.borrow().get(&(instance, func)) {
            return *known;
        }
        if depth > DEEPEST {
            return None;
        }
        self.known.borrow_mut().insert((instance, func), None);
        let module = self.effects.world().core_instances[instance].module;
        let body = self.bodies.get(module, func)?;
        if body.opaque.is_some() || body.is_damaged() {
            return None;
        }
        let pure = self.follow(instance, body, depth);
        self.known.borrow_mut().insert((instance, func), pure);
        pure
    }

    fn follow(&self, instance: CoreInstanceId, body: &Body, depth: u32) -> Option<Pure> {
        let world = self.effects.world();
        let callee = |callee| match world.func(instance, callee) {
            CoreFunc::Defined(of, func) => self.pure(of, func, depth + 1),
            _ => None,
        };
        let mut reachable = Reachable::new();
        for (at, op) in body.code.iter().enumerate() {
            if reachable.here() {
                match op {
                    // What never returns ends this call, too; what it does no later call sees, unless it exits.
                    Op::Call(func) if matches!(body.code.get(at + 1), Some(Op::Unreachable)) => {
                        if self.may_exit(world.func(instance, *func)) {
                            return None;
                        }
                    }
                    Op::Call(func) => {
                        if callee(*func)? == Pure::Ends {
                            reachable.stop();
                        }
                    }
                    Op::ReturnCall(func) => match callee(*func)? {
                        Pure::Returns => reachable.go_out(),
                        Pure::Ends => reachable.stop(),
                    },
                    Op::GlobalGet(global) if self.is_fixed(instance, *global) => {}
                    Op::Other(..) => self.computes(body, at).then_some(())?,
                    op => computes_or_branches(op).then_some(())?,
                }
            }
            reachable.step(op)?;
        }
        Some(if reachable.here() { Pure::Returns } else { Pure::Ends })
    }

    /// Whether a global keeps its first value.
    fn is_fixed(&self, instance: CoreInstanceId, global: GlobalIdx) -> bool {
        let world = self.effects.world();
        world.global(instance, global).is_some_and(|id| !world.globals[id].mutable)
    }

    /// Whether an operator that is not modelled computes from its operands alone.
    fn computes(&self, body: &Body, at: usize) -> bool {
        let start = body.offsets.get(at).map(|at| *at as usize);
        let file = self.effects.world().component.file;
        start.and_then(|start| file.get(start..)).is_some_and(purity::is_pure)
    }

    /// Whether a function may end the instance otherwise than by a trap.
    fn may_exit(&self, func: CoreFunc) -> bool {
        let known = self.exits.borrow().get(&func).copied();
        known.unwrap_or_else(|| {
            let exits = self.reaches_exit(func);
            self.exits.borrow_mut().insert(func, exits);
            exits
        })
    }

    fn reaches_exit(&self, func: CoreFunc) -> bool {
        let world = self.effects.world();
        let mut reach = Reach::default();
        reach.add(&self.effects.summaries, func);
        let exits = |func: &CoreFunc| matches!(func, CoreFunc::Lowered(id) if world.lowered[*id].target.is_exit());
        reach.is_unbounded(false) || reach.functions().iter().any(exits)
    }
}

/// Whether a modelled operator computes from operands and locals, or moves control inside its function.
fn computes_or_branches(op: &Op) -> bool {
    matches!(
        op,
        Op::Unreachable
            | Op::Nop
            | Op::Block { .. }
            | Op::Loop { .. }
            | Op::If { .. }
            | Op::Else
            | Op::End
            | Op::Br(_)
            | Op::BrIf(_)
            | Op::BrTable(_)
            | Op::Return
            | Op::Drop
            | Op::Select
            | Op::LocalGet(_)
            | Op::LocalSet(_)
            | Op::LocalTee(_)
            | Op::Const(_)
            | Op::Vector(_)
            | Op::Unary(_)
            | Op::Binary(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::entry_points;
    use crate::facts::instantiation::Instantiation;

    /// Whether the export `f` is proven stateless.
    fn is_proven(f: &str, ty: &str) -> bool {
        let component = Component::of_text(&format!(
            r#"(component
                (import "host" (func $host))
                (core func $host (canon lower (func $host)))
                (core module $m
                  (import "" "host" (func $host))
                  (memory 2)
                  (global $sp (mut i32) (i32.const 65536))
                  (global $fixed i32 (i32.const 5))
                  (data (i32.const 66000) "\01\02\03\04\05\06\07\08")
                  (func $panic (call $host))
                  (func $double (param $x i32) (result i32) (i32.shl (local.get $x) (i32.const 1)))
                  (func $for_ever (param $x i32) (result i32) (call $for_ever (local.get $x)))
                  (func $trap (param $x i32) (result i32) unreachable)
                  (func (export "f") (param $x i32) (result i32) {f}))
                (core instance $i (instantiate $m (with "" (instance (export "host" (func $host))))))
                (func (export "f") {ty} (param "x" u32) (result u32) (canon lift (core func $i "f"))))"#
        ));
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        of(&effects, &bodies, &entry_points::of(&world)) == [true]
    }

    #[test]
    fn what_reads_and_keeps_nothing_is_stateless() {
        for (body, expected) in [
            ("(i32.mul (local.get $x) (i32.const 3))", true),
            ("(i32.add (global.get $fixed) (call $double (local.get $x)))", true),
            ("(return_call $double (local.get $x))", true),
            (
                "(loop $l (br_if $l (local.tee $x (i32.shr_u (local.get $x) (i32.const 1))))) (i32.const 1)",
                true,
            ),
            ("(if (local.get $x) (then (call $panic) unreachable)) (i32.const 1)", true),
            ("(i32.trunc_sat_f32_u (f32.sqrt (f32.convert_i32_u (local.get $x))))", true),
            ("(global.get $sp)", false),
            ("(global.set $sp (i32.const 1)) (i32.const 0)", false),
            ("(i32.load (i32.const 66000))", false),
            ("(i32.store (i32.const 66100) (i32.const 1)) (i32.const 0)", false),
            ("(memory.copy (i32.const 0) (i32.const 900000) (i32.const 0)) (i32.const 0)", false),
            ("(memory.grow (i32.const 1))", false),
            ("(memory.size)", false),
            ("(call $host) (i32.const 1)", false),
            ("(call $for_ever (local.get $x))", false),
            ("(call $trap (local.get $x))", false),
            ("(loop $l (br $l)) (i32.const 0)", false),
            ("(unreachable)", false),
        ] {
            assert_eq!(is_proven(body, ""), expected, "{body}");
        }
        assert!(!is_proven("(local.get $x)", "async"));
    }
}
