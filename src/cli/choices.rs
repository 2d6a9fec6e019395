//! What is typed, or told by variables of its own, to choose how inputs are examined and judged.

use std::env;
use std::path::PathBuf;
use std::time::SystemTime;

use clap::{Args, ValueEnum};

use super::execution::Options;
use super::levels::Levels;
use crate::config::date::Date;
use crate::config::{Chosen, FAIL_ON, Layer};
use crate::profile::Profile;
use crate::report::acceptance::Terms;
use crate::verdict::Severity;

/// What decides how inputs are examined and judged.
#[derive(Debug, Clone, Default, Args)]
pub struct Choices {
    /// The host to judge for; may be repeated. `secondcall hosts` lists them. By default the one that
    /// a manifest implies, and `spec` where none does
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// How to call the exports
    #[command(flatten)]
    pub execution: Options,
    /// What to do with the findings of a rule
    #[command(flatten)]
    pub levels: Levels,
    /// Exit with 1 from this severity on [default: error]
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
    /// Only analyze, execute nothing
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", hide_possible_values = true)]
    pub static_only: Option<bool>,
    /// Exit with 1 for acceptances that match nothing, with 5 where something was inconclusive
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", hide_possible_values = true)]
    pub strict: Option<bool>,
    /// Read this file instead of the nearest secondcall.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no secondcall.toml and no table in a manifest
    #[arg(long)]
    pub no_config: bool,
    /// Tell accepted and known findings, too
    #[arg(long)]
    pub no_ignores: bool,
    /// Do not tell the findings that this file knows
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Do not show how far a long run is
    #[arg(long)]
    pub no_progress: bool,
    /// How many inputs to work on at once; 0 means one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// The day for acceptances that end
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    pub today: Option<Date>,
}

/// From which severity on a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warning,
    /// Anything found
    Note,
    /// Nothing
    Never,
}

impl Choices {
    /// What was typed.
    pub(super) fn layer(&self) -> Layer {
        let execution = &self.execution;
        let levels = self.levels.0.iter().cloned();
        Layer {
            hosts: (!self.hosts.is_empty()).then(|| Chosen::typed(self.hosts.clone())),
            fail_on: self.fail_on.map(|it| Chosen::typed(it.severity())),
            calls: execution.calls.map(Chosen::typed),
            budget: execution.budget.map(Chosen::typed),
            memory: execution.memory.map(Chosen::typed),
            seed: execution.seed.map(Chosen::typed),
            static_only: self.static_only.map(Chosen::typed),
            strict: self.strict.map(Chosen::typed),
            exclude_exports: None,
            given: execution.given.read().0,
            levels: levels.map(|(rule, level)| (rule, Chosen::typed(level))).collect(),
            accept: Vec::new(),
        }
    }

    /// The baseline that was named.
    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.baseline.clone().or_else(|| variable("SECONDCALL_BASELINE"))
    }

    /// How a run goes about what is accepted.
    ///
    /// # Errors
    /// When a variable tells no day.
    pub(crate) fn terms(&self) -> Result<Terms, String> {
        Ok(Terms { today: self.today()?, no_ignores: self.no_ignores })
    }

    /// The day: as told, or else the system's, by UTC.
    ///
    /// # Errors
    /// When a variable tells none.
    fn today(&self) -> Result<Date, String> {
        if let Some(day) = self.today {
            return Ok(day);
        }
        if let Some(day) = variable("SECONDCALL_TODAY") {
            let day = day.to_string_lossy().parse();
            return day.map_err(|what| format!("SECONDCALL_TODAY: {what}"));
        }
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(Date::of_unix_day(since.as_secs() / 86_400))
    }
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        FAIL_ON[self as usize].1
    }
}

/// What a variable holds, if it holds anything.
pub(super) fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from)
}

/// The hosts with these ids.
pub(crate) fn chosen_hosts(names: &[String]) -> Result<Vec<&'static Profile>, String> {
    let find = |name: &String| {
        Profile::by_id(name).ok_or_else(|| {
            let known: Vec<_> = Profile::all().iter().map(|host| host.id.as_str()).collect();
            format!("there is no host `{name}`; the hosts are {}", known.join(", "))
        })
    };
    names.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_severities_they_name() {
        for (value, (word, severity)) in FailOn::value_variants().iter().zip(FAIL_ON) {
            let name = value.to_possible_value().map(|it| it.get_name().to_owned());
            assert_eq!((name.as_deref(), value.severity()), (Some(word), severity));
        }
    }
}
