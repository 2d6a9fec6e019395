//! A call with the complete texts of its answer and its output.

use super::host::Recorded;
use super::printed;
use crate::observation::{Call, Difference, End, Holds};

/// A call, and the complete texts of which [`Call`] has the beginnings.
pub(super) struct Seen {
    pub(super) call: Call,
    answer: Vec<u8>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Seen {
    pub(super) fn of(
        arguments: String,
        argument_bytes: u64,
        end: End,
        answer: Vec<u8>,
        recorded: Recorded,
        fuel: u64,
    ) -> Seen {
        let call = Call {
            arguments: printed::text(arguments.as_bytes()).shown,
            argument_bytes,
            played: None,
            end,
            answer: printed::text(&answer),
            stdout: printed::text(&recorded.stdout),
            stderr: printed::errors(&recorded.stderr),
            host_calls: recorded.host_calls,
            holds: Holds::default(),
            fuel,
        };
        Seen { call, answer, stdout: recorded.stdout, stderr: recorded.stderr }
    }

    /// The answer, and what was written to standard output and to standard error.
    pub(super) fn texts(&self) -> [&[u8]; 3] {
        [&self.answer, &self.stdout, &self.stderr]
    }

    /// The first difference from another call: in the answer, or else in the output.
    pub(super) fn difference(&self, other: &Seen) -> Option<Difference> {
        Difference::between(&self.answer, &other.answer)
            .or_else(|| Difference::between(&self.stdout, &other.stdout))
            .or_else(|| Difference::between(&self.stderr, &other.stderr))
    }
}
