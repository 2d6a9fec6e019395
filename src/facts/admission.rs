//! How many calls of an asynchronous export one instance lets run at the same time, by its lift and its code. Judges nothing.
//!
//! component-model, `Concurrency.md`, "Backpressure" and "Summary of the callback ABI"; `CanonicalABI.md`, `canon lift`.

use crate::facts::effects::{Effects, Reach};
use crate::facts::entry_points::{EntryPoint, HostCall};
use crate::facts::instantiation::CoreFunc;
use crate::facts::overlap::WAITING;
use crate::inventory::{Admission, Admitted};

/// For each entry point: how many calls run at the same time; `None` if its type is not async.
pub fn of(effects: &Effects<'_, '_>, entry_points: &[EntryPoint<'_>]) -> Vec<Option<Admission>> {
    let is_async = |it: &EntryPoint<'_>| it.signature.starts_with("async ");
    let of_one = |entry_point: &EntryPoint<'_>| {
        let call = entry_point.call.as_ref().filter(|_| is_async(entry_point))?;
        let admitted = admitted(effects, call);
        // Calls of a type that is not async do not wait for others (`CanonicalABI.md`, "Residual backpressure").
        let beside = |it: &&EntryPoint<'_>| {
            let same = |other: &HostCall| other.lifted.home == call.lifted.home;
            !is_async(it) && !it.internal && it.call.as_ref().is_some_and(same)
        };
        let waits = admitted != Admitted::Serial || waits(effects, call);
        let beside = entry_points.iter().filter(beside).filter(|_| waits);
        Some(Admission { admitted, beside: beside.map(|it| it.name.to_string()).collect() })
    };
    entry_points.iter().map(of_one).collect()
}

fn admitted(effects: &Effects<'_, '_>, call: &HostCall) -> Admitted {
    let options = &call.lifted.options;
    if !options.is_async {
        return Admitted::Serial;
    }
    if reaches(effects, call, &["backpressure.inc"])
        && !reaches(effects, call, &["backpressure.dec"])
    {
        return Admitted::HeldBack;
    }
    if options.callback.is_some() {
        return Admitted::Callback;
    }
    let stack_pointer = match call.lifted.core {
        CoreFunc::Defined(instance, _) => {
            let module = effects.world().core_instances[instance].module;
            effects.summaries.stack_pointer(module)
        }
        _ => None,
    };
    let switches = reaches(effects, call, &["context.set"]);
    match stack_pointer {
        Some(_) if !switches => Admitted::OneStack,
        _ => Admitted::Stackful,
    }
}

/// Whether the steps of a call may reach one of these builtins.
fn reaches(effects: &Effects<'_, '_>, call: &HostCall, names: &[&str]) -> bool {
    let world = effects.world();
    reach(effects, call).functions().iter().any(|func| match func {
        CoreFunc::Builtin(id) => names.contains(&world.builtins[*id].name),
        _ => false,
    })
}

/// Whether the steps of a call may wait for something.
fn waits(effects: &Effects<'_, '_>, call: &HostCall) -> bool {
    let world = effects.world();
    let calls_and_waits = reach(effects, call).functions().iter().any(|func| match func {
        CoreFunc::Lowered(id) => world.lowered[*id].waits,
        _ => false,
    });
    calls_and_waits || reaches(effects, call, &WAITING)
}

fn reach(effects: &Effects<'_, '_>, call: &HostCall) -> Reach {
    let mut reach = Reach::default();
    call.steps.iter().for_each(|step| reach.add(&effects.summaries, step.func));
    reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::body::Bodies;
    use crate::facts::entry_points;
    use crate::facts::instantiation::Instantiation;

    /// How each export is admitted, and what runs beside it.
    fn admitted(lift: &str, body: &str) -> String {
        let text = format!(
            r#"(component
                (import "pause" (func $pause async))
                (core func $pause (canon lower (func $pause)))
                (core func $begin (canon lower (func $pause) async))
                (core func $return (canon task.return))
                (core func $raise (canon backpressure.inc))
                (core func $lower (canon backpressure.dec))
                (core module $m
                  (import "" "return" (func $return))
                  (import "" "raise" (func $raise))
                  (import "" "lower" (func $lower))
                  (import "" "pause" (func $pause))
                  (import "" "begin" (func $begin (result i32)))
                  (memory (export "memory") 1)
                  (global $sp (mut i32) (i32.const 65536))
                  (func $framed
                    (local $frame i32)
                    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 16))))
                    (i32.store (local.get $frame) (i32.const 1))
                    (global.set $sp (i32.add (local.get $frame) (i32.const 16))))
                  (func (export "plain") {body})
                  (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
                  (func (export "init") (param i32 i32))
                  (func (export "status") (result i32) {body} (i32.const 0))
                  (func (export "back") (param i32 i32 i32) (result i32) (i32.const 0)))
                (core instance $i (instantiate $m (with "" (instance
                  (export "return" (func $return)) (export "raise" (func $raise)) (export "lower" (func $lower))
                  (export "pause" (func $pause)) (export "begin" (func $begin))))))
                (func (export "work") async (canon lift {lift}))
                (func (export "size") (result u32) (canon lift (core func $i "status")))
                (func $init (param "app-name" string)
                  (canon lift (core func $i "init") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
                (instance $exports (export "init" (func $init)))
                (export "exports" (instance $exports)))"#
        );
        let component = Component::of_text(&text);
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let found = of(&effects, &entry_points::of(&world));
        let texts = found.iter().map(|it| match it {
            Some(it) => format!("{:?} {}", it.admitted, it.beside.join("+")),
            None => "-".to_owned(),
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn the_lift_and_the_code_say_how_many_calls_run() {
        // The first export is for a toolchain alone: nothing runs it beside another call.
        let callback = r#"(core func $i "status") async (callback (core func $i "back"))"#;
        let plain = r#"(core func $i "plain")"#;
        let stackful = r#"(core func $i "plain") async"#;
        for (lift, body, expected) in [
            (plain, "", "-, Serial , -"),
            (plain, "(call $pause)", "-, Serial size, -"),
            (plain, "(drop (call $begin))", "-, Serial , -"),
            (callback, "", "-, Callback size, -"),
            (callback, "(call $raise)", "-, HeldBack size, -"),
            (callback, "(call $raise) (call $lower)", "-, Callback size, -"),
            (stackful, "", "-, OneStack size, -"),
        ] {
            assert_eq!(admitted(lift, body), expected, "{lift} {body}");
        }
    }
}
