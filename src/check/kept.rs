//! Results of earlier checks in the user's cache folder, keyed by what they depend on: the component's bytes, what was
//! asked, and this program. Damaged files are ignored.

use std::time::UNIX_EPOCH;

use super::analysis::Examined;
use super::stamp::stamp;
use crate::cache::Store;
use crate::digest::sha256;

/// How many files the folder holds.
const MOST_FILES: usize = 2000;
/// The largest result that is stored, in bytes.
const LARGEST: usize = 4 << 20;

/// A folder of results.
#[derive(Debug)]
pub(super) struct KeptResults {
    store: Store,
    /// The version, and size and modification time of the program's file, which another build does not share.
    program: String,
}

impl KeptResults {
    /// The user's folder. `None` if this system has none, or if the program's file is unknown.
    pub(super) fn of_user() -> Option<Self> {
        let (size, modified) = stamp(&std::env::current_exe().ok()?)?;
        let modified = modified.duration_since(UNIX_EPOCH).ok()?;
        let program = format!("{} {size} {modified:?}", env!("CARGO_PKG_VERSION"));
        Some(KeptResults { store: Store::of_user("results", MOST_FILES, LARGEST)?, program })
    }

    /// The result of the examination with this key.
    pub(super) fn get(&self, key: &str) -> Option<Examined> {
        serde_json::from_slice(&self.store.get(&self.name(key))?).ok()
    }

    /// Stores a result. Ignores failures: the next check examines again.
    pub(super) fn put(&self, key: &str, examined: &Examined) {
        if let Ok(text) = serde_json::to_vec(examined) {
            self.store.put(&self.name(key), &text);
        }
    }

    fn name(&self, key: &str) -> String {
        sha256(format!("{} {key}", self.program))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::check::examine::Examiner;
    use crate::check::stop::Stop;
    use crate::check::wall::Wall;
    use crate::manifest::Implied;
    use crate::profile::Profile;

    fn fixtures(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fixtures(&path, found);
            } else if path.extension().is_some_and(|it| it == "wat") {
                found.push(path);
            }
        }
    }

    #[test]
    fn a_stored_result_is_the_result() {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut paths = Vec::new();
        fixtures(&rules, &mut paths);
        let hosts = Profile::all().iter().collect();
        let wall = Wall::new(1, &Stop::default()).unwrap();
        let examiner = Examiner::new(hosts, false, None, &wall).unwrap();
        let mut findings = 0;
        for path in paths {
            let Ok(bytes) = wat::parse_file(&path) else { continue };
            let text = std::fs::read_to_string(&path).unwrap();
            let text = Some(("fixture.wat", text.as_str()));
            let Ok(mut examined) = examiner.examine(&bytes, text, Implied::Nothing) else {
                continue;
            };
            findings += examined.report.findings.len();
            examined.report.inventory.exports.iter_mut().for_each(|it| it.survival = None);
            let stored = serde_json::to_vec(&examined).unwrap();
            let read: Examined = serde_json::from_slice(&stored).unwrap();
            assert_eq!(format!("{read:?}"), format!("{examined:?}"), "{}", path.display());
        }
        assert!(findings > 50, "{findings}");
    }
}
