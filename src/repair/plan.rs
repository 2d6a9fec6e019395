//! What a repair of a component has to rewrite, or why it cannot be repaired.

use std::collections::BTreeMap;

use wasmparser::types::Types;
use wasmparser::{Encoding, Parser, Payload, ValidPayload};

use super::composition::Composition;
use super::labels::Labels;
use super::part::Part;
use super::producers;
use super::refusal::{Refusal, Refusals, RepairError, Rule};
use super::scan::Scan;
use crate::component::Component;
use crate::component::index_space::{ComponentId, CoreModuleId, Idx};
use crate::component::validity;
use crate::facts::instantiation::Instantiation;
use crate::location::{ExportName, Location};

/// What the caller chooses.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// Whether calls of an export go on with the state that the call before left.
    pub keeps: &'a dyn Fn(&ExportName) -> bool,
    /// Whether `wasi:cli/run` returns instead of exiting.
    pub exits: bool,
    /// Whether the result says that it was verified. [`super::verification`] shows it only afterwards.
    pub verified: bool,
}

impl std::fmt::Debug for Choice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Choice { exits, verified, .. } = self;
        f.debug_struct("Choice").field("exits", exits).field("verified", verified).finish()
    }
}

/// What has to be rewritten.
pub(super) struct Plan<'c> {
    pub(super) component: &'c Component<'c>,
    pub(super) labels: Labels,
    /// The state of each core module of a part.
    pub(super) scans: BTreeMap<CoreModuleId, Scan>,
    pub(super) composition: Composition,
    pub(super) parts: BTreeMap<ComponentId, Part<'c>>,
    /// The exports whose calls go on with the state of the call before.
    pub(super) keeping: Vec<ExportName>,
    /// The exports that return instead of exiting.
    pub(super) exiting: Vec<ExportName>,
    /// Whether a part has to know that another one calls it.
    pub(super) is_shared: bool,
}

impl<'c> Plan<'c> {
    /// Plans the repair of a component with these instances.
    ///
    /// # Errors
    /// If it breaks a rule.
    pub(super) fn of(
        component: &'c Component<'c>,
        instantiation: &Instantiation<'c>,
        choice: &Choice<'_>,
    ) -> Result<Self, RepairError> {
        let is_ours = |it: &(&str, &str, &str)| it.1 == producers::NAME;
        if component.root().producers.iter().any(is_ours) {
            let refusal = Refusal { rule: Rule::Repaired, place: component.location() };
            return Err(RepairError::Refused(vec![refusal]));
        }
        let mut refusals = Refusals::default();
        if instantiation.truncated || component.omits_functions {
            return Err(RepairError::Failed("it has too many instances or functions".to_owned()));
        }
        let labels = Labels::of(component);
        let labels =
            labels.ok_or_else(|| RepairError::Failed("its names leave none free".to_owned()))?;
        let composition = Composition::of(component, instantiation, &mut refusals);
        let scans = scans(component, &composition, &mut refusals);
        let shared = composition.shared();
        for (_, module) in component.core_modules.iter().filter(|(_, it)| it.start.is_some()) {
            if shared.iter().any(|part| *part != module.home) {
                let place = Location { path: vec![module.step()], span: module.span };
                refusals.add(Rule::SharedExport, place);
            }
        }
        let mut all_types = types(component.file).map_err(RepairError::Failed)?;
        let (mut parts, mut keeping) = (BTreeMap::new(), Vec::new());
        for (id, definition) in component.definitions.iter() {
            let types = all_types.remove(&id).filter(|_| composition.parts.contains(&id));
            let Some(types) = types else { continue };
            let keeps = |lift| composition.exports_of(id, lift).iter().any(choice.keeps);
            let given = (types, &scans);
            let part = Part::of(component, definition, given, &composition, &keeps, &mut refusals);
            let kept = part.lifts.iter().enumerate().filter(|(_, lift)| lift.keeps);
            keeping.extend(kept.flat_map(|(lift, _)| composition.exports_of(id, lift).to_vec()));
            parts.insert(id, part);
        }
        if component.exports.is_empty() || parts.is_empty() {
            refusals.add(Rule::NoExport, component.location());
        } else if parts.values().all(|part| part.stateful.is_empty()) {
            refusals.add(Rule::Stateless, component.location());
        }
        let is_shared = !shared.is_empty();
        let exiting = Vec::new();
        let mut plan =
            Plan { component, labels, scans, composition, parts, keeping, exiting, is_shared };
        if choice.exits {
            plan.return_from_exits(&mut refusals);
        }
        refusals.check()?;
        Ok(plan)
    }
}

impl Plan<'_> {
    /// Lets `wasi:cli/run` return instead of exiting, where it exits.
    pub(super) fn return_from_exits(&mut self, refusals: &mut Refusals) {
        let Plan { component, scans, composition, parts, exiting, .. } = self;
        for (id, part) in parts.iter_mut() {
            if !composition.exits.iter().any(|(part, _)| part == id) {
                continue;
            }
            let modules =
                scans.iter().filter(|(module, _)| component.core_modules[**module].home == *id);
            if let Some(place) = modules.filter_map(|(_, scan)| scan.catches_all.as_ref()).next() {
                refusals.add(Rule::CatchAll, place.clone());
            }
            for (number, lift) in part.lifts.iter_mut().enumerate() {
                let exports = composition.exports_of(*id, number);
                lift.catches = exports.iter().any(|it| it.unversioned() == "wasi:cli/run#run");
                exiting.extend(exports.iter().filter(|_| lift.catches).cloned());
            }
        }
    }

    /// Whether a lowered function, by its number in a part, is an exit that becomes an exception.
    pub(super) fn becomes_exception(&self, part: ComponentId, lower: usize) -> bool {
        let catches = self.parts.get(&part).is_some_and(|it| it.lifts.iter().any(|it| it.catches));
        catches && self.composition.exits.contains(&(part, lower))
    }
}

/// What each core module of a part holds between calls.
fn scans(
    component: &Component<'_>,
    composition: &Composition,
    refusals: &mut Refusals,
) -> BTreeMap<CoreModuleId, Scan> {
    let modules = component.core_modules.iter();
    let modules = modules.filter(|(_, module)| composition.parts.contains(&module.home));
    let modules: Vec<_> = modules.collect();
    // What is written to memory before the first call is written by start functions and data segments.
    let has_foreign_data = modules.iter().any(|(_, module)| {
        let imports = module.memories.iter().any(|(_, memory)| memory.imported);
        imports && !module.data.is_empty()
    });
    let starts = component.core_modules.iter().any(|(_, module)| module.start.is_some());
    let is_static = !starts && !has_foreign_data;
    let read = |(id, module)| {
        let mut scan = Scan::of(module, starts);
        if has_foreign_data {
            scan.has_foreign_data();
        }
        if is_static {
            scan.is_static(module);
        }
        (id, scan)
    };
    let mut scans: BTreeMap<_, _> = modules.into_iter().map(read).collect();
    let writes_tables = scans.values().any(|scan| scan.writes_table);
    for (id, scan) in &mut scans {
        if writes_tables {
            scan.resets_tables(&component.core_modules[*id]);
        }
        refusals.extend(std::mem::take(&mut scan.refusals));
    }
    scans
}

/// The types of each component definition. The file is valid, so function bodies are not checked again.
fn types(file: &[u8]) -> Result<BTreeMap<ComponentId, Types>, String> {
    let mut validator = validity::validator();
    let (mut types, mut open, mut next) = (BTreeMap::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(file) {
        let payload = payload.map_err(|error| error.to_string())?;
        if let Payload::Version { encoding, .. } = payload {
            open.push((encoding == Encoding::Component).then(|| ComponentId::new(next)));
            next += u32::from(encoding == Encoding::Component);
        }
        let valid = validator.payload(&payload).map_err(|error| error.to_string())?;
        if let ValidPayload::End(ended) = valid
            && let Some(id) = open.pop().flatten()
        {
            types.insert(id, ended);
        }
    }
    Ok(types)
}
