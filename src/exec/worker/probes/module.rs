//! A core module that exports all its memories and its mutable globals.

use std::rc::Rc;

use wasm_encoder::{ExportKind, ExportSection, RawSection, Section, SectionId};
use wasmparser::{GlobalType, MemoryType, Payload, TypeRef, ValType};

use super::accessors::Kind;
use super::probe::Cell;

/// A module that was written again.
pub(super) struct Module {
    pub(super) bytes: Vec<u8>,
    pub(super) exported: Rc<Exported>,
    /// Whether it has state that is not exported.
    pub(super) partial: bool,
}

/// What a module exports for accessors.
pub(super) struct Exported {
    /// Where the module begins in the file.
    pub(super) start: u64,
    pub(super) cells: Vec<(Cell, Kind)>,
}

/// A module that is being written again.
pub(super) struct ModuleFrame {
    start: u64,
    out: Vec<u8>,
    exports: ExportSection,
    are_written: bool,
    imported_memories: u32,
    imported_globals: u32,
    memories: Vec<MemoryType>,
    globals: Vec<GlobalType>,
}

/// The name by which a cell is exported.
pub(super) fn export_name(cell: Cell) -> String {
    match cell {
        Cell::Memory(index) => format!("secondcall-memory-{index}"),
        Cell::Global(index) => format!("secondcall-global-{index}"),
    }
}

impl ModuleFrame {
    pub(super) fn new(start: u64) -> Self {
        ModuleFrame {
            start,
            out: wasm_encoder::Module::HEADER.to_vec(),
            exports: ExportSection::new(),
            are_written: false,
            imported_memories: 0,
            imported_globals: 0,
            memories: Vec::new(),
            globals: Vec::new(),
        }
    }

    /// Copies a section of `file`. Custom sections are left out.
    pub(super) fn section(&mut self, payload: &Payload<'_>, file: &[u8]) -> Option<()> {
        match payload {
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    match import.ok()?.ty {
                        TypeRef::Memory(_) => self.imported_memories += 1,
                        TypeRef::Global(_) => self.imported_globals += 1,
                        _ => {}
                    }
                }
            }
            Payload::MemorySection(section) => {
                self.memories = section.clone().into_iter().collect::<Result<_, _>>().ok()?;
            }
            Payload::GlobalSection(section) => {
                let globals = section.clone().into_iter().map(|it| Ok(it?.ty));
                self.globals = globals.collect::<wasmparser::Result<_>>().ok()?;
            }
            Payload::ExportSection(section) => {
                for export in section.clone() {
                    let export = export.ok()?;
                    self.exports.export(export.name, export.kind.into(), export.index);
                }
                return Some(());
            }
            Payload::CustomSection(_) => return Some(()),
            _ => {}
        }
        let Some((id, range)) = payload.as_section() else { return Some(()) };
        let is_behind = [
            SectionId::Start,
            SectionId::Element,
            SectionId::DataCount,
            SectionId::Code,
            SectionId::Data,
        ];
        if is_behind.iter().any(|it| *it as u8 == id) {
            self.write_exports();
        }
        let data =
            file.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)?;
        RawSection { id, data }.append_to(&mut self.out);
        Some(())
    }

    /// Writes the exports, once.
    fn write_exports(&mut self) {
        if std::mem::replace(&mut self.are_written, true) {
            return;
        }
        for (cell, _) in self.cells().0 {
            let (kind, index) = match cell {
                Cell::Memory(index) => (ExportKind::Memory, index),
                Cell::Global(index) => (ExportKind::Global, index),
            };
            self.exports.export(&export_name(cell), kind, index);
        }
        if !self.exports.is_empty() {
            self.exports.append_to(&mut self.out);
        }
    }

    /// The cells that accessors can reach, and whether there are others.
    fn cells(&self) -> (Vec<(Cell, Kind)>, bool) {
        let mut cells = Vec::new();
        let mut partial = false;
        for (index, memory) in (self.imported_memories..).zip(&self.memories) {
            match memory.shared || memory.memory64 || memory.page_size_log2.is_some() {
                true => partial = true,
                false => cells.push((Cell::Memory(index), Kind::Memory)),
            }
        }
        for (index, global) in (self.imported_globals..).zip(&self.globals) {
            let kind = match global.content_type {
                _ if !global.mutable => continue,
                ValType::I32 if !global.shared => Kind::I32,
                ValType::I64 if !global.shared => Kind::I64,
                ValType::F32 if !global.shared => Kind::F32,
                ValType::F64 if !global.shared => Kind::F64,
                _ => {
                    partial = true;
                    continue;
                }
            };
            cells.push((Cell::Global(index), kind));
        }
        (cells, partial)
    }

    /// The finished module, whose accessors take from `left`.
    pub(super) fn finish(mut self, left: &mut usize) -> Option<Module> {
        self.write_exports();
        let (mut cells, partial) = self.cells();
        cells.truncate(*left);
        let exported = Rc::new(Exported { start: self.start, cells });
        Some(Module { bytes: self.out, exported, partial })
    }
}
