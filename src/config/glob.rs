//! Patterns for names: `*` matches any characters, `/` included; every other character matches itself.

use crate::location::{ExportName, file_name};

/// Whether `glob` matches the whole of `name`.
fn matches(glob: &str, name: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    // Between two stars, the first match leaves most for the parts after it.
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.ends_with(part);
        }
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    true
}

/// Whether `glob` matches one of an artifact's names, or the file name at the end of one. The names
/// are its path and its name in a manifest.
pub(crate) fn matches_artifact(glob: &str, names: &[&str]) -> bool {
    names.iter().any(|name| matches(glob, name) || matches(glob, file_name(name)))
}

/// Whether `glob` matches an export's name, with or without the version of its interface, or the
/// interface alone.
pub(crate) fn matches_export(glob: &str, export: &ExportName) -> bool {
    matches(glob, export.as_str())
        || matches(glob, &export.unversioned())
        || export.interface().is_some_and(|interface| matches(glob, interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_any_characters() {
        for (glob, name, expected) in [
            ("tick", "tick", true),
            ("tick", "tickle", false),
            ("wasi:http/*", "wasi:http/handler@0.3.0#handle", true),
            ("*#run", "wasi:cli/run@0.2.6#run", true),
            ("*#run", "wasi:cli/run@0.2.6#runs", false),
            ("target/*.wasm", "target/wasm32-wasip2/release/api.wasm", true),
            ("a#[method]c.*", "a#[method]c.add", true),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("**", "any", true),
        ] {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn an_export_has_several_names() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        for (glob, expected) in [
            ("wasi:cli/run", true),
            ("wasi:cli/run#run", true),
            ("wasi:cli/run@0.2.6#run", true),
            ("wasi:*", true),
            ("run", false),
            ("wasi:cli/run@0.2.0#run", false),
            ("wasi:cli", false),
        ] {
            assert_eq!(matches_export(glob, &run), expected, "{glob}");
        }
    }
}
