//! Patterns for names: `*` stands for any characters, all others for themselves.

use crate::location::{ExportName, file_name};

/// Whether `glob` fits the whole of `name`.
pub fn fits(glob: &str, name: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == name };
    let Some(mut name) = name.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    // Between two stars the first place that fits leaves most for what follows.
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.ends_with(part);
        }
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    true
}

/// Whether `glob` means an artifact that goes by these names: its path, and its name in a manifest.
pub fn means_artifact(glob: &str, names: &[&str]) -> bool {
    names.iter().any(|name| fits(glob, name) || fits(glob, file_name(name)))
}

/// Whether `glob` means an export: by its name, with the version of its interface or without, or by
/// its interface alone.
pub fn means(glob: &str, export: &ExportName) -> bool {
    fits(glob, export.as_str())
        || fits(glob, &export.unversioned())
        || export.interface().is_some_and(|interface| fits(glob, interface))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, name, expected) in [
            ("tick", "tick", true),
            ("tick", "tickle", false),
            ("wasi:http/*", "wasi:http/handler@0.3.0#handle", true),
            ("*#run", "wasi:cli/run@0.2.6#run", true),
            ("*#run", "wasi:cli/run@0.2.6#runs", false),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a*a", "a", false),
            ("**", "any", true),
        ] {
            assert_eq!(fits(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn an_export_goes_by_several_names() {
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        for glob in ["wasi:cli/run", "wasi:cli/run#run", "wasi:cli/run@0.2.6#run", "wasi:*"] {
            assert!(means(glob, &run), "{glob}");
        }
        for glob in ["run", "wasi:cli/run@0.2.0#run", "wasi:cli"] {
            assert!(!means(glob, &run), "{glob}");
        }
    }
}
