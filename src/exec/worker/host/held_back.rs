//! Holds back the end of an asynchronous function of the host.

use wasmtime::AsContextMut;
use wasmtime::component::Accessor;

use super::Host;

/// Waits until the function `what` may end, for the task that calls it. Returns whether it was held back.
pub(super) async fn until_released(accessor: &Accessor<Host>, what: &str) -> bool {
    let pass = accessor.with(|mut access| {
        let mut store = access.as_context_mut();
        let gate = store.data().gate.clone();
        if !gate.is_closed() {
            return None;
        }
        let stack: Vec<_> = store.async_call_stack().into_iter().flatten().collect();
        Some(gate.pass(gate.call_of(stack), what))
    });
    let is_held = pass.is_some();
    if let Some(pass) = pass {
        pass.await;
    }
    is_held
}
