//! The texts that the client has open, as they stand there, saved or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::Uri;

use super::uri;
use crate::check::configuration::FILE;

/// Open texts, by their files.
pub(super) type Texts = BTreeMap<PathBuf, String>;

/// What is open.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// Shared with checks that run; changed by copying.
    texts: Arc<Texts>,
    /// How the client writes their URIs: those that it is told must read the same.
    uris: BTreeMap<PathBuf, Uri>,
}

impl Documents {
    /// A text was opened or changed, as a whole. Gives its file.
    pub(super) fn set(&mut self, uri: &Uri, text: &str) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        if is_wanted(&path) {
            Arc::make_mut(&mut self.texts).insert(path.clone(), text.to_owned());
        }
        self.uris.insert(path.clone(), uri.clone());
        Some(path)
    }

    /// A text was closed. Gives its file.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<PathBuf> {
        let path = uri::path(uri)?;
        Arc::make_mut(&mut self.texts).remove(&path);
        Some(path)
    }

    pub(super) fn texts(&self) -> Arc<Texts> {
        Arc::clone(&self.texts)
    }

    /// The URI of a file, as the client writes it if it ever did.
    pub(super) fn uri(&self, path: &Path) -> Uri {
        self.uris.get(path).cloned().unwrap_or_else(|| uri::of_path(path))
    }
}

/// Whether a text matters before it is saved. Of others, the client need not tell the changes.
fn is_wanted(path: &Path) -> bool {
    is_wat(path) || path.ends_with(FILE)
}

/// Whether a file holds a component in text form, by its name.
pub(super) fn is_wat(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "wat")
}
