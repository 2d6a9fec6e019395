//! Reads the files that a script names: requests, standard input, folders and providers. Each once per run.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::check::inputs::Input;
use crate::check::paths::{as_given, from_here};
use crate::check::walk::{is_file, is_folder, walk};
use crate::component::Component;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::FilePath;
use crate::config::text::TextFile;
use crate::digest::hexadecimal;
use crate::script::{GuestFile, HttpRequest, requests};

/// The largest file of requests, in bytes. Browsers save responses, too.
const LARGEST_REQUESTS: u64 = 128 << 20;
/// The largest standard input, in bytes.
const LARGEST_STDIN: u64 = 16 << 20;
/// The most bytes in the files of a folder.
const LARGEST_FOLDER: u64 = 64 << 20;
/// The largest provider, in bytes.
const LARGEST_PROVIDER: usize = 128 << 20;
/// The most files in a folder.
const MOST_FILES: usize = 10_000;
/// Levels of folders in a folder, as many as the guest's file system accepts.
const DEEPEST: usize = 63;

/// The files of a run. Each is read once, and reported once if it cannot be read.
#[derive(Debug, Default)]
pub(super) struct Files {
    requests: Cache<Arc<Vec<HttpRequest>>>,
    stdin: Cache<Arc<Vec<u8>>>,
    folders: Cache<Folder>,
    providers: Cache<Arc<Vec<u8>>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Files by path; `None` for those that cannot be read.
type Cache<T> = BTreeMap<PathBuf, Option<T>>;

/// The files of a folder.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    pub(super) all: Arc<Vec<GuestFile>>,
    /// Differs between folders with different files.
    pub(super) digest: String,
}

impl Files {
    pub(super) fn requests(&mut self, file: &FilePath) -> Option<Arc<Vec<HttpRequest>>> {
        cached(&mut self.requests, &mut self.diagnostics, file, |path| {
            let bytes = read(path, LARGEST_REQUESTS).map_err(|why| unusable(file, &why))?;
            let text = String::from_utf8(bytes)
                .map_err(|_| unusable(file, "it is neither an .http file nor a HAR archive"))?;
            let requests = requests::read(&text).map_err(|fault| Diagnostic {
                code: Code::Syntax,
                span: TextFile::new(&from_here(path), &text).span(fault.range),
                message: fault.message,
                help: fault.help,
            })?;
            Ok(Arc::new(requests))
        })
    }

    pub(super) fn stdin(&mut self, file: &FilePath) -> Option<Arc<Vec<u8>>> {
        cached(&mut self.stdin, &mut self.diagnostics, file, |path| {
            read(path, LARGEST_STDIN).map(Arc::new).map_err(|why| unusable(file, &why))
        })
    }

    pub(super) fn folder(&mut self, file: &FilePath) -> Option<Folder> {
        cached(&mut self.folders, &mut self.diagnostics, file, |path| {
            let all = copy(path).map_err(|why| unusable(file, &why))?;
            Ok(Folder { digest: digest(&all), all: Arc::new(all) })
        })
    }

    /// The bytes of a component that provides an import.
    pub(super) fn provider(&mut self, file: &FilePath) -> Option<Arc<Vec<u8>>> {
        cached(&mut self.providers, &mut self.diagnostics, file, |path| {
            let read = Input::file(path).read().bytes.map_err(|failure| failure.with_command());
            let bytes = read.map_err(|why| unusable(file, &why))?;
            Component::read(&bytes).map_err(|error| unusable(file, &error.to_string()))?;
            match bytes.len() > LARGEST_PROVIDER {
                true => Err(unusable(file, "it is larger than 128 MiB")),
                false => Ok(Arc::new(bytes)),
            }
        })
    }
}

fn cached<T: Clone>(
    cache: &mut Cache<T>,
    diagnostics: &mut Vec<Diagnostic>,
    file: &FilePath,
    read: impl FnOnce(&Path) -> Result<T, Diagnostic>,
) -> Option<T> {
    if let Some(cached) = cache.get(&file.path) {
        return cached.clone();
    }
    let read = read(&file.path).map_err(|diagnostic| diagnostics.push(diagnostic)).ok();
    cache.insert(file.path.clone(), read.clone());
    read
}

fn unusable(file: &FilePath, why: &str) -> Diagnostic {
    Diagnostic {
        code: Code::Unreadable,
        span: file.written.span.clone(),
        message: format!("cannot use {}: {why}", from_here(&file.path)),
        help: String::new(),
    }
}

/// The bytes of a file with at most `most` of them.
fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    match read {
        Ok(length) if length as u64 > most => Err(format!("it is larger than {} MiB", most >> 20)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(error.to_string()),
    }
}

/// The files of a folder and its empty folders, sorted by path. Follows links to files in the folder only.
fn copy(folder: &Path) -> Result<Vec<GuestFile>, String> {
    let root = fs::canonicalize(folder).map_err(|error| error.to_string())?;
    if !root.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    let is_inside = |link: &Path| {
        fs::canonicalize(link).is_ok_and(|file| file.starts_with(&root) && file.is_file())
    };
    let (mut left, mut files, mut folders) = (LARGEST_FOLDER, Vec::new(), Vec::new());
    for entry in walk(&root, DEEPEST + 1, None) {
        let entry = entry.map_err(|(path, why)| format!("{}: {why}", shown(&root, &path)))?;
        let path = guest_path(&root, entry.path())?;
        if is_folder(&entry) {
            if entry.depth() > DEEPEST {
                return Err(format!("{path} is nested too deeply"));
            }
            folders.push(GuestFile { path: path + "/", bytes: Vec::new() });
        } else if is_file(&entry) || entry.path_is_symlink() && is_inside(entry.path()) {
            let length = entry.path().metadata().map_or(0, |metadata| metadata.len());
            if length > left {
                return Err("its files have more than 64 MiB".to_owned());
            }
            let bytes = read(entry.path(), left).map_err(|why| format!("{path}: {why}"))?;
            left -= bytes.len() as u64;
            files.push(GuestFile { path, bytes });
        }
        if files.len() > MOST_FILES || folders.len() > MOST_FILES * DEEPEST {
            return Err(format!("it contains more than {MOST_FILES} files"));
        }
    }
    files.append(&mut folders);
    files.sort_by(|one, other| other.path.cmp(&one.path));
    // A folder with files is implied by them. In descending order, it follows the last of them.
    files
        .dedup_by(|folder, file| folder.path.ends_with('/') && file.path.starts_with(&folder.path));
    files.reverse();
    match files.len() > MOST_FILES {
        true => Err(format!("it contains more than {MOST_FILES} files")),
        false => Ok(files),
    }
}

/// The path of a file in the guest, from its root.
fn guest_path(root: &Path, path: &Path) -> Result<String, String> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let steps: Option<Vec<_>> = relative.iter().map(|step| step.to_str()).collect();
    let not_unicode = || format!("{} is not a Unicode name", shown(root, path));
    steps.map(|steps| steps.join("/")).ok_or_else(not_unicode)
}

fn shown(root: &Path, path: &Path) -> String {
    as_given(path.strip_prefix(root).unwrap_or(path))
}

/// The SHA-256 of all paths and contents.
fn digest(files: &[GuestFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        for part in [file.path.as_bytes(), &file.bytes] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::text::SpannedText;

    fn named(path: &Path) -> FilePath {
        let written = SpannedText::of_option("--guest-dir", &path.display().to_string());
        FilePath { path: path.to_owned(), written }
    }

    #[test]
    fn a_folder_is_copied_in_order_without_links_out_of_it() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), b"s").unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/c")).unwrap();
        fs::create_dir_all(folder.path().join("made/empty")).unwrap();
        for (path, bytes) in [("b/c/x", "1"), ("b/a", "2"), ("a", "3"), ("b.txt", "4")] {
            fs::write(folder.path().join(path), bytes).unwrap();
        }
        #[cfg(unix)]
        for (target, link) in [
            (outside.path().join("secret"), "out"),
            (outside.path().to_owned(), "outside"),
            (folder.path().to_owned(), "loop"),
            (folder.path().join("a"), "in"),
            (PathBuf::from("nowhere"), "gone"),
        ] {
            std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
        }
        let mut files = Files::default();
        let copied = files.folder(&named(folder.path())).unwrap();
        let names: Vec<_> = copied.all.iter().map(|it| it.path.as_str()).collect();
        let links: &[&str] = if cfg!(unix) { &["in"] } else { &[] };
        assert_eq!(names, [&["a", "b.txt", "b/a", "b/c/x"], links, &["made/empty/"]].concat());
        assert!(files.folder(&named(&folder.path().join("a"))).is_none());
        assert!(files.folder(&named(&folder.path().join("none"))).is_none());
        assert_eq!(files.diagnostics.len(), 2);
    }

    #[test]
    fn a_folder_has_limits() {
        let folder = tempfile::tempdir().unwrap();
        let large = File::create(folder.path().join("large")).unwrap();
        large.set_len(LARGEST_FOLDER + 1).unwrap();
        let mut files = Files::default();
        assert!(files.folder(&named(folder.path())).is_none());
        assert!(files.diagnostics[0].message.ends_with("its files have more than 64 MiB"));
        assert!(files.folder(&named(folder.path())).is_none());
        assert_eq!(files.diagnostics.len(), 1);
    }
}
