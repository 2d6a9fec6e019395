//! The components and core modules of a file.

use std::collections::BTreeMap;

use super::anatomy::{
    ComponentPart, Counts, CustomSection, FunctionName, Globals, MemoryPart, ModulePart, Segments,
    TablePart,
};
use crate::component::Component;
use crate::component::core_module::{CoreModule, Extern};
use crate::component::index_space::Idx;
use crate::demangle::demangled;
use crate::digest::sha256;
use crate::facts::roles::Roles;

/// The component definitions, in file order.
pub(super) fn components(component: &Component<'_>) -> Vec<ComponentPart> {
    let parents = component.parents();
    let parts = component.definitions.iter().map(|(id, definition)| ComponentPart {
        component: id.raw(),
        name: definition.name.map(str::to_owned),
        parent: parents.get(&id).map(|id| id.raw()),
        offset: definition.span.start,
        bytes: definition.span.len(),
        custom_sections: definition.custom_sections.iter().map(ToString::to_string).collect(),
        producers: producers(&definition.producers),
    });
    parts.collect()
}

/// The core modules, in file order.
pub(super) fn core_modules(component: &Component<'_>, roles: &Roles) -> Vec<ModulePart> {
    let parts = component.core_modules.iter();
    parts.map(|(_, module)| module_part(component.file, module, roles)).collect()
}

fn module_part(file: &[u8], module: &CoreModule<'_>, roles: &Roles) -> ModulePart {
    let range = module.span.start as usize..module.span.end as usize;
    let imported = module.imported_funcs();
    let imported_globals =
        module.imports.iter().filter(|it| matches!(it.item, Extern::Global(_))).count();
    let memories = module.memories.iter().map(|(_, memory)| MemoryPart {
        minimum_pages: memory.minimum,
        maximum_pages: memory.maximum,
        memory64: memory.memory64,
        shared: memory.shared,
        imported: memory.imported,
    });
    let tables = module
        .tables
        .iter()
        .map(|(_, table)| TablePart { minimum: table.minimum, imported: table.imported });
    let custom_sections = module
        .custom_sections
        .iter()
        .map(|it| CustomSection { name: it.name.to_owned(), bytes: it.range.len() as u64 });
    ModulePart {
        core_module: module.id.raw(),
        name: module.name.map(str::to_owned),
        role: roles.get(module.id),
        component: module.home.raw(),
        offset: module.span.start,
        bytes: module.span.len(),
        sha256: sha256(file.get(range).unwrap_or_default()),
        functions: Counts {
            defined: (module.functions.len() - imported) as u64,
            imported: imported as u64,
        },
        memories: memories.collect(),
        tables: tables.collect(),
        globals: Globals {
            defined: (module.globals.len() - imported_globals) as u64,
            imported: imported_globals as u64,
            mutable: module.globals.iter().filter(|(_, global)| global.mutable).count() as u64,
        },
        data: Segments {
            segments: module.data.len() as u64,
            bytes: module.data.iter().map(|(_, data)| data.bytes.len() as u64).sum(),
        },
        start: module.start.map(|func| FunctionName {
            function: func.raw(),
            name: module.func_name(func).map(|name| demangled(name).into_owned()),
        }),
        custom_sections: custom_sections.collect(),
        producers: producers(&module.producers),
    }
}

fn producers(list: &[(&str, &str, &str)]) -> BTreeMap<String, Vec<String>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (field, name, version) in list {
        let value = if version.is_empty() { (*name).into() } else { format!("{name} {version}") };
        fields.entry((*field).to_owned()).or_default().push(value);
    }
    fields
}
