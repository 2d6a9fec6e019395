//! Exit codes, the same for every format.

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
