//! A call with the whole texts of what it answered and wrote.

use super::host::Left;
use super::printed;
use crate::observation::{Call, Difference, End, Holds};

/// A call, and the whole texts of which [`Call`] keeps the beginnings.
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
        left: Left,
        fuel: u64,
    ) -> Seen {
        let call = Call {
            arguments: printed::text(arguments.as_bytes()).shown,
            argument_bytes,
            played: None,
            end,
            answer: printed::text(&answer),
            stdout: printed::text(&left.stdout),
            stderr: printed::errors(&left.stderr),
            host_calls: left.host_calls,
            holds: Holds::default(),
            fuel,
        };
        Seen { call, answer, stdout: left.stdout, stderr: left.stderr }
    }

    /// The answer, and what was written to standard output and to standard error.
    pub(super) fn texts(&self) -> [&[u8]; 3] {
        [&self.answer, &self.stdout, &self.stderr]
    }

    /// Where the answer differs from that of another call, or else what was written.
    pub(super) fn difference(&self, other: &Seen) -> Option<Difference> {
        Difference::between(&self.answer, &other.answer)
            .or_else(|| Difference::between(&self.stdout, &other.stdout))
            .or_else(|| Difference::between(&self.stderr, &other.stderr))
    }
}
