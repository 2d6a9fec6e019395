//! Exit codes, which do not depend on the format.

use crate::check::settle::Outcome;
use crate::report::document::Skipped;

/// The exit code of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
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
    /// With `--strict`: something was not examined.
    Inconclusive = 5,
}

impl ExitCode {
    /// The exit code of a check; `exit_zero` ignores findings.
    pub(crate) fn of(outcome: &Outcome, exit_zero: bool) -> Self {
        let Outcome { run, configs, .. } = outcome;
        let fails = run.artifacts.iter().zip(configs).any(|(artifact, resolved)| {
            artifact.findings().any(|finding| resolved.config.fails(finding.severity))
        });
        if run.artifacts.iter().any(|artifact| artifact.result.is_err()) {
            ExitCode::Unread
        } else if run.first == 0
            && run.artifacts.is_empty()
            && run.skipped.iter().all(Skipped::is_missed)
        {
            ExitCode::NoInputs
        } else if exit_zero {
            ExitCode::Clean
        } else if fails || !run.config.is_empty() && run.strict {
            ExitCode::Findings
        } else {
            ExitCode::of_skipped(outcome)
        }
    }

    /// The exit code of a check of which these are the codes of two parts.
    pub(super) fn with(self, other: Self) -> Self {
        let rank = |it: &Self| match it {
            ExitCode::Clean => 0,
            ExitCode::Inconclusive => 1,
            ExitCode::Findings => 2,
            ExitCode::NoInputs | ExitCode::Usage => 3,
            ExitCode::Unread => 4,
        };
        std::cmp::max_by_key(self, other, rank)
    }

    /// The exit code of a command that does not judge findings: whether something was not examined, with `--strict`.
    pub(super) fn of_skipped(outcome: &Outcome) -> Self {
        let Outcome { run, configs, .. } = outcome;
        let is_strict = |artifact: Option<usize>| match artifact.and_then(|id| configs.get(id)) {
            Some(resolved) => resolved.config.strict.value,
            None => run.strict,
        };
        match run.skipped.iter().any(|it| it.is_missed() && is_strict(it.artifact)) {
            true => ExitCode::Inconclusive,
            false => ExitCode::Clean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::configuration::ResolvedConfig;
    use crate::config::diagnostic::{Code, Diagnostic};
    use crate::config::text::TextSpan;
    use crate::config::{Chosen, Config};
    use crate::location::ExportName;
    use crate::report::document::Failure;
    use crate::report::run::{Artifact, Run};

    /// The outcome for one input that was not executed to the end.
    fn outcome(readable: bool, strict: bool, unmatched: bool) -> Outcome {
        let component = wat::parse_str("(component)").unwrap();
        let failure = Failure { stage: "read".to_owned(), ..Failure::default() };
        let result =
            if readable { Ok(crate::lint(&component, &[]).unwrap()) } else { Err(failure) };
        let skipped = Skipped {
            artifact: Some(0),
            export: Some(ExportName::new(None, "tick")),
            reason: "budget".to_owned(),
            ..Skipped::default()
        };
        let diagnostic = Diagnostic {
            code: Code::UnmatchedEntry,
            span: TextSpan::of_file("secondcall.toml".to_owned()),
            message: String::new(),
            help: String::new(),
        };
        let config = Config { strict: Chosen::typed(strict), ..Config::default() };
        let run = Run {
            artifacts: vec![Artifact::new("api.wasm".to_owned(), Vec::new(), result)],
            skipped: vec![skipped],
            config: unmatched.then_some(diagnostic).into_iter().collect(),
            strict,
            ..Run::default()
        };
        let configs = vec![ResolvedConfig { config, name: None, files: Vec::new() }];
        Outcome { run, configs, executed: vec![false] }
    }

    #[test]
    fn parts_have_the_exit_code_of_the_whole() {
        use ExitCode::{Clean, Findings, Inconclusive, Unread};
        let of = |codes: &[ExitCode]| codes.iter().fold(Clean, |one, other| one.with(*other));
        assert_eq!(of(&[]), Clean);
        assert_eq!(of(&[Clean, Inconclusive, Clean]), Inconclusive);
        assert_eq!(of(&[Inconclusive, Findings, Clean]), Findings);
        assert_eq!(of(&[Unread, Findings, Inconclusive]), Unread);
    }

    #[test]
    fn exit_codes() {
        use ExitCode::{Clean, Findings, Inconclusive, Unread};
        for (readable, strict, unmatched, exit_zero, expected) in [
            (false, true, false, true, Unread),
            (true, false, false, false, Clean),
            (true, true, false, false, Inconclusive),
            (true, true, false, true, Clean),
            (true, true, true, false, Findings),
            (true, false, true, false, Clean),
        ] {
            let outcome = outcome(readable, strict, unmatched);
            assert_eq!(
                ExitCode::of(&outcome, exit_zero),
                expected,
                "{readable} {strict} {unmatched}"
            );
        }
    }
}
