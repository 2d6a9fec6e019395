//! What is typed, or told by variables of its own, to choose how inputs are examined and judged.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::execution::Options;
use super::levels::Levels;
use super::progress;
use crate::check;
use crate::check::request::Request;
use crate::check::settle::{Gathered, Refusal};
use crate::config::date::{self, Date};
use crate::config::{Chosen, FAIL_ON, Layer};
use crate::verdict::Severity;

/// What decides how inputs are examined and judged.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Choices {
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
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date::parse, hide = true)]
    pub today: Option<Date>,
}

/// From which severity on a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
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
    /// Finds, examines and judges what `paths` name, and shows the progress.
    ///
    /// # Errors
    /// Those of [`check::gather`].
    pub(super) fn gather(&self, paths: &[PathBuf]) -> Result<Gathered, Refusal> {
        progress::during(!self.no_progress, |progress| {
            check::gather(&self.request(), paths, Some(progress))
        })
    }

    /// The request that was typed.
    pub(super) fn request(&self) -> Request {
        let execution = self.execution.request();
        let levels = self.levels.0.iter().cloned();
        let layer = Layer {
            hosts: (!self.hosts.is_empty()).then(|| Chosen::typed(self.hosts.clone())),
            fail_on: self.fail_on.map(|word| Chosen::typed(word.severity())),
            static_only: self.static_only.map(Chosen::typed),
            strict: self.strict.map(Chosen::typed),
            levels: levels.map(|(rule, level)| (rule, Chosen::typed(level))).collect(),
            ..execution.layer
        };
        Request {
            layer,
            config: self.config.clone(),
            no_config: self.no_config,
            no_ignores: self.no_ignores,
            baseline: self.baseline.clone(),
            jobs: self.jobs,
            today: self.today,
            ..execution
        }
    }
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        FAIL_ON[self as usize].1
    }
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
