//! The report of a check that is written as inputs are done, line by line.

use std::io::{self, Write};
use std::ops::ControlFlow;

use super::exit_code::ExitCode;
use super::last_report;
use super::output::document;
use super::pipe::Pipe;
use crate::check::settle::Outcome;
use crate::report::document::Document;
use crate::report::ndjson::Lines;

/// Most inputs of a report that is kept for later commands.
const MOST_KEPT: usize = 1000;

/// A report that is being written.
pub(super) struct Stream<'o, 'p> {
    out: &'o mut Pipe<'p>,
    lines: Lines,
    /// The first error of `out`.
    written: io::Result<()>,
    /// Whether the report is kept for later commands; not if it becomes too long.
    is_kept: bool,
    /// The report so far, if it is kept.
    so_far: Option<Document>,
    code: ExitCode,
    exit_zero: bool,
}

impl<'o, 'p> Stream<'o, 'p> {
    /// A report to `out`, kept for later commands if `is_kept`. `exit_zero` ignores findings in its exit code.
    pub(super) fn new(out: &'o mut Pipe<'p>, is_kept: bool, exit_zero: bool) -> Self {
        let (lines, written, code) = (Lines::default(), Ok(()), ExitCode::Clean);
        Stream { out, lines, written, is_kept, so_far: None, code, exit_zero }
    }

    /// Writes what was found in the next inputs. Breaks if nobody reads any more.
    pub(super) fn add(&mut self, outcome: &Outcome) -> ControlFlow<()> {
        self.code = self.code.with(ExitCode::of(outcome, self.exit_zero));
        let part = document(&outcome.run);
        if self.written.is_ok() {
            let written = self.lines.add(&part, self.out);
            self.written = written.and_then(|()| self.out.flush());
        }
        let so_far = self.so_far.take();
        self.is_kept &= so_far.as_ref().is_none_or(|it| it.artifacts.len() < MOST_KEPT);
        if self.is_kept {
            self.so_far = Some(match so_far {
                Some(so_far) => so_far.followed_by(part),
                None => part,
            });
        }
        match self.written.is_err() || self.out.closed {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// Writes the end, and keeps the report.
    ///
    /// # Errors
    /// If the report could not be written.
    pub(super) fn end(self) -> Result<ExitCode, String> {
        let Stream { out, lines, written, so_far, code, .. } = self;
        if let Some(mut report) = so_far {
            report.summary.exit_code = code as u8;
            last_report::keep(&report);
        }
        let written = written.and_then(|()| lines.end(code as u8, out)).and_then(|()| out.flush());
        let failure = |error| format!("cannot write the report to standard output: {error}");
        written.map(|()| code).map_err(failure)
    }
}
