//! Settings: hosts, rule levels, limits, calls and acceptances, each with the place that set it.
//! Reads no file, no environment variable and no clock: callers pass texts in.

pub(crate) mod accept;
pub(crate) mod amend;
pub(crate) mod ceilings;
pub(crate) mod date;
pub mod diagnostic;
pub mod environment;
pub(crate) mod given;
pub(crate) mod glob;
pub(crate) mod nearest;
pub mod read;
pub mod tables;
pub mod text;
pub(crate) mod units;

use crate::config::accept::Acceptance;
use crate::config::given::Given;
use crate::config::text::TextSpan;
use crate::config::units::{Size, Time};
use crate::profile::Profile;
use crate::verdict::Severity;

/// How the findings of a rule are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Not at all.
    Allow,
    /// As warnings.
    Warn,
    /// As errors.
    Deny,
    /// As the hosts decide, whatever a weaker layer says.
    Default,
}

impl Level {
    pub(crate) const NAMES: [(&str, Level); 4] = [
        ("allow", Level::Allow),
        ("warn", Level::Warn),
        ("deny", Level::Deny),
        ("default", Level::Default),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }
}

/// Where a setting was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    File(TextSpan),
    /// An environment variable.
    Environment(&'static str),
    CommandLine,
}

/// A setting's value and where it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    pub(crate) origin: Origin,
}

impl<T> Chosen<T> {
    /// A value from the command line.
    pub(crate) fn typed(value: T) -> Self {
        Chosen { value, origin: Origin::CommandLine }
    }
}

/// Declares the settings that have a default: in a [`Layer`] they may be absent, in a [`Config`] they are not.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr,)*) => {
        /// The settings of one place: a file, a manifest's table, the environment or the command line.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub(crate) struct Layer {
            $($(#[$doc])* pub(crate) $name: Option<Chosen<$type>>,)*
            /// What the calls of components get.
            pub(crate) given: Given,
            /// A level for a rule id or for `all`. A later entry wins over an earlier one.
            pub(crate) levels: Vec<(String, Chosen<Level>)>,
            pub(crate) accept: Vec<Acceptance>,
        }

        /// The settings in effect for one artifact.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Config {
            $($(#[$doc])* pub $name: Chosen<$type>,)*
            pub(crate) given: Given,
            pub(crate) levels: Vec<(String, Chosen<Level>)>,
            pub(crate) accept: Vec<Acceptance>,
        }

        impl Default for Config {
            fn default() -> Self {
                Config {
                    $($name: Chosen { value: $default, origin: Origin::Default },)*
                    given: Given::default(),
                    levels: Vec::new(),
                    accept: Vec::new(),
                }
            }
        }

        impl Config {
            /// Merges layers, the weakest first. Levels, acceptances and scenarios of all layers are kept.
            pub(crate) fn of(layers: impl IntoIterator<Item = Layer>) -> Config {
                let mut config = Config::default();
                for layer in layers {
                    $(if let Some(chosen) = layer.$name {
                        config.$name = chosen;
                    })*
                    config.given.merge(layer.given);
                    config.levels.extend(layer.levels);
                    config.accept.extend(layer.accept);
                }
                config
            }
        }
    };
}

settings! {
    /// Ids of hosts.
    hosts: Vec<String> = vec![Profile::SPEC.to_owned()],
    /// The lowest severity that fails a run; `None` if findings never do.
    fail_on: Option<Severity> = Some(Severity::Error),
    /// Calls of each export on one instance.
    calls: u32 = 8,
    /// What the calls of one export may use.
    budget: Time = Time { milliseconds: 5000 },
    /// The largest linear memory of one instance.
    memory: Size = Size { bytes: 1 << 30 },
    /// The seed for generated arguments and random numbers.
    seed: u64 = 0x5eed,
    /// Whether nothing is executed.
    static_only: bool = false,
    /// Whether doubtful results fail a run.
    strict: bool = false,
    /// Globs for exports that are not executed.
    exclude_exports: Vec<String> = Vec::new(),
}

impl Config {
    /// The range of `calls`.
    pub(crate) const CALLS: std::ops::RangeInclusive<u32> = 2..=1000;

    /// The level set for a rule, itself or by `all`; `None` if neither is.
    pub(crate) fn level(&self, rule: &str) -> Option<Level> {
        let chosen = self.levels.iter().rev().find(|(id, _)| id == rule || id == "all");
        chosen.map(|(_, level)| level.value)
    }

    /// Whether a finding of this severity fails a run.
    pub(crate) fn fails(&self, severity: Severity) -> bool {
        self.fail_on.value.is_some_and(|least| severity >= least)
    }
}

/// The values of `fail-on`.
pub(crate) const FAIL_ON: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("note", Some(Severity::Note)),
    ("never", None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_layer_wins_and_levels_add_up() {
        let level = |rule: &str, level| (rule.to_owned(), Chosen::typed(level));
        let file = Layer {
            calls: Some(Chosen::typed(3)),
            strict: Some(Chosen::typed(true)),
            levels: vec![level("all", Level::Deny), level("memory_grows", Level::Allow)],
            ..Layer::default()
        };
        let typed = Layer {
            calls: Some(Chosen::typed(4)),
            levels: vec![level("memory_grows", Level::Default)],
            ..Layer::default()
        };
        let config = Config::of([file, typed]);
        assert_eq!((config.calls.value, config.strict.value), (4, true));
        assert_eq!(config.budget.origin, Origin::Default);
        assert_eq!(config.level("memory_grows"), Some(Level::Default));
        assert_eq!(config.level("run_once_guard"), Some(Level::Deny));
        assert_eq!(Config::default().level("run_once_guard"), None);
    }
}
