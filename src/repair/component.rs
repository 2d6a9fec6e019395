//! Writes the repaired component: the rewritten core modules, the ledger, the control module, and lifts of its functions.
//!
//! Core functions, core modules and core instances behind an added one have another index than before.

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent, component_utils};
use wasm_encoder::{
    CanonicalFunctionSection, Component, ComponentAliasSection, ComponentSectionId, ExportKind,
    InstanceSection, ModuleArg, RawSection,
};
use wasmparser::{CanonicalFunction, CanonicalOption, Payload};

use super::added::Added;
use super::added_module::Signature;
use super::control::{self, StandIn};
use super::core_module::{self, IMPORTS, message};
use super::exit;
use super::handles::Use;
use super::ledger;
use super::plan::Plan;
use super::producers;
use super::wiring::CoreFunction;

type Result<T = ()> = std::result::Result<T, Error<String>>;

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
    let file = plan.wiring.component.file;
    let mut writer = Writer {
        plan,
        verified,
        functions: Vec::new(),
        added: Added::default(),
        raw: Vec::new(),
        modules: Vec::new(),
        instances: Vec::new(),
        ledger: None,
        release: None,
        stand_ins: None,
        exit: None,
        lower: 0,
        lift: 0,
        lifting: 0,
        names: Vec::new(),
        has_producers: false,
        lost_names: false,
    };
    let mut component = Component::new();
    let parser = wasmparser::Parser::new(0);
    writer.parse_component(&mut component, parser, file).map_err(message)?;
    for names in std::mem::take(&mut writer.names) {
        let reader = wasmparser::BinaryReader::new(&names, 0);
        let names = wasmparser::ComponentNameSectionReader::new(reader);
        // Names are for people: a malformed section is left out.
        match writer.custom_component_name_section(names) {
            Ok(names) => {
                component.section(&names);
            }
            Err(_) => writer.lost_names = true,
        }
    }
    if !writer.has_producers {
        component.section(&producers::with_entry(None, verified));
    }
    Ok(Written { bytes: component.finish(), lost_names: writer.lost_names })
}

struct Writer<'p, 'c> {
    plan: &'p Plan<'c>,
    verified: bool,
    /// The new index of each core function: for one that is tracked, that of its stand-in.
    functions: Vec<u32>,
    added: Added,
    /// The new indices of the core functions themselves.
    raw: Vec<u32>,
    modules: Vec<u32>,
    instances: Vec<u32>,
    /// The ledger's instance.
    ledger: Option<u32>,
    /// The module of stand-ins for functions that drop a handle.
    release: Option<u32>,
    /// The functions of the control module, and the index of the first of them.
    stand_ins: Option<(Vec<StandIn>, u32)>,
    /// The instance with the tag of exits.
    exit: Option<u32>,
    /// The number of the next lower.
    lower: usize,
    /// The number of the next lift.
    lift: usize,
    /// The number of the lift that is written.
    lifting: usize,
    /// The contents of name sections.
    names: Vec<Vec<u8>>,
    has_producers: bool,
    lost_names: bool,
}

impl Writer<'_, '_> {
    fn signature(&self, function: u32) -> Result<Signature> {
        let types = self.plan.types.as_ref();
        let ty = types[types.core_function_at(function)].unwrap_func();
        let convert = |types: &[wasmparser::ValType]| {
            let types = types.iter().map(|ty| wasm_encoder::ValType::try_from(*ty));
            types.collect::<std::result::Result<Vec<_>, _>>()
        };
        let both = convert(ty.params()).and_then(|params| Ok((params, convert(ty.results())?)));
        let (params, results) = both.map_err(|error| Error::UserError(error.to_string()))?;
        Ok(Signature { params, results })
    }

    /// The ledger's instance, made when it is first needed.
    fn ledger(&mut self, component: &mut Component) -> u32 {
        if let Some(ledger) = self.ledger {
            return ledger;
        }
        let module = self.added.module(component, &ledger::ledger(self.plan.tracked.kinds.len()));
        let instance = self.added.instantiate(component, module, &[]);
        self.ledger = Some(instance);
        instance
    }

    /// The function that stands for the last one, which gives or drops handles.
    fn stand_in(&mut self, component: &mut Component, how: Use, kind: usize) -> Result<u32> {
        let old = self.functions.len() as u32;
        let signature = self.signature(old)?;
        let ledger = self.ledger(component);
        let own = self.added.functions - 1;
        let known = self.release.filter(|_| how == Use::Drops);
        let module = match known {
            Some(module) => module,
            None => self.added.module(component, &ledger::stand_in(how, kind, &signature)),
        };
        if how == Use::Drops {
            self.release = Some(module);
        }
        let own = self.added.bundle(component, vec![("f".to_owned(), ExportKind::Func, own)]);
        let mut arguments = vec![("f".to_owned(), own), (control::LEDGER.to_owned(), ledger)];
        if let Use::GivesList(memory) = how {
            let memory = vec![("m".to_owned(), ExportKind::Memory, memory)];
            arguments.push(("m".to_owned(), self.added.bundle(component, memory)));
        }
        let instance = self.added.instantiate(component, module, &arguments);
        Ok(self.added.alias(component, instance, "f"))
    }

    /// The function that throws an exit.
    fn exit(&mut self, component: &mut Component) -> u32 {
        let instance = match self.exit {
            Some(instance) => instance,
            None => {
                let module = self.added.module(component, &exit::module());
                self.added.instantiate(component, module, &[])
            }
        };
        self.exit = Some(instance);
        self.added.alias(component, instance, "f")
    }

    /// Makes the control module's instance.
    fn control(&mut self, component: &mut Component) -> Result {
        if self.stand_ins.is_some() {
            return Ok(());
        }
        let plan = self.plan;
        let mut stand_ins: Vec<StandIn> = Vec::new();
        for (number, (function, realloc)) in plan.lifts.iter().enumerate() {
            let keeps = plan.kept.contains(&number);
            let exits = plan.exits.lifts.contains(&number);
            for (function, lifted) in [(Some(*function), true), (*realloc, false)] {
                let Some(function) = function else { continue };
                let signature = self.signature(function)?;
                let catches = lifted && exits && self.exit.is_some();
                let stand_in = StandIn { function, signature, lifted, keeps, catches };
                if !stand_ins.contains(&stand_in) {
                    stand_ins.push(stand_in);
                }
            }
        }
        let kinds = plan.tracked.kinds.len();
        let states = plan.stateful.iter().map(|instance| self.new_instance(*instance));
        let states = states.collect::<Result<Vec<_>>>()?;
        let bytes = control::control(states.len(), kinds, &stand_ins);
        let module = self.added.module(component, &bytes);
        let mut arguments: Vec<_> = (0..)
            .zip(states)
            .map(|(number, instance)| (control::state(number), instance))
            .collect();
        if kinds > 0 {
            let ledger = self.ledger(component);
            arguments.push((control::LEDGER.to_owned(), ledger));
            let drops = plan.tracked.kinds.iter().enumerate().map(|(kind, function)| {
                let function = self.raw.get(*function as usize).copied();
                let function = function.ok_or_else(unknown)?;
                Ok((control::function(kind), ExportKind::Func, function))
            });
            let drops = drops.collect::<Result<Vec<_>>>()?;
            arguments.push((control::DROPS.to_owned(), self.added.bundle(component, drops)));
        }
        if let Some(exit) = self.exit {
            arguments.push((control::EXIT.to_owned(), exit));
        }
        let mut functions = Vec::new();
        for (number, stand_in) in stand_ins.iter().enumerate() {
            let alias = plan.wiring.functions.get(stand_in.function as usize);
            let Some(CoreFunction::Alias { instance, name }) = alias else {
                return Err(unknown());
            };
            // The component's own alias may come later.
            let instance = self.new_instance(*instance)?;
            let function = self.added.alias(component, instance, name);
            functions.push((control::function(number), ExportKind::Func, function));
        }
        arguments.push((control::FUNCTIONS.to_owned(), self.added.bundle(component, functions)));
        let instance = self.added.instantiate(component, module, &arguments);
        let first = self.added.functions;
        for number in 0..stand_ins.len() {
            self.added.alias(component, instance, &control::function(number));
        }
        self.stand_ins = Some((stand_ins, first));
        Ok(())
    }

    fn new_instance(&self, instance: u32) -> Result<u32> {
        self.instances.get(instance as usize).copied().ok_or_else(unknown)
    }

    /// The index of what stands for a function of the lift that is written.
    fn of_lift(&self, function: u32, lifted: bool) -> Result<u32> {
        let (stand_ins, first) = self.stand_ins.as_ref().ok_or_else(unknown)?;
        let keeps = self.plan.kept.contains(&self.lifting);
        let at = stand_ins
            .iter()
            .position(|it| it.function == function && it.lifted == lifted && it.keeps == keeps);
        Ok(first + at.ok_or_else(unknown)? as u32)
    }

    fn canonicals(
        &mut self,
        component: &mut Component,
        section: wasmparser::ComponentCanonicalSectionReader<'_>,
    ) -> Result {
        let mut canonicals = CanonicalFunctionSection::new();
        for canonical in section {
            let canonical = canonical?;
            if let CanonicalFunction::Lift { core_func_index, type_index, options } = canonical {
                if self.stand_ins.is_none() {
                    flush(component, &mut canonicals);
                    self.control(component)?;
                }
                self.lifting = self.lift;
                self.lift += 1;
                let function = self.of_lift(core_func_index, true)?;
                let options = options.iter().map(|option| match option {
                    CanonicalOption::Realloc(realloc) => {
                        let realloc = self.of_lift(*realloc, false)?;
                        Ok(wasm_encoder::CanonicalOption::Realloc(realloc))
                    }
                    option => self.canonical_option(*option),
                });
                let options = options.collect::<Result<Vec<_>>>()?;
                canonicals.lift(function, type_index, options);
                continue;
            }
            let is_lower = matches!(canonical, CanonicalFunction::Lower { .. });
            let exits = is_lower && self.plan.exits.lowers.contains(&self.lower);
            self.lower += usize::from(is_lower);
            self.parse_component_canonical(&mut canonicals, canonical)?;
            self.added.functions += 1;
            self.raw.push(self.added.functions - 1);
            let tracked = self.plan.tracked.functions.get(&(self.functions.len() as u32));
            let index = match tracked {
                None if exits => {
                    flush(component, &mut canonicals);
                    self.exit(component)
                }
                None => self.added.functions - 1,
                Some((how, kind)) => {
                    flush(component, &mut canonicals);
                    self.stand_in(component, *how, *kind)?
                }
            };
            self.functions.push(index);
        }
        flush(component, &mut canonicals);
        Ok(())
    }
}

fn flush(component: &mut Component, canonicals: &mut CanonicalFunctionSection) {
    if !canonicals.is_empty() {
        component.section(canonicals);
        *canonicals = CanonicalFunctionSection::new();
    }
}

fn unknown() -> Error<String> {
    Error::UserError("an item is used before it is defined".to_owned())
}

impl Reencode for Writer<'_, '_> {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        self.functions.get(function as usize).copied().ok_or_else(unknown)
    }
}

impl ReencodeComponent for Writer<'_, '_> {
    fn module_index(&mut self, module: u32) -> u32 {
        self.modules.get(module as usize).copied().unwrap_or(module)
    }

    fn instance_index(&mut self, instance: u32) -> u32 {
        self.instances.get(instance as usize).copied().unwrap_or(instance)
    }

    fn parse_component_payload(
        &mut self,
        component: &mut Component,
        payload: Payload<'_>,
        whole: &[u8],
    ) -> Result {
        match payload {
            Payload::ComponentCanonicalSection(section) => self.canonicals(component, section),
            Payload::CustomSection(section) if section.name() == "producers" => {
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
        let id = self.plan.wiring.modules.get(self.modules.len()).ok_or_else(unknown)?;
        let scan = &self.plan.scans[id];
        let imports_size = self.plan.imports_size(*id);
        let index = match scan.is_stateful() || imports_size {
            false => self.added.module(component, module),
            true => {
                let own = &self.plan.wiring.component.core_modules[*id];
                let rewritten = core_module::rewritten(own, scan, imports_size);
                let rewritten = rewritten.map_err(Error::UserError)?;
                self.lost_names |= rewritten.lost_names;
                self.added.module(component, &rewritten.bytes)
            }
        };
        self.modules.push(index);
        Ok(())
    }

    fn parse_component_subcomponent(
        &mut self,
        component: &mut Component,
        _: wasmparser::Parser,
        nested: &[u8],
        _: &[u8],
    ) -> Result {
        // Its outer aliases are types, whose indices stay.
        component.section(&RawSection { id: ComponentSectionId::Component.into(), data: nested });
        Ok(())
    }

    fn parse_instance(
        &mut self,
        instances: &mut InstanceSection,
        instance: wasmparser::Instance<'_>,
    ) -> Result {
        let number = self.instances.len() as u32;
        match (&instance, self.plan.resizers.get(&number)) {
            (wasmparser::Instance::Instantiate { module_index, args }, Some(memory)) => {
                let own = args
                    .iter()
                    .map(|it| (it.name, ModuleArg::Instance(self.instances[it.index as usize])));
                let mut arguments: Vec<_> = own.collect();
                arguments.push((IMPORTS, ModuleArg::Instance(self.new_instance(*memory)?)));
                instances.instantiate(self.module_index(*module_index), arguments);
            }
            _ => component_utils::parse_instance(self, instances, instance)?,
        }
        self.instances.push(self.added.instances);
        self.added.instances += 1;
        Ok(())
    }

    fn parse_component_alias_section(
        &mut self,
        aliases: &mut ComponentAliasSection,
        section: wasmparser::ComponentAliasSectionReader<'_>,
    ) -> Result {
        for alias in section {
            let alias = alias?;
            let is_function = matches!(
                alias,
                wasmparser::ComponentAlias::CoreInstanceExport {
                    kind: wasmparser::ExternalKind::Func,
                    ..
                }
            );
            aliases.alias(self.component_alias(alias)?);
            if is_function {
                self.functions.push(self.added.functions);
                self.raw.push(self.added.functions);
                self.added.functions += 1;
            }
        }
        Ok(())
    }
}
