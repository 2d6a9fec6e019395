//! Watching files for a client that does not: by their sizes and times, now and then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

/// How often one looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Size and time of a file; `None` where there is none.
pub(super) type State = Option<(u64, SystemTime)>;

/// The files that are watched, each as it was when it was read or seen to change; shared with the thread
/// that watches.
#[derive(Debug, Clone, Default)]
pub(super) struct Watched(Arc<Mutex<BTreeMap<PathBuf, State>>>);

impl Watched {
    /// From now on these, and no others.
    pub(super) fn set(&self, files: BTreeMap<PathBuf, State>) {
        *self.files() = files;
    }

    /// Calls `changed` with the files that are not as they were, until it gives `false`.
    pub(super) fn watch(&self, changed: impl Fn(Vec<PathBuf>) -> bool + Send + 'static) {
        let watched = self.clone();
        thread::spawn(move || {
            loop {
                let files = watched.files().clone();
                let mut new = Vec::new();
                for (path, known) in files {
                    let now = state(&path);
                    // One that was read again meanwhile is known as it was then.
                    let mut files = watched.files();
                    let file = files.get_mut(&path).filter(|it| **it == known && now != known);
                    if let Some(file) = file {
                        *file = now;
                        new.push(path);
                    }
                }
                if !new.is_empty() && !changed(new) {
                    return;
                }
                thread::sleep(PAUSE);
            }
        });
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a file is now.
pub(super) fn state(path: &Path) -> State {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn what_appears_changes_and_goes_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("api.wasm");
        let watched = Watched::default();
        watched.set([(file.clone(), None)].into());
        let (sender, told) = mpsc::channel();
        watched.watch(move |files| sender.send(files).is_ok());
        for step in 0..3 {
            match step {
                2 => fs::remove_file(&file).unwrap(),
                step => {
                    let new = folder.path().join("new");
                    fs::write(&new, vec![0; 1 + step]).unwrap();
                    fs::rename(new, &file).unwrap();
                }
            }
            let told = told.recv_timeout(20 * PAUSE);
            assert_eq!(told, Ok(vec![file.clone()]), "step {step}");
        }
    }
}
