//! The workspace's folders, as the client writes them.

use std::fs;
use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use serde_json::Value;

use super::uri;

/// Folders of the workspace.
#[derive(Debug, Clone, Default)]
pub(super) struct Folders {
    /// The folder from which reports tell paths.
    here: PathBuf,
    all: Vec<Folder>,
}

#[derive(Debug, Clone)]
struct Folder {
    written: PathBuf,
    /// Without links.
    real: PathBuf,
}

impl Folders {
    fn new() -> Self {
        Folders { here: std::env::current_dir().unwrap_or_default(), all: Vec::new() }
    }

    /// Those that `InitializeParams` name.
    pub(super) fn of(initialize: &Value) -> Self {
        let mut folders = Folders::new();
        let listed = listed(initialize.get("workspaceFolders"));
        let root = initialize.get("rootUri").and_then(Value::as_str);
        let root = root.filter(|_| listed.is_empty()).map(|root| Uri(root.to_owned()));
        let all = listed.into_iter().chain(root.and_then(|root| uri::path(&root)));
        all.for_each(|folder| folders.add(folder));
        folders
    }

    /// The file of a path that a report tells, as the client writes it.
    pub(super) fn file(&self, told: impl AsRef<Path>) -> PathBuf {
        self.as_written(uri::absolute(&self.here, told.as_ref()))
    }

    pub(super) fn add(&mut self, written: PathBuf) {
        if !self.all.iter().any(|it| it.written == written) {
            let real = fs::canonicalize(&written).unwrap_or_else(|_| written.clone());
            self.all.push(Folder { written, real });
        }
    }

    pub(super) fn remove(&mut self, written: &Path) {
        self.all.retain(|it| it.written != written);
    }

    /// Those in which a search finds everything: one within another is searched with that.
    pub(super) fn outermost(&self) -> impl Iterator<Item = &Path> {
        let is_within = |a: &Folder, b: &Folder| a.real != b.real && a.real.starts_with(&b.real);
        self.all.iter().enumerate().filter_map(move |(number, it)| {
            let again = self.all[..number].iter().any(|before| before.real == it.real);
            let within = self.all.iter().any(|other| is_within(it, other));
            (!again && !within).then_some(it.written.as_path())
        })
    }

    /// The folder that a path is in.
    pub(super) fn holding(&self, path: &Path) -> Option<&Path> {
        self.outermost().find(|folder| path.starts_with(folder))
    }

    /// A path as the client would write it: through the links by which it came to a folder.
    fn as_written(&self, path: PathBuf) -> PathBuf {
        if self.all.iter().any(|it| path.starts_with(&it.written)) {
            return path;
        }
        let below = |it: &Folder| Some(it.written.join(path.strip_prefix(&it.real).ok()?));
        self.all.iter().find_map(below).unwrap_or(path)
    }
}

/// The folders in a list of `WorkspaceFolder`.
pub(super) fn listed(folders: Option<&Value>) -> Vec<PathBuf> {
    let all = folders.and_then(Value::as_array).into_iter().flatten();
    let uris = all.filter_map(|folder| folder.get("uri")?.as_str());
    uris.filter_map(|it| uri::path(&Uri(it.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_within_another_is_searched_with_it() {
        let mut folders = Folders::new();
        for folder in ["/none/app/sub", "/none/app", "/none/apple"] {
            folders.add(PathBuf::from(folder));
        }
        let outermost =
            |folders: &Folders| folders.outermost().map(Path::to_owned).collect::<Vec<_>>();
        assert_eq!(outermost(&folders), ["/none/app", "/none/apple"].map(PathBuf::from));
        assert_eq!(folders.holding(Path::new("/none/app/sub/x")), Some(Path::new("/none/app")));
        folders.remove(Path::new("/none/app"));
        assert_eq!(outermost(&folders), ["/none/app/sub", "/none/apple"].map(PathBuf::from));
    }

    #[test]
    #[cfg(unix)]
    fn links_are_written_as_the_client_does() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap().join("real");
        let link = folder.path().join("link");
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut folders = Folders::new();
        folders.add(link.clone());
        assert_eq!(folders.as_written(real.join("x/y")), link.join("x/y"));
        assert_eq!(folders.as_written(link.join("x")), link.join("x"));
        assert_eq!(folders.as_written(PathBuf::from("/etc")), Path::new("/etc"));
        // The same folder by another way is searched once.
        folders.add(real);
        assert_eq!(folders.outermost().collect::<Vec<_>>(), [link]);
    }
}
