//! Rewrites a core module: adds the functions that save and reset its state, and makes its memory's size virtual.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, CustomSection, EntityType, ExportKind, ExportSection, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, MemorySection, MemoryType, Module,
    SectionId, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::Operator;

use super::debug::{self, Moved, Sections};
use super::labels::Labels;
use super::names;
use super::reset::{AddedGlobal, Additions};
use super::scan::Scan;
use crate::component::core_module::CoreModule;

/// The names of the functions that resize an imported memory. The module name says which.
pub(super) const GROW: &str = "grow";
pub(super) const SIZE: &str = "size";

type Result<T = ()> = std::result::Result<T, Error<Infallible>>;

/// A rewritten core module.
pub(super) struct Rewritten {
    pub(super) bytes: Vec<u8>,
    /// Whether names are left out because they cannot be read.
    pub(super) lost_names: bool,
}

/// Rewrites a module.
///
/// # Errors
/// If the module cannot be encoded again.
pub(super) fn rewritten(
    module: &CoreModule<'_>,
    scan: &Scan,
    labels: &Labels,
) -> std::result::Result<Rewritten, String> {
    let additions = Additions::of(module, scan, labels)?;
    let more = 2 * scan.resized.len() as u32;
    let mut rewriter = Rewriter {
        first_type: module.types.len() as u32,
        imported: module.imported_funcs() as u32,
        more,
        first_function: module.functions.len() as u32 + more,
        stack_pointer: scan.stack.map(|(global, _)| global),
        resized: scan.resized.iter().copied().collect(),
        memories: scan.memories.len() as u32,
        additions,
        labels,
        lost_names: false,
        moved: None,
    };
    let sections = module.custom_sections.iter().filter(|it| debug::is_debug(it.name));
    let sections: Sections<'_> = sections.map(|it| (it.name, it.data)).collect();
    rewriter.moved = (!sections.is_empty()).then(Moved::default);
    let mut rewritten = Module::new();
    let parser = wasmparser::Parser::new(0);
    rewriter.parse_core_module(&mut rewritten, parser, module.bytes).map_err(message)?;
    let moved = rewriter.moved.and_then(|moved| debug::rewritten(&sections, &moved));
    for (name, data) in moved.into_iter().flatten() {
        rewritten.section(&CustomSection { name: name.into(), data: data.into() });
    }
    Ok(Rewritten { bytes: rewritten.finish(), lost_names: rewriter.lost_names })
}

/// What an error of the encoder says.
pub(super) fn message<E: std::fmt::Display>(error: Error<E>) -> String {
    match error {
        Error::ParseError(error) => error.to_string(),
        Error::UserError(error) => error.to_string(),
        error => error.to_string(),
    }
}

struct Rewriter<'l> {
    /// The index of the first added type.
    first_type: u32,
    /// Imported functions, and how many are added to them.
    imported: u32,
    more: u32,
    /// The index of the first added function with a body.
    first_function: u32,
    stack_pointer: Option<u32>,
    /// The imported memories that the module resizes.
    resized: Vec<u32>,
    /// How many copies of memories are added.
    memories: u32,
    additions: Additions,
    labels: &'l Labels,
    /// Where instructions are; `None` if nobody asks.
    moved: Option<Moved>,
    lost_names: bool,
}

impl Rewriter<'_> {
    /// The function that stands for `memory.grow` of a memory, or for `memory.size`, which is the `which`th.
    fn resizing(&self, memory: u32, which: usize) -> Option<u32> {
        let own = self.additions.memories.iter().find(|(it, _)| *it == memory);
        let own = own.map(|(_, functions)| self.first_function + functions[which] as u32);
        own.or_else(|| {
            let at = self.resized.iter().position(|it| *it == memory)?;
            Some(self.imported + (2 * at + which) as u32)
        })
    }

    /// The same for a table.
    fn resizing_table(&self, table: u32, which: usize) -> Option<u32> {
        let own = self.additions.tables.iter().find(|(it, _)| *it == table);
        own.map(|(_, functions)| self.first_function + functions[which] as u32)
    }

    fn types(&self, types: &mut TypeSection) {
        let i32s: &[ValType] = &[ValType::I32];
        if self.more > 0 {
            types.ty().function(i32s.iter().copied(), i32s.iter().copied());
            types.ty().function([], i32s.iter().copied());
        }
        for function in &self.additions.functions {
            let (params, results) = (function.params.iter(), function.results.iter());
            types.ty().function(params.copied(), results.copied());
        }
    }

    fn imports(&self, imports: &mut ImportSection) {
        for memory in &self.resized {
            let module = self.labels.imports(*memory);
            imports.import(&module, GROW, EntityType::Function(self.first_type));
            imports.import(&module, SIZE, EntityType::Function(self.first_type + 1));
        }
    }

    fn declarations(&self, functions: &mut FunctionSection) {
        let first = self.first_type + self.more.min(2);
        for at in 0..self.additions.functions.len() as u32 {
            functions.function(first + at);
        }
    }

    fn tables(&self, tables: &mut TableSection) {
        for element in &self.additions.copies {
            tables.table(TableType {
                element_type: *element,
                minimum: 0,
                maximum: None,
                table64: false,
                shared: false,
            });
        }
    }

    fn memories(&self, memories: &mut MemorySection) {
        for _ in 0..self.memories {
            memories.memory(MemoryType {
                minimum: 0,
                maximum: None,
                memory64: false,
                shared: false,
                page_size_log2: None,
            });
        }
    }

    fn global_section(&self, globals: &mut GlobalSection) {
        for AddedGlobal { ty, init } in &self.additions.globals {
            let ty = GlobalType { val_type: *ty, mutable: true, shared: false };
            globals.global(ty, init);
        }
    }

    fn exports(&self, exports: &mut ExportSection) {
        for (index, function) in (self.first_function..).zip(&self.additions.functions) {
            if let Some(name) = &function.name {
                exports.export(name, ExportKind::Func, index);
            }
        }
    }

    fn code(&self, code: &mut CodeSection) {
        for function in &self.additions.functions {
            code.function(&function.code);
        }
    }

    /// Writes a section that the module does not have.
    fn missing(&self, module: &mut Module, section: SectionId) {
        match section {
            SectionId::Type => {
                let mut types = TypeSection::new();
                self.types(&mut types);
                module.section(&types);
            }
            SectionId::Import if self.more > 0 => {
                let mut imports = ImportSection::new();
                self.imports(&mut imports);
                module.section(&imports);
            }
            SectionId::Function if !self.additions.functions.is_empty() => {
                let mut functions = FunctionSection::new();
                self.declarations(&mut functions);
                module.section(&functions);
            }
            SectionId::Table if !self.additions.copies.is_empty() => {
                let mut tables = TableSection::new();
                self.tables(&mut tables);
                module.section(&tables);
            }
            SectionId::Global if !self.additions.globals.is_empty() => {
                let mut globals = GlobalSection::new();
                self.global_section(&mut globals);
                module.section(&globals);
            }
            SectionId::Export if !self.additions.functions.is_empty() => {
                let mut exports = ExportSection::new();
                self.exports(&mut exports);
                module.section(&exports);
            }
            SectionId::Code if !self.additions.functions.is_empty() => {
                let mut code = CodeSection::new();
                self.code(&mut code);
                module.section(&code);
            }
            _ => {}
        }
    }
}

/// The sections that may be missing, and their places in the order of all sections.
const ORDER: [SectionId; 13] = [
    SectionId::Type,
    SectionId::Import,
    SectionId::Function,
    SectionId::Table,
    SectionId::Memory,
    SectionId::Tag,
    SectionId::Global,
    SectionId::Export,
    SectionId::Start,
    SectionId::Element,
    SectionId::DataCount,
    SectionId::Code,
    SectionId::Data,
];

fn place(section: SectionId) -> usize {
    ORDER.iter().position(|it| *it == section).unwrap_or(ORDER.len())
}

impl Reencode for Rewriter<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        Ok(if function < self.imported { function } else { function + self.more })
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Result<Instruction<'a>> {
        let stand_in = match &operator {
            Operator::MemoryGrow { mem } => self.resizing(*mem, 0),
            Operator::MemorySize { mem } => self.resizing(*mem, 1),
            Operator::TableGrow { table } => self.resizing_table(*table, 0),
            Operator::TableSize { table } => self.resizing_table(*table, 1),
            Operator::GlobalSet { global_index } if self.stack_pointer == Some(*global_index) => {
                self.additions.stack.map(|at| self.first_function + at as u32)
            }
            // A later call needs the segment again.
            Operator::DataDrop { .. } | Operator::ElemDrop { .. } => return Ok(Instruction::Nop),
            _ => None,
        };
        match stand_in {
            Some(function) => Ok(Instruction::Call(function)),
            None => utils::instruction(self, operator),
        }
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result {
        let from = after.map_or(0, |section| place(section) + 1);
        let to = before.map_or(ORDER.len(), place);
        for section in ORDER.get(from..to).unwrap_or_default() {
            self.missing(module, *section);
        }
        Ok(())
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result {
        utils::parse_type_section(self, types, section)?;
        self.types(types);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result {
        utils::parse_import_section(self, imports, section)?;
        self.imports(imports);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result {
        utils::parse_function_section(self, functions, section)?;
        self.declarations(functions);
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Result {
        utils::parse_table_section(self, tables, section)?;
        self.tables(tables);
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: wasmparser::MemorySectionReader<'_>,
    ) -> Result {
        utils::parse_memory_section(self, memories, section)?;
        self.memories(memories);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result {
        utils::parse_global_section(self, globals, section)?;
        self.global_section(globals);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result {
        utils::parse_export_section(self, exports, section)?;
        Rewriter::exports(self, exports);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result {
        if let Some(moved) = &mut self.moved {
            let bodies = section.count() + self.additions.functions.len() as u32;
            *moved = Moved::new(section.range().start, bodies);
        }
        utils::parse_code_section(self, code, section)?;
        self.code(code);
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result {
        let Some(mut moved) = self.moved.take() else {
            return utils::parse_function_body(self, code, body);
        };
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut reader = body.get_operators_reader()?;
        let mut marks = vec![(body.range().start, 0)];
        while !reader.eof() {
            marks.push((reader.original_position(), function.byte_len()));
            function.instruction(&self.parse_instruction(&mut reader)?);
        }
        marks.push((body.range().end, function.byte_len()));
        moved.body(&marks, function.byte_len());
        self.moved = Some(moved);
        code.function(&function);
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result {
        // Both hold offsets in the code, which moves. Debug sections follow behind all others.
        let name = section.name();
        if debug::is_debug(name) || name.starts_with("metadata.code.") {
            return Ok(());
        }
        if name == "name" {
            let added = (self.first_function..).zip(&self.additions.functions);
            let added: Vec<_> = added.map(|(index, it)| (index, it.debug_name.as_str())).collect();
            let (imported, more) = (self.imported, self.more);
            let moved = |index| if index < imported { index } else { index + more };
            let names = names::copied(section.data(), moved, &added);
            self.lost_names |= names.is_partial;
            module.section(&names.section);
            return Ok(());
        }
        utils::parse_custom_section(self, module, section)
    }
}
