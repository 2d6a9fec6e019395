//! The root's imports and exports.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::anatomy::{AdmissionPart, ExportPart, ImportPart, ImportedFunction, LiftPart};
use super::resolver::Resolver;
use crate::component::canonical::StringEncoding;
use crate::component::definition::{Item, Sort};
use crate::component::index_space::Idx;
use crate::component::world::WorldFunction;
use crate::facts::admission;
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::{ComponentFunc, Instantiation};
use crate::facts::provenance::Provenance;
use crate::facts::stateless;
use crate::inventory::{Admission, Admitted};
use crate::location::ExportName;
use crate::profile::Profile;
use crate::survey::state;

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
pub(super) fn exports<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'a>],
    resolver: &mut Resolver<'_, '_>,
    provenance: &Provenance,
) -> Vec<ExportPart> {
    let world = effects.world();
    let survivals = state::of(effects, bodies, entry_points, provenance, |_| true);
    let mut survivals = survivals.into_iter();
    let mut overlaps = state::overlaps(effects, bodies, entry_points, provenance).into_iter();
    let mut admissions = admission::of(effects, entry_points).into_iter();
    let mut proofs = stateless::of(effects, bodies, entry_points).into_iter();
    let mut parts = Vec::new();
    for entry_point in entry_points {
        let name = entry_point.name.as_str();
        let overlap = overlaps.next().flatten();
        let admission = admissions.next().flatten();
        let admission = admission.map(|it| admitted(entry_point.name, it));
        let lift = entry_point.call.as_ref().map(|call| {
            let lifted = &call.lifted;
            let options = &lifted.options;
            LiftPart {
                core_function: resolver.func(lifted.core),
                component: world.component_instances[lifted.home].raw(),
                string_encoding: match options.string_encoding {
                    StringEncoding::Utf8 => "utf8",
                    StringEncoding::Utf16 => "utf16",
                    StringEncoding::CompactUtf16 => "latin1+utf16",
                },
                memory: options.memory.flatten().and_then(|memory| resolver.memory(memory)),
                realloc: options.realloc.map(|func| resolver.func(func)),
                post_return: options.post_return.map(|func| resolver.func(func)),
                callback: options.callback.map(|func| resolver.func(func)),
                is_async: options.is_async,
            }
        });
        parts.push(ExportPart {
            name: name.to_owned(),
            interface: name.rsplit_once('#').map(|(interface, _)| interface.to_owned()),
            function: entry_point.name.function().to_owned(),
            ty: entry_point.signature.to_owned(),
            obstacle: entry_point.obstacle.clone(),
            lift,
            survival: survivals.next().flatten(),
            overlap,
            admission,
            stateless: proofs.next().unwrap_or_default(),
        });
    }
    parts
}

/// With the settings of hosts that call the export.
fn admitted(export: &ExportName, admission: Admission) -> AdmissionPart {
    // Whether calls disturb each other by what they keep, calls show.
    let disturbs = admission.admitted == Admitted::OneStack;
    let overlapping = |host: &&Profile| host.concurrent_max != Some(1) && host.calls(export);
    let hosts = Profile::all().iter().filter(|host| disturbs && overlapping(host));
    let knobs = hosts.filter_map(|host| Some((host.id.as_str(), host.at_most_at_once(1)?)));
    let hosts = Profile::all().iter().filter(overlapping);
    let traps = hosts.filter_map(|host| Some((host.id.as_str(), host.lost_by_trap()?)));
    AdmissionPart { admission, knobs: knobs.collect(), traps: traps.collect() }
}
