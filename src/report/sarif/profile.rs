//! The readers of a log.

/// For whom SARIF is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// GitHub code scanning: lines of texts, and failures only.
    Github,
    /// As the standard has it: bytes of the binary, and also good news and open results.
    Oasis,
}
