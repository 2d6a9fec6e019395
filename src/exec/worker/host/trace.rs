//! Which functions of the host were called. wasmtime's WASI opens a tracing span for each call, with
//! its interface and function as fields; this listens to them and keeps the names, and what of it the
//! host refuses.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Metadata, span};

use crate::observation::HostCalls;
use crate::script::Guest;

/// So many calls are kept by name.
const MOST: usize = 64;
/// So many stubbed functions are kept in [`HostCalls::refused`].
const MOST_STUBS: usize = 16;
/// The span's name in bindings that wasmtime's `bindgen!` generates (wasmtime-internal-wit-bindgen 48).
const SPAN: &str = "wit-bindgen import";

thread_local! {
    static CALLS: RefCell<HostCalls> = RefCell::default();
    static GIVEN: RefCell<BTreeSet<&'static str>> = RefCell::default();
    static TIMER: Cell<bool> = const { Cell::new(false) };
    static ENVIRONMENT: Cell<Environment> = const { Cell::new(Environment::Judged) };
}

/// Whether the environment was asked for, for the guest's own sake or to find out how to print a panic.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Environment {
    /// It was not asked for, or is in [`HostCalls::refused`].
    Judged,
    /// It was asked for, and nothing has happened since but steps towards output.
    Asked,
    /// Then something was written to standard error.
    ThenWrote,
}

/// Listens from now on, in the whole process. What `guest` holds is not noted as refused.
pub(in crate::exec::worker) fn listen(guest: &Guest) {
    let given = [
        ("arguments", !guest.arguments.is_empty()),
        ("environment", !guest.environment.is_empty()),
        ("stdin", guest.stdin.is_some()),
        ("files", guest.files.is_some()),
    ];
    let given = given.into_iter().filter(|(_, is_given)| *is_given).map(|(what, _)| what);
    GIVEN.set(given.collect());
    // A second call finds a listener; there is only this one.
    let _ = tracing::subscriber::set_global_default(Listener);
}

/// Notes a call of a function of WASI. The interface is named without its package: `streams`.
pub(super) fn note(interface: &str, function: &str) {
    keep(|| format!("{interface}#{function}"));
    if starts_timer(interface, function) {
        TIMER.set(true);
    }
    if ENVIRONMENT.get() == Environment::Asked && !leads_to_output(interface, function) {
        ENVIRONMENT.set(Environment::Judged);
        refuse("environment");
    }
    if interface == "environment" && function == "get-environment" {
        let before = ENVIRONMENT.replace(Environment::Asked);
        // A panic asks once: what was asked before was for the guest's own sake.
        if before == Environment::Asked {
            refuse("environment");
        }
    }
    match (interface, function) {
        ("environment", "get-arguments") => refuse("arguments"),
        ("outgoing-handler" | "client" | "ip-name-lookup", _) => refuse("network"),
        _ if function.contains("tcp-socket") || function.contains("udp-socket") => {
            refuse("network");
        }
        _ => {}
    }
}

/// Notes a call of a stubbed function.
pub(super) fn note_stubbed(function: &str) {
    keep(|| function.to_owned());
    CALLS.with_borrow_mut(|calls| {
        let stubs = calls.refused.iter().filter(|it| it.starts_with("import ")).count();
        if stubs < MOST_STUBS {
            calls.refused.insert(format!("import {function}"));
        }
    });
}

/// Notes that the guest asked for something that the host does not have, unless the author gave it.
pub(super) fn refuse(what: &str) {
    if GIVEN.with_borrow(|given| given.contains(what)) {
        return;
    }
    CALLS.with_borrow_mut(|calls| calls.refused.insert(what.to_owned()));
}

/// Notes that something is written to standard error.
pub(super) fn note_error_output() {
    if ENVIRONMENT.get() == Environment::Asked {
        ENVIRONMENT.set(Environment::ThenWrote);
    }
}

/// Whether a wait was begun since the last call of [`begin_call`] that ends by itself.
pub(super) fn has_timer() -> bool {
    TIMER.get()
}

fn starts_timer(interface: &str, function: &str) -> bool {
    interface == "monotonic-clock"
        && (function.starts_with("subscribe") || function.starts_with("wait"))
}

/// Forgets all calls but what was refused.
pub(super) fn begin_call() {
    TIMER.set(false);
    let HostCalls { refused, .. } = take(&[]);
    CALLS.with_borrow_mut(|calls| calls.refused = refused);
}

/// The calls since the last call of this, after which `errors` had been written to standard error.
pub(super) fn take(errors: &[u8]) -> HostCalls {
    let text = String::from_utf8_lossy(errors);
    // `env::var("X").unwrap()` panics with `NotPresent`.
    let panics = text.contains("panicked at") && !text.contains("NotPresent");
    match ENVIRONMENT.replace(Environment::Judged) {
        Environment::Judged => {}
        Environment::ThenWrote if panics => refuse("environment-at-panic"),
        Environment::Asked | Environment::ThenWrote => refuse("environment"),
    }
    CALLS.take()
}

/// The calls so far, to be put back with [`put_back`] when what is done aside is done.
pub(in crate::exec::worker) fn set_aside() -> HostCalls {
    take(&[])
}

/// Goes on with these calls.
pub(in crate::exec::worker) fn put_back(calls: HostCalls) {
    CALLS.set(calls);
}

/// Keeps the name of a function that was called.
pub(super) fn keep(function: impl FnOnce() -> String) {
    CALLS.with_borrow_mut(|calls| {
        calls.count += 1;
        if calls.first.len() < MOST {
            calls.first.push(function());
        }
    });
}

/// Whether a function is one that a libc or an adapter calls on its way to standard error.
fn leads_to_output(interface: &str, function: &str) -> bool {
    match interface {
        "stdin" | "stdout" | "stderr" | "preopens" => true,
        "terminal-stdin" | "terminal-stdout" | "terminal-stderr" => true,
        "streams" => function.contains("output-stream."),
        "environment" => function == "get-environment",
        _ => matches!(function, "[method]descriptor.get-type" | "[method]descriptor.get-flags"),
    }
}

struct Listener;

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == SPAN
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut names = Names::default();
        span.record(&mut names);
        note(&names.module, &names.function);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Names {
    module: String,
    function: String,
}

impl Visit for Names {
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "module" => value.clone_into(&mut self.module),
            "function" => value.clone_into(&mut self.function),
            _ => {}
        }
    }
}
