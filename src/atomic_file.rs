//! Writes files whole or not at all: a full disk or an interruption leaves the previous content. No other file of `src`
//! writes files.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Replaces or creates the file at `path`, and keeps its permissions. Follows links. A device or pipe is written to.
///
/// # Errors
/// If it cannot be written, or may only be read.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let Ok(there) = fs::metadata(path) else {
        return Unfinished::beside(path, content)?.rename(path);
    };
    let mut open = OpenOptions::new().write(true).open(path)?;
    if !there.is_file() {
        return open.write_all(content);
    }
    let replaced = Unfinished::beside(path, content).and_then(|unfinished| {
        fs::set_permissions(&unfinished.path, there.permissions())?;
        unfinished.rename(path)
    });
    match replaced {
        // Its folder accepts no new file, or the file is a mount point: only its content can be changed.
        Err(error)
            if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ResourceBusy) =>
        {
            let before = fs::read(path)?;
            overwrite(&mut open, content).inspect_err(|_| {
                // The blocks of the old content are still the file's.
                let _ = overwrite(&mut open, &before);
            })
        }
        replaced => replaced,
    }
}

/// Creates the file at `path`.
///
/// # Errors
/// If it cannot be written; [`ErrorKind::AlreadyExists`] if something is there.
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let unfinished = Unfinished::beside(path, content)?;
    match fs::hard_link(&unfinished.path, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => unfinished.rename(path),
        linked => linked,
    }
}

fn overwrite(file: &mut File, content: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(content)?;
    file.set_len(content.len() as u64)?;
    file.sync_all()
}

/// A complete file under a name of its own, removed when dropped.
struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Writes a file into the folder of `path`.
    fn beside(path: &Path, content: &[u8]) -> io::Result<Unfinished> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let mut name = OsString::from(".");
        name.push(path.file_name().ok_or(ErrorKind::InvalidInput)?);
        name.push(format!(".{}-{}.new", std::process::id(), NUMBER.fetch_add(1, Relaxed)));
        let beside = path.with_file_name(name);
        // A process that was killed may have left one.
        let _ = fs::remove_file(&beside);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        let unfinished = Unfinished { path: beside };
        file.write_all(content)?;
        // Some file systems notice only here that there is no space.
        file.sync_all()?;
        Ok(unfinished)
    }

    fn rename(self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
