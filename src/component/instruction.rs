//! The instruction at a byte of the file, as a runtime names it in a backtrace.

use wasmparser::{BinaryReader, FunctionBody, Operator};

use super::Component;
use crate::location::{Location, Span};

impl Component<'_> {
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
