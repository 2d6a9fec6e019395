//! Calls of async functions, which continue for a while after their answer.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};

use wasmtime::component::{Accessor, Func, ResourceAny, ResourceType, Val};
use wasmtime_wasi_http::p3;

use super::budget::LONGEST_WAIT;
use super::ending::HeldBack;
use super::host::Host;
use super::printed;
use super::requests::{self, Read};

/// How often the event loop runs after an async call, so that effects after the answer show.
const SETTLE: u32 = 64;

/// What a call returned.
pub(super) enum Answer {
    Values(Vec<Val>),
    Response(Read),
}

impl Answer {
    pub(super) fn into_text(self) -> Vec<u8> {
        match self {
            Answer::Values(values) => printed::values(&values).into_bytes(),
            Answer::Response(read) => read.into_text(),
        }
    }
}

/// Waits until the instance accepts a call. Its backpressure may hold calls back for ever.
pub(super) async fn accepted(accessor: &Accessor<Host>, function: Func) -> wasmtime::Result<()> {
    let ready = poll_fn(|context| accessor.poll_ready_for_concurrent_call(function, context));
    tokio::time::timeout(LONGEST_WAIT / 2, ready).await.map_err(|_| HeldBack.into())
}

/// Calls a function and lets it run for a while after its answer, which is stored in `answered`. `number` is that of the
/// call, of those that run at the same time.
pub(super) async fn concurrent(
    accessor: &Accessor<Host>,
    function: Func,
    (arguments, number): (Vec<Val>, usize),
    results: usize,
    answered: &Mutex<Option<Answer>>,
) -> wasmtime::Result<()> {
    let mut returned = vec![Val::Bool(false); results];
    let running = accessor.with(|mut access| {
        let running = function.start_call_concurrent(&mut access, &arguments, &mut returned)?;
        access.get().gate.started(running.task(), number);
        wasmtime::error::Ok(running)
    })?;
    function.finish_call_concurrent(accessor, running).await?;
    let answer = match returned.as_slice() {
        [Val::Result(Ok(Some(value)))] if let Some(response) = response(value) => {
            Answer::Response(requests::read_returned(accessor, response).await?)
        }
        _ => Answer::Values(returned),
    };
    *answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
    settle().await;
    Ok(())
}

/// The response that a `wasi:http/handler` returned.
fn response(value: &Val) -> Option<ResourceAny> {
    let Val::Resource(resource) = value else { return None };
    (resource.ty() == ResourceType::host::<p3::Response>()).then_some(*resource)
}

/// Lets other tasks run for a while.
async fn settle() {
    for _ in 0..SETTLE {
        tokio::task::yield_now().await;
    }
}
