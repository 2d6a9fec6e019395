//! The options that decide how inputs are examined and judged.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::execution_options::ExecutionOptions;
use super::fetch_options::FetchOptions;
use super::levels::Levels;
use super::progress;
use crate::check::error::CheckError;
use crate::check::request::Request;
use crate::check::settle::Outcome;
use crate::check::{self, Each};
use crate::config::date::{self, Date};
use crate::config::{Chosen, FAIL_ON, Layer};
use crate::registry::Access;
use crate::verdict::Severity;

#[derive(Debug, Clone, Default, Args)]
pub(super) struct CheckOptions {
    /// Host to check for; may be repeated
    ///
    /// By default the host that a manifest implies, or else `spec`. `secondcall hosts` lists all.
    #[arg(short = 'H', long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    #[command(flatten)]
    execution: ExecutionOptions,
    #[command(flatten)]
    levels: Levels,
    /// Lowest severity that fails [default: error]
    ///
    /// The exit code is then 1.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Analyze the code only, execute nothing
    #[arg(short, long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    static_only: Option<bool>,
    /// Exit with 1 if an acceptance matches nothing, and with 5 if something was not examined
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL", hide_possible_values = true)]
    strict: Option<bool>,
    /// Read this file instead of the nearest secondcall.toml
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Ignore secondcall.toml and tables in manifests
    #[arg(long)]
    no_config: bool,
    /// Also report findings that are accepted or in the baseline
    #[arg(long)]
    no_ignores: bool,
    /// Do not report the findings in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Do not show progress
    #[arg(long)]
    no_progress: bool,
    /// Number of inputs to examine at once; 0 for one per core
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    jobs: usize,
    /// Day on which acceptances are judged
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date::parse, hide = true)]
    today: Option<Date>,
    #[command(flatten)]
    fetch: FetchOptions,
}

/// Inputs, and how they are examined.
#[derive(Debug, Args)]
pub(super) struct Checked {
    /// Components (binary or text), references, manifests, folders to search, or - for standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) options: CheckOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// All findings
    Note,
    /// Nothing
    Never,
}

impl CheckOptions {
    /// Finds, examines and judges what `paths` name, and shows the progress.
    ///
    /// # Errors
    /// Those of [`check::run`].
    pub(super) fn check(&self, paths: &[PathBuf]) -> Result<Outcome, CheckError> {
        self.check_as(&self.request(), paths)
    }

    /// The same for a changed [request](CheckOptions::request).
    pub(super) fn check_as(
        &self,
        request: &Request,
        paths: &[PathBuf],
    ) -> Result<Outcome, CheckError> {
        progress::during(!self.no_progress, |progress| check::run(request, paths, Some(progress)))
    }

    /// Gives the outcomes to `each` if that is possible, as [`check::run_each`] does, and returns the rest.
    pub(super) fn check_each(
        &self,
        request: &Request,
        paths: &[PathBuf],
        each: Each<'_>,
    ) -> Result<Outcome, CheckError> {
        // On a terminal, what `each` prints would mix with the progress.
        let shown = !self.no_progress && !io::stdout().is_terminal();
        progress::during(shown, |progress| {
            check::run_each(request, paths, Some(progress), Some(each))
        })
    }

    /// The severity of `--fail-on`, if that is given; it may be none.
    pub(super) fn chosen_fail_on(&self) -> Option<Option<Severity>> {
        self.fail_on.map(FailOn::severity)
    }

    /// Whether references may be fetched.
    pub(super) fn access(&self) -> Access {
        self.fetch.access()
    }

    /// The value of `--strict`, if that is given.
    pub(super) fn chosen_strict(&self) -> Option<bool> {
        self.strict
    }

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
            access: self.access(),
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
