//! Polls the size and modification time of files: for clients that do not watch files, and for files still being
//! written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::check::Stop;
use crate::check::stamp::{Stamps, stamp};

/// Pause between two polls of the watched files.
const INTERVAL: Duration = Duration::from_millis(250);
/// A file modified this recently may be incomplete.
const FRESH: Duration = Duration::from_millis(150);
/// Pause between two polls of an incomplete file.
const WRITER_INTERVAL: Duration = Duration::from_millis(20);
/// Longest wait for an incomplete file.
const WRITER_LIMIT: Duration = Duration::from_secs(3);

/// The watched files with their last known stamps, shared with the polling thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Watcher(Arc<Mutex<Stamps>>);

impl Watcher {
    /// Replaces the watched files.
    pub(super) fn watch(&self, files: Stamps) {
        *self.files() = files;
    }

    /// Starts the polling thread. It calls `changed` with the files whose stamps changed, until that returns `false`.
    pub(super) fn start(&self, changed: impl Fn(Vec<PathBuf>) -> bool + Send + 'static) {
        let watcher = self.clone();
        thread::spawn(move || {
            loop {
                let snapshot = watcher.files().clone();
                let mut new = Vec::new();
                for (path, old) in snapshot {
                    let now = stamp(&path);
                    // A file re-read since the snapshot keeps its newer stamp.
                    let mut files = watcher.files();
                    let watched = files.get_mut(&path).filter(|it| **it == old && now != old);
                    if let Some(watched) = watched {
                        *watched = now;
                        new.push(path);
                    }
                }
                if !new.is_empty() && !changed(new) {
                    return;
                }
                thread::sleep(INTERVAL);
            }
        });
    }

    fn files(&self) -> MutexGuard<'_, Stamps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until a file that was just modified is complete.
pub(super) fn await_writer(file: &Path, stop: &Stop) {
    let start = Instant::now();
    while let Some((_, modified)) = stamp(file) {
        let age = modified.elapsed().unwrap_or(FRESH);
        if age >= FRESH || start.elapsed() > WRITER_LIMIT || stop.is_abandoned() {
            return;
        }
        thread::sleep(WRITER_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc;

    #[test]
    fn creation_change_and_removal_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("api.wasm");
        let watcher = Watcher::default();
        watcher.watch([(file.clone(), None)].into());
        let (sender, changes) = mpsc::channel();
        watcher.start(move |files| sender.send(files).is_ok());
        for step in 0..3 {
            match step {
                2 => fs::remove_file(&file).unwrap(),
                step => {
                    let new = folder.path().join("new");
                    fs::write(&new, vec![0; 1 + step]).unwrap();
                    fs::rename(new, &file).unwrap();
                }
            }
            let changed = changes.recv_timeout(20 * INTERVAL);
            assert_eq!(changed, Ok(vec![file.clone()]), "step {step}");
        }
    }
}
