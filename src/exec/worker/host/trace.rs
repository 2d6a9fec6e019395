//! Which functions of the host were called. wasmtime's WASI opens a tracing span for each call, with
//! its interface and function as fields; this listens to them and keeps the names.

use std::cell::RefCell;
use std::fmt;

use tracing::Metadata;
use tracing::field::Field;
use tracing::field::Visit;
use tracing::span;

use crate::observation::HostCalls;

/// So many calls are kept by name.
const MOST: usize = 64;
/// The span's name in bindings that wasmtime's `bindgen!` generates (wasmtime-internal-wit-bindgen 48).
const SPAN: &str = "wit-bindgen import";

thread_local! {
    static CALLS: RefCell<HostCalls> = RefCell::default();
}

/// Listens from now on, in the whole process.
pub(in crate::exec::worker) fn listen() {
    // A second call finds a listener; there is only this one.
    let _ = tracing::subscriber::set_global_default(Listener);
}

/// Notes a call.
pub(super) fn note(function: impl FnOnce() -> String) {
    CALLS.with_borrow_mut(|calls| {
        calls.count += 1;
        if calls.first.len() < MOST {
            calls.first.push(function());
        }
    });
}

/// The calls since the last call of this.
pub(super) fn take() -> HostCalls {
    CALLS.take()
}

struct Listener;

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.name() == SPAN
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        note(|| {
            let mut names = Names::default();
            span.record(&mut names);
            format!("{}#{}", names.module, names.function)
        });
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
