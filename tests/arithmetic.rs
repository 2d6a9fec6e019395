//! The integer operators, on constants and on sets of values, against the engine: one exported function for each operator.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "arithmetic/sets.rs"]
mod sets;

use std::collections::HashMap;

use secondcall::facts::arithmetic;
use secondcall::facts::body::{Binary, Rmw, Unary};
use sets::{Sample, samples};
use wasmtime::{Engine, Func, Instance, Module, Store, Val, ValType};

const UNARY: [Unary; 16] = {
    use Unary::*;
    [
        I32Eqz,
        I64Eqz,
        I32Clz,
        I32Ctz,
        I32Popcnt,
        I64Clz,
        I64Ctz,
        I64Popcnt,
        I32WrapI64,
        I64ExtendI32S,
        I64ExtendI32U,
        I32Extend8S,
        I32Extend16S,
        I64Extend8S,
        I64Extend16S,
        I64Extend32S,
    ]
};

const BINARY: [Binary; 50] = {
    use Binary::*;
    [
        I32Eq, I32Ne, I32LtS, I32LtU, I32GtS, I32GtU, I32LeS, I32LeU, I32GeS, I32GeU, I64Eq, I64Ne,
        I64LtS, I64LtU, I64GtS, I64GtU, I64LeS, I64LeU, I64GeS, I64GeU, I32Add, I32Sub, I32Mul,
        I32DivS, I32DivU, I32RemS, I32RemU, I32And, I32Or, I32Xor, I32Shl, I32ShrS, I32ShrU,
        I32Rotl, I32Rotr, I64Add, I64Sub, I64Mul, I64DivS, I64DivU, I64RemS, I64RemU, I64And,
        I64Or, I64Xor, I64Shl, I64ShrS, I64ShrU, I64Rotl, I64Rotr,
    ]
};

const RMW: [Rmw; 6] = [Rmw::Add, Rmw::Sub, Rmw::And, Rmw::Or, Rmw::Xor, Rmw::Xchg];

/// Numbers at which operators change their ways; for `i32`, those that it holds.
const EDGES: [u64; 34] = [
    0,
    1,
    2,
    3,
    5,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    65,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff_fffe,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0001,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0001,
    0xffff_ffff_0000_0000,
    0xffff_ffff_ffff_fffe,
    0xffff_ffff_ffff_ffff,
];

/// The engine, with a function for each operator.
struct Reference {
    store: Store<()>,
    funcs: HashMap<String, Func>,
}

/// `I32LtS` as `i32.lt_s`, which the text format calls it.
fn text(name: &str) -> String {
    let (ty, op) = name.split_at(3);
    let mut text = ty.to_lowercase() + ".";
    for (at, letter) in op.char_indices() {
        if at > 0 && letter.is_uppercase() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The type of an operator's operands, by its name.
fn operand(name: &str) -> &'static str {
    let (ty, op) = name.split_at(3);
    match op {
        "WrapI64" => "i64",
        _ if op.starts_with("ExtendI32") => "i32",
        _ if ty == "I32" => "i32",
        _ => "i64",
    }
}

impl Reference {
    fn new() -> Self {
        let mut module = "(module (memory 1)".to_owned();
        let unary = UNARY.map(|op| (format!("{op:?}"), 1, op == Unary::I64Eqz));
        let binary = BINARY.map(|op| (format!("{op:?}"), 2, op.is_comparison()));
        for (name, operands, is_truth) in unary.into_iter().chain(binary) {
            let of = operand(&name);
            let result = if is_truth || name.starts_with("I32") { "i32" } else { "i64" };
            let (params, gets) = match operands {
                1 => (of.to_owned(), "(local.get 0)"),
                _ => (format!("{of} {of}"), "(local.get 0) (local.get 1)"),
            };
            let op = text(&name);
            module += &format!(
                "(func (export \"{name}\") (param {params}) (result {result}) ({op} {gets}))\n"
            );
        }
        for op in RMW {
            let name = format!("{op:?}").to_lowercase();
            module += &format!(
                "(func (export \"{op:?}\") (param i64 i64) (result i64)
                  (i64.store (i32.const 0) (local.get 0))
                  (drop (i64.atomic.rmw.{name} (i32.const 0) (local.get 1)))
                  (i64.load (i32.const 0)))\n"
            );
        }
        module += ")";
        let engine = Engine::default();
        let module = Module::new(&engine, wat::parse_str(&module).unwrap()).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let names: Vec<String> = module.exports().map(|export| export.name().to_owned()).collect();
        let funcs = names
            .into_iter()
            .map(|name| (name.clone(), instance.get_func(&mut store, &name).unwrap()))
            .collect();
        Reference { store, funcs }
    }

    /// The result; `None` if the operator traps.
    fn call(&mut self, name: &str, operands: &[u64]) -> Option<u64> {
        let func = self.funcs[name];
        let ty = func.ty(&self.store);
        let given: Vec<Val> = ty
            .params()
            .zip(operands)
            .map(|(ty, bits)| match ty {
                ValType::I32 => Val::I32(*bits as i32),
                _ => Val::I64(*bits as i64),
            })
            .collect();
        let mut results = [Val::I32(0)];
        func.call(&mut self.store, &given, &mut results).ok()?;
        Some(match results[0] {
            Val::I32(value) => u64::from(value as u32),
            _ => results[0].unwrap_i64() as u64,
        })
    }
}

fn edges(name: &str) -> Vec<u64> {
    let is_narrow = operand(name) == "i32";
    EDGES.into_iter().filter(|edge| !is_narrow || *edge <= u64::from(u32::MAX)).collect()
}

#[test]
fn constants() {
    assert_eq!(Unary::I64Extend32S as usize + 1, UNARY.len(), "every operator");
    assert_eq!(Binary::I64Rotr as usize + 1, BINARY.len(), "every operator");
    assert_eq!(Rmw::Xchg as usize + 1, RMW.len(), "every operator");
    let mut reference = Reference::new();
    for op in UNARY {
        let name = format!("{op:?}");
        for a in edges(&name) {
            let expected = reference.call(&name, &[a]);
            assert_eq!(Some(arithmetic::unary(op, a)), expected, "{name} {a:#x}");
        }
    }
    for op in BINARY {
        let name = format!("{op:?}");
        for (a, b) in pairs(&edges(&name)) {
            let expected = reference.call(&name, &[a, b]);
            assert_eq!(arithmetic::binary(op, a, b), expected, "{name} {a:#x} {b:#x}");
        }
    }
    for op in RMW {
        for (a, b) in pairs(&EDGES) {
            let expected = reference.call(&format!("{op:?}"), &[a, b]);
            assert_eq!(Some(arithmetic::rmw(op, a, b)), expected, "{op:?} {a:#x} {b:#x}");
        }
    }
}

fn pairs(edges: &[u64]) -> impl Iterator<Item = (u64, u64)> {
    edges.iter().flat_map(move |a| edges.iter().map(move |b| (*a, *b)))
}

/// The result of an operator on members of two sets is a member of the result of the operator on the sets.
#[test]
fn sets_of_values() {
    let mut reference = Reference::new();
    let mut compared = 0;
    for op in UNARY {
        let name = format!("{op:?}");
        for a in samples(&edges(&name)) {
            let set = a.value.unary(op);
            for member in &a.members {
                let result = reference.call(&name, &[*member]).unwrap();
                assert!(
                    sets::holds(&set, result),
                    "{name} {a:?}: {member:#x} gives {result:#x}, not in {set:?}"
                );
                compared += 1;
            }
        }
    }
    for op in BINARY {
        let name = format!("{op:?}");
        let samples = samples(&edges(&name));
        let mut results = HashMap::new();
        for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (a, b))) {
            let set = a.value.binary(op, &b.value);
            if set.constants().is_none() && sets::is_any(&set) {
                continue;
            }
            for (x, y) in a.members.iter().flat_map(|x| b.members.iter().map(move |y| (*x, *y))) {
                let result =
                    results.entry((x, y)).or_insert_with(|| reference.call(&name, &[x, y]));
                let Some(result) = *result else { continue };
                assert!(
                    sets::holds(&set, result),
                    "{name} {a:?} {b:?}: {x:#x}, {y:#x} gives {result:#x}, not in {set:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000, "{compared} results were compared");
}

/// Joins, widening and conditions keep every member that they must.
#[test]
fn sets_keep_their_members() {
    let samples: Vec<Sample> = samples(&EDGES);
    for (a, b) in samples.iter().flat_map(|a| samples.iter().map(move |b| (a, b))) {
        let thresholds = [0, 1, 4, 0x100, 0xffff];
        for set in [
            a.value.join(&b.value),
            a.value.widen(&b.value, &thresholds),
            a.value.widen(&b.value, &[]),
        ] {
            for member in a.members.iter().chain(&b.members) {
                assert!(
                    sets::holds(&set, *member),
                    "{a:?} and {b:?}: {member:#x} is not in {set:?}"
                );
            }
        }
    }
    for sample in &samples {
        for bound in EDGES {
            for (relation, holds) in sets::RELATIONS {
                let kept = sample.value.satisfying(relation, bound);
                for member in sample.members.iter().filter(|member| holds(**member, bound)) {
                    let holds = kept.as_ref().is_some_and(|set| sets::holds(set, *member));
                    assert!(
                        holds,
                        "{sample:?} {relation:?} {bound:#x}: {member:#x} is not in {kept:?}"
                    );
                }
            }
        }
    }
}
