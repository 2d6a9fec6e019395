//! The cache folder and writes to it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::atomic_file;

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
