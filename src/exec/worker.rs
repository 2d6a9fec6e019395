//! The process that runs the guest. It reads one request, answers on standard output, and knows
//! nothing of what was found in the component's code.

mod budget;
mod concurrent;
mod confinement;
mod ending;
mod engine;
mod held;
mod host;
mod instance;
mod plan;
mod prepared;
mod printed;
mod requests;
mod seen;
mod shape;
mod step;
mod way;

use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex};

use super::protocol::{self, Message, Request};
use crate::composition::{self, Composition, Plug};
use crate::observation::Inconclusive;
use host::Given;
use prepared::Prepared;

/// Serves one request from standard input and ends when its other end is closed.
///
/// # Errors
/// When the request cannot be read or the answer not be written.
pub(crate) fn serve() -> io::Result<()> {
    let (mut request, bytes) = protocol::receive(&mut io::stdin().lock())?;
    confinement::end_with(io::stdin());
    confinement::limit(&request.settings, super::supervisor::longest(&request).as_secs());
    host::trace::listen(&request.settings.script.guest);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build()?;
    let done = runtime.block_on(answer(&mut request, &bytes));
    // Tasks that a guest left behind are not waited for.
    runtime.shutdown_background();
    done
}

async fn answer(request: &mut Request, bytes: &[u8]) -> io::Result<()> {
    let given = Given::taken_from(&mut request.settings.script);
    let prepared = match prepare(request, given, bytes) {
        Ok((prepared, stubbed)) => {
            tell(&Message::Compiled { stubbed })?;
            prepared
        }
        Err(Inconclusive { reason, detail }) => {
            return tell(&Message::Refused { reason, detail });
        }
    };
    if let Some(call) = plan::start(&prepared).await {
        tell(&Message::Unstartable(call))?;
    }
    let mut seen: Vec<_> = prepared.targets.iter().map(|_| None).collect();
    for target in &request.wanted {
        tell(&Message::Begun(*target))?;
        let observed = plan::observe(&prepared, *target).await;
        tell(&Message::Observed(*target, Box::new(observed.clone())))?;
        seen[*target] = Some(observed);
    }
    for target in &request.wanted {
        if let Some(after) = plan::furnish(&prepared, *target, &seen).await {
            tell(&Message::Observed(*target, Box::new(after.clone())))?;
            seen[*target] = Some(after);
        }
    }
    for target in &request.wanted {
        if let Some(after) = plan::enable(&prepared, *target, &seen).await {
            tell(&Message::Observed(*target, Box::new(after.clone())))?;
            seen[*target] = Some(after);
        }
    }
    for target in &request.wanted {
        for (target, disturbed) in plan::disturb(&prepared, *target, &seen).await {
            tell(&Message::Disturbed(target, Box::new(disturbed)))?;
        }
    }
    tell(&Message::Done)
}

/// Compiles the component and fills its imports.
fn prepare(
    request: &Request,
    given: Given,
    bytes: &[u8],
) -> Result<(Prepared, Vec<String>), Inconclusive> {
    let mut composition = compose(request, bytes)?;
    // Once it is compiled, only where its parts lie is of interest.
    let composed = composition.as_mut().map(|it| std::mem::take(&mut it.bytes));
    let (bytes, renamed) = host::imports::rename(composed.as_deref().unwrap_or(bytes));
    let refused = |error: wasmtime::Error| Inconclusive {
        reason: "refused".to_owned(),
        detail: format!("the engine refuses the component: {error:#}"),
    };
    // What the baseline compiler does not know, the optimizing one may.
    let baseline = match request.optimizing {
        true => None,
        false => engine::engine(false).and_then(|engine| Component::new(&engine, &bytes)).ok(),
    };
    let component = match baseline {
        Some(component) => component,
        None => engine::engine(true)
            .and_then(|engine| Component::new(&engine, &bytes))
            .map_err(refused)?,
    };
    engine::tick(component.engine());
    let mut linker = host::linker(component.engine()).map_err(refused)?;
    let filled = host::imports::fill(&mut linker, &component, &renamed, &request.settings.script)?;
    let pre = linker.instantiate_pre(&component).map_err(|error| Inconclusive {
        reason: "missing-import".to_owned(),
        detail: format!("{error:#}"),
    })?;
    let prepared = Prepared {
        pre,
        settings: request.settings.clone(),
        given,
        environment: RefCell::new(request.settings.script.guest.environment.clone()),
        earlier: request.targets.iter().map(|_| Cell::new(None)).collect(),
        functions: request.targets.iter().map(|target| place(&component, &target.path)).collect(),
        targets: request.targets.clone(),
        made_up: filled.resources,
        resources: resources(&component, composition.as_ref()),
        composition,
        makers: host::imports::makers(&component, &renamed),
        imports_random: component
            .component_type()
            .imports(component.engine())
            .any(|(name, _)| name.starts_with("wasi:random/")),
        ways: Default::default(),
        concurrent: Cell::new(None),
    };
    Ok((prepared, filled.functions))
}

/// The component with what the author plugs in for its imports; `None` where that is nothing.
fn compose(request: &Request, bytes: &[u8]) -> Result<Option<Composition>, Inconclusive> {
    let plugs = request.settings.script.providers.iter();
    let plugs: Vec<_> = plugs.map(|it| Plug { import: &it.import, bytes: &it.bytes }).collect();
    if plugs.is_empty() {
        return Ok(None);
    }
    let composition = composition::compose(bytes, &plugs).map_err(|error| Inconclusive {
        reason: "refused".to_owned(),
        detail: match error.help.is_empty() {
            true => error.to_string(),
            false => format!("{error}: {}", error.help),
        },
    })?;
    Ok(Some(composition))
}

/// The resources that the component exports in its interfaces, with their names: `ns:pkg/iface name`.
fn resources(
    component: &Component,
    composition: Option<&Composition>,
) -> Vec<(String, ComponentExportIndex)> {
    let engine = component.engine();
    let mut found = Vec::new();
    for (interface, item) in component.component_type().exports(engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else { continue };
        let Some(of) = component.get_export_index(None, interface) else { continue };
        let named = composition.and_then(|it| it.named.iter().find(|(name, _)| name == interface));
        let interface = named.map_or(interface, |(_, import)| import);
        for (name, item) in instance.exports(engine) {
            if let ComponentItem::Resource(_) = item.ty
                && let Some(index) = component.get_export_index(Some(&of), name)
            {
                found.push((host::imports::resource_name(&format!("{interface}#{name}")), index));
            }
        }
    }
    found
}

/// Where the engine keeps the function to which these names lead.
fn place(component: &Component, path: &[String]) -> Option<ComponentExportIndex> {
    path.iter().try_fold(None, |found, name| {
        Some(Some(component.get_export_index(found.as_ref(), name)?))
    })?
}

fn tell(message: &Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}
