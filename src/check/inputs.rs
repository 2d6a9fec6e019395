//! Finds inputs: files as given, the components that manifests name, and folders searched for both.

mod binary;
mod expansion;
mod folder;
mod input;
mod project;

use std::path::PathBuf;

use super::paths::with_folder;
use crate::manifest::Kind;
use expansion::Expansion;
pub(crate) use input::{Input, Inputs, Loaded, ManifestFile, NamedBy, ReadFrom};

/// Finds the inputs that `paths` name. A manifest stands for the components it names. A folder stands for those that
/// its manifests name and for every other component in it, at any depth. Any other file is an input.
pub(crate) fn find(paths: &[PathBuf]) -> Inputs {
    let mut expansion = Expansion::default();
    for path in paths {
        let argument = Input::argument(path);
        if argument.from == ReadFrom::Stdin {
            expansion.add(argument.from, None);
        } else if path.is_dir() {
            folder::search(path, &mut expansion);
        } else if let Some(kind) = Kind::of_path(&with_folder(path)) {
            expansion.expand(path, kind, true);
        } else {
            expansion.add(argument.from, None);
        }
    }
    expansion.inputs
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
        let found = find(&paths).list;
        assert_eq!(found.iter().map(Input::path).collect::<Vec<_>>(), [Some(&*paths[0])]);
        // Files that do not exist are reported under each name.
        assert_eq!(find(&[path("a.wat"), path("b.wat"), path("a.wat")]).list.len(), 2);
    }
}
