//! Size and modification time of files, by which a change is noticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Size and modification time of a file; `None` if there is no such file.
pub(crate) type Stamp = Option<(u64, SystemTime)>;
pub(crate) type Stamps = BTreeMap<PathBuf, Stamp>;

/// The stamp of a file now.
pub(crate) fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}
