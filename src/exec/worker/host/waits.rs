//! The waits of `wasi:clocks/monotonic-clock@0.3`, which a schedule may hold back. Replaces wasmtime-wasi's.

use std::time::Duration;

use futures::FutureExt;
use wasmtime::component::{Accessor, Linker};

use super::held_back::until_released;
use super::imports::names::of_host;
use super::{Host, trace};

const INTERFACE: &str = "monotonic-clock";

/// Replaces the waits in a linker, which has to allow shadowing.
pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    let mut clock = linker.instance(&of_host("wasi:clocks/monotonic-clock@0.3.0"))?;
    clock.func_wrap_concurrent("wait-for", |accessor, (nanoseconds,): (u64,)| {
        trace::note(INTERFACE, "wait-for");
        Box::pin(wait(accessor, "wait-for", nanoseconds))
    })?;
    clock.func_wrap_concurrent("wait-until", |accessor, (when,): (u64,)| {
        trace::note(INTERFACE, "wait-until");
        let now = accessor.with(|mut access| access.get().clock.now());
        Box::pin(wait(accessor, "wait-until", when.saturating_sub(now)))
    })
}

async fn wait(accessor: &Accessor<Host>, function: &str, nanoseconds: u64) -> wasmtime::Result<()> {
    if nanoseconds == 0 {
        return Ok(());
    }
    let end = tokio::time::Instant::now() + Duration::from_nanos(nanoseconds);
    if until_released(accessor, &format!("{INTERFACE}#{function}")).await {
        // It was not held back too long, or it is late, as any timer may be.
        let left = end.saturating_duration_since(tokio::time::Instant::now());
        let _advanced = tokio::time::advance(left).now_or_never();
    } else {
        tokio::time::sleep_until(end).await;
    }
    Ok(())
}
