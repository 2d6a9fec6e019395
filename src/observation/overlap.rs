//! Calls that ran at the same time on one instance.

use serde::{Deserialize, Serialize};

use super::end::{End, Text};
use crate::location::ExportName;

/// What was observed of calls of an export that overlap with each other or with calls of another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlapping {
    /// In how many orders calls were made: of what they wait for, and of their beginnings.
    pub tried: u32,
    /// Whether these are all orders with at most [`SWITCHES`] switches from one call to another.
    pub exhausted: bool,
    /// The first order in which the calls do what they do in no sequence; one with the fewest switches.
    pub found: Option<Schedule>,
}

/// How many switches between calls are tried, beyond those after which a call has nothing left to do.
pub const SWITCHES: usize = 2;

/// Calls that were made at the same time, and in which order what they wait for happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Identifies calls and order in this component: the argument of `exec --schedule`.
    pub id: String,
    /// The calls, in the order in which they begin.
    pub calls: Vec<ScheduledCall>,
    /// What the host lets happen, in order.
    pub steps: Vec<Step>,
    /// What the calls return in sequence on one instance, for each sequence of them; in the order of [`Self::calls`].
    pub in_turn: Vec<Vec<Text>>,
    /// What each returns on a fresh instance of its own.
    pub apart: Vec<Text>,
    /// What another call of each export returns afterwards.
    pub after: Vec<Text>,
    /// What it returns after the calls in sequence, for each sequence.
    pub after_in_turn: Vec<Vec<Text>>,
}

/// One of several calls that run at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledCall {
    /// The export.
    pub export: ExportName,
    /// The arguments as text, cut.
    pub arguments: String,
    /// How it ended.
    pub end: End,
    /// What it returned.
    pub answer: Text,
}

/// Something that the host lets happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The index of the call.
    pub call: usize,
    /// What the call waited for: the imported function or `request body`; empty for the call's beginning.
    pub what: String,
    /// Whether it happens at the same time as the step before.
    #[serde(default)]
    pub at_once: bool,
}

/// How calls that overlap differ from calls in sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// The call with this index does not return.
    Fails(usize),
    /// They return, with answers that they have in no sequence.
    Answers,
    /// They answer as in a sequence or as alone, and the call after them, of the export of the call with this index, does not.
    After(usize),
}

/// The name of a call in a schedule: `A`.
pub(crate) fn call_name(call: usize) -> char {
    char::from(b'A' + (call % 26) as u8)
}

impl Schedule {
    /// Whether the calls after these answer as after no sequence of them.
    pub(crate) fn leaves_otherwise(&self) -> bool {
        !self.after.is_empty() && self.after_in_turn.iter().all(|after| *after != self.after)
    }

    /// How the calls differ from calls in sequence, if they do.
    pub(crate) fn disturbance(&self) -> Option<Disturbance> {
        if let Some(failed) = self.calls.iter().position(|call| call.end != End::Returned) {
            return Some(Disturbance::Fails(failed));
        }
        let answers = || self.calls.iter().map(|call| &call.answer);
        let alike = self.in_turn.iter().zip(&self.after_in_turn);
        let mut alike = alike.filter(|(in_turn, _)| answers().eq(*in_turn)).peekable();
        let first = match alike.peek() {
            Some((_, first)) => *first,
            None if !answers().eq(&self.apart) => return Some(Disturbance::Answers),
            // Each answers as alone, though it answers otherwise after another one.
            None if self.leaves_otherwise() => self.after_in_turn.first()?,
            None => return None,
        };
        let differs = self.after.iter().zip(first).position(|(after, other)| after != other)?;
        alike.all(|(_, after)| *after != self.after).then_some(Disturbance::After(differs))
    }
}
