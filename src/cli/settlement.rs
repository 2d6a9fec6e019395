//! What the user chose, laid over what was found: acceptances, levels, baseline, exit code.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::complain;
use super::configuration::{Effective, from_here};
use super::exit_code::ExitCode;
use crate::config::diagnostic::Diagnostic;
use crate::report::acceptance::{Ledger, Terms};
use crate::report::baseline::{Baseline, Comparison};
use crate::report::document;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::text::diagnostic;

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

    /// The exit code.
    pub(crate) fn exit_code(&self, exit_zero: bool) -> ExitCode {
        let run = &self.run;
        let of_each = || run.artifacts.iter().zip(&self.effective).map(|(it, of)| (it, &of.config));
        let fails = of_each()
            .any(|(artifact, config)| artifact.findings().any(|it| config.fails(it.severity)));
        let strict: Vec<_> = of_each().map(|(_, config)| config.strict.value).collect();
        let is_strict =
            |artifact: Option<usize>| artifact.is_some_and(|it| strict.get(it) == Some(&true));
        if run.artifacts.iter().any(|artifact| artifact.result.is_err()) {
            ExitCode::Unread
        } else if exit_zero {
            ExitCode::Clean
        } else if fails || !run.config.is_empty() && run.strict {
            ExitCode::Findings
        } else if run.skipped.iter().any(|it| it.is_inconclusive() && is_strict(it.artifact)) {
            ExitCode::Inconclusive
        } else {
            ExitCode::Clean
        }
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

impl Refusal {
    /// Says so on `err`.
    pub(crate) fn tell(&self, err: &mut dyn Write) -> ExitCode {
        match self {
            Refusal::Message(message) => complain(err, message, ExitCode::Usage),
            Refusal::NoInputs(message) => complain(err, message, ExitCode::NoInputs),
            Refusal::Unread(message) => complain(err, message, ExitCode::Unread),
            Refusal::Diagnostics(list) => {
                for diagnostic in list.iter().map(document::Diagnostic::of) {
                    // Where standard error is closed, too, the exit code is all that is left to say.
                    let _: io::Result<()> = diagnostic::write(&diagnostic, Style::default(), err);
                }
                ExitCode::Usage
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accept::Acceptance;
    use crate::config::diagnostic::Place;
    use crate::config::{Chosen, Config};
    use crate::inventory::{ArtifactKind, Inventory};
    use crate::location::ExportName;
    use crate::observation::Observation;
    use crate::report::Report;
    use crate::report::run::{Artifact, Failure, Skipped};

    /// What was gathered of one input that could not be executed to an end.
    fn gathered(strict: bool) -> Gathered {
        let failure = Failure { stage: "read".to_owned(), ..Failure::default() };
        let artifact = Artifact::new("api.wasm".to_owned(), Vec::new(), Err(failure));
        let skipped = Skipped {
            artifact: Some(0),
            path: None,
            export: Some(ExportName::new(None, "tick")),
            reason: "budget".to_owned(),
            detail: String::new(),
        };
        let config = Config { strict: Chosen::typed(strict), ..Config::default() };
        let effective = vec![Effective { config, name: None, files: Vec::new() }];
        let run = Run { artifacts: vec![artifact], skipped: vec![skipped], ..Run::default() };
        Gathered { run, effective, executed: vec![false] }
    }

    #[test]
    fn what_is_in_doubt_fails_where_it_is_to() {
        let readable = |mut gathered: Gathered| {
            let inventory = Inventory {
                kind: ArtifactKind::Component,
                bytes: 0,
                core_modules: 0,
                functions: 0,
                exports: Vec::new(),
                adapters: Vec::new(),
                toolchains: Vec::new(),
                producers: Vec::new(),
            };
            gathered.run.artifacts[0].result =
                Ok(Report::of(inventory, Vec::new(), &Observation::default(), &[]));
            gathered
        };
        assert_eq!(gathered(true).exit_code(true), ExitCode::Unread);
        assert_eq!(readable(gathered(false)).exit_code(false), ExitCode::Clean);
        assert_eq!(readable(gathered(true)).exit_code(false), ExitCode::Inconclusive);
        assert_eq!(readable(gathered(true)).exit_code(true), ExitCode::Clean);
        let place =
            Place { path: "x".to_owned(), line: 1, column: 1, length: 1, excerpt: String::new() };
        let acceptance = Acceptance {
            rule: "run_once_guard".to_owned(),
            export: "tick".to_owned(),
            component: None,
            id: None,
            reason: "known".to_owned(),
            until: None,
            until_place: place.clone(),
            place,
        };
        let mut strict = readable(gathered(true));
        strict.run.strict = true;
        strict.run.config.push(acceptance.unmatched());
        assert_eq!(strict.exit_code(false), ExitCode::Findings);
        let mut lenient = readable(gathered(false));
        lenient.run.config.push(acceptance.unmatched());
        assert_eq!(lenient.exit_code(false), ExitCode::Clean);
    }
}
