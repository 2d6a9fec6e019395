//! Where a file of the user may stand: from an input upward. Reads none of them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The name of our file.
pub(crate) const FILE: &str = "secondcall.toml";

/// The files that may speak of an input.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) file: Option<PathBuf>,
    /// The nearest of each kind, nearest first.
    pub(super) manifests: Vec<PathBuf>,
    /// The input itself, without links.
    pub(super) input: Option<PathBuf>,
}

/// Looks from an input, or from the manifest that names it, upward, to the root of the repository or of
/// the file system.
pub(super) fn search(from: &Path, input: &Path) -> Found {
    let mut found = Found::default();
    let folder = if from.is_dir() { Some(from) } else { from.parent() };
    let folder = folder.filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(folder) = fs::canonicalize(folder) else { return found };
    found.input = fs::canonicalize(input).ok();
    for folder in folder.ancestors() {
        let file = |name: &str| Some(folder.join(name)).filter(|it| it.is_file());
        found.file = found.file.or_else(|| file(FILE));
        for name in ["spin.toml", "Cargo.toml"] {
            if !found.manifests.iter().any(|it| it.file_name() == Some(OsStr::new(name))) {
                found.manifests.extend(file(name));
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    found
}

/// The nearest file of ours, or else where it would be made: at the root of the repository, or here.
pub(crate) fn nearest_file(input: &Path) -> (PathBuf, bool) {
    if let Some(file) = search(input, input).file {
        return (file, true);
    }
    let folder = if input.is_dir() { input } else { input.parent().unwrap_or(input) };
    let folder =
        fs::canonicalize(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let repository = folder
        .ok()
        .and_then(|it| it.ancestors().find(|it| it.join(".git").exists()).map(Path::to_owned));
    (repository.unwrap_or_default().join(FILE), false)
}

/// A path as it is told: from the current folder, with `/`.
pub(crate) fn from_here(path: &Path) -> String {
    let here = env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    let relative = if path.is_absolute() { from(&here, path) } else { path.to_owned() };
    let text = relative.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// The way from a folder to a path.
fn from(folder: &Path, path: &Path) -> PathBuf {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..");
    up.map(PathBuf::from)
        .chain(path.components().skip(shared).map(|it| PathBuf::from(it.as_os_str())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_here() {
        let way = |folder: &str, path: &str| from(Path::new(folder), Path::new(path));
        assert_eq!(way("/a/b", "/a/b/c.toml"), Path::new("c.toml"));
        assert_eq!(way("/a/b", "/a/c.toml"), Path::new("../c.toml"));
    }
}
