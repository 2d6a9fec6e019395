//! Finds inputs: files as given, the components that manifests name, and folders searched for both.

mod binary;
mod expansion;
mod folder;
mod input;
mod project;
mod remote;

use std::path::{Path, PathBuf};

use super::paths::with_folder;
use crate::manifest::Kind;
use crate::registry::Access;
use expansion::Expansion;
pub(crate) use input::{Input, Inputs, Loaded, ManifestFile, NamedBy, ReadFrom};

/// Finds the inputs that `paths` name. A manifest stands for the components it names. A folder stands for those that
/// its manifests name and for every other component in it, at any depth. A reference stands for what it leads to. Any other
/// file is an input. A registry is asked what a reference means, if `access` allows it.
pub(crate) fn find(paths: &[PathBuf], access: Access) -> Inputs {
    let mut expansion = Expansion::new(access);
    for path in paths {
        if path.as_os_str() == "-" {
            expansion.add(ReadFrom::Stdin, None);
        } else if let Some(text) = remote::reference(path) {
            for from in remote::found(text, access) {
                expansion.add(from, None);
            }
        } else if path.is_dir() {
            folder::search(path, &mut expansion);
        } else if let Some(kind) = Kind::of_path(&with_folder(path)) {
            expansion.expand(path, kind, true);
        } else {
            expansion.add(ReadFrom::File(path.clone()), None);
        }
    }
    expansion.inputs
}

/// What the argument of a command for one file names: a file, standard input for `-`, or the one component that a reference
/// leads to.
pub(crate) fn argument(path: &Path, access: Access) -> Input {
    let from = match remote::reference(path) {
        _ if path.as_os_str() == "-" => ReadFrom::Stdin,
        Some(text) => remote::single(text, access),
        None => ReadFrom::File(path.to_owned()),
    };
    Input { from, named_by: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_one_input_whatever_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("p")).unwrap();
        fs::write(path("x.wat"), "(component)").unwrap();
        let mut paths = vec![path("x.wat"), path("./x.wat"), path("p/../x.wat")];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path("x.wat"), path("link.wat")).unwrap();
            paths.push(path("link.wat"));
        }
        let found = find(&paths, Access::CACHE).list;
        assert_eq!(found.iter().map(Input::path).collect::<Vec<_>>(), [Some(&*paths[0])]);
        // Files that do not exist are reported under each name.
        assert_eq!(
            find(&[path("a.wat"), path("b.wat"), path("a.wat")], Access::CACHE).list.len(),
            2
        );
    }
}
