//! Finds configuration files and manifests from an input upward. Reads none of them.
//!
//! Outside of a repository, anyone may have put a file into a folder above the input, such as one for temporary files. So
//! none counts there but those in folders that the user opened, and the user's own.

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
    /// Whether `file` came with a checkout.
    pub(super) is_of_checkout: bool,
    /// The nearest file, if it does not count.
    pub(super) outside: Option<PathBuf>,
    /// The nearest of each kind, nearest first.
    pub(super) manifests: Vec<PathBuf>,
    /// The input's path without links.
    pub(super) input: Option<PathBuf>,
}

/// Searches from `from`, an input or the manifest that names it, up to the root of the repository or of the file system.
/// The user opened the folders `opened`.
pub(super) fn search(from: &Path, input: &Path, opened: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let Ok(folder) = folder(from) else { return found };
    found.input = fs::canonicalize(input).ok();
    let opened: Vec<_> = opened.iter().filter_map(|it| fs::canonicalize(it).ok()).collect();
    let named = fs::canonicalize(from).ok();
    let root = repository(&folder);
    for folder in folder.ancestors() {
        let counts = root.is_some() || opened.iter().any(|it| it == folder);
        let file = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        let slot = if counts { &mut found.file } else { &mut found.outside };
        *slot = slot.take().or_else(|| file(FILE));
        for name in ["spin.toml", "Cargo.toml"] {
            if !found.manifests.iter().any(|path| path.file_name() == Some(OsStr::new(name))) {
                let counts = |it: &PathBuf| counts || Some(it) == named.as_ref();
                found.manifests.extend(file(name).filter(counts));
            }
        }
        if root == Some(folder) {
            break;
        }
    }
    found.is_of_checkout = found.file.is_some();
    if root.is_none() {
        found.file = found.file.or_else(own);
    }
    found
}

/// The user's own file, for inputs outside of repositories.
fn own() -> Option<PathBuf> {
    Some(dirs::config_dir()?.join("secondcall").join(FILE)).filter(|path| path.is_file())
}

/// Whether a search finds a configuration file that is put there.
pub(crate) fn is_found(file: &Path) -> bool {
    folder(file).is_ok_and(|folder| repository(&folder).is_some())
}

/// The nearest configuration file to add to, and whether it exists. If it does not, it belongs at the root of the
/// repository or else in the current folder. The user opened the folders `opened`.
pub(crate) fn nearest_file(input: &Path, opened: &[PathBuf]) -> (PathBuf, bool) {
    let found = search(input, input, opened);
    if let Some(file) = found.file.filter(|_| found.is_of_checkout) {
        return (file, true);
    }
    let folder = folder(input).unwrap_or_default();
    (repository(&folder).unwrap_or(Path::new("")).join(FILE), false)
}

/// The folder in which a search begins, without links.
fn folder(path: &Path) -> std::io::Result<PathBuf> {
    fs::canonicalize(if path.is_dir() { path } else { parent(path) })
}
