//! How a call ended, from what the engine reports.

use std::fmt;

use wasmtime::{FrameInfo, Trap as EngineTrap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use super::budget::Stop;
use super::host::Recorded;
use super::host::imports::Unstubbable;
use super::host::limits::Reached;
use super::step::Step;
use crate::composition::{Composition, Origin};
use crate::observation::{End, Frame, Inconclusive, Limit, Trap};

/// Frames of a backtrace that are kept.
const FRAMES: usize = 32;
/// Characters of a trap's message that are kept.
const MESSAGE: usize = 300;

/// The error of a call that the instance never accepts.
#[derive(Debug)]
pub(super) struct HeldBack;

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instance keeps its backpressure")
    }
}

impl std::error::Error for HeldBack {}

/// How a call ended that did not return. `composition` is what runs, if components are plugged in.
pub(super) fn end(
    stop: Stop,
    recorded: &Recorded,
    composition: Option<&Composition>,
) -> Result<End, Inconclusive> {
    let error = match stop {
        Stop::Inconclusive(inconclusive) => return Err(inconclusive),
        Stop::Late => return Err(late()),
        // It waits for a time that is too far away.
        Stop::Idle if recorded.timer => return Ok(End::Exhausted(Limit::Time)),
        Stop::Idle => {
            let message = "deadlock: nothing it waits for can happen";
            return Ok(trapped(message, None, composition));
        }
        Stop::Error(error) => error,
    };
    let end = of_error(&error, recorded, composition)?;
    match (error.downcast_ref::<Step>(), end) {
        (Some(Step::Maker(function)), end) if !matches!(end, End::Exhausted(_)) => {
            let how = words(&end);
            let detail =
                format!("an argument is a resource that cannot be created: `{function}`: {how}");
            Err(Inconclusive::new("resource-argument", detail))
        }
        (Some(Step::Destructor(resource)), End::Trapped(trap)) => {
            Ok(End::Trapped(Trap { destructor: Some(resource.clone()), ..trap }))
        }
        (_, end) => Ok(end),
    }
}

fn of_error(
    error: &wasmtime::Error,
    recorded: &Recorded,
    composition: Option<&Composition>,
) -> Result<End, Inconclusive> {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Ok(End::Exited(exit.0));
    }
    if let Some(unstubbable) = error.downcast_ref::<Unstubbable>() {
        return Err(Inconclusive::new("missing-import", unstubbable.to_string()));
    }
    if error.is::<HeldBack>() {
        return Ok(End::HeldBack);
    }
    match error.downcast_ref::<Reached>() {
        Some(Reached(Limit::Time)) => return Err(late()),
        Some(Reached(limit)) => return Ok(End::Exhausted(*limit)),
        None => {}
    }
    let trap = error.downcast_ref::<EngineTrap>();
    if trap == Some(&EngineTrap::OutOfFuel) {
        return Ok(End::Exhausted(Limit::Time));
    }
    let message = format!("{:#}", error.root_cause());
    let says = |words: &str| message.contains(words);
    if !recorded.asks && (says("handle limit exceeded") || says("resource table has no free keys"))
    {
        return Ok(End::Exhausted(Limit::Handles));
    }
    // What wasmtime lets a host copy in one call: Store::set_hostcall_fuel, 128 MiB.
    if says("too much data is being copied") {
        return Ok(End::Exhausted(Limit::Copied));
    }
    if let Some(limit) = recorded.limit {
        return Ok(End::Exhausted(limit));
    }
    let message = match trap {
        Some(EngineTrap::UnreachableCodeReached) => "unreachable".to_owned(),
        Some(trap) => trap.to_string(),
        None => message,
    };
    Ok(trapped(&message, error.downcast_ref::<WasmBacktrace>(), composition))
}

/// Time depends on the machine and says nothing about the component.
fn late() -> Inconclusive {
    Inconclusive::new("budget", LATE)
}

/// What is said of a call that reached its limit of time, whatever the limit was measured in.
const LATE: &str = "a call reaches its limit of time";

/// Whether a call was stopped because of time.
pub(super) fn is_late(why: &Inconclusive) -> bool {
    why.detail == LATE
}

/// An end in a few words.
pub(super) fn words(end: &End) -> String {
    match end {
        End::Returned => "ok".to_owned(),
        End::Trapped(trap) => format!("trap ({})", trap.message),
        End::Exited(status) => format!("exit ({status})"),
        End::Unanswered => "no answer".to_owned(),
        End::HeldBack => "held back".to_owned(),
        End::Exhausted(limit) => format!("limit reached ({limit:?})").to_lowercase(),
    }
}

/// Whether a call that reached this limit did not return. A guest that is refused memory or table elements may continue.
pub(super) fn is_fatal(limit: Limit) -> bool {
    !matches!(limit, Limit::Memory | Limit::Table)
}

fn trapped(
    message: &str,
    backtrace: Option<&WasmBacktrace>,
    composition: Option<&Composition>,
) -> End {
    let message = message.strip_prefix("wasm trap: ").unwrap_or(message);
    let mut message: String = message.chars().take(MESSAGE).collect();
    let frames = backtrace.map(WasmBacktrace::frames).unwrap_or_default();
    let frames = frames.iter().take(FRAMES).map(|frame| resolve(frame, composition));
    let mut frames: Vec<_> = frames.collect();
    if let Some((frame, Some(import))) = frames.first() {
        let function = frame.function.as_deref().unwrap_or("a function");
        message.push_str(&format!(" in `{function}` of what is plugged in for `{import}`"));
    }
    for (frame, import) in &mut frames {
        if let Some(import) = import {
            let function = frame.function.take().unwrap_or_default();
            frame.function = Some(format!("{import} {function}").trim_end().to_owned());
        }
    }
    let frames = frames.into_iter().map(|(frame, _)| frame).collect();
    End::Trapped(Trap { message, frames, destructor: None })
}

/// A frame of the component, and the import for which its component is plugged in, if it is one of those.
fn resolve<'c>(
    frame: &FrameInfo,
    composition: Option<&'c Composition>,
) -> (Frame, Option<&'c str>) {
    let offset = frame.module_offset().filter(|_| !is_adapter(frame)).map(|offset| offset as u64);
    let function = frame.func_name().map(str::to_owned);
    let origin = composition.zip(offset).map(|(composition, at)| composition.origin(at));
    let (offset, import) = match origin {
        None => (offset, None),
        Some(Origin::Component(at)) => (Some(at), None),
        Some(Origin::Plugged(import)) => (None, Some(import)),
        Some(Origin::Elsewhere) => (None, None),
    };
    (Frame { offset, function }, import)
}

/// Whether a frame is of the code that the engine generates for calls between components, which is in no file.
fn is_adapter(frame: &FrameInfo) -> bool {
    let module = frame.module();
    module.imports().any(|it| it.module() == "callee")
        && module.exports().all(|it| it.name().starts_with("adapter"))
}
