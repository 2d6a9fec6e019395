//! How a call ended, and what it returned or wrote.

use serde::{Deserialize, Serialize};

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It returned.
    Returned,
    /// It trapped, or the engine refused to go on.
    Trapped(Trap),
    /// It exited with a status.
    Exited(i32),
    /// An HTTP handler returned without an answer. A host would send status 500.
    Unanswered,
    /// It was never accepted: the instance keeps its backpressure, by which a component of WASI 0.3 asks not to be called.
    HeldBack,
    /// It reached a limit.
    Exhausted(Limit),
}

/// A trap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trap {
    /// The engine's message.
    pub message: String,
    /// The frames, innermost first.
    pub frames: Vec<Frame>,
    /// The resource whose destructor trapped when the host dropped it after the call: `ns:pkg/iface name`.
    #[serde(default)]
    pub destructor: Option<String>,
}

/// A frame of a backtrace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Its offset in the component's file.
    pub offset: Option<u64>,
    /// The core function's name, if it has one.
    pub function: Option<String>,
}

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Operators.
    Time,
    /// Bytes of linear memory, all memories together.
    Memory,
    /// Elements of tables, all tables together.
    Table,
    /// Handles.
    Handles,
    /// Bytes of output.
    Output,
    /// Bytes of arguments and results.
    Copied,
}

/// A text or value: what is shown of it, and a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its first 160 characters; of standard error 2 KiB, of its beginning and its last lines.
    pub shown: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The first eight bytes of its SHA-256, in hexadecimal.
    pub digest: String,
}

impl End {
    /// Whether the call returned or exited.
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, End::Returned | End::Exited(_))
    }
}

impl Limit {
    /// Its name in a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Limit::Time => "time",
            Limit::Memory => "memory",
            Limit::Table => "table elements",
            Limit::Handles => "handles",
            Limit::Output => "output",
            Limit::Copied => "data that goes in and out",
        }
    }
}
