//! How a call ended, from what the engine says.

use std::fmt;

use wasmtime::{FrameInfo, Trap as EngineTrap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use super::budget::Stop;
use super::host::Left;
use super::host::imports::Unfillable;
use super::host::limits::Reached;
use super::step::Step;
use crate::composition::{Composition, Origin};
use crate::observation::{End, Frame, Inconclusive, Limit, Trap};

/// Frames of a backtrace that are kept.
const FRAMES: usize = 32;
/// Characters of a trap's words that are kept.
const WORDS: usize = 300;

/// The error of a call that an instance never lets in.
#[derive(Debug)]
pub(super) struct HeldBack;

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instance keeps its backpressure")
    }
}

impl std::error::Error for HeldBack {}

/// How a call ended that did not return. `composition` is what runs, where components are plugged in.
pub(super) fn end(
    stop: Stop,
    left: &Left,
    composition: Option<&Composition>,
) -> Result<End, Inconclusive> {
    let error = match stop {
        Stop::Inconclusive(inconclusive) => return Err(inconclusive),
        Stop::Late => return Err(late()),
        // It waits for a time that is too far away.
        Stop::Idle if left.timer => {
            return Ok(End::Exhausted(Limit::Time));
        }
        Stop::Idle => {
            let words = "deadlock: nothing it waits for can happen";
            return Ok(trapped(words, None, composition));
        }
        Stop::Error(error) => error,
    };
    let end = of_error(&error, left, composition)?;
    match (error.downcast_ref::<Step>(), end) {
        (Some(Step::Maker(function)), end) if !matches!(end, End::Exhausted(_)) => {
            let how = words(&end);
            let detail =
                format!("an argument is a resource that cannot be made: `{function}`: {how}");
            Err(Inconclusive { reason: "resource-argument".to_owned(), detail })
        }
        (Some(Step::Destructor(resource)), End::Trapped(trap)) => {
            Ok(End::Trapped(Trap { destructor: Some(resource.clone()), ..trap }))
        }
        (_, end) => Ok(end),
    }
}

/// How something ended by an error.
fn of_error(
    error: &wasmtime::Error,
    left: &Left,
    composition: Option<&Composition>,
) -> Result<End, Inconclusive> {
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return Ok(End::Exited(exit.0));
    }
    if let Some(Unfillable(what)) = error.downcast_ref::<Unfillable>() {
        let detail = format!("an import returns a {what}, which cannot be made up");
        return Err(Inconclusive { reason: "missing-import".to_owned(), detail });
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
    let words = format!("{:#}", error.root_cause());
    if words.contains("handle limit exceeded") || words.contains("resource table has no free keys")
    {
        return Ok(End::Exhausted(Limit::Handles));
    }
    // What wasmtime lets a host copy in one call: Store::set_hostcall_fuel, 128 MiB.
    if words.contains("too much data is being copied") {
        return Ok(End::Exhausted(Limit::Copied));
    }
    if let Some(limit) = left.limit {
        return Ok(End::Exhausted(limit));
    }
    let words = match trap {
        Some(EngineTrap::UnreachableCodeReached) => "unreachable".to_owned(),
        Some(trap) => trap.to_string(),
        None => words,
    };
    Ok(trapped(&words, error.downcast_ref::<WasmBacktrace>(), composition))
}

/// Time by the clock depends on the machine: it says nothing of the component.
fn late() -> Inconclusive {
    let detail = "a call took too long by the clock, for the operators it executed".to_owned();
    Inconclusive { reason: "budget".to_owned(), detail }
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

/// Whether a call that reached this limit cannot count as having returned. That a guest got no more
/// memory or table elements and went on is its own business.
pub(super) fn is_fatal(limit: Limit) -> bool {
    !matches!(limit, Limit::Memory | Limit::Table)
}

fn trapped(
    words: &str,
    backtrace: Option<&WasmBacktrace>,
    composition: Option<&Composition>,
) -> End {
    let words = words.strip_prefix("wasm trap: ").unwrap_or(words);
    let mut message: String = words.chars().take(WORDS).collect();
    let frames = backtrace.map(WasmBacktrace::frames).unwrap_or_default();
    let frames = frames.iter().take(FRAMES).map(|frame| place(frame, composition));
    let places: Vec<_> = frames.collect();
    if let Some(Place { plugged_in: Some(import), frame }) = places.first() {
        let function = frame.function.as_deref().unwrap_or("a function");
        message.push_str(&format!(" in `{function}` of what is plugged in for `{import}`"));
    }
    let frames = places.into_iter().map(Place::into_frame).collect();
    End::Trapped(Trap { message, frames, destructor: None })
}

/// Where a frame of the engine's lies.
struct Place<'c> {
    frame: Frame,
    /// The import for which the component is plugged in that the frame is of.
    plugged_in: Option<&'c str>,
}

impl Place<'_> {
    /// The frame. One of a plugged-in component is named with the import.
    fn into_frame(self) -> Frame {
        let Some(import) = self.plugged_in else { return self.frame };
        let function = self.frame.function.unwrap_or_default();
        Frame { offset: None, function: Some(format!("{import} {function}").trim_end().to_owned()) }
    }
}

/// Whether a frame is of the code by which the engine leads calls from one component to another: it is in no file.
fn is_adapter(frame: &FrameInfo) -> bool {
    let module = frame.module();
    module.imports().any(|it| it.module() == "callee")
        && module.exports().all(|it| it.name().starts_with("adapter"))
}

fn place<'c>(frame: &FrameInfo, composition: Option<&'c Composition>) -> Place<'c> {
    let offset = frame.module_offset().filter(|_| !is_adapter(frame)).map(|offset| offset as u64);
    let function = frame.func_name().map(str::to_owned);
    let origin = composition.zip(offset).map(|(composition, at)| composition.origin(at));
    let (offset, plugged_in) = match origin {
        None => (offset, None),
        Some(Origin::Component(at)) => (Some(at), None),
        Some(Origin::Plugged(import)) => (None, Some(import)),
        Some(Origin::Elsewhere) => (None, None),
    };
    Place { frame: Frame { offset, function }, plugged_in }
}
