//! Damaged, generated and malicious inputs: an error or a shorter answer, never a panic or a hang.
//!
//! What is done with each input is all that the program would do: lint it, tell the report in every
//! format, list its functions and print some. It runs with the stack of the program's threads, within limits of time
//! and memory that depend on the size of the input. An input that makes a test fail is kept in the folder for temporary
//! files below `target`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "hostile/bombs.rs"]
mod bombs;
mod lifted;
#[path = "hostile/series.rs"]
mod series;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::process;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{fs, iter, panic, thread};

use arbitrary::Unstructured;
use lifted::lifted;
use peak_alloc::PeakAlloc;
use secondcall::component::Component;
use secondcall::component::wit::WitError;
use secondcall::profile::Profile;
use secondcall::report::binaries::Binaries;
use secondcall::report::document::Document;
use secondcall::report::listing::{self, Listing};
use secondcall::report::run::{Artifact, Run};
use secondcall::report::style::Style;
use secondcall::report::{agent, concise, github, gitlab, json, junit, ndjson, sarif, text};
use secondcall::{lint, rules};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function,
    FunctionSection, Instruction, MemArg, MemArgTarget, MemorySection, MemoryType, Module,
    TypeSection, ValType,
};

/// How much processor time the suite may spend on one input before it gives up on it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long the suite waits for that, on the busiest machine.
const DEADLINE: Duration = Duration::from_secs(3600);

/// Stack of a thread, in bytes: that of the program's own threads.
const STACK: usize = 64 << 20;

/// Counts what is allocated.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Held while an input is measured, so that no other test allocates for its own input at the same time.
static MEASURED: Mutex<()> = Mutex::new(());

/// Processor time of this thread or, `all`, of this process. Elsewhere than on Unix, the time that passed.
fn processor_time(all: bool) -> Duration {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        let clock = if all { ClockId::ProcessCPUTime } else { ClockId::ThreadCPUTime };
        Duration::try_from(clock_gettime(clock)).unwrap()
    }
    #[cfg(not(unix))]
    {
        use std::sync::LazyLock;
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        let _ = all;
        START.elapsed()
    }
}

/// Does with an input all that the program does. Returns what is wrong with that: a panic, or too much time or memory.
fn measured(bytes: &[u8]) -> Option<String> {
    MEMORY.reset_peak_usage();
    let (before, begun) = (MEMORY.current_usage(), processor_time(false));
    let done = panic::catch_unwind(|| all_of_it(bytes));
    let (time, memory) =
        (processor_time(false) - begun, MEMORY.peak_usage().saturating_sub(before));
    let (most_time, most_memory) = allowance(bytes.len());
    match done {
        Err(_) => Some("panics".to_owned()),
        Ok(()) if time > most_time => Some(format!("takes {time:?}, more than {most_time:?}")),
        Ok(()) if memory > most_memory => {
            Some(format!("takes {memory} bytes of memory, more than {most_memory}"))
        }
        Ok(()) => None,
    }
}

/// How much processor time and memory an input of this size may take. What takes most today stays below two thirds of
/// it even if this crate is built without optimization.
fn allowance(size: usize) -> (Duration, usize) {
    let time = Duration::from_secs(1) + Duration::from_micros(100) * size as u32;
    let slowness = if cfg!(debug_assertions) { 4 } else { 1 };
    (time.min(Duration::from_secs(15)) * slowness, (128 << 20) + 100 * size)
}

/// Does all that the program does with each of these inputs, one after the other.
#[track_caller]
fn survive(inputs: impl Iterator<Item = (String, Vec<u8>)> + Send + 'static) {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        for (name, bytes) in inputs {
            let _alone = MEASURED.lock().unwrap();
            sender.send(Err((name, bytes.clone()))).unwrap();
            sender.send(Ok(measured(&bytes))).unwrap();
        }
    };
    let worker = thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    let mut failures = Vec::new();
    while let Ok(Err((name, bytes))) = receiver.recv() {
        let (spent, started) = (processor_time(true), Instant::now());
        let mut done = receiver.recv_timeout(Duration::from_secs(5));
        while done == Err(RecvTimeoutError::Timeout)
            && processor_time(true) - spent < PATIENCE
            && started.elapsed() < DEADLINE
        {
            done = receiver.recv_timeout(Duration::from_secs(5));
        }
        let failure = match &done {
            Ok(Ok(None)) => continue,
            Ok(Ok(Some(failure))) => failure,
            _ => "does not end",
        };
        let kept = format!("{}/hostile-{}.wasm", env!("CARGO_TARGET_TMPDIR"), digest(&bytes));
        fs::write(&kept, &bytes).unwrap();
        let failure = format!("{name} {failure}: {kept}");
        if done.is_err() {
            // It cannot be stopped, and all other tests wait for it.
            let mut err = io::stderr();
            writeln!(err, "{failure}").unwrap();
            process::exit(101);
        }
        failures.push(failure);
    }
    let number = failures.len();
    failures.truncate(20);
    assert!(failures.is_empty(), "{number} inputs fail, such as\n{}", failures.join("\n"));
    worker.join().unwrap();
}

/// Tells inputs that are kept from each other.
fn digest(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// One input, which must be read without an error.
#[track_caller]
fn survive_readable(name: &str, bytes: Vec<u8>) {
    if let Err(error) = Component::read(&bytes) {
        panic!("{name} is meant to be read: {error} at {:#x}", error.offset());
    }
    survive(iter::once((name.to_owned(), bytes)));
}

/// What the program does with an input.
fn all_of_it(bytes: &[u8]) {
    let host = Profile::by_id("jco-transpiled").unwrap();
    if let Ok(report) = lint(bytes, &[host]) {
        let artifact = Artifact::new("hostile.wasm".to_owned(), bytes.to_vec(), Ok(report));
        let run = Run { artifacts: vec![artifact], ..Run::default() };
        let document = Document::of(&run);
        let mut out = Vec::new();
        let style = Style { colour: true, ..Style::PLAIN };
        text::write(&document, &Binaries::of(&run), style, &mut out).unwrap();
        let rules: Vec<_> = rules::all().collect();
        sarif::write(&document, &rules, sarif::Profile::Oasis, &mut out).unwrap();
        for write in [
            agent::write,
            concise::write,
            github::write,
            gitlab::write,
            json::write,
            junit::write,
            ndjson::write,
        ] {
            write(&document, &mut out).unwrap();
        }
    }
    if let Ok(component) = Component::read(bytes) {
        let _: Result<String, WitError> = component.wit();
    }
    for function in listing::functions(bytes, None).iter().flatten().take(3) {
        let _: Result<Listing, _> = Listing::of_function(bytes, function);
    }
}

fn fixture(path: &str) -> Vec<u8> {
    wat::parse_file(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(path)).unwrap()
}

/// Numbers that look like noise, the same each time.
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
}

/// A component that lifts the first of these functions, all of type `(i32)`, in a module with a memory.
fn with_functions(functions: impl IntoIterator<Item = Function>) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
    for function in functions {
        declared.function(0);
        code.function(&function);
    }
    let mut memories = MemorySection::new();
    let (maximum, page_size_log2) = (None, None);
    memories.memory(MemoryType {
        minimum: 1,
        maximum,
        memory64: false,
        shared: false,
        page_size_log2,
    });
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut module = Module::new();
    module.section(&types).section(&declared).section(&memories).section(&exports).section(&code);
    lifted(&module.finish())
}

fn body(instructions: impl IntoIterator<Item = Instruction<'static>>) -> Function {
    let mut function = Function::new([(4, ValType::I32)]);
    for instruction in instructions {
        function.instruction(&instruction);
    }
    function.instruction(&Instruction::End);
    function
}

fn at(offset: u64) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::default(), ordering: None }
}

fn times(
    number: usize,
    instructions: &[Instruction<'static>],
) -> impl Iterator<Item = Instruction<'static>> + use<> {
    iter::repeat_n(instructions.to_vec(), number).flatten()
}

const DAMAGED: [&str; 5] = [
    "run_once_guard/fires_preview1_adapter.wat",
    "run_once_guard/fires_wasip3_callback.wat",
    "run_once_guard/fires_three_components_deep.wat",
    "exits_after_success/fires_possible_main_exits.wat",
    "export_needs_running_main/fires_go.wat",
];

#[test]
fn every_byte_flipped() {
    survive(DAMAGED.into_iter().flat_map(|path| {
        let whole = fixture(path);
        (0..whole.len()).flat_map(move |position| {
            let whole = whole.clone();
            [0x01, 0x80, 0xff].into_iter().map(move |mask| {
                let mut bytes = whole.clone();
                bytes[position] ^= mask;
                (format!("{path} with byte {position:#x} xor {mask:#x}"), bytes)
            })
        })
    }));
}

#[test]
fn bytes_exchanged_for_noise() {
    survive(DAMAGED.into_iter().flat_map(|path| {
        let whole = fixture(path);
        (0..400).map(move |seed| {
            let mut bytes = whole.clone();
            let mut noise = noise(seed);
            for _ in 0..=seed % 4 {
                let high = noise.next().unwrap();
                let position = usize::from(high) << 8 | usize::from(noise.next().unwrap());
                let length = bytes.len();
                bytes[position % length] = noise.next().unwrap();
            }
            (format!("{path} with noise {seed}"), bytes)
        })
    }));
}

#[test]
fn cut_off_everywhere() {
    survive(DAMAGED.into_iter().flat_map(|path| {
        let whole = fixture(path);
        (0..whole.len())
            .map(move |length| (format!("{path}, {length} bytes"), whole[..length].to_vec()))
    }));
}

#[test]
fn nothing_and_noise() {
    let megabyte = |seed| noise(seed).take(1 << 20);
    let begun = |preamble: &[u8], seed| preamble.iter().copied().chain(megabyte(seed)).collect();
    let component = b"\0asm\x0d\0\x01\0";
    let inputs: Vec<(String, Vec<u8>)> = vec![
        ("nothing".to_owned(), Vec::new()),
        ("a megabyte of noise".to_owned(), begun(b"", 1)),
        ("a megabyte of zeros".to_owned(), vec![0; 1 << 20]),
        ("a component, then noise".to_owned(), begun(component, 2)),
        ("a component, then zeros".to_owned(), [&component[..], &[0; 1 << 20]].concat()),
        ("a module, then noise".to_owned(), begun(b"\0asm\x01\0\0\0", 3)),
        ("a component and nothing".to_owned(), component.to_vec()),
    ];
    survive(inputs.into_iter());
}

#[test]
fn generated_components() {
    survive((0..300).filter_map(|seed| {
        let food: Vec<u8> = noise(seed).take(4096).collect();
        let config = wasm_smith::Config::default();
        let component = wasm_smith::Component::new(config, &mut Unstructured::new(&food)).ok()?;
        Some((format!("component {seed}"), component.to_bytes()))
    }));
}

#[test]
fn generated_modules_lifted() {
    survive((0..300).filter_map(|seed| {
        let food: Vec<u8> = noise(seed).take(8192).collect();
        let config = wasm_smith::Config {
            max_imports: 0,
            min_funcs: 1,
            min_memories: 1,
            export_everything: true,
            gc_enabled: seed % 3 == 0,
            exceptions_enabled: seed % 2 == 0,
            ..wasm_smith::Config::default()
        };
        let module = wasm_smith::Module::new(config, &mut Unstructured::new(&food)).ok()?;
        Some((format!("module {seed}"), lifted(&module.to_bytes())))
    }));
}

#[test]
fn components_nested_deep() {
    for depth in [50, 1000, 20_000] {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        let mut parts = vec![bytes.clone()];
        for _ in 0..depth {
            let length: usize = parts.iter().map(Vec::len).sum();
            let mut head = b"\0asm\x0d\0\x01\0\x04".to_vec();
            let mut rest = length;
            loop {
                let low = (rest & 0x7f) as u8;
                rest >>= 7;
                head.push(if rest == 0 { low } else { low | 0x80 });
                if rest == 0 {
                    break;
                }
            }
            parts = match parts.len() {
                64.. => {
                    parts.reverse();
                    vec![parts.concat()]
                }
                _ => {
                    parts.reverse();
                    parts
                }
            };
            parts.reverse();
            parts.push(head);
        }
        parts.reverse();
        bytes.clear();
        parts.iter().for_each(|part| bytes.extend(part));
        survive(iter::once((format!("{depth} components, one in the other"), bytes)));
    }
}

#[test]
fn each_level_instantiates_the_one_below_twice() {
    for levels in [5, 15, 40] {
        let mut text = "(component (component $c0
            (core module $m (memory 1) (func (export \"f\") (i32.store (i32.const 8) (i32.const 1))))
            (core instance $i (instantiate $m))
            (func (export \"f\") (canon lift (core func $i \"f\"))))"
            .to_owned();
        for level in 1..=levels {
            let below = level - 1;
            write!(
                text,
                "(component $c{level} (instance $a (instantiate $c{below}))
                 (instance $b (instantiate $c{below})) (export \"f\" (func $b \"f\")))"
            )
            .unwrap();
        }
        write!(text, "(instance $x (instantiate $c{levels})) (export \"f\" (func $x \"f\")))")
            .unwrap();
        survive(iter::once((format!("{levels} levels"), wat::parse_str(text).unwrap())));
    }
}

#[test]
fn a_chain_of_instances() {
    let mut text = "(component (component $c
        (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))
        (func (export \"f\") (canon lift (core func $i \"f\"))))
        (instance $i0 (instantiate $c))"
        .to_owned();
    for link in 1..=4000 {
        let before = link - 1;
        write!(text, "(instance $i{link} (export \"f\" (func $i{before} \"f\")))").unwrap();
    }
    text += "(export \"f\" (func $i4000 \"f\")))";
    survive_readable("4000 instances in a chain", wat::parse_str(text).unwrap());
}

#[test]
fn a_chain_of_core_instances() {
    let mut text = "(component
        (core module $m (import \"\" \"f\" (func $f)) (func (export \"f\") call $f call $f))
        (core module $end (global $g (mut i32) (i32.const 0))
          (func (export \"f\") (global.set $g (i32.add (global.get $g) (i32.const 1)))))
        (core instance $i0 (instantiate $end))"
        .to_owned();
    for link in 1..=500 {
        let before = link - 1;
        write!(text, "(core instance $i{link} (instantiate $m (with \"\" (instance $i{before}))))")
            .unwrap();
    }
    text += "(func (export \"f\") (canon lift (core func $i500 \"f\"))))";
    survive_readable("500 core instances, each calls twice", wat::parse_str(text).unwrap());
}

#[test]
fn a_type_that_doubles() {
    let mut text = "(component (type $t0 (tuple u32 u32))".to_owned();
    for level in 1..=14 {
        write!(text, "(type $t{level} (tuple $t{0} $t{0}))", level - 1).unwrap();
    }
    text += "(core module $m (memory (export \"m\") 1)
          (func (export \"f\") (param i32))
          (func (export \"r\") (param i32 i32 i32 i32) (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func (export \"f\") (param \"x\" $t14)
          (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))";
    survive_readable("a type that doubles 14 times", wat::parse_str(text).unwrap());
}

#[test]
fn a_type_that_is_deep() {
    let mut text = "(component (type $t0 (list u8))".to_owned();
    for level in 1..=90 {
        write!(text, "(type $t{level} (list $t{}))", level - 1).unwrap();
    }
    text += "(core module $m (memory (export \"m\") 1)
          (func (export \"f\") (param i32 i32))
          (func (export \"r\") (param i32 i32 i32 i32) (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func (export \"f\") (param \"x\" $t90)
          (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\")))))";
    survive_readable("a type 90 lists deep", wat::parse_str(text).unwrap());
}

#[test]
fn many_functions() {
    let call = |number| Instruction::Call(number);
    let chain = (1..=100_000).map(move |next: u32| {
        let load = [Instruction::I32Const(8), Instruction::I32Load(at(0))];
        body(load.into_iter().chain([call(next % 100_000)]))
    });
    survive_readable("100 000 functions in a ring", with_functions(chain));
}

#[test]
fn many_exports() {
    let mut text = "(component (core module $m (memory 1)
        (func (export \"f\")
          (if (i32.load (i32.const 8)) (then unreachable)) (i32.store (i32.const 8) (i32.const 1))))
        (core instance $i (instantiate $m))"
        .to_owned();
    for number in 0..3000 {
        write!(text, "(func (export \"f{number}\") (canon lift (core func $i \"f\")))").unwrap();
    }
    survive_readable("3000 exports of one function", wat::parse_str(text + ")").unwrap());
}

#[test]
fn huge_numbers() {
    let modules = [
        "(module (table 0xffffffff funcref) (func (export \"f\") (call_indirect (i32.const 0))))",
        "(module (table 0x7fffffff funcref) (elem (i32.const 0x7ffffff0) func $f) (func $f (export \"f\")))",
        "(module (memory 65536) (func (export \"f\") (i32.store (i32.const -1) (i32.const 1))))",
        "(module (memory 65536) (data (i32.const 0xfffffff0) \"0123456789\") (func (export \"f\")
           (if (i32.load (i32.const 0xfffffff0)) (then unreachable))))",
        "(module (memory i64 0x1000000000000) (data (i64.const 0xfffffffffffffff0) \"x\") (func (export \"f\")
           (memory.fill (i64.const 1) (i32.const 2) (i64.const -1))))",
        "(module (memory 65536) (func (export \"f\")
           (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))
           (memory.copy (i32.const 1) (i32.const 0) (i32.const -2))))",
        "(module (memory 1) (func (export \"f\")
           (loop (drop (memory.grow (i32.const 1))) (br 0))))",
        "(module (table 1 funcref) (func (export \"f\")
           (loop (drop (table.grow (ref.null func) (i32.const 0x7fffffff))) (br 0))))",
        "(module (memory 1) (func (export \"f\") (param i32) (i64.store offset=0xffffffff (i32.const -1) (i64.const 1))
           (drop (i64.load offset=0xffffffff (local.get 0)))))",
        "(module (func (export \"f\") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))
           (drop (i64.rem_s (i64.const 0x8000000000000000) (i64.const -1)))
           (drop (i32.shl (i32.const 1) (i32.const -1))) (drop (i64.shl (i64.const 1) (i64.const -1)))
           (drop (i32.rotl (i32.const 1) (i32.const -1))) (drop (i32.trunc_f64_s (f64.const nan)))))",
    ];
    for text in modules {
        let module = wat::parse_str(text).unwrap();
        survive(iter::once((text.to_owned(), lifted(&module))));
    }
}

#[test]
fn huge_counts() {
    let of_locals = |groups: Vec<(u32, ValType)>| {
        let mut function = Function::new(groups);
        function.instruction(&Instruction::End);
        with_functions([function])
    };
    let inputs = [
        ("50 000 locals".to_owned(), of_locals(vec![(49_990, ValType::I64)])),
        ("locals without end".to_owned(), of_locals(vec![(u32::MAX, ValType::I64)])),
        ("locals without end, often".to_owned(), of_locals(vec![(u32::MAX, ValType::I32); 100])),
    ];
    survive(inputs.into_iter());
    // A count of the code, of a vector or of a name that the bytes after it cannot hold.
    let mut counts = Vec::new();
    for section in 0..=12 {
        let module = [b"\0asm\x01\0\0\0", &[section, 5, 0xff, 0xff, 0xff, 0xff, 0x0f][..]].concat();
        counts.push((format!("a core section {section} that counts 2^32"), lifted_raw(&module)));
    }
    for section in 0..=12 {
        let bytes =
            [b"\0asm\x0d\0\x01\0", &[section, 5, 0xff, 0xff, 0xff, 0xff, 0x0f][..]].concat();
        counts.push((format!("a section {section} that counts 2^32"), bytes));
    }
    survive(counts.into_iter());
}

/// A component with a core module that may be damaged, and nothing else.
fn lifted_raw(module: &[u8]) -> Vec<u8> {
    let mut component = wasm_encoder::Component::new();
    component.section(&wasm_encoder::RawSection { id: 1, data: module });
    component.finish()
}

#[test]
fn a_branch_with_many_targets() {
    let targets = vec![0; 60_000];
    let wide = [
        Instruction::Block(BlockType::Empty),
        Instruction::LocalGet(0),
        Instruction::BrTable(targets.into(), 0),
        Instruction::End,
    ];
    survive_readable("a br_table with 60 000 targets", with_functions([body(wide)]));

    let depth = 5000;
    let targets: Vec<u32> = (0..depth).collect();
    let ladder = times(depth as usize, &[Instruction::Block(BlockType::Empty)])
        .chain([Instruction::LocalGet(0), Instruction::BrTable(targets.into(), 0)])
        .chain((0..depth as i32).flat_map(|step| {
            let store = [Instruction::I32Const(step * 4), Instruction::LocalGet(0)];
            [Instruction::End].into_iter().chain(store).chain([Instruction::I32Store(at(0))])
        }));
    survive_readable("a br_table down a ladder of 5000 blocks", with_functions([body(ladder)]));
}

#[test]
fn blocks_nested_deep() {
    let kinds = [
        Instruction::Block(BlockType::Empty),
        Instruction::Loop(BlockType::Empty),
        Instruction::If(BlockType::Empty),
    ];
    for kind in kinds {
        for depth in [10_000, 100_000] {
            let opening = match kind {
                Instruction::If(_) => vec![Instruction::LocalGet(0), kind.clone()],
                _ => vec![kind.clone()],
            };
            let opened = times(depth, &opening);
            let closed = times(depth, &[Instruction::End]);
            let inside =
                [Instruction::I32Const(0), Instruction::LocalGet(0), Instruction::I32Store(at(0))];
            let bytes = with_functions([body(opened.chain(inside).chain(closed))]);
            survive(iter::once((format!("{depth} of {kind:?}"), bytes)));
        }
    }
}

#[test]
fn functions_that_call_each_other() {
    let call = |number| [Instruction::LocalGet(0), Instruction::Call(number)];
    let unless = |number| {
        let inside = call(number).into_iter().chain([Instruction::End]);
        [Instruction::LocalGet(0), Instruction::If(BlockType::Empty)].into_iter().chain(inside)
    };
    survive_readable("a function that calls itself", with_functions([body(call(0))]));
    let ring = [body(unless(1).chain(unless(0))), body(unless(0).chain(unless(1)))];
    survive_readable("two functions that call each other", with_functions(ring));
    // As many paths as 2 to the power of the functions.
    for number in [40, 1000] {
        let tree =
            (1..=number).map(|next| body(unless(next % number).chain(unless(next % number))));
        survive_readable("each function calls the next one twice", with_functions(tree));
        let sure = (1..=number).map(|next| match next {
            _ if next == number => body([]),
            _ => body(call(next).into_iter().chain(call(next))),
        });
        survive_readable("each function surely calls the next one twice", with_functions(sure));
    }
    let all = (0..200).map(|_| body((0..200).flat_map(unless)));
    survive_readable("every function calls every other", with_functions(all));
}

#[test]
fn loops_without_end() {
    let functions = [
        "(loop $l (br $l))",
        "(loop $l (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1))) (br $l))",
        "(loop $l (br_if $l (i32.load (i32.const 8))) (i32.store (i32.const 8) (i32.const 1)) (br $l))",
        "(loop $l (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $l (i32.lt_u (local.get 0) (i32.const -1))))",
        "(local i64) (loop $l (local.set 1 (i64.add (local.get 1) (i64.const 1))) (br_if $l (i64.lt_u (local.get 1) (i64.const -1))))
         (if (i32.load (i32.const 8)) (then unreachable)) (i32.store (i32.const 8) (i32.const 1))",
        "(loop $l (i32.store (local.get 0) (i32.const 7)) (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br $l))",
        "(local i32) (loop $l (i32.store (local.get 1) (i32.const 7)) (local.set 1 (i32.add (local.get 1) (i32.const 4))) (br $l))",
        "(loop $a (loop $b (loop $c (br_if $a (local.get 0)) (br_if $b (local.get 0)) (br_if $c (local.get 0)))))",
    ];
    survive(functions.into_iter().map(|function| {
        let text = format!("(module (memory 1) (func (export \"f\") (param i32) {function}))");
        (function.to_owned(), lifted(&wat::parse_str(text).unwrap()))
    }));
    let depth = 30;
    let nested = times(depth, &[Instruction::Loop(BlockType::Empty)]).chain(
        (0..depth as u32).flat_map(|level| {
            [
                Instruction::LocalGet(0),
                Instruction::I32Load(at(8)),
                Instruction::LocalSet(0),
                Instruction::LocalGet(0),
                Instruction::BrIf(level.min(depth as u32 - 1)),
                Instruction::LocalGet(0),
                Instruction::BrIf(0),
                Instruction::End,
            ]
        }),
    );
    survive(iter::once(("30 loops, one in the other".to_owned(), with_functions([body(nested)]))));
}

#[test]
fn long_straight_code() {
    let zero = Instruction::I32Const(0);
    let pushes = times(350_000, &[zero.clone(), Instruction::Drop]);
    survive_readable("a megabyte of nothing", with_functions([body(pushes)]));
    let high =
        times(300_000, std::slice::from_ref(&zero)).chain(times(300_000, &[Instruction::Drop]));
    survive_readable("a high stack", with_functions([body(high)]));
    let stores = (0..100_000).flat_map(|number| {
        [Instruction::I32Const(number), Instruction::I32Const(number), Instruction::I32Store(at(4))]
    });
    survive_readable("100 000 stores", with_functions([body(stores)]));
    let unknown = times(
        100_000,
        &[Instruction::LocalGet(0), Instruction::LocalGet(0), Instruction::I32Store(at(4))],
    );
    survive_readable("100 000 stores to nobody knows where", with_functions([body(unknown)]));
    // As many paths as 2 to the power of the branches.
    let forks = (0..40_000).flat_map(|number| {
        [
            Instruction::LocalGet(0),
            Instruction::I32Load(at(number)),
            Instruction::If(BlockType::Empty),
            Instruction::I32Const(0),
            Instruction::I32Const(1),
            Instruction::I32Store(at(number)),
            Instruction::End,
        ]
    });
    survive_readable("40 000 forks", with_functions([body(forks)]));
    let guards = (0..20_000).flat_map(|number| {
        [
            Instruction::I32Const(0),
            Instruction::I32Load(at(number * 4)),
            Instruction::If(BlockType::Empty),
            Instruction::Unreachable,
            Instruction::End,
            Instruction::I32Const(0),
            Instruction::LocalGet(0),
            Instruction::I32Store(at(number * 4)),
        ]
    });
    survive_readable("20 000 guards", with_functions([body(guards)]));
    let calls = times(100_000, &[Instruction::LocalGet(0), Instruction::Call(1)]);
    let small = [zero, Instruction::LocalGet(0), Instruction::I32Store(at(8))];
    survive_readable("100 000 calls", with_functions([body(calls), body(small)]));
}

#[test]
fn much_data() {
    let mut module = Module::new();
    let mut memories = MemorySection::new();
    let (maximum, page_size_log2) = (None, None);
    memories.memory(MemoryType {
        minimum: 1000,
        maximum,
        memory64: false,
        shared: false,
        page_size_log2,
    });
    let mut data = DataSection::new();
    for segment in 0..20_000 {
        data.active(
            0,
            &ConstExpr::i32_const(segment),
            noise(segment as u64).take(100).collect::<Vec<_>>(),
        );
    }
    module.section(&memories).section(&data);
    survive_readable("20 000 pieces of data, one over the other", lifted_raw(&module.finish()));
}

#[test]
fn tables_without_order() {
    let mut text = "(module (memory 1) (type $t (func (param i32))) (table 4000 funcref) (elem (i32.const 0) func".to_owned();
    for number in 0..4000 {
        write!(text, " $f{number}").unwrap();
    }
    text += ") (func (export \"f\") (param i32)
        (call_indirect (type $t) (local.get 0) (local.get 0)) (call_indirect (type $t) (local.get 0) (local.get 0)))";
    for number in 0..4000 {
        write!(
            text,
            "(func $f{number} (param i32) (i32.store (i32.const {number}) (i32.const 1))
               (call_indirect (type $t) (local.get 0) (i32.load (i32.const {number}))))"
        )
        .unwrap();
    }
    survive_readable("4000 functions in a table", lifted(&wat::parse_str(text + ")").unwrap()));
}

#[test]
fn what_a_lift_calls() {
    let components = [
        "(component (core module $m (memory (export \"m\") 1)
           (func $r (export \"r\") (param i32 i32 i32 i32) (result i32)
             (call $r (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
           (func (export \"f\") (param i32 i32) (result i32) i32.const 0)
           (func (export \"p\") (param i32) (loop (br 0))))
         (core instance $i (instantiate $m))
         (func (export \"f\") (param \"x\" string) (result string)
           (canon lift (core func $i \"f\") (memory (core memory $i \"m\")) (realloc (core func $i \"r\")) (post-return (core func $i \"p\")))))",
        "(component (core module $m (memory (export \"m\") 1) (start $s) (func $s (call $s)) (func (export \"f\")))
         (core instance $i (instantiate $m)) (func (export \"f\") (canon lift (core func $i \"f\"))))",
        "(component (core module $m (memory (export \"m\") 1)
           (func (export \"f\") (result i32) i32.const 1)
           (func (export \"cb\") (param i32 i32 i32) (result i32) i32.const 1))
         (core instance $i (instantiate $m))
         (func (export \"f\") async (canon lift (core func $i \"f\") async (callback (core func $i \"cb\")))))",
    ];
    for text in components {
        let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
        survive(iter::once((text.to_owned(), bytes)));
    }
}

#[test]
fn names_made_to_harm() {
    let long = "x".repeat(1 << 20);
    let names = [long.as_str(), "\\u{1b}[31m", "\\u{202e}\\u{0}\\n\\t", "\\\"'`#@<>&", ""];
    for name in names {
        let text = format!(
            "(component (core module $m (@name \"{name}\") (memory 1)
               (func $f (@name \"{name}\") (export \"{name}\")
                 (if (i32.load (i32.const 8)) (then unreachable)) (i32.store (i32.const 8) (i32.const 1))))
             (core instance $i (instantiate $m))
             (func (export \"f\") (canon lift (core func $i \"{name}\"))))"
        );
        let bytes = wat::parse_str(text).unwrap();
        survive(iter::once((name.chars().take(20).collect(), bytes)));
    }
}
