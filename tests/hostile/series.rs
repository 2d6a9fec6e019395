//! Series of components of each hostile kind, each eight times as large as the first: what they cost grows with their
//! size, in time and in memory.

use std::time::Duration;

use super::{MEASURED, MEMORY, STACK, all_of_it, allowance, processor_time};
use secondcall::component::Component;

/// How much larger the last component of a series is.
const LARGER: u32 = 8;
/// How many times as much it may cost for its size. What is quadratic costs eight times as much.
const SLACK: u32 = 3;
/// Costs below these are not told from noise.
const LEAST_TIME: Duration = Duration::from_millis(30);
const LEAST_MEMORY: usize = 4 << 20;

/// The processor time and memory of all that the program does with a component.
fn cost(bytes: &[u8]) -> (Duration, usize) {
    let _alone = MEASURED.lock().unwrap();
    // All parallel work is that of one thread.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build().unwrap();
    pool.install(|| {
        MEMORY.reset_peak_usage();
        let (before, begun) = (MEMORY.current_usage(), processor_time(false));
        all_of_it(bytes);
        let time = processor_time(false) - begun;
        (time, MEMORY.peak_usage().saturating_sub(before))
    })
}

/// Checks a series: `text` is the component of a size, `first` the first size.
fn grows_with_size(kind: &str, first: usize, text: impl Fn(usize) -> String) {
    let made = |size: usize| {
        let bytes = wat::parse_str(text(size)).unwrap();
        if let Err(error) = Component::read(&bytes) {
            panic!("{kind} of size {size} is meant to be read: {error}");
        }
        bytes
    };
    let (small, large) = (made(first), made(first * LARGER as usize));
    let ratio = (large.len() / small.len().max(1)).max(LARGER as usize) as u32;
    let ((small_time, small_memory), (time, memory)) = (cost(&small), cost(&large));
    let (most_time, most_memory) = allowance(large.len());
    eprintln!(
        "{kind}: {} bytes {small_time:?} {small_memory}, {} bytes {time:?} {memory}",
        small.len(),
        large.len()
    );
    let most_time = most_time.min(small_time.max(LEAST_TIME) * ratio * SLACK);
    let most_memory = most_memory.min(small_memory.max(LEAST_MEMORY) * (ratio * SLACK) as usize);
    assert!(time <= most_time, "{kind}: {time:?} for {small_time:?} of an eighth");
    assert!(memory <= most_memory, "{kind}: {memory} bytes for {small_memory} of an eighth");
}

/// Parts of a text, each with its number.
fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// A component that exports `f`, the core function of this body in a module with these items.
fn of_body(items: &str, body: &str) -> String {
    format!(
        r#"(component
          (core module $m {items} (memory (export "memory") 1) (global $g (mut i32) (i32.const 0))
            (func (export "f") {body}))
          (core instance $m (instantiate $m))
          (func (export "f") (canon lift (core func $m "f"))))"#
    )
}

/// `count` exports of one core function with this body.
fn of_exports(count: usize, body: &str) -> String {
    let exports =
        numbered(count, |it| format!(r#"(func (export "e{it}") (canon lift (core func $m "f")))"#));
    format!(
        r#"(component (core module $m (memory 1) (func (export "f") {body}))
          (core instance $m (instantiate $m)) {exports})"#
    )
}

#[test]
fn exports() {
    grows_with_size("exports", 2000, |size| of_exports(size, ""));
}

/// Each has a finding, which every format prints.
#[test]
fn exports_with_findings() {
    let guarded = "(if (i32.load (i32.const 1040)) (then unreachable))
        (i32.store (i32.const 1040) (i32.const 1))";
    grows_with_size("exports with findings", 300, |size| of_exports(size, guarded));
}

#[test]
fn types() {
    grows_with_size("types", 8000, |size| {
        format!("(component {})", numbered(size, |_| "(type string)".to_owned()))
    });
}

#[test]
fn imports() {
    grows_with_size("imports", 1000, |size| {
        format!("(component {})", numbered(size, |it| format!(r#"(import "i{it}" (func))"#)))
    });
}

#[test]
fn functions() {
    grows_with_size("functions", 2000, |size| {
        of_body(&numbered(size, |it| format!("(func $f{it} nop)")), "")
    });
}

/// A chain of calls, of functions with many local variables.
#[test]
fn calls() {
    let locals = "(local i64)".repeat(200);
    grows_with_size("calls", 200, |size| {
        let next =
            |it: usize| if it + 1 < size { format!("call $f{}", it + 1) } else { String::new() };
        of_body(&numbered(size, |it| format!("(func $f{it} {locals} {})", next(it))), "call $f0")
    });
}

#[test]
fn data_that_overlap() {
    grows_with_size("data", 2000, |size| {
        let data = numbered(size, |_| r#"(data (i32.const 0) "ab")"#.to_owned());
        of_body(&data, "(global.set $g (i32.load (i32.const 0)))")
    });
}

#[test]
fn global_sets() {
    grows_with_size("global.set", 4000, |size| {
        of_body("", &"(global.set $g (i32.add (global.get $g) (i32.const 16)))".repeat(size))
    });
}

#[test]
fn stores() {
    grows_with_size("stores", 4000, |size| {
        of_body(
            "",
            &numbered(size, |it| format!("(i32.store (i32.const {}) (i32.const 1))", it % 60_000)),
        )
    });
}

/// Writes of locals under a high stack of operands that test them.
#[test]
fn operands() {
    grows_with_size("operands", 4000, |size| {
        let body = numbered(size, |_| {
            "local.get $a (local.set $b (local.tee $a (local.get $b))) ".to_owned()
        });
        of_body("", &format!("(local $a i32) (local $b i32) {body} {}", "drop ".repeat(size)))
    });
}

/// Instances with memories, each of which calls the host.
#[test]
fn memories() {
    let memories = "(memory 1)".repeat(50);
    grows_with_size("memories", 20, |size| {
        let instances = numbered(size, |it| {
            format!(
                r#"(core module $m{it} (import "" "host" (func $host)) {memories}
                     (func (export "f") (call $host)))
                   (core instance $m{it}
                     (instantiate $m{it} (with "" (instance (export "host" (func $host))))))"#
            )
        });
        let imports = numbered(size, |it| format!(r#"(import "{it}" "f" (func $f{it}))"#));
        let with = numbered(size, |it| format!(r#"(with "{it}" (instance $m{it}))"#));
        let calls = numbered(size, |it| format!("(call $f{it})"));
        format!(
            r#"(component (import "host" (func $host)) (core func $host (canon lower (func $host)))
                {instances} (core module $all {imports} (func (export "f") {calls}))
                (core instance $all (instantiate $all {with}))
                (func (export "f") (canon lift (core func $all "f"))))"#
        )
    });
}

#[test]
fn loops() {
    let locals = "(local i64)".repeat(200);
    grows_with_size("loops", 50, |size| {
        of_body("", &format!("{locals} {} {}", "loop ".repeat(size), "end ".repeat(size)))
    });
}

#[test]
fn labels() {
    let locals = "(local i64)".repeat(500);
    grows_with_size("labels", 100, |size| {
        let labels = numbered(size, |it| format!("{it} "));
        let (open, close) = ("block ".repeat(size), "end ".repeat(size));
        of_body(
            "",
            &format!("{locals} {open} (br_table {labels} (i32.load (i32.const 0))) {close}"),
        )
    });
}

#[test]
fn indirect_calls() {
    grows_with_size("indirect calls", 1000, |size| {
        let table = format!("(table {size} funcref)");
        of_body(&table, &"(call_indirect (i32.load (i32.const 0)))".repeat(size))
    });
}

#[test]
fn instances() {
    grows_with_size("instances", 100, |size| {
        let instances = "(core instance (instantiate $m))".repeat(size);
        format!("(component (core module $m (global i32 (i32.const 0)) (func)) {instances})")
    });
}

#[test]
fn names() {
    grows_with_size("names", 1000, |size| {
        let functions = numbered(size, |it| format!(r#"(func (@name "{}{it}"))"#, "n".repeat(200)));
        of_body(&functions, "")
    });
}
