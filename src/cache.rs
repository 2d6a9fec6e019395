//! The folder in which we keep what can be made again.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// The user's: `SECONDCALL_CACHE_DIR`, or where this system keeps caches.
pub(crate) fn folder() -> Option<PathBuf> {
    match std::env::var_os("SECONDCALL_CACHE_DIR") {
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => Some(dirs::cache_dir()?.join("secondcall")),
    }
}

/// Writes a file and the folders that it stands in. Others see the whole file or none.
pub(crate) fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = file.with_extension(format!("{}.new", std::process::id()));
    let done = fs::write(&unfinished, content).and_then(|()| fs::rename(&unfinished, file));
    if done.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    done
}
