//! What the host must give, and what it can call.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::anatomy::{ExportPart, ImportPart, ImportedFunction, LiftPart};
use super::lifting::Lifting;
use super::source::Sources;
use crate::component::definition::{Item, Sort};
use crate::component::world::WorldFunction;
use crate::facts::entry_points;
use crate::facts::instantiation::{ComponentFunc, Instantiation};

/// The root's imports, in their order.
pub(super) fn imports(world: &Instantiation<'_>) -> Vec<ImportPart> {
    let mut lowered = BTreeSet::new();
    for (_, it) in world.lowered.iter() {
        if let ComponentFunc::Imported { instance, name } = &it.target {
            lowered.insert((instance.as_deref(), name.as_str()));
        }
    }
    let mut functions: FxHashMap<&str, Vec<&WorldFunction>> = FxHashMap::default();
    for function in &world.component.imports {
        if let Some(first) = function.path.first() {
            functions.entry(first).or_default().push(function);
        }
    }
    let mut parts = Vec::new();
    for item in &world.component.root().items {
        let Item::Import { name, sort } = item else { continue };
        let functions = functions.get(name.as_str()).into_iter().flatten().map(|function| {
            let instance = (function.path.len() > 1).then_some(name.as_str());
            let own = function.path.last().map_or("", String::as_str);
            ImportedFunction {
                name: own.to_owned(),
                ty: function.signature.clone(),
                lowered: lowered.contains(&(instance, own)),
            }
        });
        parts.push(ImportPart {
            name: name.clone(),
            sort: match sort {
                Sort::CoreModule => "core_module",
                Sort::Func => "function",
                Sort::Value => "value",
                Sort::Type => "type",
                Sort::Component => "component",
                Sort::Instance => "instance",
            },
            functions: functions.collect(),
        });
    }
    parts
}

/// The functions that the root exports, in the order of its exports.
pub(super) fn exports(
    world: &Instantiation<'_>,
    lifting: &Lifting<'_>,
    sources: &mut Sources<'_, '_>,
) -> Vec<ExportPart> {
    let mut parts = Vec::new();
    for (entry_point, export) in entry_points::of(world).into_iter().zip(&world.component.exports) {
        let name = entry_point.name.as_str();
        let lift = entry_point.road.map(|road| {
            let declared = lifting.behind(&export.path);
            let lifted = road.lifted;
            LiftPart {
                core_function: sources.func(lifted.core),
                component: declared.as_ref().map(|it| it.component),
                string_encoding: declared.as_ref().map(|it| it.string_encoding),
                memory: declared.and_then(|it| it.memory),
                realloc: lifted.realloc.map(|func| sources.func(func)),
                post_return: lifted.post_return.map(|func| sources.func(func)),
                callback: lifted.callback.map(|func| sources.func(func)),
                is_async: lifted.is_async,
            }
        });
        parts.push(ExportPart {
            name: name.to_owned(),
            interface: name.rsplit_once('#').map(|(interface, _)| interface.to_owned()),
            function: entry_point.name.function().to_owned(),
            ty: entry_point.signature.to_owned(),
            obstacle: entry_point.obstacle,
            lift,
        });
    }
    parts
}
