//! Records which functions of the host are called, and what the host refuses. wasmtime's WASI opens a tracing span for
//! each call, with its interface and function as fields.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Metadata, span};

use crate::observation::HostCalls;
use crate::script::Guest;

/// How many calls are recorded by name.
const MOST: usize = 64;
/// How many stubbed functions are recorded in [`HostCalls::refused`].
const MOST_STUBS: usize = 16;
/// The span's name in bindings that wasmtime's `bindgen!` generates (wasmtime-internal-wit-bindgen 48).
const SPAN: &str = "wit-bindgen import";

thread_local! {
    static CALLS: RefCell<HostCalls> = RefCell::default();
    static PROVIDED: RefCell<BTreeSet<&'static str>> = RefCell::default();
    static TIMER: Cell<bool> = const { Cell::new(false) };
    static ENVIRONMENT: Cell<Environment> = const { Cell::new(Environment::Settled) };
}

/// Whether the guest read the environment, and whether it did so only to print a panic.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Environment {
    /// It was not read, or that is already in [`HostCalls::refused`].
    Settled,
    /// It was read, and all that followed were steps towards output.
    Asked,
    /// After that, something was written to standard error.
    ThenWrote,
}

/// Starts recording, in the whole process. What `guest` provides is not recorded as refused.
pub(crate) fn listen(guest: &Guest) {
    let provided = [
        ("arguments", !guest.arguments.is_empty()),
        ("environment", !guest.environment.is_empty()),
        ("stdin", guest.stdin.is_some()),
        ("files", guest.files.is_some()),
    ];
    let provided = provided.into_iter().filter(|(_, is_provided)| *is_provided);
    PROVIDED.set(provided.map(|(what, _)| what).collect());
    let _fails_only_if_set = tracing::subscriber::set_global_default(Listener);
}

/// Records a call of a function of WASI. The interface is named without its package: `streams`.
pub(super) fn note(interface: &str, function: &str) {
    record(|| format!("{interface}#{function}"));
    if starts_timer(interface, function) {
        TIMER.set(true);
    }
    if ENVIRONMENT.get() == Environment::Asked && !leads_to_output(interface, function) {
        ENVIRONMENT.set(Environment::Settled);
        refuse("environment");
    }
    if interface == "environment" && function == "get-environment" {
        let before = ENVIRONMENT.replace(Environment::Asked);
        // A panic reads it once: the guest read it before for another purpose.
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

/// Records a call of a stubbed function.
pub(super) fn note_stubbed(function: &str) {
    record(|| function.to_owned());
    CALLS.with_borrow_mut(|calls| {
        let stubs = calls.refused.iter().filter(|it| it.starts_with("import ")).count();
        if stubs < MOST_STUBS {
            calls.refused.insert(format!("import {function}"));
        }
    });
}

/// Records that the guest asked for something that the host does not have, unless the user provides it.
pub(super) fn refuse(what: &str) {
    if PROVIDED.with_borrow(|provided| provided.contains(what)) {
        return;
    }
    CALLS.with_borrow_mut(|calls| calls.refused.insert(what.to_owned()));
}

/// Records that something is written to standard error.
pub(super) fn note_error_output() {
    if ENVIRONMENT.get() == Environment::Asked {
        ENVIRONMENT.set(Environment::ThenWrote);
    }
}

/// Whether a wait that ends by itself began since [`begin_call`].
pub(super) fn has_timer() -> bool {
    TIMER.get()
}

fn starts_timer(interface: &str, function: &str) -> bool {
    interface == "monotonic-clock"
        && (function.starts_with("subscribe") || function.starts_with("wait"))
}

/// Clears all but what was refused.
pub(super) fn begin_call() {
    TIMER.set(false);
    let HostCalls { refused, .. } = take(&[]);
    CALLS.with_borrow_mut(|calls| calls.refused = refused);
}

/// Returns the calls since the last call of this function. `errors` is what was written to standard error.
pub(super) fn take(errors: &[u8]) -> HostCalls {
    let text = String::from_utf8_lossy(errors);
    // `env::var("X").unwrap()` panics with `NotPresent`.
    let panics = text.contains("panicked at") && !text.contains("NotPresent");
    match ENVIRONMENT.replace(Environment::Settled) {
        Environment::Settled => {}
        Environment::ThenWrote if panics => refuse("environment-at-panic"),
        Environment::Asked | Environment::ThenWrote => refuse("environment"),
    }
    CALLS.take()
}

/// How many calls there were since the last call of [`take`] or [`begin_call`].
pub(crate) fn count() -> u64 {
    CALLS.with_borrow(|calls| calls.count)
}

/// Returns the calls so far, for [`resume`].
pub(crate) fn suspend() -> HostCalls {
    take(&[])
}

/// Continues recording after these calls.
pub(crate) fn resume(calls: HostCalls) {
    CALLS.set(calls);
}

/// Records the name of a function that was called.
pub(super) fn record(function: impl FnOnce() -> String) {
    CALLS.with_borrow_mut(|calls| {
        calls.count += 1;
        if calls.first.len() < MOST {
            calls.first.push(function());
        }
    });
}

/// Whether a libc or an adapter calls this function on its way to standard error.
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
