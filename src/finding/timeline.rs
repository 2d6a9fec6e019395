//! Calls that overlap, and in which order what they wait for happens.

use serde::{Deserialize, Serialize};

/// The course of calls that overlap on one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The argument of `exec --schedule` that repeats it.
    pub schedule: String,
    /// The calls: `inside(1)`.
    pub calls: Vec<String>,
    /// What happens, in order.
    pub moments: Vec<Moment>,
    /// How each call ends: ``answers `1` ``. Empty in documents of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<String>,
}

/// Something that happens in one of the calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The index of the call.
    pub call: usize,
    /// What happens: `begins`, or what the call waited for ends.
    pub text: String,
    /// Whether it happens at the same time as the moment before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_once: bool,
}

impl Timeline {
    /// The name of a call: `A`.
    pub fn name(call: usize) -> char {
        char::from(b'A' + (call % 26) as u8)
    }
}
