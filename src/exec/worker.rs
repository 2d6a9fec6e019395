//! The process that runs the guest. It reads one request, answers on standard output, and knows no result of the code
//! analysis.

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
use std::io::{self, Read, Write};
use std::time::Duration;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex};

use super::protocol::{COMPILING, Message, Request};
use crate::composition::{self, Composition, Plug};
use crate::observation::Inconclusive;
use host::{Provided, imports, linker, trace};
use prepared::Prepared;

/// The engine that runs guests; `None` in a build without one.
pub(crate) const ENGINE: Option<&str> = Some("wasmtime 48");
/// Why exports cannot be called, if this build has no engine.
pub(crate) const MISSING: Option<&str> = None;
/// The longest request without the component, in bytes. The limits of components and of scripts keep it shorter.
const LONGEST_REQUEST: u64 = 512 << 20;

/// Serves one request from standard input. Ends the process when its other end is closed.
///
/// # Errors
/// When the request cannot be read or the answer cannot be written.
pub(crate) fn serve() -> io::Result<()> {
    let (mut request, bytes) = receive(&mut io::stdin().lock())?;
    confinement::end_with(io::stdin());
    confinement::limit(&request.settings, longest(&request).as_secs());
    trace::listen(&request.settings.script.guest);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build()?;
    let served = runtime.block_on(answer(&mut request, &bytes));
    // Does not wait for tasks that a guest left behind.
    runtime.shutdown_background();
    served
}

/// How long the whole request may take.
fn longest(request: &Request) -> Duration {
    COMPILING + request.patience() * (4 * request.wanted.len() as u32 + 1)
}

/// Reads what [`send`](super::protocol::send) wrote.
fn receive(from: &mut dyn Read) -> io::Result<(Request, Vec<u8>)> {
    let [mut request, mut component] = [[0; 8]; 2];
    from.read_exact(&mut request)?;
    from.read_exact(&mut component)?;
    let [request, component] = [request, component].map(u64::from_le_bytes);
    if request > LONGEST_REQUEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (mut text, mut bytes) = (Vec::new(), Vec::new());
    from.take(request).read_to_end(&mut text)?;
    from.take(component).read_to_end(&mut bytes)?;
    Ok((serde_json::from_slice(&text)?, bytes))
}

async fn answer(request: &mut Request, bytes: &[u8]) -> io::Result<()> {
    let provided = Provided::take_from(&mut request.settings.script);
    match prepare(request, provided, bytes) {
        Ok((prepared, stubbed)) => {
            send(Message::Compiled { stubbed })?;
            plan::run(&prepared, &request.wanted, send).await
        }
        Err(Inconclusive { reason, detail }) => send(Message::Refused { reason, detail }),
    }
}

/// Compiles and links the component. Also returns the names of the stubbed functions.
fn prepare(
    request: &Request,
    provided: Provided,
    bytes: &[u8],
) -> Result<(Prepared, Vec<String>), Inconclusive> {
    let mut composition = compose(request, bytes)?;
    // Once it is compiled, only the positions of its parts are needed.
    let composed = composition.as_mut().map(|composition| std::mem::take(&mut composition.bytes));
    let (bytes, renamed) = imports::names::rename(composed.as_deref().unwrap_or(bytes));
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

fn send(message: Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(&message)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}
