//! Components that others are made from: the repository's fixtures, and folders that the environment names.

use std::fs;
use std::path::{Path, PathBuf};

use secondcall::component::Component;

/// The root of the repository. `fuzz/` is a package of its own.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    match package.join("rules").exists() {
        true => package,
        false => package.parent().expect("the package is in the repository"),
    }
}

/// The fixtures, and the components in the folders of `SECONDCALL_COMPONENTS` and `SECONDCALL_FUZZ_COMPONENTS`, up to
/// a size in bytes.
pub(crate) fn components(largest: usize) -> Vec<Vec<u8>> {
    let mut components = Vec::new();
    for folder in ["rules", "tests", "examples"] {
        for path in below(&root().join(folder), &["wat"]) {
            let Ok(bytes) = wat::parse_file(&path) else { continue };
            if bytes.len() <= largest && Component::read(&bytes).is_ok() {
                components.push(bytes);
            }
        }
    }
    for variable in ["SECONDCALL_COMPONENTS", "SECONDCALL_FUZZ_COMPONENTS"] {
        let folder = std::env::var_os(variable).filter(|it| !it.is_empty());
        for path in folder.iter().flat_map(|it| below(Path::new(it), &["wasm"])) {
            let is_fit = |it: &Vec<u8>| it.len() <= largest && Component::read(it).is_ok();
            components.extend(fs::read(path).ok().filter(is_fit));
        }
    }
    components
}

/// The files below a folder with one of these extensions, in the order of their names.
pub(crate) fn below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(below(&path, extensions));
        } else if extensions.iter().any(|it| path.extension() == Some(it.as_ref())) {
            found.push(path);
        }
    }
    found
}
