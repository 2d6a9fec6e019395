//! Why a component could not be had.

/// Why a reference leads to no component: what was asked of whom, and what the answer was. Holds no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FetchError(String);

/// The longest message, in bytes. Texts of a registry may stand in it.
const LONGEST: usize = 4096;

impl FetchError {
    pub(crate) fn new(message: impl Into<String>) -> FetchError {
        let mut message = message.into();
        if message.len() > LONGEST {
            message.truncate(message.floor_char_boundary(LONGEST));
            message.push('…');
        }
        FetchError(message)
    }

    #[cfg(feature = "registry")]
    /// The same with a sentence's end that says what to do.
    pub(super) fn with_advice(self, advice: &str) -> FetchError {
        FetchError(format!("{}: {advice}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cut() {
        let message = FetchError::new("é".repeat(LONGEST)).to_string();
        assert_eq!(message.chars().count(), LONGEST / 2 + 1);
        assert_eq!(FetchError::new("short").to_string(), "short");
    }
}
