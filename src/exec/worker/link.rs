//! Compiles a component and links it with the host: as it is, and with accessors to its state.

use std::cell::{Cell, RefCell};

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex};

use super::host::{Provided, imports, linker};
use super::prepared::Prepared;
use super::probes::{self, Probed};
use super::{budget, compilable, engine};
use crate::composition::{self, Composition, Plug};
use crate::exec::protocol::Request;
use crate::observation::Inconclusive;

/// Compiles and links the component. Also returns the names of the stubbed functions.
pub(super) fn prepare(
    request: &Request,
    provided: Provided,
    bytes: &[u8],
) -> Result<(Prepared, Vec<String>), Inconclusive> {
    compilable::check(bytes)?;
    let mut composition = compose(request, bytes)?;
    // Once it is compiled, only the positions of its parts are needed.
    let composed = composition.as_mut().map(|composition| std::mem::take(&mut composition.bytes));
    link(request, provided, composed.as_deref().unwrap_or(bytes), composition)
}

/// Compiles and links these bytes: the component, or the composition that runs.
fn link(
    request: &Request,
    provided: Provided,
    bytes: &[u8],
    composition: Option<Composition>,
) -> Result<(Prepared, Vec<String>), Inconclusive> {
    let (bytes, renamed) = imports::names::rename(bytes);
    let refused = |error: wasmtime::Error| {
        Inconclusive::new("refused", format!("the engine refuses the component: {error:#}"))
    };
    let compile =
        |optimizing| engine::engine(optimizing).and_then(|engine| Component::new(&engine, &bytes));
    // The optimizing compiler supports proposals that the baseline compiler does not.
    let baseline = if request.optimizing { None } else { compile(false).ok() };
    let component = match baseline {
        Some(component) => component,
        None => compile(true).map_err(refused)?,
    };
    engine::tick(component.engine());
    let mut linker = linker::linker(component.engine()).map_err(refused)?;
    let script = &request.settings.script;
    let stubbed = imports::stub(&mut linker, &component, &renamed, script)?;
    let pre = linker
        .instantiate_pre(&component)
        .map_err(|error| Inconclusive::new("missing-import", format!("{error:#}")))?;
    let targets = request.targets.iter();
    let prepared = Prepared {
        pre,
        linker,
        settings: request.settings.clone(),
        provided,
        environment: RefCell::new(script.guest.environment.clone()),
        earlier: targets.clone().map(|_| Cell::new(None)).collect(),
        functions: targets.map(|target| find(&component, &target.path)).collect(),
        targets: request.targets.clone(),
        stubbed: stubbed.resources,
        resources: resources(&component, composition.as_ref()),
        composition,
        makers: stubbed.makers,
        imports_random: component
            .component_type()
            .imports(component.engine())
            .any(|(name, _)| name.starts_with("wasi:random/")),
        ways: Default::default(),
        run_ends: budget::Deadline::after(budget::run(&request.settings)),
        has_async: Cell::new(None),
    };
    Ok((prepared, stubbed.functions))
}

/// The component with what the user plugs in for its imports; `None` if that is nothing.
fn compose(request: &Request, bytes: &[u8]) -> Result<Option<Composition>, Inconclusive> {
    let plugs = request.settings.script.providers.iter();
    let plugs: Vec<_> = plugs.map(|it| Plug { import: &it.import, bytes: &it.bytes }).collect();
    if plugs.is_empty() {
        return Ok(None);
    }
    let composition = composition::compose(bytes, &plugs).map_err(|error| {
        let detail = match error.help.is_empty() {
            true => error.to_string(),
            false => format!("{error}: {}", error.help),
        };
        Inconclusive::new("refused", detail)
    })?;
    Ok(Some(composition))
}

/// The resources that the component's interfaces export, by name: `ns:pkg/iface name`.
fn resources(
    component: &Component,
    composition: Option<&Composition>,
) -> Vec<(String, ComponentExportIndex)> {
    let engine = component.engine();
    let mut found = Vec::new();
    for (interface, item) in component.component_type().exports(engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else { continue };
        let Some(parent) = component.get_export_index(None, interface) else { continue };
        let named = composition.and_then(|it| it.named.iter().find(|(name, _)| name == interface));
        let interface = named.map_or(interface, |(_, import)| import);
        for (name, item) in instance.exports(engine) {
            if let ComponentItem::Resource(_) = item.ty
                && let Some(index) = component.get_export_index(Some(&parent), name)
            {
                let full_name = format!("{interface}#{name}");
                found.push((imports::names::of_resource(&full_name), index));
            }
        }
    }
    found
}

/// The engine's index of the function at this path.
fn find(component: &Component, path: &[String]) -> Option<ComponentExportIndex> {
    path.iter().try_fold(None, |parent, name| {
        Some(Some(component.get_export_index(parent.as_ref(), name)?))
    })?
}

/// The component with accessors to its state, in which calls do what they do in `prepared`; `None` if it cannot have any.
pub(super) fn probed(
    request: &Request,
    prepared: &Prepared,
    bytes: &[u8],
) -> Option<(Prepared, Probed)> {
    let composition = compose(request, bytes).ok().flatten();
    let bytes = composition.as_ref().map_or(bytes, |composition| &composition.bytes);
    let mut probed = probes::probe(bytes)?;
    let (written, _) = imports::names::rename(&probed.bytes);
    let component = Component::new(prepared.pre.engine(), &written).ok()?;
    probed.bytes.clear();
    let linked = Prepared {
        // The imports are the same.
        pre: prepared.linker.instantiate_pre(&component).ok()?,
        linker: prepared.linker.clone(),
        settings: prepared.settings.clone(),
        provided: prepared.provided.clone(),
        environment: prepared.environment.clone(),
        targets: prepared.targets.clone(),
        earlier: prepared.earlier.clone(),
        functions: prepared.targets.iter().map(|it| find(&component, &it.path)).collect(),
        stubbed: prepared.stubbed.clone(),
        resources: resources(&component, composition.as_ref()),
        composition,
        makers: prepared.makers.clone(),
        imports_random: prepared.imports_random,
        ways: prepared.ways.clone(),
        run_ends: prepared.run_ends,
        has_async: prepared.has_async.clone(),
    };
    Some((linked, probed))
}
