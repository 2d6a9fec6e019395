//! Searches a folder: manifests first, then every component that none of them names.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::Path;

use super::binary::{Binary, binary};
use super::expansion::Expansion;
use super::input::ReadFrom;
use crate::check::paths::{as_given, with_folder};
use crate::check::walk::{is_file, walk};
use crate::manifest::Kind;

/// Levels of folders below the searched one.
const DEEPEST: usize = 64;

/// Adds what `folder` holds.
pub(super) fn search(folder: &Path, expansion: &mut Expansion) {
    let (mut components, mut manifests, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
    let mut invalid = Vec::new();
    for entry in walk(folder, DEEPEST + 1, Some(".git")) {
        let entry = match entry {
            Ok(entry) if is_file(&entry) => entry,
            Ok(_) => continue,
            Err((path, reason)) => {
                expansion.skip(&path, "unreadable", reason, None);
                continue;
            }
        };
        let path = entry.path();
        match binary(path) {
            Some(Binary::Component) => components.push(path.to_owned()),
            Some(Binary::CoreModule) => {
                passed_over.push(format!("{}: a core module; name it to check it", as_given(path)));
            }
            None if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("wasm")) => {
                invalid.push(path.to_owned());
            }
            None => {
                let folders = path.strip_prefix(folder).ok().and_then(Path::parent);
                if !folders.is_some_and(|folders| folders.iter().any(holds_copies))
                    && let Some(kind) = Kind::of_path(&with_folder(path))
                {
                    manifests.push((entry.depth(), kind, path.to_owned()));
                }
            }
        }
    }
    // A manifest that says where its components run comes before one that only builds them.
    manifests.sort_by_key(|(depth, kind, _)| (!kind.implies_a_host(), *depth));
    for (_, kind, path) in &manifests {
        expansion.expand(path, *kind, false);
    }
    for path in components {
        expansion.add(ReadFrom::File(path), None);
    }
    for path in invalid {
        // A file that a manifest names is reported there.
        if !expansion.is_input(&path) {
            expansion.skip(&path, "not-wasm", flaw(&path), None);
        }
    }
    expansion.inputs.passed_over.extend(passed_over);
}

/// Why a file is no WebAssembly binary.
fn flaw(path: &Path) -> String {
    match fs::metadata(path).and_then(|it| Ok((it.len(), fs::File::open(path)?))) {
        Err(error) => format!("cannot read it: {error}"),
        Ok((0, _)) => "it is empty: build it again".to_owned(),
        Ok((_, file)) if is_git_lfs_pointer(&file) => {
            "it is a Git LFS pointer: fetch its contents with `git lfs pull`".to_owned()
        }
        Ok(_) => "its name ends in `.wasm`, but it is not a WebAssembly binary".to_owned(),
    }
}

fn is_git_lfs_pointer(mut file: impl Read) -> bool {
    const START: &[u8] = b"version https://git-lfs.github.com/";
    let mut bytes = [0; START.len()];
    file.read_exact(&mut bytes).is_ok() && bytes == START
}

/// Whether manifests in a folder of this name are copies of others. Components in it are inputs all the same.
fn holds_copies(folder: &OsStr) -> bool {
    let name = folder.to_str().unwrap_or_default();
    matches!(name, "target" | "node_modules") || name.starts_with('.') && name != ".wash"
}
