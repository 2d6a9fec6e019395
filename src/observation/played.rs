//! Calls that are steps of a scenario.

use serde::{Deserialize, Serialize};

use super::Call;
use crate::location::ExportName;

/// A step of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Played {
    /// Where the scenario was given: `secondcall.toml:12` or `--call`.
    pub scenario: String,
    /// Which of its calls this is, from 1.
    pub step: u32,
}

impl Call {
    /// The beginning of a sentence about this call of `export`, the `number`th on its instance. A scenario is counted in
    /// plays.
    pub fn on_same_instance(&self, export: &ExportName, number: u32) -> String {
        match &self.played {
            None => format!("call {number} of `{export}` on the same instance"),
            Some(Played { scenario, step }) => format!(
                "in play {number} of the scenario `{scenario}` on the same instance, `{export}` (step {step})"
            ),
        }
    }
}
