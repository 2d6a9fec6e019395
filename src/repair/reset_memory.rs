//! The state of a memory: code that saves it, resets it, and gives it a size of its own.

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, MemArgTarget, ValType};

use super::scan::Memory;

/// Bytes below the stack pointer that LLVM's functions use without moving it
/// (`WebAssemblyFrameLowering::RedZoneSize`, LLVM 19).
const RED_ZONE: i32 = 128;
/// The most pages that a memory has, so that its end is a 32-bit number.
const MOST_PAGES: i32 = 0xffff;
/// Bits of an offset in a page.
const PAGE: i32 = 16;

/// The indices of a memory and of what is added for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct MemoryIndices {
    /// The memory, and the memory with its copy.
    pub(super) memory: u32,
    pub(super) copy: u32,
    /// The first of its [`globals`].
    pub(super) globals: u32,
}

/// The initial values of the globals of a memory: the size that code sees, in pages; the same when the state was saved; the first byte that was
/// not zero then, and the end of the last; the lowest stack pointer since the last reset. `stack` is the end of the stack, if
/// only what was used of it is zeroed.
pub(super) fn globals(memory: &Memory, stack: Option<u32>) -> [u32; 5] {
    let (low, high) = memory.image.unwrap_or((stack.unwrap_or(0), 0));
    [memory.pages, memory.pages, low, high, u32::MAX]
}

impl MemoryIndices {
    fn sized(&self) -> u32 {
        self.globals
    }

    fn saved(&self) -> u32 {
        self.globals + 1
    }

    fn low(&self) -> u32 {
        self.globals + 2
    }

    fn high(&self) -> u32 {
        self.globals + 3
    }

    fn lowest(&self) -> u32 {
        self.globals + 4
    }

    pub(super) fn size(&self) -> Function {
        let mut code = Function::new([]);
        code.instructions().global_get(self.sized()).end();
        code
    }

    /// `memory.grow`: uses pages that the memory already has before it grows it.
    pub(super) fn grow(&self) -> Function {
        let memory = self.memory;
        let (by, old, new, real) = (0, 1, 2, 3);
        let mut code = Function::new([(3, ValType::I32)]);
        let mut it = code.instructions();
        it.global_get(self.sized()).local_tee(old).local_get(by).i32_add().local_set(new);
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
        it.local_get(new).global_set(self.sized()).local_get(old).end();
        code
    }

    pub(super) fn set_stack_pointer(&self, pointer: u32) -> Function {
        let mut code = Function::new([]);
        let mut it = code.instructions();
        it.local_get(0).global_set(pointer);
        it.local_get(0).global_get(self.lowest()).i32_lt_u();
        it.if_(BlockType::Empty).local_get(0).global_set(self.lowest()).end().end();
        code
    }

    /// Copies the memory without the zeros at its ends, by the locals 0 and 1. Below the end of the stack nothing is saved.
    pub(super) fn save(&self, it: &mut InstructionSink<'_>, memory: &Memory) {
        let (low, high) = (0, 1);
        it.global_get(self.sized()).global_set(self.saved());
        it.global_get(self.low()).local_set(low);
        if memory.image.is_some() {
            it.global_get(self.high()).local_set(high);
        } else {
            it.global_get(self.sized()).i32_const(PAGE).i32_shl().local_set(high);
            trim(it, self.memory);
            it.local_get(low).global_set(self.low()).local_get(high).global_set(self.high());
        }
        it.local_get(high).local_get(low).i32_sub().i32_const(0xffff).i32_add();
        it.i32_const(PAGE).i32_shr_u().memory_grow(self.copy);
        it.i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end();
        it.i32_const(0).local_get(low).local_get(high).local_get(low).i32_sub();
        it.memory_copy(self.copy, self.memory);
    }

    /// Puts the copy back, by the local 0.
    pub(super) fn reset(&self, it: &mut InstructionSink<'_>, stack: Option<u32>) {
        let from = 0;
        if let Some(end) = stack {
            // The lower end of the stack that was used.
            it.global_get(self.lowest()).i32_const(end as i32);
            it.global_get(self.lowest()).i32_const(end as i32).i32_lt_u().select().local_set(from);
            it.local_get(from).i32_const(RED_ZONE).i32_sub().i32_const(0);
            it.local_get(from).i32_const(RED_ZONE).i32_gt_u().select().local_set(from);
            it.i32_const(-1).global_set(self.lowest());
            it.local_get(from).i32_const(0).global_get(self.low()).local_get(from).i32_sub();
        } else {
            it.i32_const(0).i32_const(0).global_get(self.low());
        }
        it.memory_fill(self.memory);
        it.global_get(self.low()).i32_const(0);
        it.global_get(self.high()).global_get(self.low()).i32_sub();
        it.memory_copy(self.memory, self.copy);
        it.global_get(self.high()).i32_const(0);
        it.global_get(self.saved()).i32_const(PAGE).i32_shl().global_get(self.high()).i32_sub();
        it.memory_fill(self.memory);
        it.global_get(self.saved()).global_set(self.sized());
    }
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
