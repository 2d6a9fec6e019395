//! Why a component could not be had.

/// Why a reference leads to no component: what was asked of whom, and what the answer was. Holds no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FetchError(String);

impl FetchError {
    pub(crate) fn new(message: impl Into<String>) -> FetchError {
        FetchError(message.into())
    }

    #[cfg(feature = "registry")]
    /// The same with a sentence's end that says what to do.
    pub(super) fn with_advice(self, advice: &str) -> FetchError {
        FetchError(format!("{}: {advice}", self.0))
    }
}
