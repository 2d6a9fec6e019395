//! The state of a table: code that saves it, resets it, and gives it a size of its own.

use wasm_encoder::{BlockType, Function, InstructionSink, RefType, ValType};

use super::scan::Table;

/// The indices of a table and of what is added for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableIndices {
    /// The table, and the table with its copy.
    pub(super) table: u32,
    pub(super) copy: u32,
    /// The first of its [`globals`].
    pub(super) globals: u32,
    /// The type of its elements.
    pub(super) element: RefType,
}

/// The initial values of the globals of a table: the size that code sees, in elements, and the same when the state was saved.
pub(super) fn globals(table: &Table) -> [u32; 2] {
    [table.size, table.size]
}

impl TableIndices {
    fn sized(&self) -> u32 {
        self.globals
    }

    fn saved(&self) -> u32 {
        self.globals + 1
    }

    pub(super) fn size(&self) -> Function {
        let mut code = Function::new([]);
        code.instructions().global_get(self.sized()).end();
        code
    }

    /// `table.grow`: uses elements that the table already has before it grows it.
    pub(super) fn grow(&self) -> Function {
        let (value, by, old, new) = (0, 1, 2, 3);
        let mut code = Function::new([(2, ValType::I32)]);
        let mut it = code.instructions();
        it.global_get(self.sized()).local_tee(old).local_get(by).i32_add().local_tee(new);
        // The sum overflows.
        it.local_get(old).i32_lt_u().if_(BlockType::Empty).i32_const(-1).return_().end();
        it.local_get(new).table_size(self.table).i32_gt_u().if_(BlockType::Empty);
        it.local_get(value).local_get(new).table_size(self.table).i32_sub();
        it.table_grow(self.table).i32_const(-1).i32_eq();
        it.if_(BlockType::Empty).i32_const(-1).return_().end().end();
        it.local_get(old).local_get(value).local_get(by).table_fill(self.table);
        it.local_get(new).global_set(self.sized()).local_get(old).end();
        code
    }

    pub(super) fn save(&self, it: &mut InstructionSink<'_>) {
        it.global_get(self.sized()).global_set(self.saved());
        it.ref_null(self.element.heap_type).global_get(self.saved()).table_grow(self.copy);
        it.i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end();
        it.i32_const(0).i32_const(0).global_get(self.saved()).table_copy(self.copy, self.table);
    }

    pub(super) fn reset(&self, it: &mut InstructionSink<'_>) {
        it.i32_const(0).i32_const(0).global_get(self.saved()).table_copy(self.table, self.copy);
        it.global_get(self.saved()).ref_null(self.element.heap_type);
        it.global_get(self.sized()).global_get(self.saved()).i32_sub().table_fill(self.table);
        it.global_get(self.saved()).global_set(self.sized());
    }
}
