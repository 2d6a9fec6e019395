//! What to call, how often, and within which limits. The same settings give the same observation.

use serde::{Deserialize, Serialize};

use crate::location::ExportName;
use crate::script::Script;

/// How to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Calls of each export on one instance, and as many on fresh instances.
    pub calls: u32,
    /// From which arguments and the host's random numbers are made.
    pub seed: u64,
    /// What one export may use, in milliseconds of a machine of moderate speed. It is counted in
    /// operators ([`Settings::fuel`]), so that a loaded machine observes the same; the clock
    /// stops it at [`Settings::PATIENCE`] times as much.
    pub budget: u64,
    /// Linear memory of one instance, in bytes.
    pub memory: u64,
    /// What the author says of the calls.
    pub script: Script,
}

/// An export to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its full name.
    pub name: ExportName,
    /// The names to follow from the root, the last one the function's.
    pub path: Vec<String>,
    /// Whether its toolchain calls it while building, and nobody after that.
    pub internal: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            calls: 8,
            seed: 0x5eed,
            budget: 5_000,
            memory: 1 << 30,
            script: Script::default(),
        }
    }
}

impl Settings {
    /// How many times the budget may pass on the clock before the worker is stopped: it is the last
    /// resort against what costs time and no operators.
    pub const PATIENCE: u64 = 4;
    /// Operators that a machine of moderate speed executes in a millisecond of baseline code.
    const OPERATORS: u64 = 400_000;
    /// So many exports get a whole budget; more of them share it.
    const WHOLE_BUDGETS: u64 = 12;

    /// The operators that each of `exports` exports may execute in all its calls together.
    pub fn fuel(&self, exports: usize) -> u64 {
        let whole = self.budget.saturating_mul(Self::OPERATORS);
        whole.min(whole.saturating_mul(Self::WHOLE_BUDGETS) / (exports as u64).max(1)).max(1)
    }
}
