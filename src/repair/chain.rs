//! The parts of a composition in a row: each exports a function that tells it, and through it all parts before it, what the
//! host calls. A part imports this function of the part before it.
//!
//! Only earlier instances can be called, so a call of the host uses no part behind the one that it calls.

use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection,
    ComponentExportKind, ComponentExportSection, ComponentImportSection, ComponentInstanceSection,
    ComponentSectionId, ComponentTypeRef, ComponentTypeSection, ComponentValType, ExportKind,
    Function, InstanceSection, ModuleArg, NestedComponentSection, PrimitiveValType, RawSection,
    ValType,
};

use super::added_module::{AddedModule, Signature};
use super::control::TURN;
use super::spaces::Spaces;

/// The type of the function: it takes a number.
fn ty() -> ComponentTypeSection {
    let mut types = ComponentTypeSection::new();
    let number = ComponentValType::Primitive(PrimitiveValType::U32);
    types.function().params([("turn", number)]).result(None);
    types
}

/// Imports the function of the part before; its index.
pub(super) fn import(to: &mut Component, spaces: &mut Spaces, name: &str) -> u32 {
    to.section(&ty());
    let ty = spaces.types.add();
    let mut imports = ComponentImportSection::new();
    imports.import(name, ComponentTypeRef::Func(ty));
    to.section(&imports);
    spaces.functions.add()
}

/// Exports a function for the part behind.
pub(super) fn export(to: &mut Component, spaces: &mut Spaces, name: &str, function: u32) {
    let mut exports = ComponentExportSection::new();
    exports.export(name, ComponentExportKind::Func, function, None);
    to.section(&exports);
    spaces.functions.add();
}

/// Lifts the function of a control module.
pub(super) fn lift(to: &mut Component, spaces: &mut Spaces, core: u32) -> u32 {
    to.section(&ty());
    let ty = spaces.types.add();
    let mut canonicals = CanonicalFunctionSection::new();
    canonicals.lift(core, ty, [] as [CanonicalOption; 0]);
    to.section(&canonicals);
    spaces.functions.add()
}

/// The function that an instance exports.
pub(super) fn alias(to: &mut Component, spaces: &mut Spaces, instance: u32, name: &str) -> u32 {
    let mut aliases = ComponentAliasSection::new();
    aliases.alias(Alias::InstanceExport { instance, kind: ComponentExportKind::Func, name });
    to.section(&aliases);
    spaces.functions.add()
}

/// Adds what stands before the first part: a component whose function does nothing.
pub(super) fn end(to: &mut Component, spaces: &mut Spaces, name: &str) -> u32 {
    let mut module = AddedModule::new("secondcall:end");
    let mut code = Function::new([]);
    code.instructions().end();
    module.function(Some(TURN), &Signature::new(&[ValType::I32], &[]), &code);
    let mut component = Component::new();
    let id = ComponentSectionId::CoreModule.into();
    component.section(&RawSection { id, data: &module.finish() });
    let mut instances = InstanceSection::new();
    instances.instantiate(0, [] as [(&str, ModuleArg); 0]);
    component.section(&instances);
    let mut aliases = ComponentAliasSection::new();
    aliases.alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Func, name: TURN });
    component.section(&aliases);
    let mut inner = Spaces::default();
    let function = lift(&mut component, &mut inner, 0);
    export(&mut component, &mut inner, name, function);
    to.section(&NestedComponentSection(&component));
    let component = spaces.components.add();
    let mut instances = ComponentInstanceSection::new();
    let none: [(&str, ComponentExportKind, u32); 0] = [];
    instances.instantiate(component, none);
    to.section(&instances);
    let instance = spaces.instances.add();
    alias(to, spaces, instance, name)
}
