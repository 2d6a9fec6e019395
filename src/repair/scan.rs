//! What a core module holds between calls, and what of it cannot be reset.

use wasmparser::{
    AbstractHeapType, BinaryReader, FunctionBody, GlobalType, HeapType, Operator, Parser, Payload,
    RefType, ValType,
};

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
    /// The initial size of the memory that it defines, in pages of 64 KiB.
    pub(super) memory: Option<u32>,
    /// Whether it asks for the size of a memory, or grows it.
    pub(super) resizes: bool,
    /// The global that is the stack pointer, and the end of the stack, if the stack comes first in the memory.
    pub(super) stack: Option<(u32, u32)>,
    /// The part of the memory that instantiation fills, in bytes, if only its data segments do that.
    pub(super) image: Option<(u32, u32)>,
    /// What cannot be reset, each rule once.
    pub(super) refusals: Vec<Refusal>,
}

impl Scan {
    /// Reads the code of a valid core module.
    pub(super) fn of(module: &CoreModule<'_>) -> Scan {
        let mut scan = Scan::default();
        let globals = globals(module);
        let imported = module.globals.iter().take_while(|(_, it)| it.init.is_none()).count();
        for (index, ty) in globals.iter().enumerate() {
            let is_own = index >= imported;
            let (is_reference, holds_state) = match ty.content_type {
                // What it refers to may be changed.
                ValType::Ref(it) => (true, ty.mutable || is_own && !is_function(it)),
                _ => (false, false),
            };
            if holds_state || ty.shared {
                scan.refuse(Rule::ReferenceGlobal, place(module));
            }
            if ty.mutable && !is_reference && is_own {
                scan.globals.push((index as u32, ty.content_type));
            }
        }
        scan.tables(module);
        scan.memories(module);
        let prologue = scan.code(module, &globals);
        scan.stack = scan.stack(module, &prologue);
        scan
    }

    /// Whether it has something to reset.
    pub(super) fn is_stateful(&self) -> bool {
        self.memory.is_some() || !self.globals.is_empty()
    }

    /// Whether it needs functions that resize the memory of another module.
    pub(super) fn imports_size(&self) -> bool {
        self.resizes && self.memory.is_none()
    }

    /// Notes that instantiation executes nothing, and that no other module has data for its memory.
    pub(super) fn is_static(&mut self, module: &CoreModule<'_>) {
        let ranges = module.data.iter().filter(|(_, it)| it.placement != Placement::Passive);
        let ranges = ranges.map(|(_, data)| match &data.placement {
            Placement::Active { offset: ConstExpr::Int(offset), .. } => {
                let start = u32::try_from(*offset & 0xffff_ffff).ok()?;
                Some((start, start.checked_add(u32::try_from(data.bytes.len()).ok()?)?))
            }
            _ => None,
        });
        let Some(ranges) = ranges.collect::<Option<Vec<_>>>() else { return };
        let low = ranges.iter().map(|(start, _)| *start & !7).min().unwrap_or_default();
        let high = ranges.iter().map(|(_, end)| *end).max().unwrap_or_default();
        self.image = Some((low, high));
    }

    /// Notes that another module has data for its memory, which may lie in the stack.
    pub(super) fn has_foreign_data(&mut self) {
        self.stack = None;
    }

    fn refuse(&mut self, rule: Rule, place: Location) {
        if self.refusals.iter().all(|it| it.rule != rule) {
            self.refusals.push(Refusal { rule, place });
        }
    }

    fn tables(&mut self, module: &CoreModule<'_>) {
        let mut types = Vec::new();
        for payload in payloads(module) {
            if let Payload::TableSection(section) = payload {
                types.extend(section.into_iter().flatten().map(|it| it.ty.element_type));
            }
        }
        if !types.into_iter().all(is_function) {
            self.refuse(Rule::ReferenceTable, place(module));
        }
    }

    fn memories(&mut self, module: &CoreModule<'_>) {
        if module.memories.len() > 1 {
            self.refuse(Rule::SeveralMemories, place(module));
        }
        let own = module.memories.iter().find(|(_, memory)| !memory.imported);
        self.memory = own.and_then(|(_, memory)| u32::try_from(memory.minimum).ok());
        let mut is_usual = module
            .memories
            .iter()
            .all(|(_, memory)| !memory.shared && !memory.memory64 && memory.minimum < MOST_PAGES);
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
                let rule = match operator {
                    Operator::MemoryGrow { .. } | Operator::MemorySize { .. } => {
                        self.resizes = true;
                        continue;
                    }
                    Operator::TableSet { .. }
                    | Operator::TableGrow { .. }
                    | Operator::TableFill { .. }
                    | Operator::TableCopy { .. }
                    | Operator::TableInit { .. }
                    | Operator::TableAtomicSet { .. }
                    | Operator::TableAtomicRmwXchg { .. }
                    | Operator::TableAtomicRmwCmpxchg { .. } => Rule::TableWrite,
                    Operator::DataDrop { .. } | Operator::ElemDrop { .. } => Rule::SegmentDrop,
                    _ => continue,
                };
                let span = Span::new(start, operators.original_position());
                self.refuse(rule, instruction(module, func, span));
            }
        }
        prologue
    }

    /// The stack, if it lies below all data, its pointer is private, and no start function of the module uses it.
    fn stack(&self, module: &CoreModule<'_>, prologue: &Prologue) -> Option<(u32, u32)> {
        let pages = self.memory?;
        let global = prologue.stack_pointer()?;
        let (_, declared) = module.globals.iter().nth(global as usize)?;
        let Some(ConstExpr::Int(end)) = &declared.init else { return None };
        let end = u32::try_from(*end).ok()?;
        let is_private = module
            .exports
            .iter()
            .all(|export| export.item != Extern::Global(GlobalIdx::new(global)));
        let is_below = module.data.iter().all(|(_, data)| match &data.placement {
            Placement::Active { offset: ConstExpr::Int(offset), .. } => {
                // Negative addresses are above all others.
                u64::from(end) <= *offset & 0xffff_ffff
            }
            _ => false,
        });
        let fits = end >= LEAST_STACK && u64::from(end) <= u64::from(pages) << 16;
        let is_unused_before = module.start.is_none();
        (is_private && is_unused_before && is_below && fits && !module.data.is_empty())
            .then_some((global, end & !7))
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

fn is_function(ty: RefType) -> bool {
    match ty.heap_type() {
        HeapType::Abstract { ty, .. } => {
            matches!(ty, AbstractHeapType::Func | AbstractHeapType::NoFunc)
        }
        _ => false,
    }
}

fn place(module: &CoreModule<'_>) -> Location {
    Location { path: vec![module.step()], span: module.span }
}

fn instruction(module: &CoreModule<'_>, func: FuncIdx, span: Span) -> Location {
    Location { path: module.path_of(func), span }
}
