//! The readers of a log.

/// For whom SARIF is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// GitHub code scanning: lines of texts, and nothing but what is wrong.
    Github,
    /// As the standard has it: bytes of the binary, and also what is right or not known.
    Oasis,
}
