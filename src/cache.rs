//! The cache folder, and stores of files in it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::atomic_file;
use crate::digest::sha256;

/// The cache folder: `SECONDCALL_CACHE_DIR`, or `secondcall` in the system's cache folder. `None` if there is neither.
pub(crate) fn folder() -> Option<PathBuf> {
    match std::env::var_os("SECONDCALL_CACHE_DIR") {
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => Some(dirs::cache_dir()?.join("secondcall")),
    }
}

/// Writes a file and creates its folder.
pub(crate) fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    atomic_file::write(file, content)
}

/// A folder of texts by key. Damaged files, and what is no file, are ignored, and the oldest are deleted when there are
/// too many.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    folder: PathBuf,
    most: usize,
    largest: usize,
}

/// Bytes of the digest before a text.
const DIGEST: usize = 64;

impl Store {
    /// The folder of this name in the cache folder, which holds at most `most` texts of at most `largest` bytes each.
    pub(crate) fn of_user(name: &str, most: usize, largest: usize) -> Option<Store> {
        Some(Store { folder: folder()?.join(name), most, largest })
    }

    /// The text that is stored under `key`.
    pub(crate) fn get(&self, key: &str) -> Option<Vec<u8>> {
        let (file, longest) = (self.file(key), (DIGEST + self.largest) as u64);
        // To open a pipe would wait for its other end.
        fs::metadata(&file).ok().filter(|it| it.is_file() && it.len() <= longest)?;
        let mut stored = Vec::new();
        File::open(&file).ok()?.take(longest).read_to_end(&mut stored).ok()?;
        let (digest, text) = stored.split_at_checked(DIGEST)?;
        (sha256(text).as_bytes() == digest).then(|| text.to_vec())
    }

    /// Stores a text. Ignores failures, and one that is too large.
    pub(crate) fn put(&self, key: &str, text: &[u8]) {
        if text.len() > self.largest {
            return;
        }
        let file = self.file(key);
        if fs::symlink_metadata(&file).is_ok_and(|it| !it.is_file()) {
            // To open a pipe would wait for its other end. A folder stays, and nothing is stored.
            let _ = fs::remove_file(&file);
        }
        let mut stored = sha256(text).into_bytes();
        stored.extend(text);
        let _ = write(&file, &stored).and_then(|()| self.make_room());
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }

    fn make_room(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            files.push((modified(&entry.path()), entry.path()));
        }
        if files.len() > self.most {
            files.sort();
            for (_, path) in &files[..files.len() - self.most] {
                // Another process may have deleted it.
                let _ = fs::remove_file(path);
            }
        }
        Ok(())
    }
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}
