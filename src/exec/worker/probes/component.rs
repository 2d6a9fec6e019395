//! A component that exports accessors to its own core instances and to those of its component instances.

use std::rc::Rc;

use wasm_encoder::{
    CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection,
    ComponentExportKind, ComponentExportSection, ComponentSection, ComponentSectionId, ExportKind,
    InstanceSection, ModuleArg, ModuleSection, RawSection,
};
use wasmparser::types::Types;
use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, Instance, Payload,
};

use super::accessors::{self, Kind};
use super::module::{Exported, Module, export_name};
use super::probe::{Cell, Probe};

/// A component that was written again, and its accessors.
pub(super) type Finished = (Vec<u8>, Vec<Probe>);

/// The modules of a component, by index; `None` for one that is not defined in the file.
pub(super) type Modules = Vec<Option<Rc<Exported>>>;

/// A component that is being written again.
pub(super) struct ComponentFrame {
    out: Vec<u8>,
    /// The modules of the components around it, outermost first.
    outer: Vec<Modules>,
    modules: Modules,
    /// The module of each core instance.
    core_instances: Modules,
    /// The accessors of each component and of each component instance; the names are those of their exports.
    components: Vec<Rc<Vec<Probe>>>,
    instances: Vec<Rc<Vec<Probe>>>,
}

impl ComponentFrame {
    pub(super) fn new(outer: Vec<Modules>) -> Self {
        ComponentFrame {
            out: Component::HEADER.to_vec(),
            outer,
            modules: Vec::new(),
            core_instances: Vec::new(),
            components: Vec::new(),
            instances: Vec::new(),
        }
    }

    /// The modules so far.
    pub(super) fn modules(&self) -> Modules {
        self.modules.clone()
    }

    /// Adds a module that was written again.
    pub(super) fn module(&mut self, module: Module) {
        let id = ComponentSectionId::CoreModule as u8;
        RawSection { id, data: &module.bytes }.append_to_component(&mut self.out);
        self.modules.push(Some(module.exported));
    }

    /// Adds a component that was written again.
    pub(super) fn component(&mut self, (bytes, probes): Finished) {
        let id = ComponentSectionId::Component as u8;
        RawSection { id, data: &bytes }.append_to_component(&mut self.out);
        self.components.push(Rc::new(probes));
    }

    /// Copies a section of `file`. Custom sections are left out, and so are modules and components, which come when they
    /// are finished.
    pub(super) fn section(&mut self, payload: &Payload<'_>, file: &[u8]) -> Option<()> {
        match payload {
            Payload::ModuleSection { .. }
            | Payload::ComponentSection { .. }
            | Payload::CustomSection(_) => return Some(()),
            Payload::InstanceSection(section) => {
                for instance in section.clone() {
                    self.core_instances.push(match instance.ok()? {
                        Instance::Instantiate { module_index, .. } => {
                            self.modules.get(module_index as usize)?.clone()
                        }
                        Instance::FromExports(_) => None,
                    });
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section.clone() {
                    self.instances.push(match instance.ok()? {
                        ComponentInstance::Instantiate { component_index, .. } => {
                            Rc::clone(self.components.get(component_index as usize)?)
                        }
                        ComponentInstance::FromExports(_) => Rc::default(),
                    });
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    self.alias(alias.ok()?);
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section.clone() {
                    match import.ok()?.ty {
                        ComponentTypeRef::Module(_) => self.modules.push(None),
                        ComponentTypeRef::Component(_) => self.components.push(Rc::default()),
                        ComponentTypeRef::Instance(_) => self.instances.push(Rc::default()),
                        _ => {}
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section.clone() {
                    let export = export.ok()?;
                    let index = export.index as usize;
                    match export.kind {
                        ComponentExternalKind::Module => {
                            self.modules.push(self.modules.get(index)?.clone());
                        }
                        // With the type that an export may name, what it exports may be hidden.
                        ComponentExternalKind::Component => self.components.push(Rc::default()),
                        ComponentExternalKind::Instance => self.instances.push(Rc::default()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        let Some((id, range)) = payload.as_section() else { return Some(()) };
        let data =
            file.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)?;
        RawSection { id, data }.append_to_component(&mut self.out);
        Some(())
    }

    fn alias(&mut self, alias: ComponentAlias<'_>) {
        match alias {
            ComponentAlias::InstanceExport { kind, .. } => match kind {
                ComponentExternalKind::Module => self.modules.push(None),
                ComponentExternalKind::Component => self.components.push(Rc::default()),
                ComponentExternalKind::Instance => self.instances.push(Rc::default()),
                _ => {}
            },
            ComponentAlias::Outer { kind, count, index } => match kind {
                ComponentOuterAliasKind::CoreModule => {
                    let count = count as usize;
                    let modules = match count {
                        0 => Some(&self.modules),
                        _ => self.outer.len().checked_sub(count).map(|at| &self.outer[at]),
                    };
                    let module = modules.and_then(|it| it.get(index as usize)?.clone());
                    self.modules.push(module);
                }
                ComponentOuterAliasKind::Component => self.components.push(Rc::default()),
                _ => {}
            },
            ComponentAlias::CoreInstanceExport { .. } => {}
        }
    }

    /// Adds the accessors, which take from `left`. `types` is what the validator knows at the component's end.
    pub(super) fn finish(mut self, types: &Types, left: &mut usize) -> Option<Finished> {
        let types = types.as_ref();
        let mut own: Vec<(u32, u64, Cell, Kind)> = Vec::new();
        for (instance, module) in self.core_instances.iter().enumerate() {
            let Some(module) = module else { continue };
            let cells = module.cells.iter();
            own.extend(cells.map(|(cell, kind)| (instance as u32, module.start, *cell, *kind)));
        }
        // A program keeps more in its memories than in its globals.
        own.sort_by_key(|(_, _, cell, _)| matches!(cell, Cell::Global(_)));
        own.truncate(*left);
        *left -= own.len();
        let mut next = Indices {
            ty: types.component_type_count(),
            module: types.module_count(),
            memory: types.memory_count(),
            global: types.global_count(),
            core_instance: types.core_instance_count(),
            core_function: types.function_count(),
            function: types.component_function_count(),
        };
        let mut probes = Vec::new();
        let mut exports = ComponentExportSection::new();
        let name = |probes: &[Probe]| format!("secondcall-p{}", probes.len());
        if !own.is_empty() {
            let first_type = next.ty;
            accessors::types(first_type).append_to_component(&mut self.out);
            next.ty += accessors::TYPES;
            let kinds = Kind::ALL.into_iter().filter(|kind| own.iter().any(|it| it.3 == *kind));
            let kinds: Vec<Kind> = kinds.collect();
            let first_module = next.module;
            for kind in &kinds {
                ModuleSection(&kind.module()).append_to_component(&mut self.out);
            }
            let (mut cells, mut instances) = (ComponentAliasSection::new(), InstanceSection::new());
            let mut functions = ComponentAliasSection::new();
            let mut lifts = CanonicalFunctionSection::new();
            for (instance, start, cell, kind) in own {
                let prefix = name(&probes);
                let (sort, index) = match cell {
                    Cell::Memory(_) => (ExportKind::Memory, next.memory()),
                    Cell::Global(_) => (ExportKind::Global, next.global()),
                };
                let alias = &export_name(cell);
                cells.alias(wasm_encoder::Alias::CoreInstanceExport {
                    instance,
                    kind: sort,
                    name: alias,
                });
                let of = next.core_instance();
                instances.export_items([("cell", sort, index)]);
                let accessor = next.core_instance();
                let number = kinds.iter().position(|it| *it == kind)? as u32;
                instances.instantiate(first_module + number, [("of", ModuleArg::Instance(of))]);
                let mut core_function = |name: &str| {
                    functions.alias(wasm_encoder::Alias::CoreInstanceExport {
                        instance: accessor,
                        kind: ExportKind::Func,
                        name,
                    });
                    next.core_function += 1;
                    next.core_function - 1
                };
                for lifted in kind.lifted() {
                    let function = core_function(lifted.name);
                    let mut options = Vec::new();
                    if kind == Kind::Memory {
                        options.push(CanonicalOption::Memory(index));
                    }
                    options.extend(
                        lifted.realloc.map(|it| CanonicalOption::Realloc(core_function(it))),
                    );
                    let after = lifted.post_return;
                    options.extend(after.map(|it| CanonicalOption::PostReturn(core_function(it))));
                    lifts.lift(function, first_type + lifted.ty, options);
                    let export = format!("{prefix}-{}", lifted.name);
                    exports.export(&*export, ComponentExportKind::Func, next.function, None);
                    next.function += 1;
                }
                probes.push(Probe { prefix, module: start, instance: 0, cell });
            }
            cells.append_to_component(&mut self.out);
            instances.append_to_component(&mut self.out);
            functions.append_to_component(&mut self.out);
            lifts.append_to_component(&mut self.out);
        }
        let mut aliases = ComponentAliasSection::new();
        for (instance, inner) in self.instances.iter().enumerate() {
            for probe in inner.iter() {
                if *left == 0 {
                    break;
                }
                *left -= 1;
                let prefix = name(&probes);
                let functions: &[&str] = match probe.cell {
                    Cell::Memory(_) => &["size", "grow", "read", "aim", "write"],
                    Cell::Global(_) => &["get", "set"],
                };
                for function in functions {
                    let inner = format!("{}-{function}", probe.prefix);
                    aliases.alias(wasm_encoder::Alias::InstanceExport {
                        instance: instance as u32,
                        kind: ComponentExportKind::Func,
                        name: &inner,
                    });
                    let export = format!("{prefix}-{function}");
                    exports.export(&*export, ComponentExportKind::Func, next.function, None);
                    next.function += 1;
                }
                probes.push(Probe { prefix, ..probe.clone() });
            }
        }
        if !aliases.is_empty() {
            aliases.append_to_component(&mut self.out);
        }
        if !exports.is_empty() {
            exports.append_to_component(&mut self.out);
        }
        Some((self.out, probes))
    }
}

/// The next index of each index space.
struct Indices {
    ty: u32,
    module: u32,
    memory: u32,
    global: u32,
    core_instance: u32,
    core_function: u32,
    function: u32,
}

impl Indices {
    fn memory(&mut self) -> u32 {
        self.memory += 1;
        self.memory - 1
    }

    fn global(&mut self) -> u32 {
        self.global += 1;
        self.global - 1
    }

    fn core_instance(&mut self) -> u32 {
        self.core_instance += 1;
        self.core_instance - 1
    }
}
