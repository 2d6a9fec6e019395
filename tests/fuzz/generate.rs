//! Components that nobody would write: from wasm-smith alone, lifted, around a WIT world with wit-component, and in the
//! shells of others.

use arbitrary::Unstructured;
use wasm_smith::Config;
use wasmparser::{Validator, WasmFeatures};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::lifted::lifted;
use super::random::Random;
use super::tree::Part;

/// A world with what toolchains emit most: strings, lists, results, resources, imports.
const WORLD: &str = "package fuzz:all;
interface log { write: func(line: string) -> u32; }
interface store {
  resource item { constructor(size: u32); size: func() -> u32; }
  get: func(key: string) -> result<list<u8>, u32>;
}
world all {
  import log;
  import store;
  export add: func(a: u32, b: u32) -> u32;
  export say: func(name: string) -> string;
  export run: func() -> result;
  export store;
}";

/// The core module of that world, without bodies.
const SHAPE: &str = r#"(module
  (import "fuzz:all/log" "write" (func (param i32 i32) (result i32)))
  (import "fuzz:all/store" "get" (func (param i32 i32 i32)))
  (import "fuzz:all/store" "[constructor]item" (func (param i32) (result i32)))
  (import "fuzz:all/store" "[method]item.size" (func (param i32) (result i32)))
  (import "fuzz:all/store" "[resource-drop]item" (func (param i32)))
  (import "[export]fuzz:all/store" "[resource-new]item" (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "_initialize"))
  (func (export "add") (param i32 i32) (result i32) unreachable)
  (func (export "say") (param i32 i32) (result i32) unreachable)
  (func (export "cabi_post_say") (param i32))
  (func (export "run") (result i32) unreachable)
  (func (export "fuzz:all/store#get") (param i32 i32) (result i32) unreachable)
  (func (export "cabi_post_fuzz:all/store#get") (param i32))
  (func (export "fuzz:all/store#[constructor]item") (param i32) (result i32) unreachable)
  (func (export "fuzz:all/store#[method]item.size") (param i32) (result i32) unreachable)
  (func (export "fuzz:all/store#[dtor]item") (param i32)))"#;

/// What an input stands for: a component's bytes as they are, all else is food for a generator. `None` if the generator
/// makes nothing of it.
pub(crate) fn component(input: &[u8], shells: &[Vec<u8>]) -> Option<Vec<u8>> {
    if input.starts_with(b"\0asm") {
        return Some(input.to_vec());
    }
    let (kind, food) = input.split_first()?;
    let seed = food.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut random = Random::new(seed);
    match kind % 5 {
        0 => {
            let mut config = config(&mut random);
            (config.max_imports, config.max_instances) = (20, 10);
            let made = wasm_smith::Component::new(config, &mut Unstructured::new(food)).ok()?;
            Some(made.to_bytes())
        }
        1 => {
            let config = Config {
                max_imports: 0,
                min_funcs: 1,
                min_memories: 1,
                export_everything: true,
                ..config(&mut random)
            };
            Some(lifted(&smith(config, food)?))
        }
        2 => wrapped(config(&mut random), food),
        3 => {
            let (shell, donor) = (any(shells, &mut random)?, any(shells, &mut random)?);
            let (mut shell, donor) = (Part::of(shell)?, Part::of(donor)?);
            for _ in 0..=random.below(6) {
                shell.mutate(&mut random, &donor);
            }
            Some(shell.encode())
        }
        _ => {
            let mut shell = Part::of(any(shells, &mut random)?)?;
            refill(&mut shell, &mut random, food);
            Some(shell.encode())
        }
    }
}

fn any<'l>(shells: &'l [Vec<u8>], random: &mut Random) -> Option<&'l Vec<u8>> {
    shells.get(random.below(shells.len().max(1) as u64) as usize)
}

fn config(random: &mut Random) -> Config {
    Config {
        max_funcs: 12,
        max_memories: 2,
        max_memory32_bytes: 1 << 20,
        max_memory64_bytes: 1 << 20,
        allow_start_export: random.percent(30),
        gc_enabled: random.percent(25),
        exceptions_enabled: random.percent(30),
        threads_enabled: random.percent(15),
        memory64_enabled: random.percent(15),
        custom_page_sizes_enabled: random.percent(10),
        wide_arithmetic_enabled: random.percent(10),
        ..Config::default()
    }
}

fn smith(config: Config, food: &[u8]) -> Option<Vec<u8>> {
    Some(wasm_smith::Module::new(config, &mut Unstructured::new(food)).ok()?.to_bytes())
}

/// A module with the exports of a world, as a component of that world.
fn wrapped(config: Config, food: &[u8]) -> Option<Vec<u8>> {
    let shape = wat::parse_str(SHAPE).expect("the shape is a module");
    let config = Config { module_shape: Some(shape), ..config };
    let mut module = smith(config, food)?;
    let mut resolve = Resolve::default();
    let package = resolve.push_str("world.wit", WORLD).expect("the world is valid");
    let world = resolve.select_world(&[package], None).expect("the package has a world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).ok()?;
    ComponentEncoder::default().module(&module).ok()?.validate(false).encode().ok()
}

/// Gives the core modules of a component other bodies, with the same imports and exports.
fn refill(part: &mut Part, random: &mut Random, food: &[u8]) {
    if let Part::Module(_) = part {
        let shape = part.encode();
        let is_known =
            Validator::new_with_features(WasmFeatures::WASM3).validate_all(&shape).is_ok();
        if is_known && random.percent(80) {
            let start = random.below(food.len().max(1) as u64) as usize;
            let config = Config { module_shape: Some(shape), ..config(random) };
            if let Some(module) = smith(config, &food[start..]).and_then(|it| Part::of(&it)) {
                *part = module;
            }
        }
    } else {
        part.parts().into_iter().flatten().for_each(|it| refill(it, random, food));
    }
}
