//! Sections that are added to a component.

use wasm_encoder::reencode::Error;
use wasm_encoder::{
    Alias, CanonicalFunctionSection, Component, ComponentAliasSection, ComponentExportKind,
    ComponentSectionId, ExportKind, InstanceSection, ModuleArg, RawSection,
};

use super::spaces::Spaces;

/// The result of writing a part of a component.
pub(super) type Result<T = ()> = std::result::Result<T, Error<String>>;

/// The error for an index that nothing has yet.
pub(super) fn unknown() -> Error<String> {
    Error::UserError("an item is used before it is defined".to_owned())
}

/// Writes a core module.
pub(super) fn section(to: &mut Component, bytes: &[u8]) {
    to.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: bytes });
}

/// Adds a core module.
pub(super) fn module(to: &mut Component, spaces: &mut Spaces, bytes: &[u8]) -> u32 {
    section(to, bytes);
    spaces.core_modules.add()
}

/// Adds a core instance of a module.
pub(super) fn instantiate(
    to: &mut Component,
    spaces: &mut Spaces,
    module: u32,
    arguments: &[(String, u32)],
) -> u32 {
    let arguments = arguments.iter();
    let arguments = arguments.map(|(name, it)| (name.as_str(), ModuleArg::Instance(*it)));
    let mut section = InstanceSection::new();
    section.instantiate(module, arguments.collect::<Vec<_>>());
    to.section(&section);
    spaces.core_instances.add()
}

/// Adds an instance that exports existing items.
pub(super) fn bundle(
    to: &mut Component,
    spaces: &mut Spaces,
    items: Vec<(String, ExportKind, u32)>,
) -> u32 {
    let mut section = InstanceSection::new();
    section.export_items(items);
    to.section(&section);
    spaces.core_instances.add()
}

/// Adds an alias of a function that a core instance exports.
pub(super) fn alias(to: &mut Component, spaces: &mut Spaces, instance: u32, name: &str) -> u32 {
    let mut section = ComponentAliasSection::new();
    section.alias(Alias::CoreInstanceExport { instance, kind: ExportKind::Func, name });
    to.section(&section);
    spaces.core_functions.add()
}

/// Writes canonical functions, if there are any.
pub(super) fn flush(component: &mut Component, canonicals: &mut CanonicalFunctionSection) {
    if !canonicals.is_empty() {
        component.section(canonicals);
        *canonicals = CanonicalFunctionSection::new();
    }
}

/// Adds an alias of a type that an instance exports.
pub(super) fn alias_type(
    to: &mut Component,
    spaces: &mut Spaces,
    instance: u32,
    name: &str,
) -> u32 {
    let mut section = ComponentAliasSection::new();
    section.alias(Alias::InstanceExport { instance, kind: ComponentExportKind::Type, name });
    to.section(&section);
    spaces.types.add()
}
