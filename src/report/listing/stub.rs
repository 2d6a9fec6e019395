//! A module with one function in it, made to be printed. The functions before it are imports
//! without a name, so that its number stays; what text does not depend on is left out.

use std::collections::BTreeSet;
use std::ops::Range;

use wasm_encoder::{
    CodeSection, EntityType, FunctionSection, ImportSection, IndirectNameMap, Module, NameMap,
    NameSection, RawSection, SectionId,
};
use wasmparser::{FunctionBody, Name, Operator};

use super::error::ListingError;
use super::sections::Sections;
use crate::demangle::demangled;

/// The module, and the place of the function's body in it.
pub(super) struct Stub {
    pub(super) bytes: Vec<u8>,
    pub(super) body: Range<u64>,
}

impl Stub {
    /// Builds the module for `function`, whose body is `body`.
    pub(super) fn of(
        sections: &Sections<'_>,
        function: u32,
        body: &FunctionBody<'_>,
    ) -> Result<Stub, ListingError> {
        let no_type = || ListingError::NoFunction(format!("{function}: it has no type"));
        let ty = sections.type_of(function).ok_or_else(no_type)?;
        let mut module = Module::new();
        if let Some(data) = sections.types {
            module.section(&RawSection { id: SectionId::Type.into(), data });
        }
        let mut imports = ImportSection::new();
        for _ in 0..function {
            imports.import("", "", EntityType::Function(ty));
        }
        module.section(&imports);
        module.section(FunctionSection::new().function(ty));
        module.section(CodeSection::new().raw(body.as_bytes()));
        // The body ends the code section, and the code section ends what is written so far.
        let end = module.len() as u64;
        let start = end - body.as_bytes().len() as u64;
        module.section(&names(sections, function, body));
        Ok(Stub { bytes: module.finish(), body: start..end })
    }
}

fn names(sections: &Sections<'_>, function: u32, body: &FunctionBody<'_>) -> NameSection {
    let mut section = NameSection::new();
    let mut wanted = mentioned_functions(body);
    wanted.insert(function);
    let mut functions = NameMap::new();
    for (index, name) in sections.function_names(|it| wanted.contains(&it)) {
        functions.append(index, &demangled(&name));
    }
    section.functions(&functions);
    for subsection in sections.names.clone().into_iter().flatten().map_while(Result::ok) {
        match subsection {
            Name::Local(map) => section.locals(&of_one_function(map, function)),
            Name::Label(map) => section.labels(&of_one_function(map, function)),
            Name::Type(map) => section.types(&copied(map)),
            Name::Table(map) => section.tables(&copied(map)),
            Name::Memory(map) => section.memories(&copied(map)),
            Name::Global(map) => section.globals(&copied(map)),
            Name::Element(map) => section.elements(&copied(map)),
            Name::Data(map) => section.data(&copied(map)),
            Name::Tag(map) => section.tags(&copied(map)),
            _ => {}
        }
    }
    section
}

/// The functions that the body names. A body that cannot be decoded names those before the fault.
fn mentioned_functions(body: &FunctionBody<'_>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let Ok(operators) = body.get_operators_reader() else {
        return found;
    };
    for operator in operators.into_iter().map_while(Result::ok) {
        if let Operator::Call { function_index }
        | Operator::ReturnCall { function_index }
        | Operator::RefFunc { function_index } = operator
        {
            found.insert(function_index);
        }
    }
    found
}

fn of_one_function(map: wasmparser::IndirectNameMap<'_>, function: u32) -> IndirectNameMap {
    let mut kept = IndirectNameMap::new();
    for naming in map.map_while(Result::ok) {
        if naming.index == function {
            kept.append(function, &copied(naming.names));
        }
    }
    kept
}

fn copied(map: wasmparser::NameMap<'_>) -> NameMap {
    let mut kept = NameMap::new();
    for naming in map.map_while(Result::ok) {
        kept.append(naming.index, naming.name);
    }
    kept
}
