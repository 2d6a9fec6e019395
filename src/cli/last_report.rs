//! The last report of `check` in the current folder, kept for commands that are given the id of a finding in it.

use std::env;

use crate::cache::Store;
use crate::digest::sha256;
use crate::report::document::Document;

/// How many folders have a report.
const MOST_FILES: usize = 100;
/// The largest report that is kept, in bytes.
const LARGEST: usize = 16 << 20;

/// Keeps a report, unless it has no findings. Ignores failures.
pub(super) fn keep(document: &Document) {
    if let Some((store, key)) = place().filter(|_| !document.findings.is_empty())
        && let Ok(text) = serde_json::to_vec(document)
    {
        store.put(&key, &text);
    }
}

/// The report that was kept.
pub(super) fn kept() -> Option<Document> {
    let (store, key) = place()?;
    Document::read(&store.get(&key)?).ok()
}

fn place() -> Option<(Store, String)> {
    let folder = env::current_dir().ok()?;
    let store = Store::of_user("reports", MOST_FILES, LARGEST)?;
    Some((store, sha256(folder.as_os_str().as_encoded_bytes())))
}
