//! Files as URIs.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;

use crate::report::uri::escaped;

/// The URI of the file at an absolute path.
pub(super) fn of_path(path: &Path) -> Uri {
    Uri(format!("file://{}", encode(path)))
}

/// The file that a URI names; `None` if it names no file on this machine.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = decode(rest.strip_prefix("localhost").unwrap_or(rest))?;
    Some(absolute(Path::new(""), &path))
}

/// An absolute path with `/`, percent-encoded.
pub(super) fn encode(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let root = if text.starts_with('/') { "" } else { "/" };
    root.to_owned() + &escaped(&text)
}

/// The path that [`encode`] or a client encoded; `None` if it is malformed or relative.
pub(super) fn decode(text: &str) -> Option<PathBuf> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    let text = String::from_utf8(bytes).ok().filter(|text| text.starts_with('/'))?;
    // Windows' `/c:/work`.
    let is_drive = cfg!(windows) && text.get(2..3) == Some(":");
    Some(PathBuf::from(&text[usize::from(is_drive)..]))
}

/// Joins two paths and removes `.` and `..`, without following links.
pub(super) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut joined = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                joined.pop();
            }
            component => joined.push(component),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_path_survives_the_round_trip() {
        for text in ["/work/a b/100%/é?#/[x].wasm", "/a link, é & (more)/x:y.wasm", "/"] {
            let uri = of_path(Path::new(text));
            assert!(uri.0.is_ascii() && !uri.0.contains([' ', '&', ',']), "{uri:?}");
            assert_eq!(path(&uri).as_deref(), Some(Path::new(text)));
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_uri_names_a_file_or_none() {
        for (uri, expected) in [
            ("file:///x/../y/./z/", Some("/y/z")),
            ("file://localhost/x", Some("/x")),
            ("file:///c%3A/%C3%A9%20b", Some("/c:/é b")),
            ("file:///é b", Some("/é b")),
            ("", None),
            ("file:", None),
            ("file:///%ff", None),
            ("file://x%", None),
            ("file://%zz", None),
            ("file://relative", None),
            ("untitled:1", None),
            ("secondcall-rule:/x.md", None),
        ] {
            assert_eq!(path(&Uri::from(uri)).as_deref(), expected.map(Path::new), "{uri}");
        }
    }

    #[test]
    #[cfg(windows)]
    fn a_drive_is_read_in_every_spelling() {
        for uri in ["file:///c:/x%20y/z.wasm", "file:///c%3A/x%20y/z.wasm"] {
            assert_eq!(path(&Uri::from(uri)), Some(PathBuf::from("c:\\x y\\z.wasm")), "{uri}");
        }
        assert_eq!(of_path(Path::new("c:\\x y\\z.wasm")).0, "file:///c%3A/x%20y/z.wasm");
    }

    #[test]
    #[cfg(unix)]
    fn dots_are_removed() {
        for (path, expected) in [("../b/./c", "/work/b/c"), ("/x/../y", "/y")] {
            assert_eq!(absolute(Path::new("/work/a"), Path::new(path)), Path::new(expected));
        }
    }
}
