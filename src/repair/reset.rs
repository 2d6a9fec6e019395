//! The functions that a core module with state gets: they save its state, reset it, and size its memory.
//!
//! The size that code sees is a global. The memory itself never shrinks: pages that are not in use are zeroed when they are
//! used again.

use wasm_encoder::{
    BlockType, ConstExpr, Function, InstructionSink, MemArg, MemArgTarget, ValType,
};

use super::scan::Scan;

/// Bytes below the stack pointer that LLVM's functions use without moving it
/// (`WebAssemblyFrameLowering::RedZoneSize`, LLVM 19).
const RED_ZONE: i32 = 128;
/// The most pages that a memory has, so that its end is a 32-bit number.
const MOST_PAGES: i32 = 0xffff;
/// Bits of an offset in a page.
const PAGE: i32 = 16;

/// A global that is added.
pub(super) struct AddedGlobal {
    pub(super) ty: ValType,
    pub(super) init: ConstExpr,
}

/// A function that is added.
pub(super) struct AddedFunction {
    /// Its export.
    pub(super) name: Option<&'static str>,
    /// The name for backtraces.
    pub(super) debug_name: &'static str,
    pub(super) params: &'static [ValType],
    pub(super) results: &'static [ValType],
    pub(super) code: Function,
}

/// Names of the added exports.
pub(super) const SAVE: &str = "secondcall:save";
pub(super) const RESET: &str = "secondcall:reset";
pub(super) const GROW: &str = "secondcall:grow";
pub(super) const SIZE: &str = "secondcall:size";

/// The indices of what is added to a core module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indices {
    /// The first added global.
    pub(super) global: u32,
    /// The memory of which copies are made, and the memory with the copy.
    pub(super) memory: u32,
    pub(super) copy: u32,
}

/// The added globals of a memory, behind those for copies of globals.
struct Sizes {
    /// The size that code sees, in pages.
    size: u32,
    /// The same when the state was saved.
    saved: u32,
    /// The first byte that was not zero when the state was saved, and the end of the last.
    low: u32,
    high: u32,
    /// The lowest stack pointer since the last reset.
    lowest: u32,
}

impl Sizes {
    fn of(scan: &Scan, indices: Indices) -> Sizes {
        let first = indices.global + scan.globals.len() as u32;
        Sizes { size: first, saved: first + 1, low: first + 2, high: first + 3, lowest: first + 4 }
    }
}

/// The globals that a module gets.
pub(super) fn globals(scan: &Scan) -> Vec<AddedGlobal> {
    let zero = |ty: &wasmparser::ValType| match ty {
        wasmparser::ValType::I64 => (ValType::I64, ConstExpr::i64_const(0)),
        wasmparser::ValType::F32 => (ValType::F32, ConstExpr::f32_const(0.0.into())),
        wasmparser::ValType::F64 => (ValType::F64, ConstExpr::f64_const(0.0.into())),
        wasmparser::ValType::V128 => (ValType::V128, ConstExpr::v128_const(0)),
        // A mutable reference is refused.
        wasmparser::ValType::I32 | wasmparser::ValType::Ref(_) => {
            (ValType::I32, ConstExpr::i32_const(0))
        }
    };
    let mut added: Vec<_> = scan
        .globals
        .iter()
        .map(|(_, ty)| {
            let (ty, init) = zero(ty);
            AddedGlobal { ty, init }
        })
        .collect();
    if let Some(pages) = scan.memory {
        let end = scan.stack.map_or(0, |(_, end)| end);
        let (low, high) = scan.image.unwrap_or((end, 0));
        for value in [pages as i32, pages as i32, low as i32, high as i32, -1] {
            added.push(AddedGlobal { ty: ValType::I32, init: ConstExpr::i32_const(value) });
        }
    }
    added
}

/// The functions that a module gets. [`GROW`], [`SIZE`] and `set_stack_pointer` come first, in this order.
pub(super) fn functions(scan: &Scan, indices: Indices) -> Vec<AddedFunction> {
    let mut added = Vec::new();
    let sizes = scan.memory.map(|_| Sizes::of(scan, indices));
    let function = |name, debug_name, params, results, code| AddedFunction {
        name,
        debug_name,
        params,
        results,
        code,
    };
    if let Some(sizes) = &sizes {
        let i32s: &[ValType] = &[ValType::I32];
        added.push(function(Some(GROW), GROW, i32s, i32s, grow(sizes, indices)));
        added.push(function(Some(SIZE), SIZE, &[], i32s, size(sizes)));
        if let Some((pointer, _)) = scan.stack {
            let code = set_stack_pointer(pointer, sizes);
            added.push(function(None, "secondcall:set_stack_pointer", i32s, &[], code));
        }
    }
    if scan.is_stateful() {
        let save = save(scan, sizes.as_ref(), indices);
        added.push(function(Some(SAVE), SAVE, &[], &[], save));
        let reset = reset(scan, sizes.as_ref(), indices);
        added.push(function(Some(RESET), RESET, &[], &[], reset));
    }
    added
}

fn size(sizes: &Sizes) -> Function {
    let mut code = Function::new([]);
    code.instructions().global_get(sizes.size).end();
    code
}

/// `memory.grow`: uses pages that the memory already has before it grows it.
fn grow(sizes: &Sizes, Indices { memory, .. }: Indices) -> Function {
    let (by, old, new, real) = (0, 1, 2, 3);
    let mut code = Function::new([(3, ValType::I32)]);
    let mut it = code.instructions();
    it.global_get(sizes.size).local_tee(old).local_get(by).i32_add().local_set(new);
    // The sum overflows, or the memory would be too large.
    it.local_get(new).local_get(old).i32_lt_u();
    it.local_get(new).i32_const(MOST_PAGES).i32_gt_u().i32_or();
    it.if_(BlockType::Empty).i32_const(-1).return_().end();
    it.memory_size(memory).local_tee(real).local_get(new).i32_lt_u();
    it.if_(BlockType::Empty);
    it.local_get(new).local_get(real).i32_sub().memory_grow(memory);
    it.i32_const(-1).i32_eq().if_(BlockType::Empty).i32_const(-1).return_().end();
    it.else_();
    it.local_get(new).local_set(real);
    it.end();
    // Pages that the memory had may hold what an earlier call left.
    it.local_get(old).i32_const(PAGE).i32_shl().i32_const(0);
    it.local_get(real).local_get(old).i32_sub().i32_const(PAGE).i32_shl().memory_fill(memory);
    it.local_get(new).global_set(sizes.size).local_get(old).end();
    code
}

fn set_stack_pointer(pointer: u32, sizes: &Sizes) -> Function {
    let mut code = Function::new([]);
    let mut it = code.instructions();
    it.local_get(0).global_set(pointer);
    it.local_get(0).global_get(sizes.lowest).i32_lt_u();
    it.if_(BlockType::Empty).local_get(0).global_set(sizes.lowest).end().end();
    code
}

fn save(scan: &Scan, sizes: Option<&Sizes>, indices: Indices) -> Function {
    let mut code = Function::new([(2, ValType::I32)]);
    let mut it = code.instructions();
    for (at, (global, _)) in (indices.global..).zip(&scan.globals) {
        it.global_get(*global).global_set(at);
    }
    if let Some(sizes) = sizes {
        save_memory(&mut it, scan, sizes, indices);
    }
    it.end();
    code
}

/// Copies the memory without the zeros at its ends. Below the end of the stack nothing is saved.
fn save_memory(
    it: &mut InstructionSink<'_>,
    scan: &Scan,
    sizes: &Sizes,
    Indices { memory, copy, .. }: Indices,
) {
    let (low, high) = (0, 1);
    it.global_get(sizes.size).global_set(sizes.saved);
    it.global_get(sizes.low).local_set(low);
    if scan.image.is_some() {
        it.global_get(sizes.high).local_set(high);
    } else {
        it.global_get(sizes.size).i32_const(PAGE).i32_shl().local_set(high);
        trim(it, memory);
        it.local_get(low).global_set(sizes.low).local_get(high).global_set(sizes.high);
    }
    it.local_get(high).local_get(low).i32_sub().i32_const(0xffff).i32_add();
    it.i32_const(PAGE).i32_shr_u().memory_grow(copy);
    it.i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end();
    it.i32_const(0).local_get(low).local_get(high).local_get(low).i32_sub();
    it.memory_copy(copy, memory);
}

/// Words that are compared with zero at once.
const STRIDE: i32 = 16;

/// Moves the locals 0 and 1, the ends of a part of a memory, to the first and last word that is not zero.
fn trim(it: &mut InstructionSink<'_>, memory: u32) {
    let (low, high) = (0, 1);
    let target = MemArgTarget::Memory(memory);
    let word = MemArg { offset: 0, align: 3, target, ordering: None };
    // Many words at once, while they are all zero.
    it.block(BlockType::Empty).loop_(BlockType::Empty);
    it.local_get(high).local_get(low).i32_sub().i32_const(STRIDE * 8).i32_lt_u().br_if(1);
    it.local_get(low).i64_load(word);
    for at in 1..STRIDE as u64 {
        it.local_get(low).i64_load(MemArg { offset: at * 8, ..word }).i64_or();
    }
    it.i64_const(0).i64_ne().br_if(1);
    it.local_get(low).i32_const(STRIDE * 8).i32_add().local_set(low).br(0);
    it.end().end();
    it.block(BlockType::Empty).loop_(BlockType::Empty);
    it.local_get(low).local_get(high).i32_ge_u().br_if(1);
    it.local_get(low).i64_load(word).i64_const(0).i64_ne().br_if(1);
    it.local_get(low).i32_const(8).i32_add().local_set(low).br(0);
    it.end().end();
    it.block(BlockType::Empty).loop_(BlockType::Empty);
    it.local_get(high).local_get(low).i32_le_u().br_if(1);
    it.local_get(high).i32_const(8).i32_sub().i64_load(word).i64_const(0).i64_ne().br_if(1);
    it.local_get(high).i32_const(8).i32_sub().local_set(high).br(0);
    it.end().end();
}

fn reset(scan: &Scan, sizes: Option<&Sizes>, indices: Indices) -> Function {
    let mut code = Function::new([(1, ValType::I32)]);
    let mut it = code.instructions();
    for (at, (global, _)) in (indices.global..).zip(&scan.globals) {
        it.global_get(at).global_set(*global);
    }
    if let Some(sizes) = sizes {
        reset_memory(&mut it, scan, sizes, indices);
    }
    it.end();
    code
}

fn reset_memory(
    it: &mut InstructionSink<'_>,
    scan: &Scan,
    sizes: &Sizes,
    Indices { memory, copy, .. }: Indices,
) {
    let from = 0;
    if let Some((_, end)) = scan.stack {
        // The lower end of the stack that was used, or the stack's end if none was.
        it.global_get(sizes.lowest).i32_const(RED_ZONE).i32_sub().i32_const(0);
        it.global_get(sizes.lowest).i32_const(RED_ZONE).i32_gt_u().select().local_set(from);
        it.local_get(from).i32_const(end as i32);
        it.local_get(from).i32_const(end as i32).i32_lt_u().select().local_set(from);
        it.i32_const(-1).global_set(sizes.lowest);
    }
    it.local_get(from).i32_const(0).global_get(sizes.low).local_get(from).i32_sub();
    it.memory_fill(memory);
    it.global_get(sizes.low).i32_const(0).global_get(sizes.high).global_get(sizes.low).i32_sub();
    it.memory_copy(memory, copy);
    it.global_get(sizes.high).i32_const(0);
    it.global_get(sizes.saved).i32_const(PAGE).i32_shl().global_get(sizes.high).i32_sub();
    it.memory_fill(memory);
    it.global_get(sizes.saved).global_set(sizes.size);
}
