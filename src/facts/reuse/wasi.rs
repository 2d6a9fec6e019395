//! Facts about preview1 adapters and the C library.

use rustc_hash::FxHashSet;

use super::bump::allocator;
use super::found::{Found, Kind};
use super::subject::Subject;
use crate::component::core_module::Extern;
use crate::component::index_space::{CoreModuleId, FuncIdx};
use crate::facts::body::{Bodies, Op};
use crate::facts::instantiation::{CoreFunc, Instantiation};
use crate::facts::provenance::{Flavor, Provenance};

/// Functions of adapters that [`find`] looks for.
const ADAPTER_FUNCTIONS: [&str; 3] = ["fd_close", "path_open", "proc_exit"];

pub(super) fn find(subject: &Subject<'_, '_, '_>, found: &mut Found) {
    let world = subject.world();
    let Subject { bodies, calls, entry_points, provenance, .. } = subject;
    for adapter in &provenance.adapters {
        let function =
            |name: &str| world.component.core_modules[adapter.module].exported_func(name);
        let reaching = |name: &str| {
            let func = function(name);
            let is_it = move |it: &CoreFunc| match it {
                CoreFunc::Defined(instance, it) => {
                    Some(*it) == func && world.core_instances[*instance].module == adapter.module
                }
                _ => false,
            };
            calls.known().filter(move |(_, call)| call.body.iter().any(is_it)).map(|(at, _)| at)
        };
        if adapter.flavor == Flavor::Proxy {
            for at in reaching("proc_exit") {
                found.of_export(Kind::AdapterExitTraps, at, []);
            }
        }
        if !calls.unbounded && reaching("fd_close").next().is_none() {
            for at in reaching("path_open") {
                found.of_export(Kind::FilesNeverClosed, at, []);
            }
        }
        arena(subject, adapter.module, found);
    }
    for (at, call) in calls.known() {
        // A program's entry point ends with them.
        let is_run = entry_points[at].name.interface() == Some("wasi:cli/run");
        if !is_run && call.body.iter().any(|func| runs_exit_handlers(world, bodies, *func)) {
            found.of_export(Kind::ExitHandlersRun, at, []);
        }
    }
}

/// The functions that [`find`] looks for in calls.
pub(super) fn wanted(world: &Instantiation<'_>, provenance: &Provenance) -> FxHashSet<CoreFunc> {
    let mut wanted = FxHashSet::default();
    for (id, instance) in world.core_instances.iter() {
        let module = &world.component.core_modules[instance.module];
        if provenance.adapters.iter().any(|adapter| adapter.module == instance.module) {
            let funcs = ADAPTER_FUNCTIONS.iter().filter_map(|name| module.exported_func(name));
            wanted.extend(funcs.map(|func| CoreFunc::Defined(id, func)));
        } else {
            let funcs = module.functions.iter().map(|(func, _)| CoreFunc::Defined(id, func));
            wanted.extend(funcs.filter(|func| is_end(world, *func)));
        }
    }
    wanted
}

/// The function that wasm-ld lets the end of a call run: it calls destructors and handlers of `atexit`.
fn is_end(world: &Instantiation<'_>, func: CoreFunc) -> bool {
    let CoreFunc::Defined(instance, func) = func else { return false };
    world.module(instance).func_name(func) == Some("__wasm_call_dtors")
}

/// Whether it is that function, and does something: without any handler, it calls empty functions (wasi-libc, `dummy` in
/// `libc-top-half/musl/src/exit/exit.c`).
fn runs_exit_handlers(world: &Instantiation<'_>, bodies: &Bodies<'_>, func: CoreFunc) -> bool {
    let CoreFunc::Defined(instance, index) = func else { return false };
    let module = world.module(instance).id;
    let is_empty = |callee: FuncIdx| {
        let body = bodies.get(module, callee);
        body.is_some_and(|body| body.code.iter().all(|op| matches!(op, Op::End)))
    };
    let does_something = |op: &Op| match op {
        Op::Call(callee) => !is_empty(*callee),
        Op::End => false,
        _ => true,
    };
    is_end(world, func)
        && bodies.get(module, index).is_none_or(|body| body.code.iter().any(does_something))
}

/// An adapter gets its state from the allocator of the main module, once (wasmtime,
/// `crates/wasi-preview1-component-adapter/src/lib.rs`, `State::new`), and keeps it.
fn arena(subject: &Subject<'_, '_, '_>, adapter: CoreModuleId, found: &mut Found) {
    let (world, called) = (subject.world(), subject.calls.called());
    let instances = world.core_instances.iter().filter(|(_, it)| it.module == adapter);
    for (id, _) in instances {
        let imports = world.component.core_modules[adapter].imports.iter();
        let of_main = imports.filter(|it| it.module == "__main_module__" && it.field != "_start");
        let functions = of_main.filter_map(|it| match it.item {
            Extern::Func(func) => Some(world.func(id, func)),
            _ => None,
        });
        let mut bumps = functions.filter_map(|func| allocator(world, subject.bodies, func, called));
        if bumps.any(|bump| !bump.resets.is_empty()) {
            found.of_component(Kind::AdapterInArena, []);
        }
    }
}
