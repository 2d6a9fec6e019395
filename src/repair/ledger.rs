//! The core modules that remember handles: the ledger itself, and functions that stand for those that give, take or drop
//! them.
//!
//! An entry is a handle and the number of its resource, four bytes each. Entries up to the mark are those that the component
//! held when its state was saved: it never drops them. The ledger also counts the component's own resources.

use wasm_encoder::{
    BlockType, Function, Instruction, InstructionSink, MemArg, MemArgTarget, ValType,
};
use wasmparser::component_types::{ComponentFuncTypeId, ResourceId};
use wasmparser::types::TypesRef;

use super::added_module::{AddedModule, Signature};
use super::walk::Walk;

/// Adds a handle of a resource.
pub(super) const PUSH: &str = "push";
/// Forgets a handle that is to be dropped; 0 if it must not be.
pub(super) const RELEASE: &str = "release";
/// Forgets a handle that is given away.
pub(super) const FORGET: &str = "forget";
pub(super) const MARK: &str = "mark";
pub(super) const KIND: &str = "kind";
pub(super) const POP: &str = "pop";
/// A resource of the component begins and ends, and how many there are.
pub(super) const BEGIN: &str = "begin";
pub(super) const END: &str = "end";
pub(super) const LIVE: &str = "live";
/// The name under which an added module imports the ledger.
pub(super) const LEDGER: &str = "ledger";

/// Entries that fit into a page, as a power of two.
const ENTRIES: i32 = 13;

fn i32_at(offset: u64) -> MemArg {
    MemArg { offset, align: 2, target: MemArgTarget::Memory(0), ordering: None }
}

fn signatures() -> [Signature; 4] {
    let i32s: &[ValType] = &[ValType::I32, ValType::I32];
    [
        Signature::new(i32s, &[]),
        Signature::new(i32s, &i32s[..1]),
        Signature::new(&[], &i32s[..1]),
        Signature::new(&[], &[]),
    ]
}

/// The ledger. With `forgets`, handles are given away; with `counts`, the component has resources of its own.
pub(super) fn ledger(forgets: bool, counts: bool) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:ledger");
    let [takes_both, tells, gives, nothing] = signatures();
    module.memory(1);
    let (count, kept, live) = (module.global(), module.global(), module.global());
    module.function(Some(PUSH), &takes_both, &push(count));
    let find = module.function(None, &tells, &find(count));
    let remove = module.function(None, &Signature::new(&[ValType::I32], &[]), &remove(count));
    // A handle that the component held when its state was saved stays in the ledger and is not dropped.
    let mut code = Function::new([(1, ValType::I32)]);
    let mut it = code.instructions();
    it.local_get(0).local_get(1).call(find).local_tee(2).i32_const(-1).i32_eq();
    it.if_(BlockType::Empty).i32_const(1).return_().end();
    it.local_get(2).global_get(kept).i32_lt_u().if_(BlockType::Empty).i32_const(0).return_().end();
    it.local_get(2).call(remove).i32_const(1).end();
    module.function(Some(RELEASE), &tells, &code);
    if forgets {
        let mut code = Function::new([(1, ValType::I32)]);
        let mut it = code.instructions();
        it.local_get(0).local_get(1).call(find).local_tee(2).i32_const(-1).i32_eq();
        it.if_(BlockType::Empty).return_().end();
        it.local_get(2).global_get(kept).i32_lt_u().if_(BlockType::Empty);
        it.global_get(kept).i32_const(1).i32_sub().global_set(kept).end();
        it.local_get(2).call(remove).end();
        module.function(Some(FORGET), &takes_both, &code);
    }
    let mut mark = Function::new([]);
    mark.instructions().global_get(count).global_set(kept).end();
    module.function(Some(MARK), &nothing, &mark);
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
    if counts {
        for (name, by) in [(BEGIN, 1), (END, -1)] {
            let mut code = Function::new([]);
            code.instructions().global_get(live).i32_const(by).i32_add().global_set(live).end();
            module.function(Some(name), &nothing, &code);
        }
        let mut code = Function::new([]);
        code.instructions().global_get(live).end();
        module.function(Some(LIVE), &gives, &code);
    }
    module.finish()
}

/// The address of the entry with the number in a global.
fn address<'i, 'f>(it: &'i mut InstructionSink<'f>, global: u32) -> &'i mut InstructionSink<'f> {
    it.global_get(global).i32_const(3).i32_shl()
}

fn push(count: u32) -> Function {
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.global_get(count).memory_size(0).i32_const(ENTRIES).i32_shl().i32_ge_u();
    it.if_(BlockType::Empty).i32_const(1).memory_grow(0).i32_const(-1).i32_eq();
    // A handle that is not remembered leaks, as it would without the ledger.
    it.if_(BlockType::Empty).return_().end().end();
    address(&mut it, count).local_get(0).i32_store(i32_at(0));
    address(&mut it, count).local_get(1).i32_store(i32_at(4));
    it.global_get(count).i32_const(1).i32_add().global_set(count).end();
    code
}

/// The number of the last entry for a handle of a resource, or -1.
fn find(count: u32) -> Function {
    let (handle, kind, at) = (0, 1, 2);
    let mut code = Function::new([(1, ValType::I32)]);
    let mut it = code.instructions();
    it.global_get(count).local_set(at);
    it.loop_(BlockType::Empty);
    it.local_get(at).i32_eqz().if_(BlockType::Empty).i32_const(-1).return_().end();
    it.local_get(at).i32_const(1).i32_sub().local_tee(at).i32_const(3).i32_shl();
    it.i32_load(i32_at(0)).local_get(handle).i32_ne().br_if(0);
    it.local_get(at).i32_const(3).i32_shl().i32_load(i32_at(4)).local_get(kind).i32_ne().br_if(0);
    it.end().local_get(at).end();
    code
}

/// Removes the entry with a number. The order of the others stays: it is that in which they were added.
fn remove(count: u32) -> Function {
    let at = 0;
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.global_get(count).i32_const(1).i32_sub().global_set(count);
    it.local_get(at).i32_const(3).i32_shl();
    it.local_get(at).i32_const(1).i32_add().i32_const(3).i32_shl();
    it.global_get(count).local_get(at).i32_sub().i32_const(3).i32_shl().memory_copy(0, 0).end();
    code
}

/// The module whose function `f` stands for one that drops a handle.
pub(super) fn drop(kind: usize) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:drop");
    let takes = Signature::new(&[ValType::I32], &[]);
    let [_, tells, ..] = signatures();
    let own = module.import("f", "f", &takes);
    let release = module.import(LEDGER, RELEASE, &tells);
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.local_get(0).i32_const(kind as i32).call(release).if_(BlockType::Empty);
    it.local_get(0).call(own).end().end();
    module.function(Some("f"), &takes, &code);
    module.finish()
}

/// The module whose function `f` stands for a function and counts a resource: `resource.new`, or a destructor, which need
/// not exist.
pub(super) fn count(name: &str, signature: &Signature, exists: bool) -> Vec<u8> {
    let mut module = AddedModule::new("secondcall:resource");
    let [.., nothing] = signatures();
    let own = exists.then(|| module.import("f", "f", signature));
    let counted = module.import(LEDGER, name, &nothing);
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.call(counted);
    if let Some(own) = own {
        pass(&mut it, signature);
        it.call(own);
    }
    it.end();
    module.function(Some("f"), signature, &code);
    module.finish()
}

/// Whether the component gets handles by calls of a function, and whether it gives some away, by the places that its
/// parameters and its result have for them.
pub(super) fn gets_and_gives((params, result): (u64, u64), is_lifted: bool) -> (bool, bool) {
    if is_lifted { (params > 0, result > 0) } else { (result > 0, params > 0) }
}

/// A function whose handles are remembered.
pub(super) struct Remembered<'a> {
    pub(super) types: TypesRef<'a>,
    pub(super) resources: &'a [ResourceId],
    /// Its type.
    pub(super) id: ComponentFuncTypeId,
    pub(super) signature: &'a Signature,
    /// Whether it is called from outside: then it is given what stands in its parameters.
    pub(super) is_lifted: bool,
    /// The memory through which values pass.
    pub(super) memory: Option<u32>,
}

/// The module whose function `f` stands for a function, and remembers the handles that the component gets and gives.
pub(super) fn remember(function: &Remembered<'_>) -> Vec<u8> {
    let Remembered { types, resources, id, signature, is_lifted, memory } = function;
    let mut module = AddedModule::new("secondcall:handles");
    let [takes_both, ..] = signatures();
    let own = module.import("f", "f", signature);
    let result = signature.params.len() as u32;
    let mut walk = Walk::new(*types, resources, &signature.params, 1);
    let (gets, gives) = gets_and_gives(walk.places(*id), *is_lifted);
    let push = if gets { module.import(LEDGER, PUSH, &takes_both) } else { own };
    let forget = if gives { module.import(LEDGER, FORGET, &takes_both) } else { own };
    if memory.is_some() {
        module.import_memory("m", "m");
    }
    let (before, after) = if *is_lifted { (push, forget) } else { (forget, push) };
    let params = walk.params(*id, before);
    // A lowered function writes a large result where its last parameter says.
    let address = match *is_lifted || !walk.is_in_memory(*id) {
        true => result,
        false => result.saturating_sub(1),
    };
    let results = walk.result(*id, after, address);
    let mut code = Function::new([(walk.locals - result, ValType::I32)]);
    let mut add = |instructions: &[Instruction<'static>]| {
        for instruction in instructions {
            code.instruction(instruction);
        }
    };
    add(&params);
    for param in 0..result {
        add(&[Instruction::LocalGet(param)]);
    }
    add(&[Instruction::Call(own)]);
    if !results.is_empty() && address == result {
        add(&[Instruction::LocalSet(result)]);
        add(&results);
        add(&[Instruction::LocalGet(result)]);
    } else {
        add(&results);
    }
    add(&[Instruction::End]);
    module.function(Some("f"), signature, &code);
    module.finish()
}

fn pass(it: &mut InstructionSink<'_>, signature: &Signature) {
    for param in 0..signature.params.len() as u32 {
        it.local_get(param);
    }
}
