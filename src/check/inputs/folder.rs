//! What a folder holds: project files first, then every component that none of them names.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::expansion::Expansion;
use super::{Bytes, as_given, first_bytes, with_folder};
use crate::manifest::Kind;

/// Folders within folders that are searched.
const DEEPEST: usize = 64;
/// Folders whose project files are copies of others. What is built in them is looked at.
const COPIES: [&str; 2] = ["target", "node_modules"];

/// What a search saw so far.
#[derive(Default)]
struct Seen {
    components: Vec<PathBuf>,
    /// With its depth.
    manifests: Vec<(usize, Kind, PathBuf)>,
    passed_over: Vec<String>,
}

/// Searches a folder.
pub(super) fn search(folder: &Path, expansion: &mut Expansion) {
    let mut seen = Seen::default();
    walk(folder, 0, false, &mut seen);
    // A file that says where its components run says more of them than one that only builds them.
    seen.manifests.sort_by_key(|(depth, kind, _)| (!kind.implies_a_host(), *depth));
    for (_, kind, path) in &seen.manifests {
        expansion.expand(path, *kind, false);
    }
    for path in seen.components {
        expansion.take(Bytes::File(path), None);
    }
    expansion.sources.passed_over.extend(seen.passed_over);
}

fn walk(folder: &Path, depth: usize, among_copies: bool, seen: &mut Seen) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => {
            seen.passed_over.push(format!("{}: {error}", as_given(folder)));
            return;
        }
    };
    paths.sort();
    for path in paths {
        // A link may lead out of the folder, or back into it.
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if metadata.is_dir() {
            if name != ".git" && depth < DEEPEST {
                let hidden = name.starts_with('.') && name != ".wash";
                let of_copies = among_copies || hidden || COPIES.contains(&name);
                walk(&path, depth + 1, of_copies, seen);
            }
        } else if metadata.is_file() {
            match first_bytes(&path) {
                Some([0, b'a', b's', b'm', _, _, 1, 0]) => seen.components.push(path),
                Some([0, b'a', b's', b'm', ..]) => {
                    seen.passed_over.push(format!("{}: a core module", as_given(&path)));
                }
                _ if among_copies => {}
                _ => {
                    let kind = Kind::of_path(&with_folder(&path));
                    seen.manifests.extend(kind.map(|kind| (depth, kind, path)));
                }
            }
        }
    }
}
