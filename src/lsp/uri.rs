//! Paths as URIs, and the URIs of texts that only the server has.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;

use crate::report;

/// The scheme of a function's text: `secondcall-wat:/work/api.wasm/core0/func12.wat`.
pub(super) const WAT: &str = "secondcall-wat";
/// The scheme of a rule's page: `secondcall-rule:/run_once_guard.md`.
pub(super) const RULE: &str = "secondcall-rule";
/// The scheme of a component's report: `secondcall-report:/work/api.wasm.txt`.
pub(super) const REPORT: &str = "secondcall-report";

/// A text that the server has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Text {
    /// A function of a component.
    Function {
        /// The component's file.
        file: PathBuf,
        /// The core module, in file order.
        core_module: u32,
        /// The function, in the module's function index space.
        function: u32,
    },
    /// A rule's page.
    Rule(String),
    /// What is told of a component.
    Report(PathBuf),
}

impl Text {
    /// Its URI.
    pub(super) fn uri(&self) -> Uri {
        Uri(match self {
            Text::Function { file, core_module, function } => {
                format!("{WAT}:{}/core{core_module}/func{function}.wat", escaped(file))
            }
            Text::Rule(id) => format!("{RULE}:/{id}.md"),
            Text::Report(file) => format!("{REPORT}:{}.txt", escaped(file)),
        })
    }

    /// The text that a URI names.
    pub(super) fn of(uri: &Uri) -> Option<Self> {
        let (scheme, rest) = uri.0.split_once(':')?;
        match scheme {
            WAT => {
                let (rest, function) = rest.strip_suffix(".wat")?.rsplit_once("/func")?;
                let (path, core_module) = rest.rsplit_once("/core")?;
                Some(Text::Function {
                    file: unescaped(path)?,
                    core_module: core_module.parse().ok()?,
                    function: function.parse().ok()?,
                })
            }
            RULE => Some(Text::Rule(rest.strip_prefix('/')?.strip_suffix(".md")?.to_owned())),
            REPORT => Some(Text::Report(unescaped(rest.strip_suffix(".txt")?)?)),
            _ => None,
        }
    }
}

/// The URI of a file, by its absolute path.
pub(super) fn of_path(path: &Path) -> Uri {
    Uri(format!("file://{}", escaped(path)))
}

/// The file that a URI names; `None` for one that names none on this machine.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = unescaped(rest.strip_prefix("localhost").unwrap_or(rest))?;
    Some(absolute(Path::new(""), &path))
}

/// An absolute path without `.` and `..`; links stay as they are.
pub(super) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for step in base.join(path).components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            step => whole.push(step),
        }
    }
    whole
}

fn escaped(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let root = if text.starts_with('/') { "" } else { "/" };
    root.to_owned() + &report::uri::escaped(&text)
}

fn unescaped(text: &str) -> Option<PathBuf> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |it: Option<u8>| char::from(it?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).ok().filter(|text| text.starts_with('/'))?;
    // `/c:/work`, as Windows' paths are written.
    let drive = text.get(2..3) == Some(":") && cfg!(windows);
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn paths_come_back() {
        for text in ["/work/a b/100%/é?#/[x].wasm", "/x/core0/func1.wat/y.wasm"] {
            let uri = of_path(Path::new(text));
            assert!(uri.0.is_ascii() && !uri.0.contains(' '), "{uri:?}");
            assert_eq!(path(&uri).as_deref(), Some(Path::new(text)));
            let file = PathBuf::from(text);
            for text in [
                Text::Function { file: file.clone(), core_module: 2, function: 17 },
                Text::Report(file.clone()),
                Text::Rule("run_once_guard".to_owned()),
            ] {
                assert_eq!(Text::of(&text.uri()), Some(text));
            }
        }
    }

    #[test]
    fn steps_are_taken_and_what_names_nothing() {
        assert_eq!(path(&Uri("file:///x/../y/./z/".to_owned())), Some(PathBuf::from("/y/z")));
        for text in ["", "file:", "file://x%", "file://%zz", "untitled:1", "file://relative"] {
            assert_eq!(path(&Uri(text.to_owned())), None, "{text}");
        }
        for text in ["secondcall-wat:/x.wasm", "secondcall-wat:/x/coreA/func1.wat", "file:///x.wat"]
        {
            assert_eq!(Text::of(&Uri(text.to_owned())), None, "{text}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn steps_up_are_taken() {
        let here = Path::new("/work/a");
        assert_eq!(absolute(here, Path::new("../b/./c")), Path::new("/work/b/c"));
        assert_eq!(absolute(here, Path::new("/x/../y")), Path::new("/y"));
    }
}
