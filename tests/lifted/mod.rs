//! A component around a core module.

use wasm_encoder::{
    Alias, CanonicalFunctionSection, ComponentAliasSection, ComponentExportKind,
    ComponentExportSection, ComponentTypeSection, ComponentValType, ExportKind, InstanceSection,
    PrimitiveValType,
};
use wasmparser::{CompositeInnerType, ExternalKind, Payload};

/// A component that lifts whatever it can of what `module` exports.
pub(crate) fn lifted(module: &[u8]) -> Vec<u8> {
    let exports = liftable(module);
    let mut aliases = ComponentAliasSection::new();
    let mut types = ComponentTypeSection::new();
    let mut lifts = CanonicalFunctionSection::new();
    let mut names = ComponentExportSection::new();
    let parameters: Vec<String> = (0..16).map(|number| format!("p{number}")).collect();
    for (number, (name, arguments, result)) in (0..).zip(&exports) {
        aliases.alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Func, name });
        types
            .function()
            .params(
                parameters
                    .iter()
                    .map(String::as_str)
                    .zip(arguments.iter().copied())
                    .collect::<Vec<_>>(),
            )
            .result(result.map(ComponentValType::Primitive));
        lifts.lift(number, number, []);
        names.export(format!("f{number}").as_str(), ComponentExportKind::Func, number, None);
    }
    let mut instances = InstanceSection::new();
    instances.instantiate::<[(&str, _); 0], _>(0, []);
    let mut component = wasm_encoder::Component::new();
    component.section(&wasm_encoder::RawSection { id: 1, data: module });
    component.section(&instances).section(&aliases).section(&types);
    component.section(&lifts).section(&names);
    component.finish()
}

/// The exported functions whose parameters and result are a few numbers.
fn liftable(module: &[u8]) -> Vec<(String, Vec<PrimitiveValType>, Option<PrimitiveValType>)> {
    let number = |ty: &wasmparser::ValType| match ty {
        wasmparser::ValType::I32 => Some(PrimitiveValType::U32),
        wasmparser::ValType::I64 => Some(PrimitiveValType::U64),
        wasmparser::ValType::F32 => Some(PrimitiveValType::F32),
        wasmparser::ValType::F64 => Some(PrimitiveValType::F64),
        _ => None,
    };
    let (mut types, mut functions, mut exports) = (Vec::new(), Vec::new(), Vec::new());
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        match payload.expect("the module is valid") {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group.expect("the module is valid").into_types());
                }
            }
            Payload::FunctionSection(section) => functions.extend(section.into_iter().flatten()),
            Payload::ExportSection(section) => exports.extend(section.into_iter().flatten()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for export in exports.into_iter().filter(|export| export.kind == ExternalKind::Func) {
        let Some(ty) = functions.get(export.index as usize) else { continue };
        let CompositeInnerType::Func(ty) = &types[*ty as usize].composite_type.inner else {
            continue;
        };
        let arguments: Option<Vec<_>> = ty.params().iter().map(number).collect();
        let results: Option<Vec<_>> = ty.results().iter().map(number).collect();
        if let (Some(arguments), Some(results)) = (arguments, results)
            && arguments.len() <= 16
            && results.len() <= 1
        {
            found.push((export.name.to_owned(), arguments, results.first().copied()));
        }
    }
    found
}
