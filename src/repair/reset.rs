//! The functions that a core module with state gets: they save its state, reset it, and size its memories and tables.
//!
//! The size that code sees is a global. A memory or table itself never shrinks: what is not in use is zeroed or null when it
//! is used again.

use wasm_encoder::{ConstExpr, Function, RefType, ValType};

use super::labels::Labels;
use super::reset_memory::{self, MemoryIndices};
use super::reset_table::{self, TableIndices};
use super::scan::Scan;
use crate::component::core_module::CoreModule;

/// A global that is added.
pub(super) struct AddedGlobal {
    pub(super) ty: ValType,
    pub(super) init: ConstExpr,
}

/// A function that is added.
pub(super) struct AddedFunction {
    /// Its export.
    pub(super) name: Option<String>,
    /// The name for backtraces.
    pub(super) debug_name: String,
    pub(super) params: Vec<ValType>,
    pub(super) results: Vec<ValType>,
    pub(super) code: Function,
}

/// What a core module gets.
pub(super) struct Additions {
    pub(super) globals: Vec<AddedGlobal>,
    pub(super) functions: Vec<AddedFunction>,
    /// For each own memory, by index: the numbers of the functions that stand for `memory.grow` and `memory.size`.
    pub(super) memories: Vec<(u32, [usize; 2])>,
    /// The same for tables that the module grows.
    pub(super) tables: Vec<(u32, [usize; 2])>,
    /// The number of the function that sets the stack pointer.
    pub(super) stack: Option<usize>,
    /// The types of the tables with copies.
    pub(super) copies: Vec<RefType>,
}

/// How the names of added functions begin in backtraces.
const OURS: &str = "secondcall";

impl Additions {
    /// What is added to a module.
    ///
    /// # Errors
    /// If a type cannot be encoded again.
    pub(super) fn of(
        module: &CoreModule<'_>,
        scan: &Scan,
        labels: &Labels,
    ) -> Result<Self, String> {
        let mut additions = Additions {
            globals: Vec::new(),
            functions: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            stack: None,
            copies: Vec::new(),
        };
        let first = module.globals.len() as u32;
        let mut save = Function::new([(3, ValType::I32)]);
        let mut reset = Function::new([(3, ValType::I32)]);
        let (mut saving, mut resetting) = (save.instructions(), reset.instructions());
        for (global, ty) in &scan.globals {
            let ty = ValType::try_from(*ty).map_err(|error| error.to_string())?;
            let copy = first + additions.globals.len() as u32;
            let (added, is_null) = zero(ty);
            saving.global_get(*global).global_set(copy);
            resetting.global_get(copy);
            if is_null {
                resetting.ref_as_non_null();
            }
            resetting.global_set(*global);
            additions.globals.push(added);
        }
        let i32s: &[ValType] = &[ValType::I32];
        for (copy, memory) in (module.memories.len() as u32..).zip(&scan.memories) {
            let globals = first + additions.globals.len() as u32;
            let indices = MemoryIndices { memory: memory.index, copy, globals };
            let stack = scan.stack.map(|(_, end)| end);
            let at = additions.functions.len();
            additions.memories.push((memory.index, [at, at + 1]));
            let (grow, size) = (labels.grow(memory.index), labels.size(memory.index));
            additions.add(Some(grow), "grow", (i32s, i32s), indices.grow());
            additions.add(Some(size), "size", (&[], i32s), indices.size());
            if let Some((pointer, _)) = scan.stack {
                additions.stack = Some(at + 2);
                let code = indices.set_stack_pointer(pointer);
                additions.add(None, "set_stack_pointer", (i32s, &[]), code);
            }
            indices.save(&mut saving, memory);
            indices.reset(&mut resetting, stack);
            additions.numbers(&reset_memory::globals(memory, stack));
        }
        let reset_tables = scan.tables.iter().filter(|table| table.is_reset);
        for (copy, table) in (module.tables.len() as u32..).zip(reset_tables) {
            let globals = first + additions.globals.len() as u32;
            let element = RefType::try_from(table.element).map_err(|error| error.to_string())?;
            let indices = TableIndices { table: table.index, copy, globals, element };
            if table.grows {
                let at = additions.functions.len();
                additions.tables.push((table.index, [at, at + 1]));
                let params = [ValType::Ref(element), ValType::I32];
                additions.add(None, "grow_table", (&params, i32s), indices.grow());
                additions.add(None, "size_table", (&[], i32s), indices.size());
            }
            indices.save(&mut saving);
            indices.reset(&mut resetting);
            additions.numbers(&reset_table::globals(table));
            additions.copies.push(element);
        }
        saving.end();
        resetting.end();
        if scan.is_stateful() {
            additions.add(Some(labels.save()), "save", (&[], &[]), save);
            additions.add(Some(labels.reset()), "reset", (&[], &[]), reset);
        }
        Ok(additions)
    }

    /// Adds globals with these numbers.
    fn numbers(&mut self, values: &[u32]) {
        let global = |value: &u32| AddedGlobal {
            ty: ValType::I32,
            init: ConstExpr::i32_const(*value as i32),
        };
        self.globals.extend(values.iter().map(global));
    }

    fn add(
        &mut self,
        name: Option<String>,
        debug_name: &str,
        (params, results): (&[ValType], &[ValType]),
        code: Function,
    ) {
        self.functions.push(AddedFunction {
            name,
            debug_name: format!("{OURS}:{debug_name}"),
            params: params.to_vec(),
            results: results.to_vec(),
            code,
        });
    }
}

/// The copy of a global of a type, and whether the copy may be null where the global may not.
fn zero(ty: ValType) -> (AddedGlobal, bool) {
    let (ty, init, is_null) = match ty {
        ValType::I32 => (ty, ConstExpr::i32_const(0), false),
        ValType::I64 => (ty, ConstExpr::i64_const(0), false),
        ValType::F32 => (ty, ConstExpr::f32_const(0.0.into()), false),
        ValType::F64 => (ty, ConstExpr::f64_const(0.0.into()), false),
        ValType::V128 => (ty, ConstExpr::v128_const(0), false),
        ValType::Ref(ty) => {
            let copy = RefType { nullable: true, ..ty };
            (ValType::Ref(copy), ConstExpr::ref_null(ty.heap_type), !ty.nullable)
        }
    };
    (AddedGlobal { ty, init }, is_null)
}
