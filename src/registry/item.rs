//! A component that a reference led to, before it is fetched.

use crate::inventory::Fetched;
use crate::registry::digest::Digest;
use crate::registry::error::FetchError;
use crate::registry::reference::Download;
use crate::registry::repository::Repository;

/// A component elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The reference with the digest that it led to; the path in reports.
    pub(crate) shown: String,
    /// What is reported of it.
    pub(crate) fetched: Fetched,
    /// Whether it is called by Spin: it belongs to an application of Spin, and is no dependency in it.
    pub(crate) is_of_spin: bool,
    pub(super) place: Place,
    pub(super) digest: Digest,
    /// Its size in bytes, as its manifest says.
    pub(super) size: Option<u64>,
}

/// Where content is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Registry(Repository),
    Url(String),
}

impl Item {
    /// The repository that has its image.
    ///
    /// # Errors
    /// If it is in no image: nothing can be attached to it.
    pub(super) fn repository(&self) -> Result<&Repository, FetchError> {
        match &self.place {
            Place::Registry(repository) => Ok(repository),
            Place::Url(_) => Err(FetchError::new("nothing can be attached to what is at a URL")),
        }
    }

    pub(super) fn of_download(wanted: &Download) -> Item {
        let Download { url, digest } = wanted;
        Item {
            shown: url.clone(),
            fetched: Fetched {
                reference: url.clone(),
                content: digest.to_string(),
                ..Fetched::default()
            },
            is_of_spin: false,
            place: Place::Url(url.clone()),
            digest: digest.clone(),
            size: None,
        }
    }
}
