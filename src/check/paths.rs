//! Paths as reports and messages show them, and the folders around a path.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// A path as given, with `/` and without a leading `./`.
pub(crate) fn as_given(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// A path as given, or relative to the current folder if it is absolute.
pub(crate) fn from_here(path: &Path) -> String {
    if path.is_relative() {
        return as_given(path);
    }
    let here = env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    as_given(&relative(&here, path))
}

/// The folder that holds `path`; `.` if the path names none.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The root of the repository that holds `folder`, if any.
pub(super) fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| folder.join(".git").exists())
}

/// A path with the name of its folder: `.wash/config.yaml` for `config.yaml` if the current folder is `.wash`.
pub(crate) fn with_folder(path: &Path) -> String {
    let is_bare = path.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    match env::current_dir() {
        Ok(here) if is_bare => as_given(&here.join(path)),
        _ => as_given(path),
    }
}

/// The path of `path` as seen from `folder`; both are absolute.
fn relative(folder: &Path, path: &Path) -> PathBuf {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| PathBuf::from(".."));
    let down = path.components().skip(shared).map(|step| PathBuf::from(step.as_os_str()));
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths() {
        for (folder, path, expected) in
            [("/a/b", "/a/b/c.toml", "c.toml"), ("/a/b", "/a/c.toml", "../c.toml")]
        {
            assert_eq!(relative(Path::new(folder), Path::new(path)), Path::new(expected));
        }
    }
}
