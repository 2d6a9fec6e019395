//! Reads the sections of a component into items, in the order of the file.

use wasmparser::types::TypesRef;
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ExternalKind, Payload,
};

use super::canonical::CanonicalFunction;
use super::definition::{
    Alias, CoreInstance, CoreSort, CoreSortIdx, Definition, Instance, Item, OuterIdx, Sort, SortIdx,
};
use super::handles::Handles;
use super::index_space::Idx;
use super::layout::Layouts;
use super::resource_names::ResourceNames;

/// Adds the items of a section to the component that it belongs to.
pub(super) fn read<'a>(
    definition: &mut Definition<'a>,
    section: Payload<'a>,
    types: Option<TypesRef<'_>>,
    layouts: &mut Layouts,
    handles: &mut Handles,
    resources: &mut ResourceNames,
) -> wasmparser::Result<()> {
    let items = &mut definition.items;
    match section {
        Payload::InstanceSection(section) => {
            for instance in section {
                items.push(Item::CoreInstance(core_instance(instance?)));
            }
        }
        Payload::CoreTypeSection(section) => {
            for ty in section {
                // A recursion group holds as many types as it says.
                let count = match ty? {
                    wasmparser::CoreType::Rec(group) => group.types().len(),
                    wasmparser::CoreType::Module(_) => 1,
                };
                items.extend((0..count).map(|_| Item::CoreType));
            }
        }
        Payload::ComponentInstanceSection(section) => {
            for instance in section {
                items.push(Item::Instance(component_instance(instance?)));
            }
        }
        Payload::ComponentAliasSection(section) => {
            for alias in section {
                items.push(Item::Alias(alias_of(alias?)));
            }
        }
        Payload::ComponentTypeSection(section) => {
            let count = section.count();
            let first = types.map(|types| types.component_type_count().saturating_sub(count));
            for (index, ty) in (0..).zip(section) {
                match (ty?, items.last_mut()) {
                    (wasmparser::ComponentType::Resource { dtor, .. }, _) => {
                        if let (Some(types), Some(first)) = (types, first) {
                            resources.add(types, items.len(), first + index);
                        }
                        let destructor = dtor.map(Idx::new);
                        items.push(Item::Resource { destructor, exported: None });
                    }
                    // Hundreds of thousands of types are possible.
                    (_, Some(Item::OtherTypes(count))) => *count += 1,
                    _ => items.push(Item::OtherTypes(1)),
                }
            }
        }
        Payload::ComponentCanonicalSection(section) => {
            for function in section {
                let mut function = CanonicalFunction::of(&function?);
                if let (CanonicalFunction::Lower(lower), Some(types)) = (&mut function, types) {
                    let ty = types.component_function_at(lower.func.raw());
                    lower.result = layouts.result(types, ty, lower.options.is_async);
                    lower.waits = types[ty].async_ && !lower.options.is_async;
                }
                types.into_iter().for_each(|types| handles.add(types, items.len(), &function));
                items.push(Item::Canonical(function));
            }
        }
        Payload::ComponentStartSection { start, .. } => items.push(Item::Start {
            func: Idx::new(start.func_index),
            arguments: start.arguments.iter().map(|index| Idx::new(*index)).collect(),
            results: start.results,
        }),
        Payload::ComponentImportSection(section) => {
            for import in section {
                let import = import?;
                let name = import.name.full_name().into_owned();
                items.push(Item::Import { name, sort: sort_of(import.ty.kind()) });
            }
        }
        Payload::ComponentExportSection(section) => {
            for export in section {
                let export = export?;
                let name = export.name.full_name().into_owned();
                types.into_iter().for_each(|types| resources.export(types, &name));
                items.push(Item::Export { name, item: sort_idx(export.kind, export.index) });
            }
        }
        _ => {}
    }
    Ok(())
}

fn core_instance<'a>(instance: wasmparser::Instance<'a>) -> CoreInstance<'a> {
    match instance {
        wasmparser::Instance::Instantiate { module_index, args } => CoreInstance::Instantiate {
            module: Idx::new(module_index),
            arguments: args.iter().map(|arg| (arg.name, Idx::new(arg.index))).collect(),
        },
        wasmparser::Instance::FromExports(exports) => CoreInstance::FromExports(
            exports.iter().map(|e| (e.name, core_sort_idx(e.kind, e.index))).collect(),
        ),
    }
}

fn component_instance<'a>(instance: wasmparser::ComponentInstance<'a>) -> Instance<'a> {
    match instance {
        wasmparser::ComponentInstance::Instantiate { component_index, args } => {
            Instance::Instantiate {
                component: Idx::new(component_index),
                arguments: args.iter().map(|a| (a.name, sort_idx(a.kind, a.index))).collect(),
            }
        }
        wasmparser::ComponentInstance::FromExports(exports) => Instance::FromExports(
            exports
                .iter()
                .map(|e| (e.name.full_name().into_owned(), sort_idx(e.kind, e.index)))
                .collect(),
        ),
    }
}

fn alias_of(alias: ComponentAlias<'_>) -> Alias<'_> {
    match alias {
        ComponentAlias::InstanceExport { kind, instance_index, name } => {
            Alias::InstanceExport { sort: sort_of(kind), instance: Idx::new(instance_index), name }
        }
        ComponentAlias::CoreInstanceExport { kind, instance_index, name } => {
            Alias::CoreInstanceExport {
                sort: core_sort(kind),
                instance: Idx::new(instance_index),
                name,
            }
        }
        ComponentAlias::Outer { kind, count, index } => Alias::Outer {
            count,
            item: match kind {
                ComponentOuterAliasKind::CoreModule => OuterIdx::CoreModule(Idx::new(index)),
                ComponentOuterAliasKind::CoreType => OuterIdx::CoreType(Idx::new(index)),
                ComponentOuterAliasKind::Component => OuterIdx::Component(Idx::new(index)),
                ComponentOuterAliasKind::Type => OuterIdx::Type(Idx::new(index)),
            },
        },
    }
}

fn sort_of(kind: ComponentExternalKind) -> Sort {
    match kind {
        ComponentExternalKind::Module => Sort::CoreModule,
        ComponentExternalKind::Func => Sort::Func,
        ComponentExternalKind::Value => Sort::Value,
        ComponentExternalKind::Type => Sort::Type,
        ComponentExternalKind::Instance => Sort::Instance,
        ComponentExternalKind::Component => Sort::Component,
    }
}

fn sort_idx(kind: ComponentExternalKind, index: u32) -> SortIdx {
    match kind {
        ComponentExternalKind::Module => SortIdx::CoreModule(Idx::new(index)),
        ComponentExternalKind::Func => SortIdx::Func(Idx::new(index)),
        ComponentExternalKind::Value => SortIdx::Value(Idx::new(index)),
        ComponentExternalKind::Type => SortIdx::Type(Idx::new(index)),
        ComponentExternalKind::Instance => SortIdx::Instance(Idx::new(index)),
        ComponentExternalKind::Component => SortIdx::Component(Idx::new(index)),
    }
}

fn core_sort(kind: ExternalKind) -> CoreSort {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => CoreSort::Func,
        ExternalKind::Table => CoreSort::Table,
        ExternalKind::Memory => CoreSort::Memory,
        ExternalKind::Global => CoreSort::Global,
        ExternalKind::Tag => CoreSort::Tag,
    }
}

fn core_sort_idx(kind: ExternalKind, index: u32) -> CoreSortIdx {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => CoreSortIdx::Func(Idx::new(index)),
        ExternalKind::Table => CoreSortIdx::Table(Idx::new(index)),
        ExternalKind::Memory => CoreSortIdx::Memory(Idx::new(index)),
        ExternalKind::Global => CoreSortIdx::Global(Idx::new(index)),
        ExternalKind::Tag => CoreSortIdx::Tag(Idx::new(index)),
    }
}
