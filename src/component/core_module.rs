//! A core module as its bytes declare it. Function bodies are byte ranges; `facts::body` decodes them.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use wasmparser::FuncType;

use super::index_space::{
    ComponentId, CoreModuleId, DataIdx, ElemIdx, FuncIdx, GlobalIdx, Idx, IndexSpace, MemoryIdx,
    TableIdx, TagIdx, TypeIdx,
};
use crate::location::{ItemKind, Span, Step};

/// A core module.
#[derive(Debug)]
pub struct CoreModule<'a> {
    /// Its number.
    pub id: CoreModuleId,
    /// The component that defines it.
    pub home: ComponentId,
    /// The module's own bytes, from its `\0asm` on.
    pub bytes: &'a [u8],
    /// Their range in the file.
    pub span: Span,
    /// Its name, by the enclosing component's name section or its own.
    pub name: Option<&'a str>,
    /// Function types; `None` for a type that is not a function.
    pub types: IndexSpace<TypeIdx, Option<FuncType>>,
    /// How each type is declared.
    pub declarations: IndexSpace<TypeIdx, Declaration>,
    /// Imports in file order.
    pub imports: Vec<Import<'a>>,
    /// Functions, imports first.
    pub functions: IndexSpace<FuncIdx, Function>,
    /// Tables, imports first.
    pub tables: IndexSpace<TableIdx, Table>,
    /// Memories, imports first.
    pub memories: IndexSpace<MemoryIdx, Memory>,
    /// Globals, imports first.
    pub globals: IndexSpace<GlobalIdx, Global>,
    /// Tags, imports first: the type of each.
    pub tags: IndexSpace<TagIdx, TypeIdx>,
    /// Exports in file order.
    pub exports: Vec<Export<'a>>,
    /// The start function.
    pub start: Option<FuncIdx>,
    /// Element segments.
    pub elements: IndexSpace<ElemIdx, Element>,
    /// Data segments.
    pub data: IndexSpace<DataIdx, Data<'a>>,
    /// Producers: field, name, version.
    pub producers: Vec<(&'a str, &'a str, &'a str)>,
    /// Custom sections in file order.
    pub custom_sections: Vec<CustomSection<'a>>,
    /// Offset of the code section's contents in the file; DWARF addresses are relative to it.
    pub code: Option<u64>,
    /// Bytes of the name section's contents in the file.
    pub(super) name_section: Option<Range<usize>>,
    pub(super) file: &'a [u8],
    pub(super) function_names: OnceLock<FxHashMap<u32, &'a str>>,
    /// The functions that it exports, by name.
    pub(super) exported_funcs: OnceLock<FxHashMap<&'a str, FuncIdx>>,
    /// The name of the first export of each function, else of its import.
    pub(super) external_names: OnceLock<FxHashMap<FuncIdx, &'a str>>,
}

/// The declaration of a type, beside what it is made of (core specification, "Types", "Recursive Types").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declaration {
    /// The supertype it names.
    pub supertype: Option<TypeIdx>,
    /// Whether it is the same type wherever it is declared with the same parameters and results, and has no subtypes: it is
    /// final, names no other type, and is alone in its recursion group.
    pub plain: bool,
}

/// A custom section.
#[derive(Debug, Clone)]
pub struct CustomSection<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes in the file, the name included.
    pub range: Range<usize>,
    /// Its contents.
    pub data: &'a [u8],
}

/// An item that a module imports or exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extern {
    /// A function.
    Func(FuncIdx),
    /// A table.
    Table(TableIdx),
    /// A memory.
    Memory(MemoryIdx),
    /// A global.
    Global(GlobalIdx),
    /// A tag.
    Tag(TagIdx),
}

/// An import.
#[derive(Debug, Clone, Copy)]
pub struct Import<'a> {
    /// The module name.
    pub module: &'a str,
    /// The field name.
    pub field: &'a str,
    /// The item, in the module's own index spaces.
    pub item: Extern,
}

/// An export.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Its name.
    pub name: &'a str,
    /// The item.
    pub item: Extern,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its type.
    pub ty: TypeIdx,
    /// The range of its body in the file, locals and code; `None` if it is imported.
    pub body: Option<Range<usize>>,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Initial size, in elements.
    pub minimum: u64,
    /// Index type is `i64`.
    pub table64: bool,
    /// The initial value of its slots.
    pub init: ConstExpr,
    /// Whether it is imported.
    pub imported: bool,
}

/// A memory.
#[derive(Debug, Clone)]
pub struct Memory {
    /// Initial size, in pages.
    pub minimum: u64,
    /// Maximum size, in pages.
    pub maximum: Option<u64>,
    /// Index type is `i64`.
    pub memory64: bool,
    /// Whether it is shared between threads.
    pub shared: bool,
    /// Whether it is imported.
    pub imported: bool,
}

/// A global.
#[derive(Debug, Clone)]
pub struct Global {
    /// Whether it can be set.
    pub mutable: bool,
    /// Its initial value; `None` if imported.
    pub init: Option<ConstExpr>,
}

/// A constant expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstExpr {
    /// An integer: an `i32` zero-extended, or an `i64`.
    Int(u64),
    /// Another global's value, plus a constant.
    GlobalPlus(GlobalIdx, u64),
    /// A function reference.
    Func(FuncIdx),
    /// A null reference.
    Null,
    /// Anything else: floats, vectors, GC values, longer arithmetic.
    Other,
}

/// How a segment is placed in a table or memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement<I> {
    /// Copied at instantiation.
    Active {
        /// The table or memory.
        target: I,
        /// The offset.
        offset: ConstExpr,
    },
    /// Copied by `table.init` or `memory.init` only.
    Passive,
    /// Declared only.
    Declared,
}

/// An element segment.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its placement.
    pub placement: Placement<TableIdx>,
    /// Its elements.
    pub items: Vec<ConstExpr>,
}

/// A data segment.
#[derive(Debug, Clone)]
pub struct Data<'a> {
    /// Its placement.
    pub placement: Placement<MemoryIdx>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl<'a> CoreModule<'a> {
    /// The type of a function; `None` if there is no such function.
    pub fn func_type(&self, func: FuncIdx) -> Option<&FuncType> {
        self.types.get(self.functions.get(func)?.ty)?.as_ref()
    }

    /// The function exported under `name`.
    pub fn exported_func(&self, name: &str) -> Option<FuncIdx> {
        let funcs = self.exported_funcs.get_or_init(|| {
            let funcs = self.exports.iter().filter_map(|export| match export.item {
                Extern::Func(func) => Some((export.name, func)),
                _ => None,
            });
            funcs.collect()
        });
        funcs.get(name).copied()
    }

    /// The name of a function: from the name section, else of its export, else of its import.
    pub fn func_name(&self, func: FuncIdx) -> Option<&'a str> {
        let external = || {
            let names = self.external_names.get_or_init(|| {
                let exports = self.exports.iter().map(|export| (export.item, export.name));
                let imports = self.imports.iter().map(|import| (import.item, import.field));
                let mut names = FxHashMap::default();
                for (item, name) in exports.chain(imports) {
                    if let Extern::Func(func) = item {
                        names.entry(func).or_insert(name);
                    }
                }
                names
            });
            names.get(&func).copied()
        };
        self.debug_name(func).or_else(external)
    }

    /// The name that the name section gives a function.
    pub fn debug_name(&self, func: FuncIdx) -> Option<&'a str> {
        self.function_names.get_or_init(|| self.read_function_names()).get(&func.raw()).copied()
    }

    /// Number of imported functions.
    pub fn imported_funcs(&self) -> usize {
        self.functions.iter().take_while(|(_, function)| function.body.is_none()).count()
    }

    /// The path to one of its functions.
    pub fn path_of(&self, func: FuncIdx) -> Vec<Step> {
        let name = self.func_name(func).map(str::to_owned);
        vec![self.step(), Step { kind: ItemKind::Func, index: func.raw(), name }]
    }

    /// The step of a path that is this module.
    pub fn step(&self) -> Step {
        Step {
            kind: ItemKind::CoreModule,
            index: self.id.raw(),
            name: self.name.map(str::to_owned),
        }
    }

    /// The names that the name section gives globals, by index.
    pub fn global_names(&self) -> FxHashMap<GlobalIdx, &'a str> {
        self.names(|name| match name {
            wasmparser::Name::Global(map) => Some(map),
            _ => None,
        })
    }

    /// The names that the name section gives data segments, by index.
    pub fn data_names(&self) -> FxHashMap<DataIdx, &'a str> {
        self.names(|name| match name {
            wasmparser::Name::Data(map) => Some(map),
            _ => None,
        })
    }

    fn read_function_names(&self) -> FxHashMap<u32, &'a str> {
        let names = self.names::<FuncIdx>(|name| match name {
            wasmparser::Name::Function(map) => Some(map),
            _ => None,
        });
        names.into_iter().map(|(func, name)| (func.raw(), name)).collect()
    }

    /// Names of one kind. Ignores malformed subsections.
    fn names<I: Idx + std::hash::Hash>(
        &self,
        wanted: fn(wasmparser::Name<'a>) -> Option<wasmparser::NameMap<'a>>,
    ) -> FxHashMap<I, &'a str> {
        let mut names = FxHashMap::default();
        let Some(range) = self.name_section.clone() else {
            return names;
        };
        let start = range.start as u64;
        let reader = wasmparser::BinaryReader::new(&self.file[range], start);
        let subsections = wasmparser::NameSectionReader::new(reader);
        for map in subsections.flatten().filter_map(wanted) {
            for naming in map.into_iter().map_while(Result::ok) {
                names.insert(I::new(naming.index), naming.name);
            }
        }
        names
    }
}
