//! What the user chose: hosts, levels, limits, what is accepted; and where each choice was made.
//! Looks at no bytes, no file, no environment and no clock: texts are handed in.

pub mod accept;
pub(crate) mod amend;
pub mod date;
pub mod diagnostic;
pub mod environment;
pub mod given;
pub mod glob;
pub(crate) mod nearest;
pub mod read;
pub mod tables;
pub mod units;
pub mod written;

use crate::config::accept::Acceptance;
use crate::config::diagnostic::Place;
use crate::config::given::Given;
use crate::config::units::{Size, Time};
use crate::profile::Profile;
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
    /// Told as the hosts have it, whatever was chosen before.
    Default,
}

impl Level {
    /// The words for levels.
    pub const WORDS: [(&str, Level); 4] = [
        ("allow", Level::Allow),
        ("warn", Level::Warn),
        ("deny", Level::Deny),
        ("default", Level::Default),
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }
}

/// Where a choice was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: nobody chose.
    Default,
    /// In a file.
    File(Place),
    /// In this variable of the environment.
    Environment(&'static str),
    /// On the command line.
    CommandLine,
}

/// A value, and where it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    /// Where it was chosen.
    pub origin: Origin,
}

impl<T> Chosen<T> {
    /// A value that was typed.
    pub fn typed(value: T) -> Self {
        Chosen { value, origin: Origin::CommandLine }
    }

    fn default(value: T) -> Self {
        Chosen { value, origin: Origin::Default }
    }
}

/// What was chosen in one place: a file, the environment, the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Ids of hosts.
    pub hosts: Option<Chosen<Vec<String>>>,
    /// The least severity that makes a run fail; `None` in it: a run never fails by its findings.
    pub fail_on: Option<Chosen<Option<Severity>>>,
    /// Calls of each export on one instance.
    pub calls: Option<Chosen<u32>>,
    /// What the calls of one export may use.
    pub budget: Option<Chosen<Time>>,
    /// Linear memory of one instance.
    pub memory: Option<Chosen<Size>>,
    /// From which arguments and random numbers are made.
    pub seed: Option<Chosen<u64>>,
    /// Whether nothing is executed.
    pub static_only: Option<Chosen<bool>>,
    /// Whether doubts fail a run, too.
    pub strict: Option<Chosen<bool>>,
    /// Exports that the execution check leaves alone, as globs.
    pub exclude_exports: Option<Chosen<Vec<String>>>,
    /// What is given for the calls of components.
    pub given: Given,
    /// Rule ids, or `all`, with a level each. A later entry wins over an earlier one.
    pub levels: Vec<(String, Chosen<Level>)>,
    /// Findings that are known and accepted.
    pub accept: Vec<Acceptance>,
}

/// What is in effect for one artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Ids of hosts.
    pub hosts: Chosen<Vec<String>>,
    /// The least severity that makes a run fail; `None` in it: a run never fails by its findings.
    pub fail_on: Chosen<Option<Severity>>,
    /// Calls of each export on one instance.
    pub calls: Chosen<u32>,
    /// What the calls of one export may use.
    pub budget: Chosen<Time>,
    /// Linear memory of one instance.
    pub memory: Chosen<Size>,
    /// From which arguments and random numbers are made.
    pub seed: Chosen<u64>,
    /// Whether nothing is executed.
    pub static_only: Chosen<bool>,
    /// Whether doubts fail a run, too.
    pub strict: Chosen<bool>,
    /// Exports that the execution check leaves alone, as globs.
    pub exclude_exports: Chosen<Vec<String>>,
    /// What is given for the calls of components.
    pub given: Given,
    /// Rule ids, or `all`, with a level each. A later entry wins over an earlier one.
    pub levels: Vec<(String, Chosen<Level>)>,
    /// Findings that are known and accepted.
    pub accept: Vec<Acceptance>,
}

impl Default for Config {
    /// What is in effect where nobody chose.
    fn default() -> Self {
        Config {
            hosts: Chosen::default(vec![Profile::SPEC.to_owned()]),
            fail_on: Chosen::default(Some(Severity::Error)),
            calls: Chosen::default(8),
            budget: Chosen::default(Time { milliseconds: 5000 }),
            memory: Chosen::default(Size { bytes: 1 << 30 }),
            seed: Chosen::default(0x5eed),
            static_only: Chosen::default(false),
            strict: Chosen::default(false),
            exclude_exports: Chosen::default(Vec::new()),
            given: Given::default(),
            levels: Vec::new(),
            accept: Vec::new(),
        }
    }
}

impl Config {
    /// How many calls an export may get.
    pub const CALLS: std::ops::RangeInclusive<u32> = 2..=1000;

    /// What `layers` choose together: a later one wins. Levels, acceptances and scenarios add up.
    pub fn of(layers: impl IntoIterator<Item = Layer>) -> Config {
        fn put<T>(slot: &mut Chosen<T>, chosen: Option<Chosen<T>>) {
            if let Some(chosen) = chosen {
                *slot = chosen;
            }
        }
        let mut config = Config::default();
        for layer in layers {
            put(&mut config.hosts, layer.hosts);
            put(&mut config.fail_on, layer.fail_on);
            put(&mut config.calls, layer.calls);
            put(&mut config.budget, layer.budget);
            put(&mut config.memory, layer.memory);
            put(&mut config.seed, layer.seed);
            put(&mut config.static_only, layer.static_only);
            put(&mut config.strict, layer.strict);
            put(&mut config.exclude_exports, layer.exclude_exports);
            config.given.add(layer.given);
            config.levels.extend(layer.levels);
            config.accept.extend(layer.accept);
        }
        config
    }

    /// The level chosen for a rule, if one was.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let chosen = self.levels.iter().rev().find(|(id, _)| id == rule || id == "all");
        chosen.map(|(_, level)| level.value)
    }

    /// Whether a finding of this severity makes a run fail.
    pub fn fails(&self, severity: Severity) -> bool {
        self.fail_on.value.is_some_and(|least| severity >= least)
    }
}

/// The words for `fail-on`.
pub const FAIL_ON: [(&str, Option<Severity>); 4] = [
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
