//! Walks of folders, in the order of names and without following links.

use std::error::Error;
use std::path::{Path, PathBuf};

use globset::Glob;
use ignore::{DirEntry, WalkBuilder};

/// Everything below `folder`, at most `depth` levels down. Does not enter folders of the name `skipped`, if any. An
/// error holds the path that could not be read and the reason.
pub(super) fn walk(
    folder: &Path,
    depth: usize,
    skipped: Option<&'static str>,
) -> impl Iterator<Item = Result<DirEntry, (PathBuf, String)>> {
    let mut walk = WalkBuilder::new(folder);
    walk.standard_filters(false).max_depth(Some(depth)).sort_by_file_name(Ord::cmp);
    walk.filter_entry(move |entry| {
        let is_skipped = skipped.is_some_and(|skipped| entry.file_name() == skipped);
        entry.depth() == 0 || !is_skipped || !is_folder(entry)
    });
    let walk = walk.build().map(|entry| entry.map_err(reason));
    walk.filter(|entry| entry.as_ref().map_or(true, |entry| entry.depth() > 0))
}

/// Whether an entry is a folder, and no link to one.
pub(super) fn is_folder(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
}

/// Whether an entry is a file, and no link to one.
pub(super) fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

/// The names in `folder` of the folders that match a glob, which is one step of a path; none if it is no glob.
pub(super) fn matching(folder: &Path, glob: &str) -> Vec<String> {
    let Ok(glob) = Glob::new(glob).map(|glob| glob.compile_matcher()) else { return Vec::new() };
    let folders = walk(folder, 1, None).filter_map(Result::ok).filter(is_folder);
    let names = folders.filter_map(|entry| entry.file_name().to_str().map(str::to_owned));
    names.filter(|name| glob.is_match(name)).collect()
}

/// The path that an error is about, and what the system says.
fn reason(error: ignore::Error) -> (PathBuf, String) {
    let path = match &error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        _ => PathBuf::new(),
    };
    // The error of the walk repeats the path.
    let cause = error.io_error().and_then(Error::source).map(ToString::to_string);
    (path, cause.unwrap_or_else(|| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_glob_matches_names_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["lib-a", "lib-b", "other"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("lib-c"), "").unwrap();
        for (glob, expected) in
            [("*", "lib-a lib-b other"), ("lib-?", "lib-a lib-b"), ("l*-[b-z]", "lib-b"), ("[", "")]
        {
            assert_eq!(matching(folder.path(), glob).join(" "), expected, "{glob}");
        }
    }
}
