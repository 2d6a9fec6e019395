//! What a client sets: `initializationOptions`.

use serde::Deserialize;
use serde_json::Value;

use crate::cli::choices::Choices;

/// The settings, all of them optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Options {
    /// Whether the user trusts what lies in the workspace.
    trusted: bool,
    /// Whether exports are to be called in the background.
    dynamic: Dynamic,
    /// Hosts to judge for, in place of those that manifests imply.
    hosts: Vec<String>,
    /// The client asks the user for the reason of an acceptance, by its command `secondcall.askReason`.
    pub(super) asks_reason: bool,
    /// The client shows what `secondcall/status` tells.
    pub(super) tells_status: bool,
}

/// Whether exports are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Dynamic {
    #[default]
    Off,
    On,
}

impl Options {
    /// # Errors
    /// What is wrong with them.
    pub(super) fn of(value: Option<&Value>) -> Result<Self, String> {
        match value {
            None | Some(Value::Null) => Ok(Options::default()),
            Some(value) => Options::deserialize(value)
                .map_err(|error| format!("initializationOptions: {error}")),
        }
    }

    /// Whether guests may run: only where the user trusts the workspace and wants it.
    pub(super) fn executes(&self) -> bool {
        cfg!(feature = "exec") && self.trusted && self.dynamic == Dynamic::On
    }

    /// How a check goes about it.
    pub(super) fn choices(&self, executes: bool) -> Choices {
        Choices {
            hosts: self.hosts.clone(),
            // Where it may execute, the configuration may still say that it shall not.
            static_only: (!executes).then_some(true),
            no_progress: true,
            ..Choices::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn guests_run_only_where_both_are_said() {
        let executes = |value: Value| Options::of(Some(&value)).unwrap().executes();
        assert!(!executes(json!({"dynamic": "on"})));
        assert!(!executes(json!({"trusted": true})));
        assert!(!executes(json!({"trusted": true, "dynamic": "off"})));
        assert_eq!(executes(json!({"trusted": true, "dynamic": "on"})), cfg!(feature = "exec"));
        assert!(Options::of(Some(&json!({"dynamic": "perhaps"}))).is_err());
        assert_eq!(Options::of(None).unwrap(), Options::of(Some(&json!({"new": 1}))).unwrap());
    }
}
