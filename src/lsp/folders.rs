//! The workspace's folders, and paths as the client spells them.

use std::fs;
use std::path::{Path, PathBuf};

use gen_lsp_types::{Uri, WorkspaceFolder};
use serde::Deserialize;
use serde_json::Value;

use super::uri;

#[derive(Debug, Clone, Default)]
pub(super) struct Folders {
    /// The folder that relative paths of reports start from.
    here: PathBuf,
    all: Vec<Folder>,
}

#[derive(Debug, Clone)]
struct Folder {
    /// As the client spells it.
    path: PathBuf,
    /// Without symbolic links.
    real: PathBuf,
}

impl Folders {
    fn new() -> Self {
        Folders { here: std::env::current_dir().unwrap_or_default(), all: Vec::new() }
    }

    /// The folders of `InitializeParams`.
    pub(super) fn of(initialize: &Value) -> Self {
        let mut folders = Folders::new();
        let listed = initialize.get("workspaceFolders").cloned().unwrap_or_default();
        for folder in Vec::<WorkspaceFolder>::deserialize(listed).unwrap_or_default() {
            folders.add(&folder.uri);
        }
        if let Some(root) = initialize.get("rootUri").and_then(Value::as_str)
            && folders.all.is_empty()
        {
            folders.add(&Uri::from(root));
        }
        folders
    }

    /// The file at a path of a report, as the client spells it: through the links by which it reached a folder.
    pub(super) fn file(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = uri::absolute(&self.here, path.as_ref());
        if self.all.iter().any(|folder| path.starts_with(&folder.path)) {
            return path;
        }
        let inside = |it: &Folder| Some(it.path.join(path.strip_prefix(&it.real).ok()?));
        self.all.iter().find_map(inside).unwrap_or(path)
    }

    pub(super) fn add(&mut self, uri: &Uri) {
        let Some(path) = uri::path(uri) else { return };
        if !self.all.iter().any(|folder| folder.path == path) {
            let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            self.all.push(Folder { path, real });
        }
    }

    pub(super) fn remove(&mut self, uri: &Uri) {
        let path = uri::path(uri);
        self.all.retain(|folder| Some(&folder.path) != path.as_ref());
    }

    /// The folders that contain all others.
    pub(super) fn outermost(&self) -> impl Iterator<Item = &Path> {
        let is_inside = |a: &Folder, b: &Folder| a.real != b.real && a.real.starts_with(&b.real);
        self.all.iter().enumerate().filter_map(move |(index, folder)| {
            let repeated = self.all[..index].iter().any(|earlier| earlier.real == folder.real);
            let nested = self.all.iter().any(|other| is_inside(folder, other));
            (!repeated && !nested).then_some(folder.path.as_path())
        })
    }

    /// The outermost folder that contains a path.
    pub(super) fn containing(&self, path: &Path) -> Option<&Path> {
        self.outermost().find(|folder| path.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_nested_folder_belongs_to_the_outermost() {
        let mut folders = Folders::new();
        let outermost =
            |folders: &Folders| folders.outermost().map(Path::to_owned).collect::<Vec<_>>();
        for folder in ["/none/app/sub", "/none/app", "/none/apple"] {
            folders.add(&uri::of_path(Path::new(folder)));
        }
        assert_eq!(outermost(&folders), ["/none/app", "/none/apple"].map(PathBuf::from));
        assert_eq!(folders.containing(Path::new("/none/app/sub/x")), Some(Path::new("/none/app")));
        folders.remove(&Uri::from("file:///none/app"));
        assert_eq!(outermost(&folders), ["/none/app/sub", "/none/apple"].map(PathBuf::from));
    }

    #[test]
    #[cfg(unix)]
    fn links_are_spelled_as_the_client_does() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap().join("real");
        let link = folder.path().join("link");
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut folders = Folders::new();
        folders.add(&uri::of_path(&link));
        for (path, expected) in [
            (real.join("x/y"), link.join("x/y")),
            (link.join("x"), link.join("x")),
            ("/etc".into(), "/etc".into()),
        ] {
            assert_eq!(folders.file(path), expected);
        }
        // The same folder by another path is searched once.
        folders.add(&uri::of_path(&real));
        assert_eq!(folders.outermost().collect::<Vec<_>>(), [link]);
    }
}
