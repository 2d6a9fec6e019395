//! Applies acceptances, levels and a baseline to the findings of a run.

use std::fs;
use std::path::{Path, PathBuf};

use super::configuration::ResolvedConfig;
use super::error::CheckError;
use super::paths::{from_here, parent};
use crate::report::acceptance::{AcceptancePolicy, Acceptances};
use crate::report::baseline::{Baseline, Comparison};
use crate::report::run::Run;

/// The result of a check.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) run: Run,
    /// The configuration of each artifact of `run`.
    pub(crate) configs: Vec<ResolvedConfig>,
    /// For each artifact of `run`, whether all its exports were called, except those that the configuration excludes.
    pub(crate) executed: Vec<bool>,
}

impl Outcome {
    /// Removes findings that are accepted or whose level is `allow`, applies the other levels, and adds a diagnostic
    /// for each acceptance that is expired or matches nothing. `paths` are those that were searched for inputs.
    pub(super) fn settle(&mut self, paths: &[PathBuf], policy: AcceptancePolicy) {
        let mut acceptances = Acceptances::default();
        let configs = self.configs.iter().zip(&self.executed);
        for (artifact, (resolved, executed)) in self.run.artifacts.iter_mut().zip(configs) {
            let path = artifact.path.clone();
            let names: Vec<_> = resolved.names(&path).collect();
            let config = &resolved.config;
            artifact.accepted = acceptances.settle(artifact, &names, *executed, config, policy);
            if let Ok(report) = &mut artifact.result {
                report.configure(config);
            }
        }
        let folders = paths.iter().filter(|path| path.is_dir());
        let folders: Vec<_> = folders.filter_map(|path| fs::canonicalize(path).ok()).collect();
        // Whether a searched folder holds the configuration file, so that the run has every input in its scope.
        let is_whole = |file: &str| {
            let folder = fs::canonicalize(parent(Path::new(file)));
            folder.is_ok_and(|folder| folders.iter().any(|it| folder.starts_with(it)))
        };
        self.run.config.extend(acceptances.diagnostics(policy.today, is_whole));
    }

    /// Compares the findings with a baseline.
    pub(crate) fn compare(&self, baseline: &Baseline) -> Comparison {
        baseline.compare(&self.run, |index| self.executed.get(index) == Some(&true))
    }

    /// Removes the findings in `baseline`, unless `no_ignores`. Adds a diagnostic for each entry whose finding is gone.
    pub(crate) fn hide(&mut self, baseline: &Baseline, no_ignores: bool) {
        let comparison = self.compare(baseline);
        if !no_ignores {
            for (index, artifact) in self.run.artifacts.iter_mut().enumerate() {
                artifact.known =
                    comparison.known.keys().filter(|(it, _)| *it == index).count() as u64;
                let Ok(report) = &mut artifact.result else { continue };
                let mut numbers = 0..;
                report.findings.retain(|_| {
                    numbers
                        .next()
                        .is_none_or(|number| !comparison.known.contains_key(&(index, number)))
                });
            }
        }
        self.run.config.extend(comparison.gone.iter().filter_map(|entry| baseline.stale(*entry)));
    }
}

/// Reads a baseline.
///
/// # Errors
/// If the file cannot be read or is invalid.
pub(crate) fn baseline(path: &Path) -> Result<Baseline, CheckError> {
    let text = fs::read_to_string(path).map_err(|error| {
        let help = "`secondcall baseline write` creates one";
        format!("cannot read the baseline {}: {error}; {help}", path.display())
    })?;
    Baseline::read(&from_here(path), &text)
        .map_err(|diagnostic| CheckError::Config(vec![*diagnostic]))
}
