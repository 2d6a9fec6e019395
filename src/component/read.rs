//! Bytes → [`Component`], one payload at a time. Raw indices end here.
//!
//! wasmparser's validator runs beside it, on everything but function bodies: it finds what is
//! damaged, with an offset, and it knows the types of the exports.

use std::ops::Range;
use std::sync::OnceLock;

use wasmparser::ComponentAlias;
use wasmparser::ComponentExternalKind;
use wasmparser::ComponentName;
use wasmparser::ComponentOuterAliasKind;
use wasmparser::Encoding;
use wasmparser::ExternalKind;
use wasmparser::KnownCustom;
use wasmparser::Parser;
use wasmparser::Payload;
use wasmparser::ValidPayload;
use wasmparser::Validator;
use wasmparser::WasmFeatures;

use super::Component;
use super::ReadError;
use super::canonical::CanonicalFunction;
use super::core_module::CoreModule;
use super::core_sections;
use super::definition::Alias;
use super::definition::CoreInstance;
use super::definition::CoreSort;
use super::definition::CoreSortIdx;
use super::definition::Definition;
use super::definition::Instance;
use super::definition::Item;
use super::definition::OuterIdx;
use super::definition::Sort;
use super::definition::SortIdx;
use super::definition::Type;
use super::index_space::ComponentId;
use super::index_space::CoreModuleId;
use super::index_space::Idx;
use super::index_space::IndexSpace;
use super::world;
use crate::location::Span;

/// Version 0xd, layer 1: the binary format of today's component model (`Binary.md`).
const COMPONENT_VERSION: u16 = 0xd;

pub(super) fn read(file: &[u8]) -> Result<Component<'_>, ReadError> {
    check_preamble(file)?;
    let mut reader = Reader {
        component: Component {
            file,
            core_modules: IndexSpace::default(),
            definitions: IndexSpace::default(),
            imports: Vec::new(),
            exports: Vec::new(),
        },
        open: Vec::new(),
    };
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    for payload in Parser::new(0).parse_all(file) {
        let payload = payload.map_err(malformed)?;
        if let ValidPayload::End(types) = validator.payload(&payload).map_err(malformed)?
            && reader.open.len() == 1
        {
            let (imports, exports) = reader.root_names();
            let (imports, exports) = world::functions(types.as_ref(), &imports, &exports);
            reader.component.imports = imports;
            reader.component.exports = exports;
        }
        reader.payload(payload).map_err(malformed)?;
    }
    Ok(reader.component)
}

/// A range of file offsets as `usize`: the file is in memory, so they fit.
pub(super) fn byte_range(range: Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

fn check_preamble(file: &[u8]) -> Result<(), ReadError> {
    let Some(rest) = file.strip_prefix(b"\0asm") else {
        return Err(ReadError::NotWasm);
    };
    let [v0, v1, l0, l1, ..] = *rest else {
        let message = "the file ends before its version".to_owned();
        return Err(ReadError::Malformed { offset: file.len() as u64, message });
    };
    let (version, layer) = (u16::from_le_bytes([v0, v1]), u16::from_le_bytes([l0, l1]));
    match (version, layer) {
        (1, 0) => Err(ReadError::CoreModule),
        (COMPONENT_VERSION, 1) => Ok(()),
        (draft, 1) => Err(ReadError::DraftEncoding(draft)),
        _ => Err(ReadError::Malformed {
            offset: 4,
            message: format!("unknown version {version:#x}, layer {layer:#x} of WebAssembly"),
        }),
    }
}

fn malformed(error: wasmparser::Error) -> ReadError {
    ReadError::Malformed { offset: error.offset(), message: error.message().to_owned() }
}

/// A component or core module whose end has not been met yet.
enum Open {
    Component(ComponentId),
    CoreModule { id: CoreModuleId, next_body: u32 },
}

struct Reader<'a> {
    component: Component<'a>,
    open: Vec<Open>,
}

impl<'a> Reader<'a> {
    fn root_names(&self) -> (Vec<String>, Vec<String>) {
        let mut names = (Vec::new(), Vec::new());
        for item in &self.component.root().items {
            match item {
                Item::Import { name, .. } => names.0.push(name.clone()),
                Item::Export { name, .. } => names.1.push(name.clone()),
                _ => {}
            }
        }
        names
    }

    fn payload(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::Version { encoding, range, .. } => self.begin(encoding, range.start),
            Payload::End(offset) => self.end(offset),
            Payload::CustomSection(section) => {
                self.custom_section(&section);
                Ok(())
            }
            payload => match self.open.last_mut() {
                Some(Open::CoreModule { id, next_body }) => {
                    let module = self.component.core_modules.get_mut(*id);
                    core_sections::read(module.expect("an open module"), payload, next_body)
                }
                Some(Open::Component(id)) => {
                    let id = *id;
                    self.component_section(id, payload)
                }
                None => Ok(()),
            },
        }
    }

    fn begin(&mut self, encoding: Encoding, start: u64) -> wasmparser::Result<()> {
        let opened = match encoding {
            Encoding::Module => {
                let id = self.component.core_modules.next();
                self.component.core_modules.push(empty_module(id, self.component.file, start));
                self.define(Item::CoreModule(id));
                Open::CoreModule { id, next_body: 0 }
            }
            Encoding::Component => {
                let id = self.component.definitions.next();
                self.component.definitions.push(Definition {
                    id,
                    span: Span::new(start, start),
                    name: None,
                    items: Vec::new(),
                    producers: Vec::new(),
                    custom_sections: Vec::new(),
                });
                self.define(Item::Component(id));
                Open::Component(id)
            }
        };
        self.open.push(opened);
        Ok(())
    }

    fn end(&mut self, offset: u64) -> wasmparser::Result<()> {
        let file = self.component.file;
        match self.open.pop() {
            Some(Open::CoreModule { id, .. }) => {
                if let Some(module) = self.component.core_modules.get_mut(id) {
                    module.span.end = offset;
                    module.bytes = &file[module.span.start as usize..offset as usize];
                }
            }
            Some(Open::Component(id)) => {
                if let Some(definition) = self.component.definitions.get_mut(id) {
                    definition.span.end = offset;
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Adds an item to the innermost open component; the root itself has none to go to.
    fn define(&mut self, item: Item<'a>) {
        if let Some(Open::Component(id)) = self.open.last()
            && let Some(definition) = self.component.definitions.get_mut(*id)
        {
            definition.items.push(item);
        }
    }

    fn component_section(
        &mut self,
        id: ComponentId,
        payload: Payload<'a>,
    ) -> wasmparser::Result<()> {
        let items = &mut self.component.definitions.get_mut(id).expect("an open component").items;
        match payload {
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
                for ty in section {
                    items.push(Item::Type(match ty? {
                        wasmparser::ComponentType::Resource { dtor, .. } => {
                            Type::Resource { destructor: dtor.map(Idx::new) }
                        }
                        _ => Type::Other,
                    }));
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    items.push(Item::Canonical(CanonicalFunction::of(&function?)));
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
                    items.push(Item::Export { name, item: sort_idx(export.kind, export.index) });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn custom_section(&mut self, section: &wasmparser::CustomSectionReader<'a>) {
        let range = byte_range(section.range());
        let producers = match section.as_known() {
            KnownCustom::Producers(producers) => read_producers(producers),
            _ => Vec::new(),
        };
        match self.open.last() {
            Some(Open::CoreModule { id, .. }) => {
                let module = self.component.core_modules.get_mut(*id).expect("an open module");
                module.custom_sections.push((section.name(), range));
                module.producers.extend(producers);
                if let KnownCustom::Name(names) = section.as_known() {
                    module.name_section = Some(byte_range(section.data_range()));
                    let names = names.into_iter().map_while(Result::ok);
                    for name in names {
                        if let wasmparser::Name::Module { name, .. } = name {
                            module.name = Some(name);
                            break;
                        }
                    }
                }
            }
            Some(Open::Component(id)) => {
                let id = *id;
                let definition = self.component.definitions.get_mut(id).expect("an open component");
                definition.custom_sections.push(section.name());
                definition.producers.extend(producers);
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    self.component_names(id, names);
                }
            }
            None => {}
        }
    }

    /// Names are for people: a damaged name section costs names, nothing else.
    fn component_names(
        &mut self,
        id: ComponentId,
        names: wasmparser::ComponentNameSectionReader<'a>,
    ) {
        for subsection in names.into_iter().map_while(Result::ok) {
            match subsection {
                ComponentName::Component { name, .. } => {
                    if let Some(definition) = self.component.definitions.get_mut(id) {
                        definition.name = Some(name);
                    }
                }
                ComponentName::CoreModules(map) => {
                    let modules = self.component.definitions[id].items.iter();
                    let modules: Vec<CoreModuleId> = modules
                        .filter_map(|item| match item {
                            Item::CoreModule(id) => Some(*id),
                            _ => None,
                        })
                        .collect();
                    for naming in map.into_iter().map_while(Result::ok) {
                        if let Some(module) = modules
                            .get(naming.index as usize)
                            .and_then(|id| self.component.core_modules.get_mut(*id))
                        {
                            module.name.get_or_insert(naming.name);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

fn empty_module<'a>(id: CoreModuleId, file: &'a [u8], start: u64) -> CoreModule<'a> {
    CoreModule {
        id,
        bytes: &[],
        span: Span::new(start, start),
        name: None,
        types: IndexSpace::default(),
        imports: Vec::new(),
        functions: IndexSpace::default(),
        tables: IndexSpace::default(),
        memories: IndexSpace::default(),
        globals: IndexSpace::default(),
        tags: IndexSpace::default(),
        exports: Vec::new(),
        start: None,
        elements: IndexSpace::default(),
        data: IndexSpace::default(),
        producers: Vec::new(),
        custom_sections: Vec::new(),
        name_section: None,
        file,
        function_names: OnceLock::new(),
    }
}

fn read_producers<'a>(
    producers: wasmparser::ProducersSectionReader<'a>,
) -> Vec<(&'a str, &'a str, &'a str)> {
    let mut list = Vec::new();
    for field in producers.into_iter().map_while(Result::ok) {
        for value in field.values.into_iter().map_while(Result::ok) {
            list.push((field.name, value.name, value.version));
        }
    }
    list
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
