//! Exit codes, which do not depend on the format.

use crate::check::settle::Outcome;

/// The exit code of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// No finding at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Invalid options or configuration.
    Usage = 2,
    /// No inputs.
    NoInputs = 3,
    /// An input cannot be read.
    Unread = 4,
    /// With `--strict`: a result is inconclusive.
    Inconclusive = 5,
}

impl ExitCode {
    /// The exit code of a check; `exit_zero` ignores findings.
    pub(super) fn of(outcome: &Outcome, exit_zero: bool) -> Self {
        let Outcome { run, configs, .. } = outcome;
        let fails = run.artifacts.iter().zip(configs).any(|(artifact, resolved)| {
            artifact.findings().any(|finding| resolved.config.fails(finding.severity))
        });
        let is_strict = |artifact: Option<usize>| {
            artifact.and_then(|id| configs.get(id)).is_some_and(|it| it.config.strict.value)
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::configuration::ResolvedConfig;
    use crate::config::accept::Acceptance;
    use crate::config::text::TextSpan;
    use crate::config::{Chosen, Config};
    use crate::inventory::{ArtifactKind, Inventory};
    use crate::location::ExportName;
    use crate::observation::Observation;
    use crate::report::Report;
    use crate::report::document::{Failure, Skipped};
    use crate::report::run::{Artifact, Run};

    /// The outcome for one input that was not executed to the end.
    fn outcome(strict: bool) -> Outcome {
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
        let configs = vec![ResolvedConfig { config, name: None, files: Vec::new() }];
        let run = Run { artifacts: vec![artifact], skipped: vec![skipped], ..Run::default() };
        Outcome { run, configs, executed: vec![false] }
    }

    #[test]
    fn inconclusive_results_fail_if_strict() {
        let readable = |mut outcome: Outcome| {
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
            outcome.run.artifacts[0].result =
                Ok(Report::of(inventory, Vec::new(), &Observation::default(), &[]));
            outcome
        };
        assert_eq!(ExitCode::of(&outcome(true), true), ExitCode::Unread);
        assert_eq!(ExitCode::of(&readable(outcome(false)), false), ExitCode::Clean);
        assert_eq!(ExitCode::of(&readable(outcome(true)), false), ExitCode::Inconclusive);
        assert_eq!(ExitCode::of(&readable(outcome(true)), true), ExitCode::Clean);
        let span = TextSpan::of_file("x".to_owned());
        let acceptance = Acceptance {
            rule: "run_once_guard".to_owned(),
            export: "tick".to_owned(),
            component: None,
            id: None,
            reason: "known".to_owned(),
            until: None,
            until_span: span.clone(),
            span,
        };
        let mut strict = readable(outcome(true));
        strict.run.strict = true;
        strict.run.config.push(acceptance.unmatched());
        assert_eq!(ExitCode::of(&strict, false), ExitCode::Findings);
        let mut lenient = readable(outcome(false));
        lenient.run.config.push(acceptance.unmatched());
        assert_eq!(ExitCode::of(&lenient, false), ExitCode::Clean);
    }
}
