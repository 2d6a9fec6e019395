//! Messages between secondcall and the process that runs the guest: one request with the component behind it
//! ([`crate::frames`]), answered by JSON documents, one a line.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::settings::{Settings, Target};
use crate::observation::cause::Cause;
use crate::observation::overlap::Overlapping;
use crate::observation::{Call, CallPath, Disturbed, ObservedExport};

/// How long compiling may take.
pub(super) const COMPILING: Duration = Duration::from_secs(120);

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
    /// The system does not filter the system calls of this process, and why.
    Unfiltered(String),
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
    /// Calls of a target that overlap with others.
    Overlapped(usize, Box<Overlapping>),
    /// Why a call of a target differs, or why that is unknown.
    Caused(usize, Box<Cause>),
    /// Where repeated calls of a target ask for what they leak.
    Leaks(usize, Leak, Box<CallPath>),
    /// The component with accessors to its state is about to be compiled.
    Probing,
    /// The last message.
    Done,
}

/// What repeated calls leak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Leak {
    Memory,
    /// Handles of this resource.
    Handles(String),
    /// Tasks, subtasks, waitable sets, streams and futures.
    Concurrent,
}

impl Request {
    /// How long one export may take. The worker stops itself a little earlier, if it can.
    pub(super) fn patience(&self) -> Duration {
        self.settings.patience() + Duration::from_secs(5)
    }
}
