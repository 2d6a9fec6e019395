//! Source lines of findings: which of them are in files of the project on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::paths::as_given;
use crate::location::{Location, SourceLine};
use crate::report::document::{Source, Sources};

/// The lines of one artifact, each with whether its file is present: below `root`, and not newer than the artifact. A
/// file edited after the build has other lines.
pub(super) fn located(
    lines: BTreeMap<Location, SourceLine>,
    artifact: &Path,
    root: &Path,
) -> Sources {
    let project = Project::of(artifact, root);
    let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut source = |line: SourceLine| {
        let find = || project.as_ref()?.find(&line.path);
        match found.entry(line.path.clone()).or_insert_with(find) {
            Some(path) => Source::new(SourceLine { path: path.clone(), ..line }, true),
            None => Source::new(line, false),
        }
    };
    lines.into_iter().map(|(location, line)| (location, source(line))).collect()
}

/// The lines of a component in text form; `present` if it is a file.
pub(super) fn of_text(lines: BTreeMap<Location, SourceLine>, present: bool) -> Sources {
    lines.into_iter().map(|(location, line)| (location, Source::new(line, present))).collect()
}

/// Where an artifact's source files may be.
struct Project {
    /// The root as given; empty for the current folder.
    given: PathBuf,
    root: PathBuf,
    /// The artifact's folder and those above it, up to the root.
    folders: Vec<PathBuf>,
    built: SystemTime,
}

impl Project {
    fn of(artifact: &Path, root: &Path) -> Option<Self> {
        let given = root.to_owned();
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let root = fs::canonicalize(root).ok()?;
        let built = fs::metadata(artifact).and_then(|it| it.modified()).ok()?;
        let artifact = fs::canonicalize(artifact).ok()?;
        let above = artifact.ancestors().skip(1).take_while(|folder| folder.starts_with(&root));
        let mut folders: Vec<_> = above.map(Path::to_owned).collect();
        if folders.is_empty() {
            folders.push(root.clone());
        }
        Some(Project { given, root, folders, built })
    }

    /// The path of a source file that is present, from the root as given.
    fn find(&self, recorded: &str) -> Option<String> {
        // On Windows, such a path may be on another machine.
        if recorded.starts_with("//") {
            return None;
        }
        let paths = self.folders.iter().map(|folder| folder.join(recorded));
        let mut files = paths.filter_map(|path| fs::canonicalize(path).ok());
        let file = files.find(|file| file.starts_with(&self.root) && file.is_file())?;
        let written = fs::metadata(&file).and_then(|it| it.modified()).ok()?;
        let path = self.given.join(file.strip_prefix(&self.root).ok()?);
        (written <= self.built).then(|| as_given(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::Duration;

    #[test]
    fn a_source_file_is_present_below_the_root_if_older_than_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let (root, outside) = (folder.path().join("project"), folder.path().join("libc.c"));
        fs::create_dir_all(root.join("src")).unwrap();
        fs::create_dir_all(root.join("build")).unwrap();
        let start = SystemTime::now();
        let write = |path: &Path, seconds: u64| {
            let file = File::create(path).unwrap();
            file.set_modified(start + Duration::from_secs(seconds)).unwrap();
        };
        write(&root.join("src/main.c"), 1);
        write(&outside, 1);
        write(&root.join("build/api.wasm"), 2);
        write(&root.join("src/edited.c"), 3);
        let project = Project::of(&root.join("build/api.wasm"), &root).unwrap();
        let main = root.join("src/main.c").display().to_string();
        for present in [main.as_str(), "src/main.c", "../src/main.c"] {
            assert_eq!(project.find(present).as_deref(), Some(main.as_str()), "{present}");
        }
        for absent in
            ["src/edited.c", "../../libc.c", outside.to_str().unwrap(), "src", "", "//x/y"]
        {
            assert_eq!(project.find(absent), None, "{absent}");
        }
    }
}
