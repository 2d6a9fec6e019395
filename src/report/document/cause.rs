//! The cause of a finding.

use serde::{Deserialize, Serialize};

use crate::inventory::{self, Part, Reset, Switch};
use crate::report::document::place::{Source, Sources};

/// The state that makes a call differ, or why it is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// One sentence.
    pub sentence: String,
    /// Which call of the export on its instance differs, from 1; of calls that overlap, which of them.
    pub call: u32,
    /// The other export whose call makes the difference, if it took one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// If it is about calls that overlap: which of them is disturbed, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<Switch>,
    /// The state.
    pub parts: Vec<CausePart>,
    /// How many there are, if not all are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<u64>,
    /// Whether the budget ended before the fewest were found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    /// Whether the call does what its reference call does once the parts are put back.
    pub mends: bool,
    /// Whether the parts alone make a call on a fresh instance do the same.
    pub suffices: bool,
    /// How many calls were made to find it, each on an instance of its own.
    pub trials: u32,
    /// What a host would have to put back for the call to be like its reference call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    /// Why it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
}

/// A part of an instance's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CausePart {
    /// The part.
    #[serde(flatten)]
    pub part: Part,
    /// Where its declaration stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl Cause {
    pub(in crate::report) fn of(
        cause: &inventory::Cause,
        sentence: &str,
        sources: &Sources,
    ) -> Self {
        let parts = cause.parts.iter().map(|part| CausePart {
            source: part.location.as_ref().and_then(|it| sources.get(it).cloned()),
            // What is written and read back is the same.
            part: Part { declared: None, location: None, store: None, ..part.clone() },
        });
        Cause {
            sentence: sentence.to_owned(),
            call: cause.number,
            after: cause.after.as_ref().map(ToString::to_string),
            switch: cause.switch.clone(),
            parts: parts.collect(),
            found: Some(cause.found).filter(|found| *found > cause.parts.len() as u64),
            unfinished: cause.is_unfinished,
            mends: cause.mends,
            suffices: cause.suffices,
            trials: cause.trials,
            reset: cause.reset,
            unknown: cause.unknown.as_ref().map(|(reason, _)| reason.clone()),
        }
    }
}
