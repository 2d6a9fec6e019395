//! Command entry points: `_start`, and the exports that reach it.

use std::sync::OnceLock;

use crate::component::core_module::CoreModule;
use crate::component::index_space::{CoreModuleId, FuncIdx, IndexSpace};
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation, Start};

/// Most direct calls between the lifted function and `_start`: the adapter's function, and wrappers
/// that wit-component adds.
const FARTHEST: usize = 3;

/// The message of the Go and TinyGo runtimes for an export called too early
/// (Go 1.24 `runtime/proc.go`, TinyGo 0.35 `runtime_wasmentry.go`).
const TOO_EARLY: &[u8] = b"wasmexport function called before runtime initialization";

/// The `_start` function that a `wasi:cli/run` export calls.
pub fn start_behind(
    effects: &Effects<'_, '_>,
    entry_point: &EntryPoint<'_>,
) -> Option<(CoreInstanceId, FuncIdx)> {
    if entry_point.name.interface() != Some("wasi:cli/run") {
        return None;
    }
    let world = effects.world();
    let mut level = vec![entry_point.call.as_ref()?.lifted.core];
    for _ in 0..FARTHEST {
        let mut next = Vec::new();
        for func in level {
            let CoreFunc::Defined(instance, func) = func else { continue };
            if is_start(world.module(instance), func) {
                return Some((instance, func));
            }
            let module = world.core_instances[instance].module;
            let calls = effects.summaries.get(module, func).map(|summary| &summary.calls);
            next.extend(calls.into_iter().flatten().map(|func| world.func(instance, *func)));
        }
        level = next;
    }
    None
}

fn is_start(module: &CoreModule<'_>, func: FuncIdx) -> bool {
    module.exported_func("_start") == Some(func) || module.debug_name(func) == Some("_start")
}

/// The modules whose data hold the message of a runtime that `main` has to start. Each is searched once, whatever its
/// number of exports.
#[derive(Debug)]
pub struct Complaints(IndexSpace<CoreModuleId, OnceLock<bool>>);

impl Complaints {
    /// Searches nothing yet.
    pub fn new(world: &Instantiation<'_>) -> Self {
        Complaints(world.component.core_modules.iter().map(|_| OnceLock::new()).collect())
    }

    fn holds(&self, module: &CoreModule<'_>) -> bool {
        let search = || module.data.iter().any(|(_, data)| contains(data.bytes, TOO_EARLY));
        *self.0[module.id].get_or_init(search)
    }
}

/// The module of the Go or TinyGo command that an entry point belongs to, if the export works only while `main` runs
/// and nothing runs it.
pub fn needs_running_main(
    world: &Instantiation<'_>,
    complaints: &Complaints,
    entry_point: &EntryPoint<'_>,
) -> Option<CoreModuleId> {
    let CoreFunc::Defined(instance, _) = entry_point.call.as_ref()?.lifted.core else {
        return None;
    };
    let module = world.module(instance);
    let start = module.exported_func("_start")?;
    let is_export_of_command = entry_point.name.interface() != Some("wasi:cli/run")
        && module.exported_func("_initialize").is_none();
    let started = |start_function: &Start| match start_function {
        Start::Core(func) => *func == CoreFunc::Defined(instance, start),
        Start::Component(_) => false,
    };
    let is_found =
        is_export_of_command && complaints.holds(module) && !world.starts.iter().any(started);
    is_found.then_some(module.id)
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
