//! Core modules that are added to a component, written from imports, functions and exports.

use wasm_encoder::{
    CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType, Module, NameSection,
    TagKind, TagSection, TagType, TypeSection, ValType,
};

/// The type of a core function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) params: Vec<ValType>,
    pub(super) results: Vec<ValType>,
}

impl Signature {
    pub(super) fn new(params: &[ValType], results: &[ValType]) -> Self {
        Signature { params: params.to_vec(), results: results.to_vec() }
    }
}

/// A core module with at most one memory, imported or its own.
pub(super) struct AddedModule {
    name: &'static str,
    types: TypeSection,
    imports: ImportSection,
    imported: u32,
    functions: FunctionSection,
    defined: u32,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    mutable: u32,
    exports: ExportSection,
    code: CodeSection,
}

impl AddedModule {
    pub(super) fn new(name: &'static str) -> Self {
        AddedModule {
            name,
            types: TypeSection::new(),
            imports: ImportSection::new(),
            imported: 0,
            functions: FunctionSection::new(),
            defined: 0,
            memories: MemorySection::new(),
            tags: TagSection::new(),
            globals: GlobalSection::new(),
            mutable: 0,
            exports: ExportSection::new(),
            code: CodeSection::new(),
        }
    }

    fn ty(&mut self, signature: &Signature) -> u32 {
        let index = self.types.len();
        let Signature { params, results } = signature;
        self.types.ty().function(params.iter().copied(), results.iter().copied());
        index
    }

    /// Imports a function. All imports come before the first function.
    pub(super) fn import(&mut self, module: &str, name: &str, signature: &Signature) -> u32 {
        let ty = self.ty(signature);
        self.imports.import(module, name, EntityType::Function(ty));
        self.imported += 1;
        self.imported - 1
    }

    pub(super) fn import_memory(&mut self, module: &str, name: &str) {
        self.imports.import(module, name, EntityType::Memory(any_memory(0)));
    }

    pub(super) fn memory(&mut self, pages: u64) {
        self.memories.memory(any_memory(pages));
    }

    /// Imports an exception's tag, as the first.
    pub(super) fn import_tag(&mut self, module: &str, name: &str, signature: &Signature) -> u32 {
        let func_type_idx = self.ty(signature);
        let ty = TagType { kind: TagKind::Exception, func_type_idx };
        self.imports.import(module, name, EntityType::Tag(ty));
        0
    }

    /// Adds an exception's tag, the first, and exports it.
    pub(super) fn tag(&mut self, name: &str, signature: &Signature) -> u32 {
        let func_type_idx = self.ty(signature);
        self.tags.tag(TagType { kind: TagKind::Exception, func_type_idx });
        self.exports.export(name, ExportKind::Tag, 0);
        0
    }

    /// Adds a mutable global with the value 0.
    pub(super) fn global(&mut self) -> u32 {
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        self.globals.global(ty, &ConstExpr::i32_const(0));
        self.mutable += 1;
        self.mutable - 1
    }

    /// Adds a function, exported if it has a name.
    pub(super) fn function(
        &mut self,
        name: Option<&str>,
        signature: &Signature,
        code: &Function,
    ) -> u32 {
        let ty = self.ty(signature);
        self.functions.function(ty);
        self.code.function(code);
        let index = self.imported + self.defined;
        self.defined += 1;
        if let Some(name) = name {
            self.exports.export(name, ExportKind::Func, index);
        }
        index
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut names = NameSection::new();
        names.module(self.name);
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.memories);
        // Not every engine knows the section.
        if !self.tags.is_empty() {
            module.section(&self.tags);
        }
        module.section(&self.globals).section(&self.exports).section(&self.code).section(&names);
        module.finish()
    }
}

fn any_memory(minimum: u64) -> MemoryType {
    MemoryType { minimum, maximum: None, memory64: false, shared: false, page_size_log2: None }
}
