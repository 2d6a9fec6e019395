//! What is told, compared with files; `BLESS=1` rewrites them.

use std::fs;
use std::path::PathBuf;

/// A folder of `tests`.
pub(crate) fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Fails if the file `name` in `tests/folder` does not hold what is told.
#[track_caller]
pub(crate) fn compare(folder: &str, name: &str, told: &str) {
    let path = self::folder(folder).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, told).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == told, "{folder}/{name} differs; BLESS=1 rewrites it\n{told}");
}
