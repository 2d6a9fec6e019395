//! What a client sets: `initializationOptions`.

use serde::Deserialize;
use serde_json::Value;

use crate::check::request::Request;
use crate::config::{Chosen, Layer};
use crate::exec;
use crate::profile::Profile;

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
    /// What `initializationOptions` set that can be meant, and what is wrong with the rest.
    pub(super) fn of(value: Option<&Value>) -> (Self, Option<String>) {
        let read = match value {
            None | Some(Value::Null) => Ok(Options::default()),
            Some(value) => Options::deserialize(value),
        };
        let (mut options, error) = match read {
            Ok(options) => (options, None),
            Err(error) => (Options::default(), Some(error.to_string())),
        };
        let hosts = std::mem::take(&mut options.hosts);
        let (hosts, unknown): (Vec<_>, Vec<_>) = hosts
            .into_iter()
            .map(|host| Profile::by_ids(std::slice::from_ref(&host)).map(|_| host))
            .partition(Result::is_ok);
        options.hosts = hosts.into_iter().flatten().collect();
        let error = error.or_else(|| unknown.into_iter().find_map(Result::err));
        (options, error.map(|error| format!("initializationOptions: {error}")))
    }

    /// Whether guests may run: only where the user trusts the workspace and wants it.
    pub(super) fn executes(&self) -> bool {
        exec::MISSING.is_none() && self.trusted && self.dynamic == Dynamic::On
    }

    /// The request for a check.
    pub(super) fn request(&self, executes: bool) -> Request {
        let layer = Layer {
            hosts: (!self.hosts.is_empty()).then(|| Chosen::typed(self.hosts.clone())),
            // If it may execute, the configuration can still forbid it.
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
    fn guests_run_only_where_both_are_said() {
        let executes = |value: Value| Options::of(Some(&value)).0.executes();
        assert!(!executes(json!({"dynamic": "on"})));
        assert!(!executes(json!({"trusted": true})));
        assert!(!executes(json!({"trusted": true, "dynamic": "off"})));
        assert_eq!(executes(json!({"trusted": true, "dynamic": "on"})), exec::MISSING.is_none());
        assert_eq!(Options::of(None), Options::of(Some(&json!({"new": 1}))));
    }

    #[test]
    fn what_cannot_be_meant_is_told_and_left_out() {
        let (options, error) = Options::of(Some(&json!({"dynamic": "perhaps"})));
        assert_eq!((options, error.is_some()), (Options::default(), true));
        let (options, error) = Options::of(Some(&json!({"hosts": ["spin-p2", "spun"]})));
        assert_eq!(options.hosts, ["spin-p2"]);
        assert!(error.unwrap().starts_with("initializationOptions: there is no host `spun`"));
    }
}
