//! The sections of one core module that a listing needs, found without reading the others.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    BinaryReader, Chunk, CodeSectionReader, Encoding, ExportSectionReader, ExternalKind,
    FunctionBody, FunctionSectionReader, KnownCustom, Name, NameSectionReader, Parser, Payload,
    TypeRef,
};

use super::error::ListingError;

/// An imported function: its two names.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImportedFunction<'a> {
    pub(super) module: &'a str,
    pub(super) field: &'a str,
}

/// The sections of a core module, undecoded where they may be large.
#[derive(Default)]
pub(super) struct Sections<'a> {
    /// The contents of the type section.
    pub(super) types: Option<&'a [u8]>,
    /// The imported functions, which come first in the function index space.
    pub(super) imports: Vec<ImportedFunction<'a>>,
    functions: Option<FunctionSectionReader<'a>>,
    exports: Option<ExportSectionReader<'a>>,
    /// The name section.
    pub(super) names: Option<NameSectionReader<'a>>,
    code: Option<CodeSectionReader<'a>>,
}

/// The bytes of core module number `wanted` in `file`.
pub(super) fn module_range(file: &[u8], wanted: u32) -> Result<Range<usize>, ListingError> {
    let index = usize::try_from(wanted).map_err(|_| ListingError::NoModule(wanted))?;
    module_ranges(file)?.into_iter().nth(index).ok_or(ListingError::NoModule(wanted))
}

/// The bytes of the core modules in `file`, in file order, at any depth.
pub(super) fn module_ranges(file: &[u8]) -> Result<Vec<Range<usize>>, ListingError> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut parser = Parser::new(0);
    let mut outer = Vec::new();
    loop {
        let rest = file.get(at..).ok_or_else(|| cut_short(file.len()))?;
        let Chunk::Parsed { consumed, payload } = parser.parse(rest, true)? else {
            return Err(cut_short(file.len()));
        };
        at += consumed;
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } => {
                found.push(0..file.len());
                return Ok(found);
            }
            Payload::ModuleSection { unchecked_range, .. } => {
                let range = within(file, &unchecked_range)?;
                at = range.end;
                found.push(range);
            }
            Payload::ComponentSection { parser: inner, .. } => {
                outer.push(std::mem::replace(&mut parser, inner));
            }
            Payload::End(_) => match outer.pop() {
                Some(enclosing) => parser = enclosing,
                None => return Ok(found),
            },
            _ => {}
        }
    }
}

impl<'a> Sections<'a> {
    /// Finds the sections of the module at `range` of `file`. Offsets stay those of the file.
    pub(super) fn read(file: &'a [u8], range: Range<usize>) -> Result<Self, ListingError> {
        let mut sections = Sections::default();
        let mut at = range.start;
        let mut parser = Parser::new(range.start as u64);
        loop {
            let rest = file.get(at..range.end).ok_or_else(|| cut_short(range.end))?;
            let Chunk::Parsed { consumed, payload } = parser.parse(rest, true)? else {
                return Err(cut_short(range.end));
            };
            at += consumed;
            match payload {
                Payload::TypeSection(reader) => {
                    sections.types = file.get(within(file, &reader.range())?);
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) | TypeRef::FuncExact(_) = import.ty {
                            let (module, field) = (import.module, import.name);
                            sections.imports.push(ImportedFunction { module, field });
                        }
                    }
                }
                Payload::FunctionSection(reader) => sections.functions = Some(reader),
                Payload::ExportSection(reader) => sections.exports = Some(reader),
                Payload::CodeSectionStart { unchecked_range, size, .. } => {
                    let contents = within(file, &unchecked_range)?;
                    let start = contents.start as u64;
                    let reader = BinaryReader::new(&file[contents], start);
                    sections.code = Some(CodeSectionReader::new(reader)?);
                    parser.skip_section();
                    at += size as usize;
                }
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Name(reader) = custom.as_known() {
                        sections.names = Some(reader);
                    }
                }
                Payload::End(_) => return Ok(sections),
                _ => {}
            }
        }
    }

    /// The bodies in file order, each with its number in the function index space.
    pub(super) fn bodies(
        &self,
    ) -> impl Iterator<Item = Result<(u32, FunctionBody<'a>), ListingError>> + use<'a> {
        let first = self.imports.len() as u32;
        let bodies = self.code.clone().into_iter().flatten();
        bodies.zip(first..).map(|(body, number)| Ok((number, body?)))
    }

    /// The body of `function`. `core_module` is only for the words of an error.
    pub(super) fn body(
        &self,
        core_module: u32,
        function: u32,
    ) -> Result<FunctionBody<'a>, ListingError> {
        if (function as usize) < self.imports.len() {
            return Err(ListingError::Imported { core_module, function });
        }
        for body in self.bodies() {
            let (number, body) = body?;
            if number == function {
                return Ok(body);
            }
        }
        Err(ListingError::NoFunction(format!("{function} in core module {core_module}")))
    }

    /// The type of a function with a body, in the module's type index space.
    pub(super) fn type_of(&self, function: u32) -> Option<u32> {
        let defined = (function as usize).checked_sub(self.imports.len())?;
        self.functions.clone()?.into_iter().nth(defined)?.ok()
    }

    /// Whether the code section holds the byte at `offset` of the file.
    pub(super) fn code_holds(&self, offset: u64) -> bool {
        self.code.as_ref().is_some_and(|code| code.range().contains(&offset))
    }

    /// How many functions the module has, imports included.
    pub(super) fn function_count(&self) -> u32 {
        let defined = self.functions.as_ref().map_or(0, |reader| reader.count());
        (self.imports.len() as u32).saturating_add(defined)
    }

    /// Names for the functions asked for: from the name section, else an export, else the import.
    pub(super) fn function_names(&self, wanted: impl Fn(u32) -> bool) -> BTreeMap<u32, String> {
        let mut names = BTreeMap::new();
        self.each_name(|function, name| {
            if wanted(function) {
                names.entry(function).or_insert_with(|| name.to_owned());
            }
        });
        names
    }

    /// Calls `each` with every name of every function, the best of each function first.
    pub(super) fn each_name(&self, mut each: impl FnMut(u32, &str)) {
        for subsection in self.names.clone().into_iter().flatten().map_while(Result::ok) {
            if let Name::Function(map) = subsection {
                for naming in map.map_while(Result::ok) {
                    each(naming.index, naming.name);
                }
            }
        }
        for export in self.exports.clone().into_iter().flatten().map_while(Result::ok) {
            if let ExternalKind::Func | ExternalKind::FuncExact = export.kind {
                each(export.index, export.name);
            }
        }
        for (import, function) in self.imports.iter().zip(0..) {
            each(function, &format!("{}::{}", import.module, import.field));
        }
    }
}

fn within(file: &[u8], range: &Range<u64>) -> Result<Range<usize>, ListingError> {
    let start = usize::try_from(range.start).ok();
    let end = usize::try_from(range.end).ok().filter(|end| *end <= file.len());
    match (start, end) {
        (Some(start), Some(end)) if start <= end => Ok(start..end),
        _ => Err(cut_short(file.len())),
    }
}

fn cut_short(length: usize) -> ListingError {
    ListingError::Malformed { offset: length as u64, message: "unexpected end of file".to_owned() }
}
