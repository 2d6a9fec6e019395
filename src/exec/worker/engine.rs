//! The engine, configured to compile fast, to run the same everywhere, and to stop guests that do not end.

use std::thread;
use std::time::Duration;

use wasmtime::{Config, Engine, OptLevel, RegallocAlgorithm, Strategy, WasmBacktraceDetails};

/// Stack of a guest, in bytes. Baseline code needs more than optimized code.
const STACK: usize = 2 << 20;
/// Stack of a fiber, in bytes: the guest's, and the host's on top of it.
const FIBER: usize = 4 << 20;

/// How often the guest's time is checked.
const TICK: Duration = Duration::from_millis(10);

/// A linter runs code for milliseconds, so the baseline compiler (Winch) pays off. It does not support every proposal and
/// every machine; then the optimizing one (Cranelift) compiles.
pub(super) fn engine(optimizing: bool) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config.strategy(if optimizing { Strategy::Cranelift } else { Strategy::Winch });
    // Beside Winch, Cranelift compiles the trampolines between guest and host.
    config
        .cranelift_opt_level(OptLevel::None)
        .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        .async_stack_size(FIBER)
        .wasm_backtrace_details(WasmBacktraceDetails::Disable)
        .wasm_component_model_async(true)
        .wasm_component_model_more_async_builtins(true)
        .wasm_component_model_async_stackful(true)
        .wasm_component_model_threading(true)
        .wasm_component_model_error_context(true)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_map(true)
        .wasm_memory64(true);
    Engine::new(&config)
}

/// Advances the engine's epoch by the clock while the engine exists.
pub(super) fn tick(engine: &Engine) {
    let engine = engine.weak();
    thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    });
}
