//! Reads a component, payload by payload. wasmparser's validator checks it, and gives the types of imports and exports.

use std::sync::OnceLock;

use wasmparser::types::TypesRef;
use wasmparser::{ComponentName, Encoding, KnownCustom, Parser, Payload, ValidPayload};

use super::core_module::{CoreModule, CustomSection};
use super::core_sections::{self, byte_range};
use super::definition::{Definition, Item};
use super::handles::Handles;
use super::index_space::{ComponentId, CoreModuleId, IndexSpace};
use super::layout::Layouts;
use super::resource_names::ResourceNames;
use super::validity::{self, Bodies};
use super::{Component, ReadError, claims, component_sections, world};
use crate::location::Span;

/// Version 0xd, layer 1: the binary format of today's component model (`Binary.md`).
const COMPONENT_VERSION: u16 = 0xd;

impl<'a> Component<'a> {
    /// Reads a component.
    ///
    /// # Errors
    /// When the bytes are not a valid component.
    pub fn read(file: &'a [u8]) -> Result<Self, ReadError> {
        let (component, bodies) = read(file)?;
        validity::check(bodies).map_err(|error| validity::explained(file, &error))?;
        Ok(component)
    }

    /// Reads a component whose function bodies are checked elsewhere, or need not be valid.
    ///
    /// # Errors
    /// When the bytes around the function bodies are not a valid component.
    pub fn declared(file: &'a [u8]) -> Result<Self, ReadError> {
        read(file).map(|(component, _)| component)
    }
}

fn read(file: &[u8]) -> Result<(Component<'_>, Bodies<'_>), ReadError> {
    check_preamble(file)?;
    let mut reader = Reader {
        component: Component {
            file,
            core_modules: IndexSpace::default(),
            definitions: IndexSpace::default(),
            imports: Vec::new(),
            exports: Vec::new(),
            omits_functions: false,
        },
        open: Vec::new(),
        layouts: Layouts::default(),
    };
    let bodies = reader.file(file).map_err(|error| validity::explained(file, &error))?;
    Ok((reader.component, bodies))
}

#[cfg(test)]
impl Component<'static> {
    /// Reads a component in text format that lives as long as the tests.
    pub(crate) fn of_text(text: &str) -> &'static Self {
        let bytes = wat::parse_str(text).expect("the text parses").leak();
        Box::leak(Box::new(Component::read(bytes).expect("the component is valid")))
    }
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

/// A component or core module whose end has not been read yet.
enum Open {
    /// A component, with the core modules that it defines, the handles that it gets and the names of its
    /// resources.
    Component(ComponentId, Vec<CoreModuleId>, Handles, ResourceNames),
    CoreModule {
        id: CoreModuleId,
        next_body: u32,
    },
}

struct Reader<'a> {
    component: Component<'a>,
    open: Vec<Open>,
    layouts: Layouts,
}

impl<'a> Reader<'a> {
    /// Reads all payloads. Returns the function bodies, which are not validated yet.
    fn file(&mut self, file: &'a [u8]) -> wasmparser::Result<Bodies<'a>> {
        let mut validator = validity::validator();
        let mut bodies = Bodies::new();
        for payload in Parser::new(0).parse_all(file) {
            let payload = payload?;
            claims::check(&payload)?;
            match validator.payload(&payload)? {
                ValidPayload::Func(function, body) => bodies.push((function, body)),
                ValidPayload::End(types) if self.open.len() == 1 => {
                    let (imports, exports) = self.root_names();
                    let world = world::functions(types.as_ref(), &imports, &exports, file.len());
                    self.component.imports = world.imports;
                    self.component.exports = world.exports;
                    self.component.omits_functions = world.omits_functions;
                }
                _ => {}
            }
            self.payload(payload, validator.types(0))?;
        }
        Ok(bodies)
    }

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

    fn payload(
        &mut self,
        payload: Payload<'a>,
        types: Option<TypesRef<'_>>,
    ) -> wasmparser::Result<()> {
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
                Some(Open::Component(id, _, handles, names)) => {
                    let definition = self.component.definitions.get_mut(*id);
                    let definition = definition.expect("an open component");
                    let layouts = &mut self.layouts;
                    component_sections::read(definition, payload, types, layouts, handles, names)
                }
                None => Ok(()),
            },
        }
    }

    fn begin(&mut self, encoding: Encoding, start: u64) -> wasmparser::Result<()> {
        let opened = match encoding {
            Encoding::Module => {
                let id = self.component.core_modules.next();
                let home = match self.open.last() {
                    Some(Open::Component(home, ..)) => *home,
                    _ => self.component.root().id,
                };
                let module = empty_module(id, home, self.component.file, start);
                self.component.core_modules.push(module);
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
                Open::Component(id, Vec::new(), Handles::default(), ResourceNames::default())
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
            Some(Open::Component(id, _, handles, names)) => {
                if let Some(definition) = self.component.definitions.get_mut(id) {
                    definition.span.end = offset;
                    handles.mark(&mut definition.items);
                    names.mark(&mut definition.items);
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Adds an item to the innermost open component. The root is no item of any.
    fn define(&mut self, item: Item<'a>) {
        if let Some(Open::Component(id, modules, ..)) = self.open.last_mut()
            && let Some(definition) = self.component.definitions.get_mut(*id)
        {
            if let Item::CoreModule(module) = item {
                modules.push(module);
            }
            definition.items.push(item);
        }
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
                let (name, data) = (section.name(), section.data());
                module.custom_sections.push(CustomSection { name, range, data });
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
            Some(Open::Component(id, modules, ..)) => {
                let definition =
                    self.component.definitions.get_mut(*id).expect("an open component");
                definition.custom_sections.push(section.name());
                definition.producers.extend(producers);
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    component_names(&mut self.component, *id, modules, names);
                }
            }
            None => {}
        }
    }
}

/// Names a component and the core modules that it defines so far. Ignores the rest of a malformed name section.
fn component_names<'a>(
    component: &mut Component<'a>,
    id: ComponentId,
    modules: &[CoreModuleId],
    names: wasmparser::ComponentNameSectionReader<'a>,
) {
    for subsection in names.into_iter().map_while(Result::ok) {
        match subsection {
            ComponentName::Component { name, .. } => {
                if let Some(definition) = component.definitions.get_mut(id) {
                    definition.name = Some(name);
                }
            }
            ComponentName::CoreModules(map) => {
                for naming in map.into_iter().map_while(Result::ok) {
                    if let Some(module) = modules
                        .get(naming.index as usize)
                        .and_then(|id| component.core_modules.get_mut(*id))
                    {
                        module.name.get_or_insert(naming.name);
                    }
                }
            }
            _ => {}
        }
    }
}

fn empty_module<'a>(
    id: CoreModuleId,
    home: ComponentId,
    file: &'a [u8],
    start: u64,
) -> CoreModule<'a> {
    CoreModule {
        id,
        home,
        bytes: &[],
        span: Span::new(start, start),
        name: None,
        types: IndexSpace::default(),
        declarations: IndexSpace::default(),
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
        code: None,
        name_section: None,
        file,
        function_names: OnceLock::new(),
        exported_funcs: OnceLock::new(),
        external_names: OnceLock::new(),
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
