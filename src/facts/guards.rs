//! Run-once guards, recognized by their effect: the first call changes a location, and because of its value the second
//! call traps.

use crate::facts::execution::reads::{Assumption, Reads};
use crate::facts::execution::{Cell, Ending, Event, Site};
use crate::facts::trials::Trial;

/// A location whose change makes the second call trap.
#[derive(Debug, Clone)]
pub struct RunOnceGuard {
    /// Whether the second call traps on every path.
    pub reaches: Reaches,
    /// The location.
    pub cell: Cell,
    /// The instruction of the second call that reads it.
    pub load: Site,
    /// The instruction of the first call that sets it.
    pub store: Option<Site>,
    /// The instruction of the second call that traps.
    pub trap: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
    /// What the proof assumes, if the trap is certain.
    pub assumptions: Vec<Assumption>,
}

/// Whether some or all paths reach an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reaches {
    /// Some path, or every path as long as code that was not executed writes nothing.
    Maybe,
    /// Every path.
    Always,
}

/// The guard that a trial met.
pub fn of(trial: &Trial) -> Option<RunOnceGuard> {
    let second = trial.second.as_ref().or(trial.second_after_change.as_ref())?;
    let reaches = if trial.is_proof { Reaches::Always } else { Reaches::Maybe };
    let guard = on_every_path(second, reaches).or_else(|| on_some_path(trial, second))?;
    let assumptions = match guard.reaches {
        Reaches::Always => trial.assumptions.iter().copied().collect(),
        Reaches::Maybe => Vec::new(),
    };
    Some(RunOnceGuard { assumptions, ..guard })
}

/// The guard of a second call that traps on every path.
fn on_every_path(second: &Ending, reaches: Reaches) -> Option<RunOnceGuard> {
    if second.returned.is_some() {
        return None;
    }
    let decided = second.traps.iter().find(|trap| trap.branch.is_some());
    let trap = decided.or(second.traps.first())?;
    let branch = trap.branch.as_ref().or(second.decided_branches.first())?;
    guard(trap, &branch.reads, reaches)
}

/// The guard of a trap that only the second call reaches, because of what the first one wrote.
fn on_some_path(trial: &Trial, second: &Ending) -> Option<RunOnceGuard> {
    let second = trial.second_after_change.as_ref().unwrap_or(second);
    let fresh = second.traps.iter().find(|trap| {
        let same = |first: &Event| first.site == trap.site && first.stack == trap.stack;
        trap.branch.is_some() && !trial.first.traps.iter().any(same)
    })?;
    guard(fresh, &fresh.branch.as_ref()?.reads, Reaches::Maybe)
}

fn guard(trap: &Event, reads: &Reads, reaches: Reaches) -> Option<RunOnceGuard> {
    let read = reads.earlier()?;
    Some(RunOnceGuard {
        reaches,
        cell: read.cell,
        load: read.load,
        store: read.earlier,
        trap: trap.site,
        stack: trap.stack.clone(),
        assumptions: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::body::Bodies;
    use crate::facts::effects::Effects;
    use crate::facts::entry_points;
    use crate::facts::instantiation::Instantiation;
    use crate::facts::trials::Trials;

    /// How the guard of an export with this body is reached, and the address that it reads; 0 for a global.
    fn guard_of(body: &str) -> Option<(Reaches, u64)> {
        let component = Component::of_text(&format!(
            r#"(component
                (core module $m
                  (memory 1)
                  (global $flag (mut i32) (i32.const 0))
                  (func $set (i32.store (i32.const 1040) (i32.const 1)))
                  (func $clear (i32.store (i32.const 1040) (i32.const 0)))
                  (func $harmless (param i32) (call $harmless (local.get 0)))
                  (func $recursive_clear (param i32)
                    (call $clear) (call $recursive_clear (local.get 0)))
                  (func (export "f") (param $x i32) (local $i i32) {body}))
                (core instance $i (instantiate $m))
                (func (export "f") (param "x" u32) (canon lift (core func $i "f"))))"#
        ));
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let entry_points = entry_points::of(&world);
        let call = entry_points[0].call.as_ref()?;
        let guard = of(&Trials::new(&effects, &bodies).call_twice(call))?;
        Some(match guard.cell {
            Cell::Memory { address, .. } => (guard.reaches, address),
            Cell::Global(_) => (guard.reaches, 0),
        })
    }

    #[test]
    fn guards_are_found_by_their_effect() {
        let check = "(if (i32.load (i32.const 1040)) (then unreachable))";
        let count =
            "(i32.store (i32.const 1040) (i32.add (i32.load (i32.const 1040)) (i32.const 1)))";
        let global = "(if (global.get $flag) (then unreachable)) (global.set $flag (i32.const 1))";
        let always = |address| Some((Reaches::Always, address));
        for (body, expected) in [
            ("unreachable".to_owned(), None),
            (check.to_owned(), None),
            (global.to_owned(), always(0)),
            (format!("{check} (call $set)"), always(1040)),
            (format!("{check} {count}"), always(1040)),
            (format!("{check} (call $set) (call $clear)"), None),
            (
                format!("{check} (if (local.get $x) (then (call $set)))"),
                Some((Reaches::Maybe, 1040)),
            ),
        ] {
            assert_eq!(guard_of(&body), expected, "{body}");
        }
    }

    const GUARDED: &str = "(if (i32.load (i32.const 1040)) (then unreachable)) (call $set)";

    #[test]
    fn skipped_calls_make_a_guard_uncertain_if_they_reach_its_cell() {
        for (callee, expected) in
            [("$harmless", Some((Reaches::Always, 1040))), ("$recursive_clear", None)]
        {
            let body = format!("{GUARDED} (call {callee} (local.get $x))");
            assert_eq!(guard_of(&body), expected, "{callee}");
        }
    }

    #[test]
    fn a_write_that_may_clear_the_flag_refutes_the_guard() {
        let up = |start: u32, stride: u32, count: u32| {
            format!(
                "(loop $l
                  (i32.store (i32.add (i32.const {start}) (i32.mul (local.get $i) (i32.const {stride}))) (i32.const 0))
                  (local.set $i (i32.add (local.get $i) (i32.const 1)))
                  (br_if $l (i32.lt_u (local.get $i) (i32.const {count}))))"
            )
        };
        let down = "(local.set $i (i32.const 1100))
            (loop $l
              (i32.store8 (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const 0))
              (br_if $l (i32.gt_u (local.get $i) (i32.const 1030))))";
        for (write, certain) in [
            (up(1024, 8, 10), false),
            // Every address is 4 bytes off.
            (up(1028, 8, 10), true),
            // Ends before the flag.
            (up(1024, 4, 4), true),
            (up(1024, 4, 5), false),
            (down.to_owned(), false),
            (down.replace("1030", "1050"), true),
            ("(i32.store (local.get $x) (i32.const 0))".to_owned(), false),
            (
                "(i32.store8 (i32.and (local.get $x) (i32.const 1023)) (i32.const 0))".to_owned(),
                true,
            ),
            ("(i32.store (i32.load (i32.const 2000)) (i32.const 0))".to_owned(), true),
            ("(i32.store (i32.load (local.get $x)) (i32.const 0))".to_owned(), false),
            ("(i64.store (i32.const 1036) (i64.const 0))".to_owned(), false),
            ("(v128.store (i32.const 1030) (v128.const i64x2 0 0))".to_owned(), false),
            ("(memory.fill (i32.const 1024) (i32.const 0) (local.get $x))".to_owned(), false),
            ("(memory.fill (i32.const 2000) (i32.const 0) (local.get $x))".to_owned(), true),
            ("(memory.fill (i32.const 1024) (i32.const 0) (i32.const 16))".to_owned(), true),
            ("(memory.copy (i32.const 1024) (i32.const 2000) (i32.const 100))".to_owned(), false),
            ("(memory.copy (local.get $x) (i32.const 2000) (i32.const 1))".to_owned(), false),
        ] {
            let guard = guard_of(&format!("{GUARDED} {write}"));
            assert_eq!(guard == Some((Reaches::Always, 1040)), certain, "{write}: {guard:?}");
        }
    }
}
