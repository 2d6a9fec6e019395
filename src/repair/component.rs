//! Writes the repaired component: the rewritten core modules, what is added to each part, and lifts of its functions.
//!
//! Items behind an added one have another index than before.

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils};
use wasm_encoder::{
    CanonicalFunctionSection, Component, ComponentAliasSection, ComponentExportKind,
    ComponentExportSection, ComponentImportSection, ComponentInstanceSection, ComponentTypeSection,
    InstanceSection, ModuleArg, NestedComponentSection,
};
use wasmparser::{CanonicalFunction, ComponentInstance, Instance, Payload};

use super::assembly::Assembly;
use super::chain;
use super::core_module::{self, message};
use super::plan::Plan;
use super::producers;
use super::sections::{self, Result, flush, unknown};
use super::spaces::Spaces;
use crate::component::index_space::{ComponentId, CoreModuleId, Idx};

/// A component that was written.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// Whether names are left out because they cannot be read.
    pub(super) lost_names: bool,
}

/// Writes the component that a plan describes.
///
/// # Errors
/// If it cannot be encoded again.
pub(super) fn rewritten(plan: &Plan<'_>, verified: bool) -> std::result::Result<Written, String> {
    let file = plan.component.file;
    let mut numbers = Numbers::default();
    let mut writer = Writer::new(plan, &mut numbers, Vec::new());
    writer.verified = verified;
    let mut component = Component::new();
    let parser = wasmparser::Parser::new(0);
    writer.definition(&mut component, parser, file, file).map_err(message)?;
    Ok(Written { bytes: component.finish(), lost_names: numbers.lost_names })
}

/// What is counted over the whole file.
#[derive(Default)]
struct Numbers {
    definitions: u32,
    modules: u32,
    lost_names: bool,
}

struct Writer<'w, 'p, 'c> {
    plan: &'p Plan<'c>,
    numbers: &'w mut Numbers,
    id: ComponentId,
    verified: bool,
    /// `None` if it is no part.
    assembly: Option<Assembly<'p, 'c>>,
    spaces: Spaces,
    /// The index spaces of the enclosing definitions, the outermost first.
    outer: Vec<&'w Spaces>,
    /// How many types enclose the item that is written.
    depth: u32,
    /// The function of the last part before the item that is written.
    turn: Option<u32>,
    /// Whether items are added that tell parts what the host calls.
    is_chained: bool,
    lower: usize,
    lift: usize,
    /// The contents of name sections.
    names: Vec<Vec<u8>>,
    has_producers: bool,
}

impl<'w, 'p, 'c> Writer<'w, 'p, 'c> {
    fn new(plan: &'p Plan<'c>, numbers: &'w mut Numbers, outer: Vec<&'w Spaces>) -> Self {
        let id = ComponentId::new(numbers.definitions);
        numbers.definitions += 1;
        let is_composed = plan.composition.is_composed();
        let part = plan.parts.get(&id);
        Writer {
            plan,
            numbers,
            id,
            verified: false,
            assembly: part
                .map(|part| Assembly::new(part, &plan.labels, is_composed, plan.is_shared)),
            spaces: Spaces::default(),
            outer,
            depth: 0,
            turn: None,
            is_chained: is_composed && plan.composition.has_code(id),
            lower: 0,
            lift: 0,
            names: Vec::new(),
            has_producers: false,
        }
    }

    fn is_root(&self) -> bool {
        self.id.raw() == 0
    }

    /// Writes a definition.
    fn definition(
        &mut self,
        component: &mut Component,
        parser: wasmparser::Parser,
        data: &[u8],
        whole: &[u8],
    ) -> Result {
        let name = self.plan.labels.turn();
        if self.is_chained {
            self.turn = Some(match self.is_root() {
                true => chain::end(component, &mut self.spaces, &name),
                false => chain::import(component, &mut self.spaces, &name),
            });
        }
        component_utils::parse_component(self, component, parser, data, whole)?;
        if let Some(turn) = self.turn.filter(|_| !self.is_root()) {
            chain::export(component, &mut self.spaces, &name, turn);
        }
        for names in std::mem::take(&mut self.names) {
            let reader = wasmparser::BinaryReader::new(&names, 0);
            let names = wasmparser::ComponentNameSectionReader::new(reader);
            // Names are for people: a malformed section is left out.
            match self.custom_component_name_section(names) {
                Ok(names) => {
                    component.section(&names);
                }
                Err(_) => self.numbers.lost_names = true,
            }
        }
        if self.is_root() && !self.has_producers {
            component.section(&producers::with_entry(None, self.verified));
        }
        Ok(())
    }

    /// The index spaces that an outer alias means; `None` for those of a type.
    fn enclosing(&self, count: u32) -> Option<&Spaces> {
        let outward = count.checked_sub(self.depth)? as usize;
        match outward {
            0 => Some(&self.spaces),
            _ => self.outer.get(self.outer.len().checked_sub(outward)?).copied(),
        }
    }

    /// Makes the control module of a part before its first lift.
    fn control(&mut self, component: &mut Component) -> Result {
        let Some(assembly) = &mut self.assembly else { return Err(unknown()) };
        assembly.turn = self.turn;
        assembly.control(component, &mut self.spaces)?;
        if let Some(told) = assembly.told {
            self.turn = Some(chain::lift(component, &mut self.spaces, told));
        }
        Ok(())
    }

    fn canonicals(
        &mut self,
        component: &mut Component,
        section: wasmparser::ComponentCanonicalSectionReader<'_>,
    ) -> Result {
        let mut canonicals = CanonicalFunctionSection::new();
        for canonical in section {
            let canonical = canonical?;
            if let CanonicalFunction::Lift { type_index, options, .. } = &canonical {
                if self.lift == 0 {
                    flush(component, &mut canonicals);
                    self.control(component)?;
                }
                let ty = self.component_type_index(*type_index);
                let assembly = self.assembly.as_ref().ok_or_else(unknown)?;
                assembly.lift(&mut canonicals, self.lift, ty, options)?;
                self.lift += 1;
                self.spaces.functions.keep();
                continue;
            }
            self.parse_component_canonical(&mut canonicals, canonical.clone())?;
            let own = self.spaces.core_functions.keep();
            let is_exit = self.plan.becomes_exception(self.id, self.lower);
            self.lower += usize::from(matches!(canonical, CanonicalFunction::Lower { .. }));
            if let Some(assembly) = &mut self.assembly {
                flush(component, &mut canonicals);
                assembly.canonical(component, &mut self.spaces, own, &canonical, is_exit)?;
            }
        }
        flush(component, &mut canonicals);
        Ok(())
    }

    fn core_instances(
        &mut self,
        component: &mut Component,
        section: wasmparser::InstanceSectionReader<'_>,
    ) -> Result {
        for instance in section {
            let instance = instance?;
            let number = self.spaces.core_instances.kept();
            let resizing = match &self.assembly {
                Some(assembly) => assembly.resizing(component, &mut self.spaces, number)?,
                None => Vec::new(),
            };
            let mut instances = InstanceSection::new();
            match &instance {
                Instance::Instantiate { module_index, args } if !resizing.is_empty() => {
                    let own = args.iter().map(|it| (it.name, self.instance_index(it.index)));
                    let mut all: Vec<_> = own.collect();
                    all.extend(resizing.iter().map(|(name, index)| (name.as_str(), *index)));
                    let all = all.into_iter().map(|(name, it)| (name, ModuleArg::Instance(it)));
                    instances
                        .instantiate(self.module_index(*module_index), all.collect::<Vec<_>>());
                }
                _ => self.parse_instance(&mut instances, instance)?,
            }
            component.section(&instances);
            self.spaces.core_instances.keep();
        }
        Ok(())
    }

    fn types(
        &mut self,
        component: &mut Component,
        section: wasmparser::ComponentTypeSectionReader<'_>,
    ) -> Result {
        let mut types = ComponentTypeSection::new();
        for ty in section {
            match (ty?, &mut self.assembly) {
                (wasmparser::ComponentType::Resource { rep, dtor }, Some(assembly)) => {
                    if !types.is_empty() {
                        component.section(&std::mem::take(&mut types));
                    }
                    let own = dtor.map(|it| assembly.functions.get(it as usize).copied());
                    let own = own.map(|it| it.ok_or_else(unknown)).transpose()?;
                    let destructor = assembly.destructor(component, &mut self.spaces, own);
                    let rep = self.val_type(rep)?;
                    types.resource(rep, Some(destructor));
                }
                (ty, _) => self.parse_component_type(types.ty(), ty)?,
            }
            self.spaces.types.keep();
        }
        component.section(&types);
        Ok(())
    }

    fn instances(
        &mut self,
        component: &mut Component,
        section: wasmparser::ComponentInstanceSectionReader<'_>,
    ) -> Result {
        let name = self.plan.labels.turn();
        for instance in section {
            let instance = instance?;
            let has_code = match &instance {
                ComponentInstance::Instantiate { component_index, .. } => {
                    self.plan.composition.makes_code(self.id, *component_index)
                }
                ComponentInstance::FromExports(_) => false,
            };
            let mut instances = ComponentInstanceSection::new();
            match (&instance, self.turn) {
                (ComponentInstance::Instantiate { component_index, args }, Some(turn))
                    if has_code =>
                {
                    let own = args.iter().map(|arg| {
                        let index = self.component_external_index(arg.kind, arg.index);
                        (arg.name, arg.kind.into(), index)
                    });
                    let mut arguments: Vec<(&str, ComponentExportKind, u32)> = own.collect();
                    arguments.push((&name, ComponentExportKind::Func, turn));
                    instances.instantiate(self.component_index(*component_index), arguments);
                }
                _ => self.parse_component_instance(&mut instances, instance)?,
            }
            component.section(&instances);
            let index = self.spaces.instances.keep();
            if has_code {
                self.turn = Some(chain::alias(component, &mut self.spaces, index, &name));
            }
        }
        Ok(())
    }
}

impl Reencode for Writer<'_, '_, '_> {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        let of_part = self.assembly.as_ref().map(|it| it.functions.get(function as usize).copied());
        of_part.unwrap_or_else(|| self.spaces.core_functions.get(function)).ok_or_else(unknown)
    }
}

impl ReencodeComponent for Writer<'_, '_, '_> {
    fn component_type_index(&mut self, ty: u32) -> u32 {
        if self.depth > 0 { ty } else { self.spaces.types.of(ty) }
    }

    fn component_instance_index(&mut self, instance: u32) -> u32 {
        if self.depth > 0 { instance } else { self.spaces.instances.of(instance) }
    }

    fn component_func_index(&mut self, function: u32) -> u32 {
        self.spaces.functions.of(function)
    }

    fn component_index(&mut self, component: u32) -> u32 {
        self.spaces.components.of(component)
    }

    fn module_index(&mut self, module: u32) -> u32 {
        self.spaces.core_modules.of(module)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.spaces.core_instances.of(instance)
    }

    fn outer_component_type_index(&mut self, count: u32, ty: u32) -> u32 {
        self.enclosing(count).map_or(ty, |spaces| spaces.types.of(ty))
    }

    fn outer_component_index(&mut self, count: u32, component: u32) -> u32 {
        self.enclosing(count).map_or(component, |spaces| spaces.components.of(component))
    }

    fn outer_module_index(&mut self, count: u32, module: u32) -> u32 {
        self.enclosing(count).map_or(module, |spaces| spaces.core_modules.of(module))
    }

    fn push_depth(&mut self) {
        self.depth += 1;
    }

    fn pop_depth(&mut self) {
        self.depth -= 1;
    }

    fn parse_component_payload(
        &mut self,
        component: &mut Component,
        payload: Payload<'_>,
        whole: &[u8],
    ) -> Result {
        match payload {
            Payload::ComponentCanonicalSection(section) => self.canonicals(component, section),
            Payload::ComponentTypeSection(section) => self.types(component, section),
            Payload::ComponentInstanceSection(section) => self.instances(component, section),
            Payload::InstanceSection(section) => self.core_instances(component, section),
            Payload::CustomSection(section) if section.name() == "producers" && self.is_root() => {
                let first = !std::mem::replace(&mut self.has_producers, true);
                if first {
                    let producers = producers::with_entry(Some(section.data()), self.verified);
                    component.section(&producers);
                }
                Ok(())
            }
            Payload::CustomSection(section) if section.name() == "component-name" => {
                // Written last, when all indices are known.
                self.names.push(section.data().to_vec());
                Ok(())
            }
            payload => component_utils::parse_component_payload(self, component, payload, whole),
        }
    }

    fn parse_component_submodule(
        &mut self,
        component: &mut Component,
        _: wasmparser::Parser,
        module: &[u8],
    ) -> Result {
        let id = CoreModuleId::new(self.numbers.modules);
        self.numbers.modules += 1;
        let scan = self.plan.scans.get(&id).filter(|scan| scan.is_rewritten());
        let rewritten = scan.map(|scan| {
            let own = &self.plan.component.core_modules[id];
            core_module::rewritten(own, scan, &self.plan.labels).map_err(Error::UserError)
        });
        let rewritten = rewritten.transpose()?;
        self.numbers.lost_names |= rewritten.as_ref().is_some_and(|it| it.lost_names);
        sections::section(component, rewritten.as_ref().map_or(module, |it| &it.bytes));
        self.spaces.core_modules.keep();
        Ok(())
    }

    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        parser: wasmparser::Parser,
        nested: &[u8],
        whole: &[u8],
    ) -> Result {
        let mut inner = Component::new();
        let mut outer = self.outer.clone();
        outer.push(&self.spaces);
        Writer::new(self.plan, self.numbers, outer)
            .definition(&mut inner, parser, nested, whole)?;
        component.section(&NestedComponentSection(&inner));
        self.spaces.components.keep();
        Ok(())
    }

    fn parse_component_alias_section(
        &mut self,
        aliases: &mut ComponentAliasSection,
        section: wasmparser::ComponentAliasSectionReader<'_>,
    ) -> Result {
        for alias in section {
            let alias = alias?;
            aliases.alias(self.component_alias(alias.clone())?);
            if let Some(index) = self.spaces.alias(&alias) {
                self.assembly.iter_mut().for_each(|it| it.functions.push(index));
            }
        }
        Ok(())
    }

    fn parse_component_import_section(
        &mut self,
        imports: &mut ComponentImportSection,
        section: wasmparser::ComponentImportSectionReader<'_>,
    ) -> Result {
        for import in section {
            let import = import?;
            imports.import(import.name, self.component_type_ref(import.ty)?);
            self.spaces.item(import.ty.kind());
        }
        Ok(())
    }

    fn parse_component_export_section(
        &mut self,
        exports: &mut ComponentExportSection,
        section: wasmparser::ComponentExportSectionReader<'_>,
    ) -> Result {
        for export in section {
            let export = export?;
            let kind = export.kind;
            self.parse_component_export(exports, export)?;
            self.spaces.item(kind);
        }
        Ok(())
    }
}
