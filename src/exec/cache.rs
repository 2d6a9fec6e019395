//! A folder of stored observations, keyed by what they depend on: the component's bytes, the settings and this version
//! of secondcall. Damaged files are ignored.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use sha2::{Digest, Sha256};

use super::settings::{Settings, Target};
use crate::cache;
use crate::digest::{hexadecimal, sha256};
use crate::observation::Observation;

/// Raise it when the observation of an existing component changes.
const GENERATION: u32 = 7;
/// How many files the folder holds; the oldest are deleted.
const MOST_FILES: usize = 2000;
/// The largest observation that is stored, in bytes.
const LARGEST: usize = 4 << 20;

/// A folder of observations.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The user's folder: in `SECONDCALL_CACHE_DIR`, or where this system keeps caches.
    pub fn of_user() -> Option<Cache> {
        Some(Cache { folder: cache::folder()?.join("observations") })
    }

    /// The name under which an observation is stored.
    pub(super) fn key(component: &[u8], targets: &[Target], settings: &Settings) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{GENERATION} {} ", env!("CARGO_PKG_VERSION")));
        let settings = serde_json::to_vec(&(settings, targets)).expect("settings are plain values");
        hash.update((settings.len() as u64).to_le_bytes());
        hash.update(&settings);
        hash.update(component);
        hexadecimal(&hash.finalize())
    }

    /// The observation that is stored under `key`.
    pub(super) fn get(&self, key: &str) -> Option<Observation> {
        let stored = fs::read(self.file(key)).ok()?;
        let (digest, observation) = stored.split_at_checked(64)?;
        let intact = sha256(observation).as_bytes() == digest;
        intact.then(|| serde_json::from_slice(observation).ok())?
    }

    /// Stores an observation. Ignores failures: the next run observes again.
    pub(super) fn put(&self, key: &str, observation: &Observation) {
        let _ = self.try_put(key, observation);
    }

    fn try_put(&self, key: &str, observation: &Observation) -> io::Result<()> {
        let observation = serde_json::to_vec(observation)?;
        if observation.len() > LARGEST {
            return Ok(());
        }
        let mut stored = sha256(&observation).into_bytes();
        stored.extend(observation);
        cache::write(&self.file(key), &stored)?;
        self.make_room()
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
        if files.len() > MOST_FILES {
            files.sort();
            for (_, path) in &files[..files.len() - MOST_FILES] {
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
