//! The workspace as the client sees it: folders, options and open buffers. A check gets a copy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Uri;
use serde_json::Value;

use super::capabilities::ClientCapabilities;
use super::folders::Folders;
use super::options::Options;
use super::uri;
use crate::check::configuration::FILE;

#[derive(Debug, Clone)]
pub(super) struct Workspace {
    pub(super) capabilities: ClientCapabilities,
    pub(super) options: Options,
    pub(super) folders: Folders,
    /// The open buffers that checks read, by file.
    buffers: BTreeMap<PathBuf, Arc<str>>,
    /// The client's spelling of each file's URI. It recognizes no other.
    uris: BTreeMap<PathBuf, Uri>,
}

impl Workspace {
    pub(super) fn new(
        initialize: &Value,
        capabilities: ClientCapabilities,
        options: Options,
    ) -> Self {
        let folders = Folders::of(initialize);
        let (buffers, uris) = Default::default();
        Workspace { capabilities, options, folders, buffers, uris }
    }

    /// Records the content of a buffer that was opened or changed. Returns its file.
    pub(super) fn set_buffer(&mut self, uri: &Uri, text: &str) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        if is_wat(&path) || path.ends_with(FILE) {
            self.buffers.insert(path.clone(), text.into());
        }
        self.uris.insert(path.clone(), uri.clone());
        Some(path)
    }

    /// Forgets a buffer that was closed. Returns its file.
    pub(super) fn close_buffer(&mut self, uri: &Uri) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        self.buffers.remove(&path);
        Some(path)
    }

    pub(super) fn buffer(&self, path: &Path) -> Option<&str> {
        self.buffers.get(path).map(|text| &**text)
    }

    pub(super) fn uri(&self, path: &Path) -> Uri {
        self.uris.get(path).cloned().unwrap_or_else(|| uri::of_path(path))
    }
}

/// Whether a file is named like a component in text format.
pub(super) fn is_wat(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "wat")
}
