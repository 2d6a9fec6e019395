//! The instruction that stands at a byte of the file, as a runtime names it in a backtrace.

use wasmparser::{BinaryReader, FunctionBody, Operator};

use super::{Component, panics};
use crate::location::{Location, Span};
use crate::observation::End;

impl Component<'_> {
    /// Where a call ended, if it trapped; the component itself where no instruction is known. Where the guest gave
    /// up by itself, with a panic say, the call by which it did.
    pub fn place_of(&self, end: &End) -> Location {
        self.frames_of(end).into_iter().next().unwrap_or_default()
    }

    /// Where the calls stood that led to where a call trapped, innermost first.
    pub fn callers_of(&self, end: &End) -> Vec<Location> {
        let mut frames = self.frames_of(end);
        frames.drain(..frames.len().min(1));
        frames
    }

    /// Where a call trapped and where the calls stood that led there, innermost first.
    fn frames_of(&self, end: &End) -> Vec<Location> {
        let End::Trapped(trap) = end else { return Vec::new() };
        let innermost = trap.frames.first().and_then(|frame| frame.offset).and_then(|offset| {
            let is_unreachable = trap.message == "unreachable";
            let place = is_unreachable.then(|| self.unreachable_at(offset)).flatten();
            place.or_else(|| self.instruction_at(offset))
        });
        let callers = trap.frames.iter().skip(1);
        let callers = callers.filter_map(|frame| self.instruction_at(frame.offset?));
        let mut frames: Vec<_> =
            std::iter::once(innermost.unwrap_or_default()).chain(callers).collect();
        frames.drain(..panics::below_panic(&frames));
        frames
    }

    /// The instruction at `offset`, in bytes of the file; `None` where no function body is.
    pub fn instruction_at(&self, offset: u64) -> Option<Location> {
        self.found(offset, |_| true)
    }

    /// The `unreachable` at `offset`, or the next one in the same body: an engine may name the
    /// branch that leads to it.
    pub fn unreachable_at(&self, offset: u64) -> Option<Location> {
        self.found(offset, |op| matches!(op, Operator::Unreachable))
    }

    fn found(&self, offset: u64, wanted: impl Fn(&Operator<'_>) -> bool) -> Option<Location> {
        let at = usize::try_from(offset).ok()?;
        let (module, func, body) = self.core_modules.iter().find_map(|(_, module)| {
            let span = module.span;
            (span.start..span.end).contains(&offset).then_some(())?;
            let (func, body) = module.functions.iter().find_map(|(func, function)| {
                Some((func, function.body.clone().filter(|body| body.contains(&at))?))
            })?;
            Some((module, func, body))
        })?;
        let path = module.path_of(func);
        let bytes = self.file.get(body.clone())?;
        let body = FunctionBody::new(BinaryReader::new(bytes, body.start as u64));
        let mut operators = body.get_operators_reader().ok()?;
        while !operators.eof() {
            let start = operators.original_position();
            let operator = operators.read().ok()?;
            let span = Span::new(start, operators.original_position());
            if span.end > offset && wanted(&operator) {
                return Some(Location { path, span });
            }
        }
        None
    }
}
