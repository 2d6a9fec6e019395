//! What lies within a project, and what does not: a project file comes with a clone, and may not make
//! us read the rest of the machine.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The part of the file system that a project file may name things in: its repository; where there
/// is none, the current folder, or else its own.
#[derive(Debug)]
pub(super) struct Project {
    /// As the user would write it.
    folder: PathBuf,
    /// Without links.
    real: PathBuf,
    root: PathBuf,
}

impl Project {
    /// The project of a project file that counts its paths from `folder`.
    pub(super) fn of(folder: &Path) -> std::io::Result<Project> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let real = fs::canonicalize(folder)?;
        let repository = real.ancestors().find(|it| it.join(".git").exists());
        let here = std::env::current_dir().and_then(fs::canonicalize).ok();
        let here = here.as_deref().filter(|here| real.starts_with(here));
        let root = repository.or(here).unwrap_or(&real).to_owned();
        Ok(Project { folder: folder.to_owned(), real, root })
    }

    /// The file that the project file calls `path`, counted from a folder `up` steps above it.
    ///
    /// # Errors
    /// When the path leads out of the project; then what is wrong with it.
    pub(super) fn file(&self, path: &str, up: usize) -> Result<PathBuf, String> {
        let relative = Path::new(path);
        let steps = relative.components();
        let is_absolute = path.starts_with(['/', '\\']) || path.get(1..2) == Some(":");
        if is_absolute || steps.clone().any(|it| matches!(it, Component::Prefix(_))) {
            return Err(format!(
                "`{path}` is an absolute path, which only one machine has: write it from the folder \
                 of this file"
            ));
        }
        let above = std::iter::repeat_n(Component::ParentDir, up);
        let mut real = self.real.clone();
        let mut told = self.folder.clone();
        for step in above.chain(steps) {
            match step {
                Component::Normal(name) => {
                    real.push(name);
                    told.push(name);
                }
                Component::ParentDir => {
                    real.pop();
                    told = parent(&told);
                }
                _ => {}
            }
        }
        let is_within = |path: &Path| path.starts_with(&self.root);
        if !is_within(&real) {
            return Err(format!(
                "`{path}` leads out of the project: secondcall reads what lies in its repository; \
                 check that file by itself"
            ));
        }
        // Of a file that is not there, too, nothing is told that lies outside.
        let there = real.ancestors().find_map(|it| fs::canonicalize(it).ok());
        if !there.is_some_and(|there| is_within(&there)) {
            return Err(format!(
                "`{path}` is a link that leads out of the project: check what it leads to by itself"
            ));
        }
        Ok(told)
    }

    /// How many folders of the project stand above the project file's, its root among them.
    pub(super) fn above(&self) -> usize {
        self.real.strip_prefix(&self.root).map_or(0, |rest| rest.components().count())
    }
}

/// The folder that a folder stands in, as the user would write it.
fn parent(folder: &Path) -> PathBuf {
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
    fn what_leads_out_is_refused() {
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
        assert_eq!(parent(Path::new(".")), Path::new(".."));
        assert_eq!(parent(Path::new("")), Path::new(".."));
        assert_eq!(parent(Path::new("app")), Path::new(""));
        assert_eq!(parent(Path::new("..")), Path::new("../.."));
    }
}
