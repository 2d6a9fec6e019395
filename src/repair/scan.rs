//! What a core module holds between calls, and what of it cannot be reset.

use std::collections::BTreeSet;

use wasmparser::{BinaryReader, FunctionBody, GlobalType, Operator, Parser, Payload, ValType};

use super::reference::Types;
use super::refusal::{Refusal, Rule};
use super::stack::Prologue;
use crate::component::core_module::{ConstExpr, CoreModule, Extern, Placement};
use crate::component::index_space::{FuncIdx, GlobalIdx, Idx};
use crate::location::{Location, Span};

/// The state of a core module.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// The mutable globals that it defines, and their types.
    pub(super) globals: Vec<(u32, ValType)>,
    /// The memories that it defines.
    pub(super) memories: Vec<Memory>,
    /// The imported memories that it resizes, or asks for their size.
    pub(super) resized: BTreeSet<u32>,
    /// The tables that it defines.
    pub(super) tables: Vec<Table>,
    /// Whether an instruction writes a table.
    pub(super) writes_table: bool,
    /// The global that is the stack pointer, and the end of the stack, if the stack comes first in the only memory.
    pub(super) stack: Option<(u32, u32)>,
    /// The first instruction that catches every exception.
    pub(super) catches_all: Option<Location>,
    /// What cannot be reset, each rule once.
    pub(super) refusals: Vec<Refusal>,
}

/// A memory of a core module.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) index: u32,
    /// The initial size, in pages of 64 KiB.
    pub(super) pages: u32,
    /// The part that instantiation fills, in bytes, if only data segments of the module do that.
    pub(super) image: Option<(u32, u32)>,
}

/// A table of a core module.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) index: u32,
    /// The type of its elements.
    pub(super) element: wasmparser::RefType,
    /// Its initial size, in elements.
    pub(super) size: u32,
    /// Whether the module grows it.
    pub(super) grows: bool,
    /// Whether it is reset: some module of the component writes tables.
    pub(super) is_reset: bool,
}

impl Scan {
    /// Reads the code of a valid core module. With `executes`, some start function may set references before the first call.
    pub(super) fn of(module: &CoreModule<'_>, executes: bool) -> Scan {
        let mut scan = Scan::default();
        let types = Types::of(payloads(module));
        let globals = globals(module);
        for ((index, ty), (_, declared)) in (0..).zip(&globals).zip(module.globals.iter()) {
            let holds_state = match ty.content_type {
                ValType::Ref(it) if declared.init.is_some() || ty.mutable => {
                    let is_null = !executes && declared.init == Some(ConstExpr::Null);
                    !types.is_unchanging(it) && !is_null
                }
                _ => false,
            };
            if holds_state || ty.shared {
                scan.refuse(Rule::ReferenceGlobal, place(module));
            }
            if ty.mutable && declared.init.is_some() {
                scan.globals.push((index, ty.content_type));
            }
        }
        scan.tables(module, &types);
        scan.memories(module);
        let prologue = scan.code(module, &globals);
        scan.stack = scan.stack(module, &prologue);
        scan
    }

    /// Whether it has something to reset.
    pub(super) fn is_stateful(&self) -> bool {
        !self.memories.is_empty()
            || !self.globals.is_empty()
            || self.tables.iter().any(|table| table.is_reset)
    }

    /// Whether the module has to be rewritten.
    pub(super) fn is_rewritten(&self) -> bool {
        self.is_stateful() || !self.resized.is_empty()
    }

    /// Notes that instantiation executes nothing, and that no other module has data for its memories.
    pub(super) fn is_static(&mut self, module: &CoreModule<'_>) {
        for memory in &mut self.memories {
            let ranges = module.data.iter().filter_map(|(_, data)| match &data.placement {
                Placement::Active { target, offset } if target.raw() == memory.index => {
                    Some((offset, data.bytes.len()))
                }
                _ => None,
            });
            let ranges = ranges.map(|(offset, length)| match offset {
                ConstExpr::Int(offset) => {
                    let start = u32::try_from(*offset & 0xffff_ffff).ok()?;
                    Some((start, start.checked_add(u32::try_from(length).ok()?)?))
                }
                _ => None,
            });
            let Some(ranges) = ranges.collect::<Option<Vec<_>>>() else { continue };
            let low = ranges.iter().map(|(start, _)| *start & !7).min().unwrap_or_default();
            let high = ranges.iter().map(|(_, end)| *end).max().unwrap_or_default();
            memory.image = Some((low, high));
        }
    }

    /// Notes that another module has data for its memory, which may lie in the stack.
    pub(super) fn has_foreign_data(&mut self) {
        self.stack = None;
    }

    /// Notes that some module of the component writes tables.
    pub(super) fn resets_tables(&mut self, module: &CoreModule<'_>) {
        for table in &mut self.tables {
            table.is_reset = true;
        }
        // A copy may hold null references.
        if self.tables.iter().any(|table| !table.element.is_nullable()) {
            self.refuse(Rule::TableType, place(module));
        }
    }

    fn refuse(&mut self, rule: Rule, place: Location) {
        if self.refusals.iter().all(|it| it.rule != rule) {
            self.refusals.push(Refusal { rule, place });
        }
    }

    fn tables(&mut self, module: &CoreModule<'_>, types: &Types) {
        let imported = module.tables.iter().filter(|(_, table)| table.imported).count() as u32;
        let mut index = imported;
        for payload in payloads(module) {
            let Payload::TableSection(section) = payload else { continue };
            for table in section.into_iter().map_while(Result::ok) {
                let element = table.ty.element_type;
                if !types.is_unchanging(element) {
                    self.refuse(Rule::ReferenceTable, place(module));
                }
                if table.ty.table64 || table.ty.shared {
                    self.refuse(Rule::TableType, place(module));
                }
                let size = u32::try_from(table.ty.initial).unwrap_or(u32::MAX);
                self.tables.push(Table { index, element, size, grows: false, is_reset: false });
                index += 1;
            }
        }
    }

    fn memories(&mut self, module: &CoreModule<'_>) {
        let mut is_usual = true;
        for (index, memory) in module.memories.iter() {
            is_usual &= !memory.shared && !memory.memory64 && memory.minimum < MOST_PAGES;
            if !memory.imported {
                let pages = u32::try_from(memory.minimum).unwrap_or(u32::MAX);
                self.memories.push(Memory { index: index.raw(), pages, image: None });
            }
        }
        for payload in payloads(module) {
            if let Payload::MemorySection(section) = payload {
                is_usual &= section.into_iter().flatten().all(|it| it.page_size_log2.is_none());
            }
        }
        if !is_usual {
            self.refuse(Rule::MemoryType, place(module));
        }
    }

    fn code(&mut self, module: &CoreModule<'_>, globals: &[GlobalType]) -> Prologue {
        let mut prologue = Prologue::new(globals);
        for (func, function) in module.functions.iter() {
            let Some(range) = function.body.clone() else { continue };
            let Some(bytes) = module.bytes.get(
                range.start - module.span.start as usize..range.end - module.span.start as usize,
            ) else {
                continue;
            };
            let body = FunctionBody::new(BinaryReader::new(bytes, range.start as u64));
            let Ok(mut operators) = body.get_operators_reader() else { continue };
            prologue.begin();
            while !operators.eof() {
                let start = operators.original_position();
                let Ok(operator) = operators.read() else { break };
                prologue.see(&operator);
                let end = operators.original_position();
                self.operator(module, &operator, func, Span::new(start, end));
            }
        }
        prologue
    }

    fn operator(
        &mut self,
        module: &CoreModule<'_>,
        operator: &Operator<'_>,
        func: FuncIdx,
        span: Span,
    ) {
        let here = || Location { path: module.path_of(func), span };
        match operator {
            Operator::MemoryGrow { mem } | Operator::MemorySize { mem }
                if self.memories.iter().all(|memory| memory.index != *mem) =>
            {
                self.resized.insert(*mem);
            }
            Operator::TableGrow { table } => {
                match self.tables.iter_mut().find(|it| it.index == *table) {
                    Some(own) => own.grows = true,
                    None => self.refuse(Rule::TableType, here()),
                }
                self.writes_table = true;
            }
            Operator::TableSet { .. }
            | Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::TableAtomicSet { .. }
            | Operator::TableAtomicRmwXchg { .. }
            | Operator::TableAtomicRmwCmpxchg { .. } => {
                self.writes_table = true;
            }
            Operator::CatchAll => {
                self.catches_all.get_or_insert_with(here);
            }
            Operator::TryTable { try_table } => {
                let catches = |it: &wasmparser::Catch| {
                    use wasmparser::Catch::{All, AllRef};
                    matches!(it, All { .. } | AllRef { .. })
                };
                if try_table.catches.iter().any(catches) {
                    self.catches_all.get_or_insert_with(here);
                }
            }
            _ => {}
        }
    }

    /// The stack, if it lies below all data, its pointer is private, and no start function of the module uses it.
    fn stack(&self, module: &CoreModule<'_>, prologue: &Prologue) -> Option<(u32, u32)> {
        let ([memory], 1) = (&self.memories[..], module.memories.len()) else { return None };
        let starts = module.data.iter().map(|(_, data)| match &data.placement {
            Placement::Active { offset: ConstExpr::Int(offset), .. } => {
                // Negative addresses are above all others.
                Some(*offset & 0xffff_ffff)
            }
            _ => None,
        });
        let first = starts.collect::<Option<Vec<_>>>()?.into_iter().min()?;
        let end = |global: u32| match module.globals.iter().nth(global as usize)?.1.init {
            Some(ConstExpr::Int(end)) => u32::try_from(end).ok(),
            _ => None,
        };
        let global = prologue.stack_pointer().or_else(|| {
            // The linker puts data right behind the stack.
            let mut unused = prologue.unset();
            unused.find(|global| end(*global).is_some_and(|end| u64::from(end) == first))
        })?;
        let end = end(global)?;
        let is_private = module
            .exports
            .iter()
            .all(|export| export.item != Extern::Global(GlobalIdx::new(global)));
        let fits = end >= LEAST_STACK
            && u64::from(end) <= first
            && u64::from(end) <= u64::from(memory.pages) << 16;
        (is_private && module.start.is_none() && fits).then_some((global, end & !7))
    }
}

/// The size of a 32-bit memory in pages. A memory of that size has no end that 32 bits can hold.
const MOST_PAGES: u64 = 1 << 16;
/// Less stack than this is not worth a watermark.
const LEAST_STACK: u32 = 4096;

fn payloads<'a>(module: &CoreModule<'a>) -> impl Iterator<Item = Payload<'a>> {
    Parser::new(0).parse_all(module.bytes).map_while(Result::ok)
}

/// The types of all globals, imported ones first.
fn globals(module: &CoreModule<'_>) -> Vec<GlobalType> {
    let mut types = Vec::new();
    for payload in payloads(module) {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports().map_while(Result::ok) {
                    if let wasmparser::TypeRef::Global(ty) = import.ty {
                        types.push(ty);
                    }
                }
            }
            Payload::GlobalSection(section) => {
                types.extend(section.into_iter().flatten().map(|it| it.ty));
            }
            _ => {}
        }
    }
    types
}

fn place(module: &CoreModule<'_>) -> Location {
    Location { path: vec![module.step()], span: module.span }
}
