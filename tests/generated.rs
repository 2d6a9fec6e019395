//! Generated programs: whatever the analysis proves of them, calls confirm, and the state after a call is one that the
//! analysis allows for.
//!
//! `SECONDCALL_GENERATED=NUMBER` says how many programs of each kind are examined instead of a few, and
//! `SECONDCALL_SEED=NUMBER` which is the first.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "generated/c.rs"]
mod c;
#[path = "generated/concrete.rs"]
mod concrete;
#[path = "generated/examine.rs"]
mod examine;
mod inputs;
mod lifted;
#[path = "generated/expression.rs"]
mod expression;
#[path = "generated/places.rs"]
mod places;
#[path = "generated/program.rs"]
mod program;
#[path = "generated/random.rs"]
mod random;
#[path = "generated/statement.rs"]
mod statement;
#[path = "generated/states.rs"]
mod states;

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use std::{fs, thread};

use arbitrary::Unstructured;
use examine::{Examined, Made, examine};
use random::Random;

/// Stack of a thread, in bytes: that of the program's own threads.
const STACK: usize = 64 << 20;

/// A number from the environment.
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Examines the components of so many seeds, or as many as the environment says. What a component does that the analysis
/// rules out fails the test; the component is kept below `target`.
fn hold(kind: &str, few: u64, make: impl Fn(u64) -> Option<Made> + Sync) {
    let (begun, first) = (Instant::now(), number("SECONDCALL_SEED").unwrap_or(0));
    let end = first + number("SECONDCALL_GENERATED").unwrap_or(few);
    let (next, engine) = (AtomicU64::new(first), concrete::engine());
    let total = Mutex::new((0, Examined::default()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break;
            }
            let Some(made) = make(seed) else { continue };
            let Some(examined) = examine(&engine, &made, &mut Random::new(seed)) else {
                continue;
            };
            if !examined.wrong.is_empty() {
                let kept = format!("{}/{kind}-{seed}.wasm", env!("CARGO_TARGET_TMPDIR"));
                fs::write(kept, &made.bytes).unwrap();
            }
            let mut total = total.lock().unwrap();
            total.0 += 1;
            total.1.claims += examined.claims;
            total.1.void += examined.void;
            total.1.calls += examined.calls;
            total.1.values += examined.values;
            let lines = examined.wrong.into_iter().map(|what| format!("{kind}-{seed}: {what}"));
            total.1.wrong.extend(lines);
        }
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..workers {
            let worker = thread::Builder::new().stack_size(STACK);
            worker.spawn_scoped(scope, work).unwrap();
        }
    });
    let (programs, total) = total.into_inner().unwrap();
    // The output of `eprintln!` is not shown for a test that passes.
    writeln!(
        io::stderr(),
        "{kind}: {programs} programs, {} claims, {} with a false assumption, {} calls, {} values, {:.1} s",
        total.claims,
        total.void,
        total.calls,
        total.values,
        begun.elapsed().as_secs_f64()
    )
    .expect("standard error can be written to");
    assert!(programs > 0, "no program was examined");
    assert!(
        total.wrong.is_empty(),
        "{}\nthe components are in {}",
        total.wrong.join("\n"),
        env!("CARGO_TARGET_TMPDIR")
    );
}

#[test]
fn programs() {
    hold("program", 150, |seed| Some(Made::of(parsed(&program::component(seed, false)))));
}

#[test]
fn programs_that_keep_to_objects() {
    let objects = places::objects();
    hold("keeping", 150, |seed| {
        let bytes = parsed(&program::component(seed, true));
        Some(Made { bytes, objects: objects.clone() })
    });
}

#[test]
fn c_programs() {
    let Some(toolchains) = inputs::folder("SECONDCALL_TOOLCHAINS", "c_programs") else { return };
    let compiler = c::Compiler::of(&toolchains);
    hold("c", 60, |seed| {
        let (module, objects) = compiler.compile(seed, &c::program(seed));
        Some(Made { bytes: lifted::lifted(&module), objects })
    });
}

fn parsed(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn smith() {
    hold("smith", 100, |seed| {
        let mut random = Random::new(seed);
        let config = wasm_smith::Config {
            max_imports: 0,
            min_funcs: 1,
            max_funcs: 12,
            min_memories: 1,
            max_memories: 2,
            memory_offset_choices: wasm_smith::MemoryOffsetChoices(90, 9, 1),
            max_memory32_bytes: 1 << 20,
            max_memory64_bytes: 1 << 20,
            memory_max_size_required: true,
            export_everything: true,
            gc_enabled: seed % 3 == 0,
            exceptions_enabled: seed % 2 == 0,
            threads_enabled: seed % 5 == 0,
            tail_call_enabled: true,
            disallow_traps: seed % 4 == 0,
            ..wasm_smith::Config::default()
        };
        let food = random.bytes(8192);
        let module = wasm_smith::Module::new(config, &mut Unstructured::new(&food)).ok()?;
        Some(Made::of(lifted::lifted(&module.to_bytes())))
    });
}
