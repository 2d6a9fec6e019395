//! Keeps manifests within their project: a manifest comes with a clone, and must not make this program read files
//! elsewhere on the machine.

use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use crate::check::paths::repository;

/// The files that a manifest may name: those in its repository or, outside of any, in the current folder or else its
/// own.
#[derive(Debug)]
pub(super) struct Project {
    /// The manifest's folder as the user would write it.
    folder: PathBuf,
    /// The same without links.
    real: PathBuf,
    root: PathBuf,
}

impl Project {
    /// The project of a manifest whose paths are relative to `folder`.
    pub(super) fn of(folder: &Path) -> std::io::Result<Project> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = fs::canonicalize(folder)?;
        let here = env::current_dir().and_then(fs::canonicalize).ok();
        let here = here.as_deref().filter(|here| real.starts_with(here));
        let root = repository(&real).or(here).unwrap_or(&real).to_owned();
        Ok(Project { folder: folder.to_owned(), real, root })
    }

    /// The file `path`, relative to the folder `up` levels above the manifest's.
    ///
    /// # Errors
    /// If the path leads out of the project: a message.
    pub(super) fn file(&self, path: &str, up: usize) -> Result<PathBuf, String> {
        let relative = Path::new(path);
        let steps = relative.components();
        let is_absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
        if is_absolute || steps.clone().any(|it| matches!(it, Component::Prefix(_))) {
            return Err(format!(
                "`{path}` is an absolute path, which is valid on one machine only: make it relative to \
                 the folder of this file"
            ));
        }
        let up = std::iter::repeat_n(Component::ParentDir, up);
        let mut real = self.real.clone();
        let mut shown = self.folder.clone();
        for step in up.chain(steps) {
            match step {
                Component::Normal(name) => {
                    real.push(name);
                    shown.push(name);
                }
                Component::ParentDir => {
                    real.pop();
                    shown = above(&shown);
                }
                _ => {}
            }
        }
        let is_within = |path: &Path| path.starts_with(&self.root);
        if !is_within(&real) {
            return Err(format!(
                "`{path}` leads out of the project: a manifest may only name files in its repository; \
                 check that file by itself"
            ));
        }
        // A path that does not exist must not reveal what exists outside, either.
        let nearest = real.ancestors().find_map(|path| fs::canonicalize(path).ok());
        if !nearest.is_some_and(|nearest| is_within(&nearest)) {
            return Err(format!(
                "`{path}` is a link that leads out of the project: check its target by itself"
            ));
        }
        Ok(shown)
    }

    /// The number of the project's folders above the manifest's, including its root.
    pub(super) fn above(&self) -> usize {
        self.real.strip_prefix(&self.root).map_or(0, |rest| rest.components().count())
    }
}

/// The parent of a folder, as the user would write it.
fn above(folder: &Path) -> PathBuf {
    match folder.components().next_back() {
        Some(Component::Normal(_)) => folder.parent().unwrap_or(Path::new("")).to_owned(),
        None | Some(Component::CurDir) => PathBuf::from(".."),
        _ => folder.join(".."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_out_of_the_project_are_refused() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("clone");
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::create_dir_all(root.join("app/sub")).unwrap();
        fs::write(outside.path().join("secret.wasm"), "").unwrap();
        let app = root.join("app");
        let project = Project::of(&app).unwrap();
        assert_eq!(project.above(), 1);
        assert_eq!(project.file("sub/../x.wasm", 0), Ok(app.join("x.wasm")));
        assert_eq!(project.file("./sub/x.wasm", 0), Ok(app.join("sub/x.wasm")));
        assert_eq!(project.file("../x.wasm", 0), Ok(root.join("x.wasm")));
        assert_eq!(project.file("x.wasm", 1), Ok(root.join("x.wasm")));
        for path in ["../../secret.wasm", "/etc/passwd", "C:\\x.wasm", "\\\\host\\x", "../.."] {
            assert!(project.file(path, 0).is_err(), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outside.path(), app.join("link")).unwrap();
            for path in ["link/secret.wasm", "link/none.wasm", "link"] {
                let message = project.file(path, 0).unwrap_err();
                assert!(message.contains("a link"), "{message}");
            }
        }
    }

    #[test]
    fn folders_above() {
        assert_eq!(above(Path::new(".")), Path::new(".."));
        assert_eq!(above(Path::new("")), Path::new(".."));
        assert_eq!(above(Path::new("app")), Path::new(""));
        assert_eq!(above(Path::new("..")), Path::new("../.."));
    }
}
