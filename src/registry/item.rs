//! A component that a reference led to, before it is fetched.

use crate::inventory::Fetched;
use crate::registry::digest::Digest;
use crate::registry::reference::Download;

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
    /// A registry; `name` is that of the registry of `wkg` whose settings apply.
    Registry {
        host: String,
        name: String,
        repository: String,
    },
    Url(String),
}

impl Item {
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
