//! The sections of a core module, read into a [`CoreModule`].

use std::ops::Range;

use wasmparser::{
    CompositeInnerType, ElementItems, ElementKind, ExternalKind, HeapType, Operator, Payload,
    Result, SubType, TypeRef, ValType,
};

use super::core_module::{
    ConstExpr, CoreModule, Data, Declaration, Element, Export, Extern, Function, Global, Import,
    Memory, Placement, Table,
};
use super::index_space::{FuncIdx, Idx, TypeIdx};

/// Reads one section into `module`. `next_body` is the function that the code section's
/// next entry is the body of.
pub(super) fn read<'a>(
    module: &mut CoreModule<'a>,
    payload: Payload<'a>,
    next_body: &mut u32,
) -> Result<()> {
    match payload {
        Payload::TypeSection(section) => {
            for group in section {
                let group = group?;
                let alone = group.types().len() == 1;
                for ty in group.into_types() {
                    module.declarations.push(declaration(&ty, alone));
                    module.types.push(match ty.composite_type.inner {
                        CompositeInnerType::Func(func) => Some(func),
                        _ => None,
                    });
                }
            }
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports() {
                read_import(module, import?);
            }
        }
        Payload::FunctionSection(section) => {
            for ty in section {
                module.functions.push(Function { ty: Idx::new(ty?), body: None });
            }
        }
        Payload::TableSection(section) => {
            for table in section {
                let table = table?;
                let init = match &table.init {
                    wasmparser::TableInit::RefNull => ConstExpr::Null,
                    wasmparser::TableInit::Expr(expr) => const_expr(expr),
                };
                module.tables.push(Table { init, ..table_of(&table.ty, false) });
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                module.memories.push(memory_of(&memory?, false));
            }
        }
        Payload::TagSection(section) => {
            for tag in section {
                module.tags.push(Idx::new(tag?.func_type_idx));
            }
        }
        Payload::GlobalSection(section) => {
            for global in section {
                let global = global?;
                let init = Some(const_expr(&global.init_expr));
                module.globals.push(Global { mutable: global.ty.mutable, init });
            }
        }
        Payload::ExportSection(section) => {
            for export in section {
                let export = export?;
                let item = extern_of(export.kind, export.index);
                module.exports.push(Export { name: export.name, item });
            }
        }
        Payload::StartSection { func, .. } => module.start = Some(Idx::new(func)),
        Payload::ElementSection(section) => {
            for element in section {
                let element = read_element(element?)?;
                module.elements.push(element);
            }
        }
        Payload::DataSection(section) => {
            for data in section {
                let data = data?;
                let placement = match data.kind {
                    wasmparser::DataKind::Passive => Placement::Passive,
                    wasmparser::DataKind::Active { memory_index, offset_expr } => {
                        Placement::Active {
                            target: Idx::new(memory_index),
                            offset: const_expr(&offset_expr),
                        }
                    }
                };
                module.data.push(Data { placement, bytes: data.data });
            }
        }
        Payload::CodeSectionStart { unchecked_range: range, .. } => {
            module.code = Some(range.start);
            let imported = module.imports.iter();
            *next_body = imported.filter(|i| matches!(i.item, Extern::Func(_))).count() as u32;
        }
        Payload::CodeSectionEntry(body) => {
            if let Some(function) = module.functions.get_mut(FuncIdx::new(*next_body)) {
                function.body = Some(byte_range(body.range()));
            }
            *next_body = next_body.saturating_add(1);
        }
        _ => {}
    }
    Ok(())
}

/// How a type is declared, alone in its recursion group or not.
fn declaration(ty: &SubType, alone: bool) -> Declaration {
    let supertype = ty.supertype_idxs.first().and_then(|index| index.as_module_index());
    let names_no_type = match &ty.composite_type.inner {
        CompositeInnerType::Func(func) => {
            func.params().iter().chain(func.results()).all(|value| match value {
                ValType::Ref(reference) => {
                    matches!(reference.heap_type(), HeapType::Abstract { .. })
                }
                _ => true,
            })
        }
        _ => false,
    };
    let plain = alone
        && ty.is_final
        && ty.supertype_idxs.is_empty()
        && !ty.composite_type.shared
        && names_no_type;
    Declaration { supertype: supertype.map(TypeIdx::new), plain }
}

/// A range of file offsets as `usize`: the file is in memory, so they fit.
pub(super) fn byte_range(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn read_import<'a>(module: &mut CoreModule<'a>, import: wasmparser::Import<'a>) {
    let item = match import.ty {
        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
            Extern::Func(module.functions.push(Function { ty: TypeIdx::new(ty), body: None }))
        }
        TypeRef::Table(ty) => Extern::Table(module.tables.push(table_of(&ty, true))),
        TypeRef::Memory(ty) => Extern::Memory(module.memories.push(memory_of(&ty, true))),
        TypeRef::Global(ty) => {
            Extern::Global(module.globals.push(Global { mutable: ty.mutable, init: None }))
        }
        TypeRef::Tag(ty) => Extern::Tag(module.tags.push(Idx::new(ty.func_type_idx))),
    };
    module.imports.push(Import { module: import.module, field: import.name, item });
}

fn extern_of(kind: ExternalKind, index: u32) -> Extern {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => Extern::Func(Idx::new(index)),
        ExternalKind::Table => Extern::Table(Idx::new(index)),
        ExternalKind::Memory => Extern::Memory(Idx::new(index)),
        ExternalKind::Global => Extern::Global(Idx::new(index)),
        ExternalKind::Tag => Extern::Tag(Idx::new(index)),
    }
}

fn table_of(ty: &wasmparser::TableType, imported: bool) -> Table {
    Table { minimum: ty.initial, table64: ty.table64, init: ConstExpr::Null, imported }
}

fn memory_of(ty: &wasmparser::MemoryType, imported: bool) -> Memory {
    Memory {
        minimum: ty.initial,
        maximum: ty.maximum,
        memory64: ty.memory64,
        shared: ty.shared,
        imported,
    }
}

fn read_element(element: wasmparser::Element<'_>) -> Result<Element> {
    let placement = match element.kind {
        ElementKind::Passive => Placement::Passive,
        ElementKind::Declared => Placement::Declared,
        ElementKind::Active { table_index, offset_expr } => Placement::Active {
            target: Idx::new(table_index.unwrap_or(0)),
            offset: const_expr(&offset_expr),
        },
    };
    let items = match element.items {
        ElementItems::Functions(functions) => functions
            .into_iter()
            .map(|func| func.map(|func| ConstExpr::Func(Idx::new(func))))
            .collect::<Result<_>>()?,
        ElementItems::Expressions(_, expressions) => expressions
            .into_iter()
            .map(|expr| expr.map(|expr| const_expr(&expr)))
            .collect::<Result<_>>()?,
    };
    Ok(Element { placement, items })
}

fn const_expr(expr: &wasmparser::ConstExpr<'_>) -> ConstExpr {
    let mut value = ConstExpr::Other;
    let mut stack = Vec::new();
    for operator in expr.get_operators_reader() {
        let Ok(operator) = operator else {
            return ConstExpr::Other;
        };
        let pushed = match operator {
            Operator::I32Const { value } => ConstExpr::Int(u64::from(value as u32)),
            Operator::I64Const { value } => ConstExpr::Int(value as u64),
            Operator::GlobalGet { global_index } => {
                ConstExpr::GlobalPlus(Idx::new(global_index), 0)
            }
            Operator::RefFunc { function_index } => ConstExpr::Func(Idx::new(function_index)),
            Operator::RefNull { .. } => ConstExpr::Null,
            Operator::I32Add | Operator::I64Add => {
                let narrow = matches!(operator, Operator::I32Add);
                sum(stack.pop(), stack.pop(), narrow)
            }
            Operator::End => break,
            _ => return ConstExpr::Other,
        };
        stack.push(pushed);
    }
    if stack.len() == 1 {
        value = stack.remove(0);
    }
    value
}

fn sum(a: Option<ConstExpr>, b: Option<ConstExpr>, narrow: bool) -> ConstExpr {
    let wrap = |n: u64| if narrow { u64::from(n as u32) } else { n };
    match (a, b) {
        (Some(ConstExpr::Int(a)), Some(ConstExpr::Int(b))) => {
            ConstExpr::Int(wrap(a.wrapping_add(b)))
        }
        (Some(ConstExpr::GlobalPlus(global, a)), Some(ConstExpr::Int(b)))
        | (Some(ConstExpr::Int(b)), Some(ConstExpr::GlobalPlus(global, a))) => {
            ConstExpr::GlobalPlus(global, wrap(a.wrapping_add(b)))
        }
        _ => ConstExpr::Other,
    }
}
