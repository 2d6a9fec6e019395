//! The core modules that read and write one memory or one global, and the types of their functions in a component.
//!
//! A memory is read by returning a part of it as a list: pointer and length stand for a moment in eight bytes outside of
//! that part, and post-return puts back what was there. It is written by a list whose `realloc` returns the address.

use wasm_encoder::{
    CodeSection, ComponentTypeSection, ComponentValType, ConstExpr, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, MemArg,
    MemArgTarget, MemoryType, Module, PrimitiveValType, TypeSection, ValType,
};

/// What an accessor module accesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Memory,
    I32,
    I64,
    F32,
    F64,
}

/// A lifted function of an accessor module: its name, its number among [`types`], and the names of its `realloc` and its
/// post-return function.
pub(super) struct Lifted {
    pub(super) name: &'static str,
    pub(super) ty: u32,
    pub(super) realloc: Option<&'static str>,
    pub(super) post_return: Option<&'static str>,
}

const fn lifted(name: &'static str, ty: u32) -> Lifted {
    Lifted { name, ty, realloc: None, post_return: None }
}

const OF_MEMORY: [Lifted; 5] = [
    lifted("size", 1),
    lifted("grow", 2),
    Lifted { name: "read", ty: 3, realloc: None, post_return: Some("after") },
    lifted("aim", 5),
    Lifted { name: "write", ty: 4, realloc: Some("give"), post_return: None },
];
const OF_GLOBAL: [Lifted; 2] = [lifted("get", 6), lifted("set", 7)];
/// How many types [`types`] adds.
pub(super) const TYPES: u32 = 8;

impl Kind {
    pub(super) const ALL: [Kind; 5] = [Kind::Memory, Kind::I32, Kind::I64, Kind::F32, Kind::F64];

    /// The functions that a component lifts.
    pub(super) fn lifted(self) -> &'static [Lifted] {
        match self {
            Kind::Memory => &OF_MEMORY,
            _ => &OF_GLOBAL,
        }
    }

    /// The core module. It imports what it accesses as `cell` of `of`.
    pub(super) fn module(self) -> Module {
        match self {
            Kind::Memory => of_memory(),
            _ => self.of_global(),
        }
    }

    fn of_global(self) -> Module {
        let ty = match self {
            Kind::I64 => ValType::I64,
            Kind::F32 => ValType::F32,
            Kind::F64 => ValType::F64,
            Kind::I32 | Kind::Memory => ValType::I32,
        };
        let mut module = Building::new(EntityType::Global(GlobalType {
            val_type: ty,
            mutable: true,
            shared: false,
        }));
        let mut get = Function::new([]);
        let mut body = get.instructions();
        body.global_get(0);
        match self {
            Kind::I64 => {}
            Kind::F64 => drop(body.i64_reinterpret_f64()),
            Kind::F32 => drop(body.i32_reinterpret_f32().i64_extend_i32_u()),
            Kind::I32 | Kind::Memory => drop(body.i64_extend_i32_u()),
        }
        body.end();
        module.function("get", &[], &[ValType::I64], &get);
        let mut set = Function::new([]);
        let mut body = set.instructions();
        body.local_get(0);
        match self {
            Kind::I64 => {}
            Kind::F64 => drop(body.f64_reinterpret_i64()),
            Kind::F32 => drop(body.i32_wrap_i64().f32_reinterpret_i32()),
            Kind::I32 | Kind::Memory => drop(body.i32_wrap_i64()),
        }
        body.global_set(0).end();
        module.function("set", &[ValType::I64], &[], &set);
        module.finish()
    }
}

fn of_memory() -> Module {
    const I32: ValType = ValType::I32;
    /// Globals of the accessor module: what was where a pointer is returned, and where to write.
    const SAVED: u32 = 0;
    const AIM: u32 = 1;
    let at = |offset| MemArg { offset, align: 2, target: MemArgTarget::Memory(0), ordering: None };
    let mut module = Building::new(EntityType::Memory(MemoryType {
        minimum: 0,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    }));
    let mut size = Function::new([]);
    size.instructions().memory_size(0).end();
    module.function("size", &[], &[I32], &size);
    let mut grow = Function::new([]);
    grow.instructions().local_get(0).memory_grow(0).end();
    module.function("grow", &[I32], &[I32], &grow);
    // The third parameter is where pointer and length are returned.
    let mut read = Function::new([]);
    read.instructions()
        .local_get(2)
        .i64_load(at(0))
        .global_set(SAVED)
        .local_get(2)
        .local_get(0)
        .i32_store(at(0))
        .local_get(2)
        .local_get(1)
        .i32_store(at(4))
        .local_get(2)
        .end();
    module.function("read", &[I32, I32, I32], &[I32], &read);
    let mut after = Function::new([]);
    after.instructions().local_get(0).global_get(SAVED).i64_store(at(0)).end();
    module.function("after", &[I32], &[], &after);
    let mut aim = Function::new([]);
    aim.instructions().local_get(0).global_set(AIM).end();
    module.function("aim", &[I32], &[], &aim);
    let mut give = Function::new([]);
    give.instructions().global_get(AIM).end();
    module.function("give", &[I32, I32, I32, I32], &[I32], &give);
    let mut write = Function::new([]);
    write.instructions().end();
    module.function("write", &[I32, I32], &[], &write);
    let number = |val_type| GlobalType { val_type, mutable: true, shared: false };
    module.globals.global(number(ValType::I64), &ConstExpr::i64_const(0));
    module.globals.global(number(I32), &ConstExpr::i32_const(0));
    module.finish()
}

/// Adds the types of lifted functions; the first is a list of bytes. `first` is the index that it gets.
pub(super) fn types(first: u32) -> ComponentTypeSection {
    const U32: ComponentValType = ComponentValType::Primitive(PrimitiveValType::U32);
    const U64: ComponentValType = ComponentValType::Primitive(PrimitiveValType::U64);
    let bytes = ComponentValType::Type(first);
    let mut types = ComponentTypeSection::new();
    types.defined_type().list(PrimitiveValType::U8);
    let mut function = |params: &[(&str, ComponentValType)], result| {
        types.function().params(params.iter().copied()).result(result);
    };
    function(&[], Some(U32));
    function(&[("pages", U32)], Some(U32));
    function(&[("at", U32), ("length", U32), ("through", U32)], Some(bytes));
    function(&[("bytes", bytes)], None);
    function(&[("at", U32)], None);
    function(&[], Some(U64));
    function(&[("value", U64)], None);
    types
}

/// A module with one import, whose functions are all exported.
struct Building {
    import: EntityType,
    types: TypeSection,
    functions: FunctionSection,
    globals: GlobalSection,
    exports: ExportSection,
    code: CodeSection,
}

impl Building {
    fn new(import: EntityType) -> Self {
        Building {
            import,
            types: TypeSection::new(),
            functions: FunctionSection::new(),
            globals: GlobalSection::new(),
            exports: ExportSection::new(),
            code: CodeSection::new(),
        }
    }

    fn function(&mut self, name: &str, params: &[ValType], results: &[ValType], body: &Function) {
        let index = self.functions.len();
        self.types.ty().function(params.iter().copied(), results.iter().copied());
        self.functions.function(index);
        self.exports.export(name, ExportKind::Func, index);
        self.code.function(body);
    }

    fn finish(self) -> Module {
        let mut imports = ImportSection::new();
        imports.import("of", "cell", self.import);
        let mut module = Module::new();
        module.section(&self.types).section(&imports).section(&self.functions);
        if !self.globals.is_empty() {
            module.section(&self.globals);
        }
        module.section(&self.exports).section(&self.code);
        module
    }
}
