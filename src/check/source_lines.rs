//! Finds the files of the source lines that a component records, among the files of the project.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::paths::as_given;
use crate::location::{Location, SourceLine};
use crate::report::document::{Document, Source, Sources};

/// The source lines of an artifact. A line is marked as present if its file is below `root` and not newer than the
/// artifact: a file edited after the build has other lines.
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

/// The source lines of a component that is WebAssembly text or has no file. All are marked as present if `present`: if
/// they are those of a text that a reader of the report finds by its name.
pub(super) fn of_text(lines: BTreeMap<Location, SourceLine>, present: bool) -> Sources {
    lines.into_iter().map(|(location, line)| (location, Source::new(line, present))).collect()
}

/// The texts of the source files that are present by `document`, whose paths are relative to the current folder, and
/// present still, by their paths in it.
pub(crate) fn texts(document: &Document) -> BTreeMap<String, String> {
    let (mut texts, mut left) = (BTreeMap::new(), MOST_BYTES);
    for artifact in &document.artifacts {
        let findings = document.problems(artifact).flat_map(|it| &it.locations);
        let sources = findings.filter_map(|it| it.place.source.as_ref());
        let mut sources = sources.filter(|it| it.present && it.path != artifact.path).peekable();
        if sources.peek().is_none() {
            continue;
        }
        let Some(project) = Project::of(Path::new(&artifact.path), Path::new("")) else { continue };
        for source in sources {
            if texts.len() < MOST_TEXTS && !texts.contains_key(&source.path) {
                // A report that was saved elsewhere may name any file: those of the project alone are read.
                let path = project.find(&source.path);
                let text = path.and_then(|path| text(&path, LARGEST_TEXT.min(left)));
                left -= text.as_ref().map_or(0, |text| text.len() as u64);
                texts.extend(text.map(|text| (source.path.clone(), text)));
            }
        }
    }
    texts
}

/// The text of a file that has no more than so many bytes.
fn text(path: &str, most: u64) -> Option<String> {
    let file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    if size > most {
        return None;
    }
    let mut text = String::new();
    // It may grow meanwhile.
    file.take(most).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The most source files that are quoted in a report.
const MOST_TEXTS: usize = 200;
/// The largest source file that is quoted, in bytes.
const LARGEST_TEXT: u64 = 4 << 20;
/// The most bytes of all of them together.
const MOST_BYTES: u64 = 32 << 20;

/// The folders that may hold an artifact's source files.
struct Project {
    /// The root as given; empty for the current folder.
    given: PathBuf,
    /// The root, canonical.
    root: PathBuf,
    /// The artifact's folder and those above it, up to the root; the root alone for an artifact outside of it.
    folders: Vec<PathBuf>,
    /// When the artifact was modified.
    built: SystemTime,
}

impl Project {
    /// The project with this root; `None` if the root or the artifact cannot be read.
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

    /// The path of the source file that the artifact records as `recorded`, starting with the root as given; `None` if
    /// it is not present.
    fn find(&self, recorded: &str) -> Option<String> {
        // On Windows, such a path may name another machine, and to canonicalize it would contact that machine.
        if recorded.starts_with("//") {
            return None;
        }
        let paths = self.folders.iter().map(|folder| folder.join(recorded));
        let mut files = paths.filter_map(|path| fs::canonicalize(path).ok());
        let file = files.find(|file| file.starts_with(&self.root) && file.is_file())?;
        let modified = fs::metadata(&file).and_then(|it| it.modified()).ok()?;
        let path = self.given.join(file.strip_prefix(&self.root).ok()?);
        (modified <= self.built).then(|| as_given(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn no_more_of_a_source_file_is_read_than_there_is_room_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.c");
        fs::write(&path, "int x;").unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(text(path, 6).as_deref(), Some("int x;"));
        assert_eq!(text(path, 5), None);
        assert_eq!(text("no such file", 6), None);
    }

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
