//! What the calls of an export did.

use serde::{Deserialize, Serialize};

use crate::observation::{self, End};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its number; the first is 1.
    pub call: u32,
    /// What it did: the member `outcome`, and one that fits it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How calls of one export with different arguments ended, each on an instance of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshCalls {
    /// How many were made.
    pub calls: u32,
    /// How many of them returned, or left through `wasi:cli/exit`.
    pub succeeded: u32,
}

/// What a call did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It returned as on a fresh instance.
    Ok,
    /// It returned, but not what it returns on a fresh instance.
    Differs,
    /// It trapped.
    Trap {
        /// The runtime's words.
        trap: String,
    },
    /// It ended the instance.
    Exit {
        /// The status.
        status: i32,
    },
    /// It is an HTTP handler and gave no answer.
    Unanswered,
    /// It was never let in, by the component's own backpressure.
    HeldBack,
    /// It used up its budget.
    Exhausted,
}

impl Outcome {
    /// What `call` did, and whether that is like the same call on a fresh instance.
    pub(in crate::report) fn of(call: &observation::Call, is_like_fresh: bool) -> Self {
        match &call.end {
            End::Trapped(trap) => Outcome::Trap { trap: trap.message.clone() },
            End::Exited(status) => Outcome::Exit { status: *status },
            End::Unanswered => Outcome::Unanswered,
            End::HeldBack => Outcome::HeldBack,
            End::Exhausted(_) => Outcome::Exhausted,
            End::Returned if !is_like_fresh => Outcome::Differs,
            End::Returned => Outcome::Ok,
        }
    }
}
