//! What is said between secondcall and the process that runs the guest: one request, then one JSON
//! document a line in answer.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::settings::{Settings, Target};
use crate::observation::{Call, Disturbed, ObservedExport};

/// What to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) settings: Settings,
    /// All exports of the component.
    pub(super) targets: Vec<Target>,
    /// Those to observe, as indices into `targets`.
    pub(super) wanted: Vec<usize>,
    /// Whether to compile with the optimizing compiler, because the baseline one failed.
    pub(super) optimizing: bool,
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// The component is compiled and can be called.
    Compiled {
        /// Imports that were filled with default values.
        stubbed: Vec<String>,
    },
    /// The component cannot be run at all.
    Refused {
        /// `refused`, `missing-import`.
        reason: String,
        /// The engine's words.
        detail: String,
    },
    /// No instance can be made: what the start functions did.
    Unstartable(Box<Call>),
    /// This target is observed next.
    Begun(usize),
    /// This target has been observed.
    Observed(usize, Box<ObservedExport>),
    /// Of this target, this was seen as well.
    Disturbed(usize, Box<Disturbed>),
    /// That was all.
    Done,
}

/// Longest request without the component, in bytes: a component has at most so many exports, and a script so many
/// files.
const LONGEST_REQUEST: u64 = 512 << 20;

/// Writes a request and the component.
pub(super) fn send(request: &Request, component: &[u8], to: &mut dyn Write) -> io::Result<()> {
    let request = serde_json::to_vec(request)?;
    to.write_all(&(request.len() as u64).to_le_bytes())?;
    to.write_all(&(component.len() as u64).to_le_bytes())?;
    to.write_all(&request)?;
    to.write_all(component)?;
    to.flush()
}

/// Reads what [`send`] wrote.
pub(super) fn receive(from: &mut dyn Read) -> io::Result<(Request, Vec<u8>)> {
    let mut lengths = [0; 16];
    from.read_exact(&mut lengths)?;
    let (request, component) = lengths.split_at(8);
    let length =
        |bytes: &[u8]| bytes.iter().rev().fold(0u64, |all, byte| all << 8 | u64::from(*byte));
    if length(request) > LONGEST_REQUEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Vec::new();
    from.take(length(request)).read_to_end(&mut text)?;
    let mut bytes = Vec::new();
    from.take(length(component)).read_to_end(&mut bytes)?;
    Ok((serde_json::from_slice(&text)?, bytes))
}
