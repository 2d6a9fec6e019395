//! Where calls that overlap disturb one of them.

use serde::{Deserialize, Serialize};

/// Which of several calls is disturbed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// The call: `A` if it is one of the timeline, or the name of the export that is called after them.
    pub call: String,
    /// When its state differs.
    pub moment: SwitchMoment,
    /// If it waits: for which imported function, or `request body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
}

/// When other calls have changed the state of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchMoment {
    /// When it begins.
    Begins,
    /// When it goes on after a wait.
    Waits,
    /// When it goes on after it yielded.
    Yields,
    /// When it is made after those that overlap.
    Afterwards,
}

impl Switch {
    /// When the state is as the call should find it.
    pub(super) fn before(&self) -> String {
        let call = &self.call;
        match (self.moment, &self.waits_for) {
            (SwitchMoment::Begins, _) => "on a fresh instance".to_owned(),
            (SwitchMoment::Waits, Some(what)) => format!("when {call} begins to wait for `{what}`"),
            (SwitchMoment::Waits, None) => format!("when {call} begins to wait"),
            (SwitchMoment::Yields, _) => format!("when {call} yields"),
            (SwitchMoment::Afterwards, _) => "after calls in sequence".to_owned(),
        }
    }

    /// When it is as the call finds it.
    pub(super) fn after(&self) -> String {
        let call = &self.call;
        match self.moment {
            SwitchMoment::Begins => format!("when {call} begins"),
            SwitchMoment::Waits | SwitchMoment::Yields => format!("when {call} goes on"),
            SwitchMoment::Afterwards => "after these".to_owned(),
        }
    }

    /// What putting `it` back does, or putting it in if it cannot be put back.
    pub(super) fn effect(&self, mends: bool, it: &str, makes: &str) -> String {
        let call = &self.call;
        let is_after = self.moment == SwitchMoment::Afterwards;
        match (mends, is_after) {
            (true, false) => format!("with {it} put back then, {call} does what it does alone"),
            (true, true) => {
                format!(
                    "with {it} put back, the call of `{call}` does what it does after calls in sequence"
                )
            }
            (false, false) => format!("put in while {call} runs alone, {makes} it do the same"),
            (false, true) => {
                format!("put in after calls in sequence, {makes} the call of `{call}` do the same")
            }
        }
    }
}
