//! Names and versions of imported interfaces. The engine accepts one 0.2.x for another, but no release candidate. So the
//! `-` of its version is replaced by `+`, which turns it into a build of the release. No byte moves, so that offsets in
//! traps stay those of the file.

use std::borrow::Cow;
use std::collections::BTreeSet;

use wasmparser::{Parser, Payload};

/// The packages of WASI that the host implements, in versions 0.2.x and 0.3.x.
const WASI: [&str; 7] = ["cli", "clocks", "filesystem", "http", "io", "random", "sockets"];
/// The versions in which wasmtime-wasi 48 and wasmtime-wasi-http 48 define them.
const PREVIEW2: &str = "0.2.12";
const PREVIEW3: &str = "0.3.0";

/// The names of imports that were changed.
#[derive(Debug, Default)]
pub(crate) struct Renamed(BTreeSet<String>);

impl Renamed {
    /// The name that an import has in the file.
    pub(crate) fn original(&self, name: &str) -> String {
        match self.0.contains(name) {
            true => name.replacen('+', "-", 1),
            false => name.to_owned(),
        }
    }

    /// The same for a member of an import: `ns:pkg/iface@v#func`.
    pub(super) fn original_of_member(&self, full_name: &str) -> String {
        match full_name.split_once('#') {
            Some((import, member)) => format!("{}#{member}", self.original(import)),
            None => self.original(full_name),
        }
    }
}

/// The component, with imported release candidates of WASI named like releases.
pub(crate) fn rename(component: &[u8]) -> (Cow<'_, [u8]>, Renamed) {
    let mut renamed = Renamed::default();
    let mut bytes = Cow::Borrowed(component);
    for name in imports(component) {
        let Some(hyphen) = candidate(name) else { continue };
        let at = name.as_ptr() as usize - component.as_ptr() as usize + hyphen;
        bytes.to_mut()[at] = b'+';
        renamed.0.insert(format!("{}+{}", &name[..hyphen], &name[hyphen + 1..]));
    }
    (bytes, renamed)
}

/// The names that the outermost component imports, as slices of its bytes.
fn imports(component: &[u8]) -> Vec<&str> {
    let mut names = Vec::new();
    let mut parser = Parser::new(0);
    let mut at = 0;
    while let Some(rest) = component.get(at..)
        && let Ok(wasmparser::Chunk::Parsed { consumed, payload }) = parser.parse(rest, true)
    {
        at += consumed;
        match payload {
            Payload::ModuleSection { unchecked_range, .. }
            | Payload::ComponentSection { unchecked_range, .. } => {
                let end = usize::try_from(unchecked_range.end).unwrap_or(usize::MAX);
                at = at.max(end);
            }
            Payload::ComponentImportSection(section) => {
                names.extend(section.into_iter().map_while(Result::ok).map(|it| it.name.name));
            }
            Payload::End(_) => break,
            _ => {}
        }
    }
    names
}

/// The position of the hyphen in the name of a release candidate, if the host implements the interface.
fn candidate(name: &str) -> Option<usize> {
    is_implemented(name).then_some(())?;
    let at = name.find('@')?;
    let version = &name[at + 1..];
    let hyphen = version.find('-')?;
    let released = version[..hyphen].split('.').all(|it| it.bytes().all(|b| b.is_ascii_digit()));
    (released && version[..hyphen].split('.').count() == 3 && !version.contains('+'))
        .then_some(at + 1 + hyphen)
}

/// Whether the host implements the interface of this name, in this version or one like it.
pub(super) fn is_wasi(name: &str) -> bool {
    let version = name.split_once('@').map_or("", |(_, version)| version);
    is_implemented(name) && !version.split('+').next().is_some_and(|it| it.contains('-'))
}

fn is_implemented(name: &str) -> bool {
    let Some((package, rest)) = name.strip_prefix("wasi:").and_then(|it| it.split_once('/')) else {
        return false;
    };
    let version = rest.split_once('@').map_or("", |(_, version)| version);
    WASI.contains(&package) && (version.starts_with("0.2.") || version.starts_with("0.3."))
}

/// The name under which the host defines an interface of WASI, whatever its version.
pub(crate) fn of_host(name: &str) -> String {
    let (name, version) = name.split_once('@').unwrap_or((name, ""));
    let version = if version.starts_with("0.3.") { PREVIEW3 } else { PREVIEW2 };
    format!("{name}@{version}")
}

/// A resource's name in reports: `wasi:io/poll@0.2.0#pollable` is `wasi:io/poll pollable`.
pub(crate) fn of_resource(full_name: &str) -> String {
    let Some((interface, resource)) = full_name.split_once('#') else {
        return full_name.to_owned();
    };
    let interface = interface.split_once('@').map_or(interface, |(name, _)| name);
    format!("{interface} {resource}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_candidate_is_a_build_of_its_release() {
        let name = "wasi:http/types@0.2.0-rc-2023-12-05";
        assert_eq!(candidate(name).map(|at| &name[at..]), Some("-rc-2023-12-05"));
        for name in [
            "wasi:http/types@0.2.0",
            "wasi:http/types@0.2.0+a-b",
            "wasi:http/types@0.2-rc",
            "wasi:http/types",
            "wasi:keyvalue/store@0.2.0-draft",
            "a-b:http/types@0.2.0-rc",
        ] {
            assert_eq!(candidate(name), None, "{name}");
        }
        assert!(is_wasi("wasi:http/types@0.2.0+rc-2023-12-05"));
        assert!(!is_wasi("wasi:http/types@0.2.0-rc-2023-12-05"));
    }

    #[test]
    fn only_the_outermost_imports_are_renamed() {
        let text = r#"(component
            (component (import "wasi:io/poll@0.2.0-rc" (instance)))
            (import "wasi:io/poll@0.2.0-rc" (instance)))"#;
        let component = wat::parse_str(text).expect("the text is a component");
        let (renamed, names) = rename(&component);
        let changed = component.iter().zip(renamed.iter()).filter(|(a, b)| a != b);
        assert_eq!(changed.collect::<Vec<_>>(), [(&b'-', &b'+')]);
        assert_eq!(names.original("wasi:io/poll@0.2.0+rc"), "wasi:io/poll@0.2.0-rc");
        assert_eq!(names.original("a:b/c@0.2.0+rc"), "a:b/c@0.2.0+rc");
        assert_eq!(rename(b"\0asm").0.as_ref(), b"\0asm");
    }

    #[test]
    fn a_resource_is_named_without_its_version() {
        assert_eq!(of_resource("wasi:io/poll@0.2.0#pollable"), "wasi:io/poll pollable");
        assert_eq!(of_resource("worktree"), "worktree");
    }
}
