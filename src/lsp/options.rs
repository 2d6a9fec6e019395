//! The client's `initializationOptions`.

use serde::Deserialize;
use serde_json::Value;

use crate::check::configuration::profiles;
use crate::check::request::Request;
use crate::config::{Chosen, Layer};
use crate::exec;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Options {
    /// Whether the user trusts the workspace.
    trusted: bool,
    dynamic: Dynamic,
    /// Hosts to judge for, instead of those that manifests imply.
    hosts: Vec<String>,
    /// Whether the client has a command `secondcall.askReason`, which asks the user why a finding is accepted.
    pub(super) asks_reason: bool,
    /// Whether the client handles the notification `secondcall/status`.
    pub(super) tells_status: bool,
}

/// Whether exports are executed in the background.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Dynamic {
    #[default]
    Off,
    On,
}

impl Options {
    /// Reads the options. Invalid ones keep their defaults; the first error is returned beside them.
    pub(super) fn of(value: Option<&Value>) -> (Self, Option<String>) {
        let mut error = None;
        let mut options = match value {
            None | Some(Value::Null) => Options::default(),
            Some(value) => Options::deserialize(value).unwrap_or_else(|invalid| {
                error = Some(invalid.to_string());
                Options::default()
            }),
        };
        options.hosts.retain(|host| match profiles(std::slice::from_ref(host)) {
            Ok(_) => true,
            Err(unknown) => {
                error.get_or_insert(unknown);
                false
            }
        });
        (options, error.map(|error| format!("initializationOptions: {error}")))
    }

    /// Whether exports may be executed: only if the user trusts the workspace and asked for it.
    pub(super) fn executes(&self) -> bool {
        exec::MISSING.is_none() && self.trusted && self.dynamic == Dynamic::On
    }

    pub(super) fn request(&self, executes: bool) -> Request {
        let layer = Layer {
            hosts: (!self.hosts.is_empty()).then(|| Chosen::typed(self.hosts.clone())),
            // The configuration can still forbid execution.
            static_only: (!executes).then_some(Chosen::typed(true)),
            ..Layer::default()
        };
        Request { layer, ..Request::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn execution_needs_trust_and_consent() {
        for (options, executes) in [
            (json!({"dynamic": "on"}), false),
            (json!({"trusted": true}), false),
            (json!({"trusted": true, "dynamic": "off"}), false),
            (json!({"trusted": true, "dynamic": "on"}), exec::MISSING.is_none()),
        ] {
            assert_eq!(Options::of(Some(&options)).0.executes(), executes, "{options}");
        }
        assert_eq!(Options::of(None), Options::of(Some(&json!({"new": 1}))));
    }

    #[test]
    fn invalid_options_are_reported_and_ignored() {
        let (options, error) = Options::of(Some(&json!({"dynamic": "perhaps"})));
        assert_eq!((options, error.is_some()), (Options::default(), true));
        let (options, error) = Options::of(Some(&json!({"hosts": ["spin-p2", "spun"]})));
        assert_eq!(options.hosts, ["spin-p2"]);
        assert!(error.unwrap().starts_with("initializationOptions: there is no host `spun`"));
    }
}
