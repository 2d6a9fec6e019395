//! The digest by which registries name content.

use std::fmt::{self, Display, Formatter};

use crate::digest::sha256;

/// A SHA-256, as registries write it: `sha256:` and 64 hexadecimal digits.
///
/// Source: OCI image-spec, `descriptor.md`, "Digests" (v1.1). Its other algorithm, SHA-512, is optional, and no tool for
/// components uses it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Digest {
        Digest(sha256(bytes))
    }

    /// Reads `sha256:…`.
    ///
    /// # Errors
    /// If it is another algorithm, or does not have 64 digits: a sentence.
    pub(crate) fn parse(text: &str) -> Result<Digest, String> {
        let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        match text.strip_prefix("sha256:") {
            Some(digits) if digits.len() == 64 && digits.bytes().all(is_digit) => {
                Ok(Digest(digits.to_owned()))
            }
            _ => Err(format!("`{text}` is no digest: expected sha256: and 64 hexadecimal digits")),
        }
    }

    /// The 64 digits.
    pub(crate) fn digits(&self) -> &str {
        &self.0
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sha256_in_lower_case() {
        let digits = "a1".repeat(32);
        let text = format!("sha256:{digits}");
        assert_eq!(Digest::parse(&text).map(|it| it.to_string()), Ok(text));
        for text in [
            "",
            "sha256:",
            "sha256:a1",
            &format!("sha512:{digits}"),
            &format!("sha256:{}", "A1".repeat(32)),
        ] {
            assert!(Digest::parse(text).is_err(), "{text}");
        }
    }
}
