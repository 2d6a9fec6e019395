//! The client's `initializationOptions`.

use serde_json::Value;

use crate::check::configuration::profiles;
use crate::check::request::Request;
use crate::config::nearest::did_you_mean;
use crate::config::{Chosen, Layer};
use crate::exec;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Whether the user trusts the workspace.
    trusted: bool,
    /// Whether exports are executed in the background.
    dynamic: bool,
    /// Hosts to judge for, instead of those that manifests imply.
    hosts: Vec<String>,
    /// Whether the client has a command `secondcall.askReason`, which asks the user why a finding is accepted.
    pub(super) asks_reason: bool,
    /// Whether the client handles the notification `secondcall/status`.
    pub(super) tells_status: bool,
}

/// The settings, as the client writes them.
const NAMES: [&str; 5] = ["trusted", "dynamic", "hosts", "asksReason", "tellsStatus"];

impl Options {
    /// Reads the options. An invalid one keeps its default, and no other is lost. Also returns what is wrong, for the
    /// user; `None` if nothing is.
    pub(super) fn of(value: Option<&Value>) -> (Self, Option<String>) {
        let mut options = Options::default();
        let mut errors = Vec::new();
        match value {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) => {
                let mut set = |(name, value): (&String, &Value)| options.set(name, value);
                errors.extend(members.iter().filter_map(|member| set(member).err()));
            }
            Some(_) => errors.push("not an object".to_owned()),
        }
        options.hosts.retain(|host| match profiles(std::slice::from_ref(host)) {
            Ok(_) => true,
            Err(unknown) => {
                errors.push(unknown);
                false
            }
        });
        let errors = Some(errors.join("; ")).filter(|errors| !errors.is_empty());
        (options, errors.map(|errors| format!("secondcall: initializationOptions: {errors}")))
    }

    /// # Errors
    /// If there is no such option, or it has another type: a sentence.
    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let wrong = |expected: &str| format!("`{name}` is {value}; write {expected}");
        let flag = || value.as_bool().ok_or_else(|| wrong("true or false"));
        match name {
            "trusted" => self.trusted = flag()?,
            "asksReason" => self.asks_reason = flag()?,
            "tellsStatus" => self.tells_status = flag()?,
            "dynamic" => {
                self.dynamic = match value.as_str() {
                    Some("on") => true,
                    Some("off") => false,
                    _ => return Err(wrong("\"on\" or \"off\"")),
                };
            }
            "hosts" => {
                let hosts = value.as_array().map(|hosts| hosts.iter().map(Value::as_str));
                let hosts = hosts.and_then(|hosts| hosts.collect::<Option<Vec<_>>>());
                let hosts = hosts.ok_or_else(|| wrong("a list of names such as [\"spin-p3\"]"))?;
                self.hosts = hosts.into_iter().map(str::to_owned).collect();
            }
            _ => {
                let help = match did_you_mean(name, NAMES) {
                    help if help.is_empty() => format!("the settings are {}", NAMES.join(", ")),
                    help => help,
                };
                return Err(format!("there is no setting `{name}`; {help}"));
            }
        }
        Ok(())
    }

    /// Whether the user trusts the workspace.
    pub(super) fn trusts(&self) -> bool {
        self.trusted
    }

    /// Whether exports may be executed: only if the user trusts the workspace and asked for it.
    pub(super) fn executes(&self) -> bool {
        exec::MISSING.is_none() && self.trusted && self.dynamic
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
        assert_eq!(Options::of(None), (Options::default(), None));
    }

    #[test]
    fn invalid_options_are_reported_and_the_others_count() {
        let value = json!({
            "dynamic": true,
            "trusted": true,
            "asksReason": "yes",
            "hosts": ["spin-p2", "spun"],
            "tellStatus": true,
        });
        let (options, errors) = Options::of(Some(&value));
        let hosts = vec!["spin-p2".to_owned()];
        assert_eq!(options, Options { trusted: true, hosts, ..Options::default() });
        let errors = errors.unwrap();
        for error in [
            "`dynamic` is true; write \"on\" or \"off\"",
            "`asksReason` is \"yes\"; write true or false",
            "there is no host `spun`",
            "there is no setting `tellStatus`; did you mean `tellsStatus`?",
        ] {
            assert!(errors.contains(error), "{errors}");
        }
        let (options, errors) = Options::of(Some(&json!([])));
        assert_eq!((options, errors.is_some()), (Options::default(), true));
        assert!(Options::of(Some(&json!({ "hosts": "spec" }))).1.is_some());
    }
}
