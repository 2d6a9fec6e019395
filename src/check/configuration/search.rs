//! Finds configuration files and manifests from an input upward. Reads none of them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::check::paths::{parent, repository};

/// The name of a configuration file.
pub(crate) const FILE: &str = "secondcall.toml";

/// The files that may configure an input.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) file: Option<PathBuf>,
    /// The nearest of each kind, nearest first.
    pub(super) manifests: Vec<PathBuf>,
    /// The input's path without links.
    pub(super) input: Option<PathBuf>,
}

/// Searches from `from`, an input or the manifest that names it, up to the root of the repository or of the file system.
pub(super) fn search(from: &Path, input: &Path) -> Found {
    let mut found = Found::default();
    let Ok(folder) = folder(from) else { return found };
    found.input = fs::canonicalize(input).ok();
    let root = repository(&folder);
    for folder in folder.ancestors() {
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        found.file = found.file.or_else(|| file(FILE));
        for name in ["spin.toml", "Cargo.toml"] {
            if !found.manifests.iter().any(|path| path.file_name() == Some(OsStr::new(name))) {
                found.manifests.extend(file(name));
            }
        }
        if root == Some(folder) {
            break;
        }
    }
    found
}

/// The nearest configuration file, and whether it exists. If it does not, it belongs at the root of the repository or
/// else in the current folder.
pub(crate) fn nearest_file(input: &Path) -> (PathBuf, bool) {
    if let Some(file) = search(input, input).file {
        return (file, true);
    }
    let folder = folder(input).unwrap_or_default();
    (repository(&folder).unwrap_or(Path::new("")).join(FILE), false)
}

/// The folder in which a search begins, without links.
fn folder(path: &Path) -> std::io::Result<PathBuf> {
    fs::canonicalize(if path.is_dir() { path } else { parent(path) })
}
