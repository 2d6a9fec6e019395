//! What the user chose, laid over what was found: acceptances, levels, baseline, exit code.

use std::fs;
use std::path::{Path, PathBuf};

use super::configuration::{Effective, from_here};
use crate::config::diagnostic::Diagnostic;
use crate::report::acceptance::{Ledger, Terms};
use crate::report::baseline::{Baseline, Comparison};
use crate::report::run::Run;

/// What was found in all inputs, and what is in effect for each.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) run: Run,
    pub(crate) effective: Vec<Effective>,
    /// Whether all exports of an artifact were called that are to be called.
    pub(crate) executed: Vec<bool>,
}

impl Gathered {
    /// Takes out what is accepted and what is not to be told, and says of acceptances that match nothing.
    pub(crate) fn settle(&mut self, paths: &[PathBuf], terms: Terms) {
        let mut ledger = Ledger::default();
        let of_each = self.effective.iter().zip(&self.executed);
        for (artifact, (effective, executed)) in self.run.artifacts.iter_mut().zip(of_each) {
            let path = artifact.path.clone();
            let names = [Some(path.as_str()), effective.name.as_deref()];
            let names: Vec<_> = names.into_iter().flatten().collect();
            let config = &effective.config;
            self.run.accepted += ledger.settle(artifact, &names, *executed, config, terms);
            if let Ok(report) = &mut artifact.result {
                report.configure(config);
            }
        }
        let folders: Vec<_> = paths
            .iter()
            .filter(|it| it.is_dir())
            .filter_map(|it| fs::canonicalize(it).ok())
            .collect();
        let whole = |file: &str| {
            let folder = Path::new(file).parent().filter(|it| !it.as_os_str().is_empty());
            let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
            folder.is_ok_and(|folder| folders.iter().any(|it| folder.starts_with(it)))
        };
        self.run.config.extend(ledger.diagnostics(terms.today, whole));
    }

    /// Beside a baseline.
    pub(crate) fn compare(&self, baseline: &Baseline) -> Comparison {
        baseline.compare(&self.run, |artifact| self.executed.get(artifact) == Some(&true))
    }

    /// Takes out what a baseline knows, and says of its entries that match nothing.
    pub(crate) fn hide(&mut self, baseline: &Baseline, no_ignores: bool) {
        let comparison = self.compare(baseline);
        if !no_ignores {
            self.run.known = comparison.known.len() as u64;
            for (id, artifact) in self.run.artifacts.iter_mut().enumerate() {
                let Ok(report) = &mut artifact.result else { continue };
                let mut numbers = 0..;
                report.findings.retain(|_| {
                    numbers.next().is_none_or(|number| !comparison.known.contains(&(id, number)))
                });
            }
        }
        self.run.config.extend(comparison.gone.iter().filter_map(|number| baseline.stale(*number)));
    }
}

/// Reads a baseline.
///
/// # Errors
/// When there is none, or it cannot be read.
pub(crate) fn baseline(path: &Path) -> Result<Baseline, Refusal> {
    let text = fs::read_to_string(path).map_err(|error| {
        let help = "`secondcall baseline write` writes one";
        format!("the baseline {} cannot be read: {error}; {help}", path.display())
    })?;
    Baseline::read(&from_here(path), &text).map_err(|it| Refusal::Diagnostics(vec![*it]))
}

/// Why a run does not begin.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// In one sentence.
    Message(String),
    /// There is nothing to look at, in a few lines.
    NoInputs(String),
    /// An input cannot be read, and all of them are needed.
    Unread(String),
    /// Files of the user are broken.
    Diagnostics(Vec<Diagnostic>),
}

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Refusal::Message(message)
    }
}

impl From<Vec<Diagnostic>> for Refusal {
    fn from(list: Vec<Diagnostic>) -> Self {
        Refusal::Diagnostics(list)
    }
}
