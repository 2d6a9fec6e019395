//! Exit codes, the same for every format.

use crate::check::settle::Gathered;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitCode {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above it.
    Findings = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// No inputs.
    NoInputs = 3,
    /// An input could not be read.
    Unread = 4,
    /// With `--strict`: something was inconclusive.
    Inconclusive = 5,
}

impl ExitCode {
    /// The exit code of a check; `exit_zero` ignores findings.
    pub(super) fn of(gathered: &Gathered, exit_zero: bool) -> Self {
        let run = &gathered.run;
        let of_each =
            || run.artifacts.iter().zip(&gathered.effective).map(|(it, of)| (it, &of.config));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::configuration::Effective;
    use crate::config::accept::Acceptance;
    use crate::config::text::TextSpan;
    use crate::config::{Chosen, Config};
    use crate::inventory::{ArtifactKind, Inventory};
    use crate::location::ExportName;
    use crate::observation::Observation;
    use crate::report::Report;
    use crate::report::document::{Failure, Skipped};
    use crate::report::run::{Artifact, Run};

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
        assert_eq!(ExitCode::of(&gathered(true), true), ExitCode::Unread);
        assert_eq!(ExitCode::of(&readable(gathered(false)), false), ExitCode::Clean);
        assert_eq!(ExitCode::of(&readable(gathered(true)), false), ExitCode::Inconclusive);
        assert_eq!(ExitCode::of(&readable(gathered(true)), true), ExitCode::Clean);
        let span = TextSpan {
            path: "x".to_owned(),
            line: 1,
            column: 1,
            length: 1,
            excerpt: String::new(),
        };
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
        let mut strict = readable(gathered(true));
        strict.run.strict = true;
        strict.run.config.push(acceptance.unmatched());
        assert_eq!(ExitCode::of(&strict, false), ExitCode::Findings);
        let mut lenient = readable(gathered(false));
        lenient.run.config.push(acceptance.unmatched());
        assert_eq!(ExitCode::of(&lenient, false), ExitCode::Clean);
    }
}
