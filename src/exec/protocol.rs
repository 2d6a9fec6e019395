//! Messages between secondcall and the process that runs the guest: one request, answered by JSON documents, one a line.

use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::settings::{Settings, Target};
use crate::observation::{Call, Disturbed, ObservedExport};

/// How long compiling may take.
pub(super) const COMPILING: Duration = Duration::from_secs(120);
/// The longest request without the component, in bytes. The limits of components and of scripts keep it shorter.
const LONGEST_REQUEST: u64 = 512 << 20;

/// What the worker is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) settings: Settings,
    /// All exports of the component.
    pub(super) targets: Vec<Target>,
    /// Those to observe, as indices into `targets`.
    pub(super) wanted: Vec<usize>,
    /// Whether to use the optimizing compiler, because the baseline one failed.
    pub(super) optimizing: bool,
}

/// What the worker reports. A `usize` is an index into [`Request::targets`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// The component is compiled and can be called.
    Compiled { stubbed: Vec<String> },
    /// The component cannot be run.
    Refused { reason: String, detail: String },
    /// No instance can be created: what the start functions did.
    Unstartable(Box<Call>),
    /// This target is observed next.
    Begun(usize),
    /// What was observed of a target; replaces what was sent for it before.
    Observed(usize, Box<ObservedExport>),
    /// A further observation of a target.
    Disturbed(usize, Box<Disturbed>),
    /// The last message.
    Done,
}

impl Request {
    /// How long one export may take. The worker stops itself a little earlier, if it can.
    pub(super) fn patience(&self) -> Duration {
        self.settings.patience() + Duration::from_secs(5)
    }

    /// How long the whole request may take.
    pub(super) fn longest(&self) -> Duration {
        COMPILING + self.patience() * (4 * self.wanted.len() as u32 + 1)
    }
}

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
    let [mut request, mut component] = [[0; 8]; 2];
    from.read_exact(&mut request)?;
    from.read_exact(&mut component)?;
    let [request, component] = [request, component].map(u64::from_le_bytes);
    if request > LONGEST_REQUEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let (mut text, mut bytes) = (Vec::new(), Vec::new());
    from.take(request).read_to_end(&mut text)?;
    from.take(component).read_to_end(&mut bytes)?;
    Ok((serde_json::from_slice(&text)?, bytes))
}
