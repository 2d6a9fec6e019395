//! What to call, how often, and within which limits. The same settings give the same observation.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::location::ExportName;
use crate::script::Script;

/// How to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Calls of each export on one instance, and as many on fresh instances.
    pub calls: u32,
    /// The seed of generated arguments and of the host's random numbers.
    pub seed: u64,
    /// What one export may use, in milliseconds of a machine of moderate speed. It is counted in operators, so that a
    /// busy machine observes the same.
    pub budget: u64,
    /// What the search for the causes of all differences may use, in milliseconds counted like `budget`; 0 searches none.
    pub cause_budget: u64,
    /// Linear memory of one instance, in bytes.
    pub memory: u64,
    /// The only calls to make: overlapping ones, in an order that was found before
    /// ([`Schedule::id`](crate::observation::overlap::Schedule::id)).
    pub schedule: Option<String>,
    /// The calls that the user provides, and what the guest finds.
    pub script: Script,
}

/// An export to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its full name.
    pub name: ExportName,
    /// The names that lead to it from the root; the last is the function's.
    pub path: Vec<String>,
    /// Its position among all exports of the component.
    pub number: usize,
    /// Whether only its toolchain calls it, while building.
    pub internal: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            calls: 8,
            seed: 0x5eed,
            budget: 5_000,
            cause_budget: 3_000,
            memory: 1 << 30,
            schedule: None,
            script: Script::default(),
        }
    }
}

impl Settings {
    /// The clock stops an export after this many times its budget: a last resort against a worker that does not stop
    /// itself, and on a busy machine.
    pub(super) const PATIENCE: u64 = 12;

    /// How long one export may take by the clock.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_millis(self.budget.saturating_mul(Self::PATIENCE))
    }
}
