//! A folder of stored observations, keyed by what they depend on: the component's bytes, the settings and this version
//! of secondcall. Damaged files are ignored, and those about other exports.

use sha2::{Digest, Sha256};

use super::settings::{Settings, Target};
use crate::cache::Store;
use crate::digest::hexadecimal;
use crate::observation::Observation;

/// Raise it when the observation of an existing component changes.
const GENERATION: u32 = 16;
/// How many files the folder holds.
const MOST_FILES: usize = 2000;
/// The largest observation that is stored, in bytes.
const LARGEST: usize = 4 << 20;

/// A folder of observations.
#[derive(Debug, Clone)]
pub struct Cache(Store);

impl Cache {
    /// The user's folder: in `SECONDCALL_CACHE_DIR`, or where this system keeps caches.
    pub fn of_user() -> Option<Cache> {
        Store::of_user("observations", MOST_FILES, LARGEST).map(Cache)
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

    /// The observation that is stored under `key`, if it is one of these exports.
    pub(super) fn get(&self, key: &str, targets: &[Target]) -> Option<Observation> {
        let observation: Observation = serde_json::from_slice(&self.0.get(key)?).ok()?;
        let names = observation.exports.iter().map(|it| &it.export);
        names.eq(targets.iter().map(|it| &it.name)).then_some(observation)
    }

    /// Stores an observation. Ignores failures: the next run observes again.
    pub(super) fn put(&self, key: &str, observation: &Observation) {
        if let Ok(text) = serde_json::to_vec(observation) {
            self.0.put(key, &text);
        }
    }
}
