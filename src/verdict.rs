//! Hazard × host → severity; findings of an export → its verdict. Looks at no bytes.

use serde::Serialize;

/// How much a finding matters under the chosen hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Fails in some use that the host allows.
    Warning,
    /// Fails in the use that the host makes of it.
    Error,
}

/// What is known of an export's second call. Never "safe" from silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The first call may succeed, the second cannot.
    SingleShot,
    /// Call `0` failed on a reused instance where a fresh one succeeds.
    BreaksAfter(u32),
    /// Answers differ between a reused and a fresh instance.
    Stateful,
    /// So many calls on one instance behaved like as many fresh instances.
    ReusableObserved(u32),
    /// No path leaves anything behind.
    StatelessProven,
    /// Nothing above is known.
    Unknown,
}
