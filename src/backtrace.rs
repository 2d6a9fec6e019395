//! Where a call trapped, as locations in the component: the offsets of a runtime's backtrace, resolved.
//! Judges nothing.

use std::iter;

use crate::component::Component;
use crate::location::Location;
use crate::observation::End;
use crate::panics;

/// Where a call trapped, and the calls that led there.
#[derive(Debug, Default)]
pub(crate) struct Backtrace {
    /// The trapping instruction, or the call by which the guest gave up (a panic, for example). The component itself
    /// if the instruction is unknown or the call did not trap.
    pub(crate) location: Location,
    /// The calls that led to `location`, innermost first.
    pub(crate) callers: Vec<Location>,
}

impl Backtrace {
    /// Resolves the backtrace of a call that ended with `end`.
    pub(crate) fn of(component: &Component<'_>, end: &End) -> Self {
        let End::Trapped(trap) = end else { return Backtrace::default() };
        let innermost = trap.frames.first().and_then(|frame| frame.offset).and_then(|offset| {
            let is_unreachable = trap.message == "unreachable";
            let unreachable = is_unreachable.then(|| component.unreachable_at(offset)).flatten();
            unreachable.or_else(|| component.instruction_at(offset))
        });
        let callers = trap.frames.iter().skip(1);
        let callers = callers.filter_map(|frame| component.instruction_at(frame.offset?));
        let frames: Vec<_> = iter::once(innermost.unwrap_or_default()).chain(callers).collect();
        let mut frames = frames.iter().skip(panics::below_panic(&frames)).cloned();
        Backtrace { location: frames.next().unwrap_or_default(), callers: frames.collect() }
    }
}
