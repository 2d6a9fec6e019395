//! Messages between a session and the process that analyzes its inputs. Each is a value with bytes behind it
//! ([`crate::frames`]).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::analysis::{Examine, Examined};
use crate::exec::Target;
use crate::inventory::Wrapping;
use crate::observation::Observation;
use crate::report::document::Failure;

/// The longest part of a message, in bytes: the largest input, and a text that was encoded from as much.
pub(super) const LONGEST: u64 = (1 << 30) + (1 << 20);

/// The processor time that the analysis of an input of so many bytes may take.
pub(super) fn patience(bytes: usize) -> Duration {
    Duration::from_secs(60 + bytes as u64 / 100_000)
}

/// What the process is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Makes a component of the bytes behind it: text, or a core module. `path` is the input's.
    Convert { path: String },
    /// Analyzes the component behind it.
    Examine(Examine),
    /// What the calls of that component did.
    Observed(Observation),
}

/// What the process answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// A component, whose bytes are behind it. `text` is what it was encoded from.
    Converted {
        text: Option<String>,
        wrapping: Option<Wrapping>,
    },
    /// The exports that can be called.
    Exports(Vec<Target>),
    Examined(Box<Examined>),
    /// Why there is no result, and the line of the text that it is about.
    Failed(Box<Failure>, String),
    /// The message of a panic. The process is not used again.
    Panicked(String),
}
