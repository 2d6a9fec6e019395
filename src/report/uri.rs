//! Paths as URI references.

use std::fmt::Write as _;

/// `path`, which has `/`, as a URI reference: relative, unless the path is absolute or the reference of a component elsewhere.
pub(super) fn of(path: &str) -> String {
    for scheme in ["oci://", "wasi-pkg:", "https://", "http://"] {
        if let Some(rest) = path.strip_prefix(scheme) {
            return scheme.to_owned() + &encoded(rest, b":@#?=&%+[]");
        }
    }
    let scheme = match path {
        _ if path.starts_with('/') => "file://",
        _ if path.get(1..3) == Some(":/") => "file:///",
        _ => "",
    };
    scheme.to_owned() + &escaped(path)
}

/// A path with `/`, percent-encoded.
pub(crate) fn escaped(path: &str) -> String {
    encoded(path, b"")
}

fn encoded(path: &str, kept: &[u8]) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ if kept.contains(&byte) => escaped.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(of("target/a-b_c.wasm"), "target/a-b_c.wasm");
        assert_eq!(of("a b:100%#é?.wasm"), "a%20b%3A100%25%23%C3%A9%3F.wasm");
        assert_eq!(of("/tmp/a.wasm"), "file:///tmp/a.wasm");
        assert_eq!(of("C:/a.wasm"), "file:///C%3A/a.wasm");
        let reference = "oci://127.0.0.1:5000/a/b:1@sha256:00#c";
        assert_eq!(of(reference), reference);
        assert_eq!(of("wasi-pkg:a:b@>=1"), "wasi-pkg:a:b@%3E=1");
    }
}
