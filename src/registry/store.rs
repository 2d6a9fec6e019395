//! What was fetched, in the cache folder: content by its digest, and which content a name stood for last.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cache;
use crate::digest::sha256;
use crate::registry::digest::Digest;

/// Bytes that are kept, at most; the oldest content goes first.
const MOST: u64 = 4 << 30;

/// Names that are kept, at most.
const MOST_NAMES: usize = 4096;

/// The largest name's digest, in bytes.
const LARGEST_NAME: u64 = 4096;

/// A folder of content. Ignores failures to write: the next run fetches again.
#[derive(Debug, Clone)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    /// The one in the user's cache folder; `None` if there is no such folder.
    pub(super) fn of_user() -> Option<Store> {
        Some(Store { folder: cache::folder()?.join("registry") })
    }

    /// The content of this digest, computed again. `None` if it is not there, damaged or larger than `most` bytes.
    pub(super) fn get(&self, digest: &Digest, most: u64) -> Option<Vec<u8>> {
        let file = self.content().join(digest.digits());
        let bytes = read(&file, most)?;
        (Digest::of(&bytes) == *digest).then_some(bytes)
    }

    /// Whether there is content of this digest, damaged or not.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.content().join(digest.digits()).is_file()
    }

    /// Keeps content.
    pub(super) fn put(&self, digest: &Digest, bytes: &[u8]) {
        let folder = self.content();
        if write(&folder.join(digest.digits()), bytes) {
            make_room(&folder, MOST, usize::MAX);
        }
    }

    /// What a name stood for when it was last asked for.
    pub(super) fn recall(&self, name: &str) -> Option<String> {
        String::from_utf8(read(&self.names().join(sha256(name)), LARGEST_NAME)?).ok()
    }

    /// Keeps what a name stands for.
    pub(super) fn remember(&self, name: &str, meaning: &str) {
        let folder = self.names();
        if write(&folder.join(sha256(name)), meaning.as_bytes()) {
            make_room(&folder, u64::MAX, MOST_NAMES);
        }
    }

    fn content(&self) -> PathBuf {
        self.folder.join("sha256")
    }

    fn names(&self) -> PathBuf {
        self.folder.join("names")
    }
}

fn read(file: &Path, most: u64) -> Option<Vec<u8>> {
    // To open a pipe would wait for its other end.
    fs::metadata(file).ok().filter(|it| it.is_file() && it.len() <= most)?;
    fs::read(file).ok()
}

/// Whether it was written.
fn write(file: &Path, bytes: &[u8]) -> bool {
    // A folder or a pipe is no place for it.
    let is_free = fs::symlink_metadata(file).map_or(true, |it| it.is_file());
    is_free && cache::write(file, bytes).is_ok()
}

/// Deletes the files that were written first, until no more than `bytes` and `files` are left.
fn make_room(folder: &Path, bytes: u64, files: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut all: Vec<_> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let metadata = entry.metadata().ok()?;
            let written = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            Some((written, metadata.len(), entry.path()))
        })
        .collect();
    all.sort();
    let (mut size, mut count) = (all.iter().map(|it| it.1).sum::<u64>(), all.len());
    for (_, len, path) in all {
        if size <= bytes && count <= files {
            return;
        }
        // Another process may have deleted it.
        let _ = fs::remove_file(path);
        size -= len;
        count -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_content_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { folder: folder.path().to_owned() };
        let digest = Digest::of(b"content");
        assert_eq!(store.get(&digest, 100), None);
        store.put(&digest, b"content");
        assert_eq!(store.get(&digest, 100).as_deref(), Some(&b"content"[..]));
        assert_eq!(store.get(&digest, 6), None);
        fs::write(store.content().join(digest.digits()), "Content").unwrap();
        assert_eq!(store.get(&digest, 100), None);
        store.put(&digest, b"content");
        assert!(store.get(&digest, 100).is_some());
    }

    #[test]
    fn names_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store { folder: folder.path().to_owned() };
        assert_eq!(store.recall("a/b:1"), None);
        store.remember("a/b:1", "x");
        store.remember("a/b:1", "y");
        assert_eq!(store.recall("a/b:1").as_deref(), Some("y"));
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        for (age, name) in [(3, "c"), (1, "a"), (2, "b")] {
            let file = fs::File::create(folder.path().join(name)).unwrap();
            file.set_len(10).unwrap();
            file.set_modified(SystemTime::now() - std::time::Duration::from_secs(100 * age))
                .unwrap();
        }
        let left = || {
            let names = fs::read_dir(folder.path())
                .unwrap()
                .map(|it| it.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.collect();
            names.sort();
            names.concat()
        };
        make_room(folder.path(), 30, 3);
        assert_eq!(left(), "abc");
        make_room(folder.path(), 29, 3);
        assert_eq!(left(), "ab");
        make_room(folder.path(), 29, 1);
        assert_eq!(left(), "a");
    }
}
