//! The policy of the page: one style sheet and one script, known by their hashes, and nothing else.

use ct_codecs::{Base64, Encoder};
use sha2::{Digest, Sha256};

use crate::report::drawing::looks;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The Content-Security-Policy, the style sheet and the script. XML reads the latter two as they are: they stand in sections
/// of characters, whose marks are comments to the languages.
pub(super) fn texts() -> (String, String, String) {
    let pictures = looks("screen and (prefers-color-scheme: dark)");
    let style = format!("/*<![CDATA[*/\n{STYLE}{pictures}/*]]>*/");
    let script = format!("/*<![CDATA[*/\n{SCRIPT}/*]]>*/");
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(&script)
    );
    (policy, style, script)
}

/// The hash of a text, as a source of the policy.
fn hash(text: &str) -> String {
    let digest = Base64::encode_to_string(Sha256::digest(text));
    format!("sha256-{}", digest.expect("a digest is short enough to be encoded"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        // `printf "alert('Hello, world.');" | openssl dgst -sha256 -binary | base64`, the example of CSP 3.
        assert_eq!(
            hash("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }

    #[test]
    fn no_text_leaves_its_section() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("]]>") && !text.contains("</") && !text.contains("<!--"));
        }
    }
}
