//! What the user chose: the level of each rule, and from which severity on a run fails.
//! Looks at no bytes.

use crate::verdict::Severity;

/// What to do with the findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Not told.
    Allow,
    /// Told as a warning.
    Warn,
    /// Told as an error.
    Deny,
}

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Rule ids, or `all`, with a level each. A later entry wins over an earlier one.
    pub levels: Vec<(String, Level)>,
    /// The least severity that makes a run fail; `None`: a run never fails by its findings.
    pub fail_on: Option<Severity>,
}

impl Config {
    /// The level chosen for a rule, if one was.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let chosen = self.levels.iter().rev().find(|(id, _)| id == rule || id == "all");
        chosen.map(|(_, level)| *level)
    }

    /// Whether a finding of this severity makes a run fail.
    pub fn fails(&self, severity: Severity) -> bool {
        self.fail_on.is_some_and(|least| severity >= least)
    }
}
