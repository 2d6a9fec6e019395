//! The core modules that remember handles: the ledger itself, and functions that stand for those that give or drop them.
//!
//! An entry is a handle and its kind, four bytes each. Entries up to the mark are those that the component held when its
//! state was saved: it never drops them.

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, MemArgTarget, ValType};

use super::added_module::{AddedModule, Signature};
use super::handles::Use;

/// Names of the ledger's exports. Those that add a handle are called `push0`, `push1` and so on, by kind.
pub(super) const RELEASE: &str = "release";
pub(super) const MARK: &str = "mark";
pub(super) const KIND: &str = "kind";
pub(super) const POP: &str = "pop";

pub(super) fn push(kind: usize) -> String {
    format!("push{kind}")
}

/// Entries that fit into a page, as a power of two.
const ENTRIES: i32 = 13;

fn i32_at(offset: u64) -> MemArg {
    MemArg { offset, align: 2, target: MemArgTarget::Memory(0), ordering: None }
}

/// The ledger for handles of so many kinds.
pub(super) fn ledger(kinds: usize) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:ledger");
    let (takes, gives) =
        (Signature::new(&[ValType::I32], &[]), Signature::new(&[], &[ValType::I32]));
    module.memory(1);
    let (count, kept) = (module.global(), module.global());
    for kind in 0..kinds {
        let mut code = Function::new([]);
        let mut it = code.instructions();
        it.global_get(count).memory_size(0).i32_const(ENTRIES).i32_shl().i32_ge_u();
        it.if_(BlockType::Empty).i32_const(1).memory_grow(0).i32_const(-1).i32_eq();
        // A handle that is not remembered leaks, as it would without the ledger.
        it.if_(BlockType::Empty).return_().end().end();
        address(&mut it, count).local_get(0).i32_store(i32_at(0));
        address(&mut it, count).i32_const(kind as i32).i32_store(i32_at(4));
        it.global_get(count).i32_const(1).i32_add().global_set(count).end();
        module.function(Some(&push(kind)), &takes, &code);
    }
    let release = release(count, kept);
    module.function(Some(RELEASE), &Signature::new(&[ValType::I32], &[ValType::I32]), &release);
    let mut mark = Function::new([]);
    mark.instructions().global_get(count).global_set(kept).end();
    module.function(Some(MARK), &Signature::new(&[], &[]), &mark);
    let mut kind = Function::new([]);
    let mut it = kind.instructions();
    it.global_get(count).global_get(kept).i32_le_u();
    it.if_(BlockType::Empty).i32_const(-1).return_().end();
    address(&mut it, count).i32_const(8).i32_sub().i32_load(i32_at(4)).end();
    module.function(Some(KIND), &gives, &kind);
    let mut pop = Function::new([]);
    let mut it = pop.instructions();
    it.global_get(count).i32_const(1).i32_sub().global_set(count);
    address(&mut it, count).i32_load(i32_at(0)).end();
    module.function(Some(POP), &gives, &pop);
    module.finish()
}

/// The address of the entry with the number in a global.
fn address<'i, 'f>(it: &'i mut InstructionSink<'f>, global: u32) -> &'i mut InstructionSink<'f> {
    it.global_get(global).i32_const(3).i32_shl()
}

/// Forgets a handle. Returns whether it is to be dropped: it is not one that the component held when its state was saved.
fn release(count: u32, kept: u32) -> Function {
    let (handle, at) = (0, 1);
    let mut code = Function::new([(1, ValType::I32)]);
    let mut it = code.instructions();
    it.global_get(count).local_set(at);
    it.block(BlockType::Empty).loop_(BlockType::Empty);
    it.local_get(at).i32_eqz().br_if(1);
    it.local_get(at).i32_const(1).i32_sub().local_tee(at);
    it.i32_const(3).i32_shl().i32_load(i32_at(0)).local_get(handle).i32_ne().br_if(0);
    it.local_get(at).global_get(kept).i32_lt_u().if_(BlockType::Empty).i32_const(0).return_().end();
    it.global_get(count).i32_const(1).i32_sub().global_set(count);
    it.local_get(at).i32_const(3).i32_shl();
    it.local_get(at).i32_const(1).i32_add().i32_const(3).i32_shl();
    it.global_get(count).local_get(at).i32_sub().i32_const(3).i32_shl().memory_copy(0, 0);
    it.br(1);
    it.end().end();
    it.i32_const(1).end();
    code
}

/// The module whose function `f` stands for a function that gives or drops handles of a kind.
pub(super) fn stand_in(how: Use, kind: usize, signature: &Signature) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:handle");
    let takes = Signature::new(&[ValType::I32], &[]);
    let own = module.import("f", "f", signature);
    let params = signature.params.len() as u32;
    let mut code = Function::new([(3, ValType::I32)]);
    let (pointer, left) = (params, params + 1);
    let mut it = code.instructions();
    match how {
        Use::Gives => {
            let push = module.import("ledger", &push(kind), &takes);
            call(&mut it, own, params).local_tee(pointer).call(push).local_get(pointer).end();
        }
        Use::GivesList(_) => {
            let push = module.import("ledger", &push(kind), &takes);
            module.import_memory("m", "m");
            call(&mut it, own, params);
            let list = params.saturating_sub(1);
            it.local_get(list).i32_load(i32_at(0)).local_set(pointer);
            it.local_get(list).i32_load(i32_at(4)).local_set(left);
            it.block(BlockType::Empty).loop_(BlockType::Empty);
            it.local_get(left).i32_eqz().br_if(1);
            it.local_get(pointer).i32_load(i32_at(0)).call(push);
            // A handle, and the address and length of a string.
            it.local_get(pointer).i32_const(12).i32_add().local_set(pointer);
            it.local_get(left).i32_const(1).i32_sub().local_set(left).br(0);
            it.end().end().end();
        }
        Use::Drops => {
            let both = Signature::new(&[ValType::I32], &[ValType::I32]);
            let release = module.import("ledger", RELEASE, &both);
            it.local_get(0).call(release).if_(BlockType::Empty);
            it.local_get(0).call(own).end().end();
        }
    }
    module.function(Some("f"), signature, &code);
    module.finish()
}

fn call<'i, 'f>(
    it: &'i mut InstructionSink<'f>,
    function: u32,
    params: u32,
) -> &'i mut InstructionSink<'f> {
    for param in 0..params {
        it.local_get(param);
    }
    it.call(function)
}
