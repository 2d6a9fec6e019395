//! Why something could not be observed.

use serde::{Deserialize, Serialize};

/// Why something could not be observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inconclusive {
    /// One of `missing-import`, `resource-argument`, `argument`, `instantiation`, `budget`, `refused`, `crashed`,
    /// `stopped`, `tool-internal`, `not-exercised`, `lifecycle`, `scenario`, `destructor`.
    pub reason: String,
    /// The details, for people.
    pub detail: String,
}

impl Inconclusive {
    /// `reason` is one of the words listed at [`Inconclusive::reason`].
    pub(crate) fn new(reason: &str, detail: impl Into<String>) -> Self {
        Inconclusive { reason: reason.to_owned(), detail: detail.into() }
    }

    /// The reason of an export that only its toolchain calls. It is skipped on purpose.
    pub const TOOL_INTERNAL: &str = "tool-internal";
    /// The reason of a difference that memory and globals do not explain.
    pub const HOST_STATE: &str = "host-state";
    /// The reason of an export of which no call succeeds, if something may be missing.
    pub const NOT_EXERCISED: &str = "not-exercised";
}
