//! The files that are named in what was given; each is read once a run, and none is ever written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::check::inputs::Input;
use crate::check::paths::from_here;
use crate::component::Component;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::FilePath;
use crate::config::text::TextFile;
use crate::digest::hexadecimal;
use crate::script::{GuestFile, HttpRequest, requests};

/// A file of requests, in bytes, at most: browsers save answers with them.
const LARGEST_REQUESTS: u64 = 128 << 20;
/// Standard input, in bytes, at most.
const LARGEST_STDIN: u64 = 16 << 20;
/// A folder's files, in bytes, at most.
const LARGEST_FOLDER: u64 = 64 << 20;
/// A provider, in bytes, at most.
const LARGEST_PROVIDER: usize = 128 << 20;
/// A folder's files, at most.
const MOST_FILES: usize = 10_000;
/// Folders in folders, at most: what the guest's `/` takes.
const DEEPEST: u32 = 63;

/// The files of a run; `None` for those that cannot be read, which is told once.
#[derive(Debug, Default)]
pub(super) struct Files {
    requests: BTreeMap<PathBuf, Option<Arc<Vec<HttpRequest>>>>,
    stdin: BTreeMap<PathBuf, Option<Arc<Vec<u8>>>>,
    folders: BTreeMap<PathBuf, Option<Folder>>,
    providers: BTreeMap<PathBuf, Option<Arc<Vec<u8>>>>,
    /// What is wrong with them.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A folder's files.
#[derive(Debug, Clone, Default)]
pub(super) struct Folder {
    pub(super) all: Arc<Vec<GuestFile>>,
    /// What tells them from others.
    pub(super) digest: String,
}

impl Files {
    /// The requests of a file.
    pub(super) fn requests(&mut self, file: &FilePath) -> Option<Arc<Vec<HttpRequest>>> {
        if let Some(known) = self.requests.get(&file.path) {
            return known.clone();
        }
        let read = read(&file.path, LARGEST_REQUESTS).map_err(|why| unreadable(file, &why));
        let read = read.and_then(|bytes| {
            String::from_utf8(bytes)
                .map_err(|_| unreadable(file, "it is neither an .http file nor a HAR archive"))
        });
        let read = read.and_then(|text| {
            requests::read(&text).map_err(|fault| Diagnostic {
                code: Code::Syntax,
                span: TextFile { path: &from_here(&file.path), text: &text }.span(fault.range),
                message: fault.message,
                help: fault.help,
            })
        });
        let read = self.taken(read).map(Arc::new);
        self.requests.insert(file.path.clone(), read.clone());
        read
    }

    /// What a file holds.
    pub(super) fn stdin(&mut self, file: &FilePath) -> Option<Arc<Vec<u8>>> {
        if let Some(known) = self.stdin.get(&file.path) {
            return known.clone();
        }
        let read = read(&file.path, LARGEST_STDIN).map_err(|why| unreadable(file, &why));
        let read = self.taken(read).map(Arc::new);
        self.stdin.insert(file.path.clone(), read.clone());
        read
    }

    /// The files of a folder.
    pub(super) fn folder(&mut self, file: &FilePath) -> Option<Folder> {
        if let Some(known) = self.folders.get(&file.path) {
            return known.clone();
        }
        let read = copy(&file.path).map_err(|why| unreadable(file, &why));
        let read = self.taken(read).map(|all| {
            let digest = digest(&all);
            Folder { all: Arc::new(all), digest }
        });
        self.folders.insert(file.path.clone(), read.clone());
        read
    }

    /// A component that is plugged in.
    pub(super) fn provider(&mut self, file: &FilePath) -> Option<Arc<Vec<u8>>> {
        if let Some(known) = self.providers.get(&file.path) {
            return known.clone();
        }
        let read = Input::file(&file.path).read().bytes;
        let read = read.map_err(|failure| failure.message).and_then(|bytes| {
            let error = Component::read(&bytes).err().map(|error| error.to_string());
            match error {
                Some(error) => Err(error),
                None if bytes.len() > LARGEST_PROVIDER => {
                    Err("it is larger than 128 MiB".to_owned())
                }
                None => Ok(bytes),
            }
        });
        let read = read.map_err(|why| unreadable(file, &why));
        let read = self.taken(read).map(Arc::new);
        self.providers.insert(file.path.clone(), read.clone());
        read
    }

    fn taken<T>(&mut self, read: Result<T, Diagnostic>) -> Option<T> {
        read.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }
}

fn unreadable(file: &FilePath, why: &str) -> Diagnostic {
    Diagnostic {
        code: Code::Unreadable,
        span: file.written.span.clone(),
        message: format!("{} cannot be used: {why}", from_here(&file.path)),
        help: String::new(),
    }
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let told = |error: io::Error| error.to_string();
    let mut bytes = Vec::new();
    File::open(path).map_err(told)?.take(most + 1).read_to_end(&mut bytes).map_err(told)?;
    match bytes.len() as u64 > most {
        true => Err(format!("it is larger than {} MiB", most >> 20)),
        false => Ok(bytes),
    }
}

/// The files of a folder, in the order of their paths. Links are followed to files of the folder alone.
fn copy(folder: &Path) -> Result<Vec<GuestFile>, String> {
    let root = fs::canonicalize(folder).map_err(|error| error.to_string())?;
    if !root.is_dir() {
        return Err("it is no folder".to_owned());
    }
    let mut walk = Walk { root: &root, left: LARGEST_FOLDER, files: Vec::new() };
    walk.folder(&root, "", 0)?;
    let mut files = walk.files;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

struct Walk<'a> {
    root: &'a Path,
    left: u64,
    files: Vec<GuestFile>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, way: &str, depth: u32) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("{way} nests too deep"));
        }
        let told = |error: io::Error| format!("{way}: {error}");
        let before = self.files.len();
        for entry in fs::read_dir(folder).map_err(told)? {
            let entry = entry.map_err(told)?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(format!("{way}{} is no name in Unicode", name.display()));
            };
            let way = format!("{way}{name}");
            let told = |error: io::Error| format!("{way}: {error}");
            let kind = entry.file_type().map_err(told)?;
            if kind.is_dir() {
                self.folder(&entry.path(), &format!("{way}/"), depth + 1)?;
            } else if kind.is_file() || kind.is_symlink() && self.is_inside(&entry.path()) {
                self.file(&entry.path(), way)?;
            }
        }
        // A folder that holds nothing is there all the same.
        if self.files.len() == before && depth > 0 {
            self.add(way.to_owned(), Vec::new())?;
        }
        Ok(())
    }

    /// Whether a link leads to a file of the folder.
    fn is_inside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|it| it.starts_with(self.root) && it.is_file())
    }

    fn file(&mut self, path: &Path, way: String) -> Result<(), String> {
        let bytes = read(path, self.left).map_err(|why| match why.starts_with("it is larger") {
            true => "its files have more than 64 MiB".to_owned(),
            false => format!("{way}: {why}"),
        })?;
        self.left -= bytes.len() as u64;
        self.add(way, bytes)
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) -> Result<(), String> {
        if self.files.len() >= MOST_FILES {
            return Err(format!("it holds more than {MOST_FILES} files"));
        }
        self.files.push(GuestFile { path, bytes });
        Ok(())
    }
}

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
    fn a_folder_is_copied_in_order_and_no_link_leads_out() {
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
