//! Asks the cache folder before it asks the network.

use std::sync::LazyLock;

use crate::registry::digest::Digest;
use crate::registry::error::FetchError;
use crate::registry::exchange::Exchange;
use crate::registry::item::Place;
use crate::registry::request::{Answer, Method, Request, Server};
use crate::registry::settings::Settings;
use crate::registry::store::Store;

/// What the user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Access {
    /// Whether the network may be asked. If not, only what is in the cache folder counts.
    pub(crate) network: bool,
    /// Whether references count that the user did not type, but a manifest names.
    pub(crate) manifests: bool,
}

impl Access {
    /// Only what is in the cache folder, for references that the user typed.
    pub(crate) const CACHE: Access = Access { network: false, manifests: false };
}

/// The largest manifest and other document, in bytes.
///
/// Source: distribution-spec, "Pushing Manifests" (v1.1): registries accept at least as many.
pub(super) const LARGEST_DOCUMENT: u64 = 4 << 20;

#[derive(Debug)]
pub(super) struct Client {
    access: Access,
    store: Option<Store>,
}

impl Client {
    /// One that shares its connections with all others of this process.
    pub(super) fn of_process(access: Access) -> Client {
        Client { access, store: Store::of_user() }
    }

    /// What `wkg` is configured for.
    ///
    /// # Errors
    /// If its configuration cannot be read.
    pub(super) fn settings(&self) -> Result<&'static Settings, FetchError> {
        static SETTINGS: LazyLock<Result<Settings, FetchError>> = LazyLock::new(Settings::of_user);
        SETTINGS.as_ref().map_err(Clone::clone)
    }

    /// Whether only the cache folder counts.
    pub(super) fn is_offline(&self) -> bool {
        !self.access.network
    }

    /// Asks the network.
    ///
    /// # Errors
    /// If there is no answer, or the network may not be asked.
    pub(super) fn ask(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        static EXCHANGE: LazyLock<Exchange> = LazyLock::new(Exchange::default);
        if self.is_offline() {
            return Err(self.absent(&request.whom()));
        }
        EXCHANGE.ask(request, self.settings()?)
    }

    /// The error for what is not in the cache folder while the network may not be asked.
    pub(super) fn absent(&self, whom: &str) -> FetchError {
        FetchError::new(format!(
            "it is not in the cache folder, and --offline forbids to ask {whom}"
        ))
    }

    /// Whether content is in the cache folder, damaged or not.
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.store.as_ref().is_some_and(|store| store.has(digest))
    }

    /// Content of at most `most` bytes, by its digest.
    ///
    /// # Errors
    /// If it cannot be had, or has another digest.
    pub(super) fn blob(
        &self,
        place: &Place,
        digest: &Digest,
        size: Option<u64>,
        most: u64,
    ) -> Result<Vec<u8>, FetchError> {
        self.content(place, "blobs", &[], digest, size.unwrap_or(most), most)
    }

    /// The same for a manifest.
    ///
    /// # Errors
    /// If it cannot be had, or has another digest.
    pub(super) fn manifest(
        &self,
        place: &Place,
        digest: &Digest,
        accept: &[&str],
    ) -> Result<Vec<u8>, FetchError> {
        self.content(place, "manifests", accept, digest, LARGEST_DOCUMENT, LARGEST_DOCUMENT)
    }

    fn content(
        &self,
        place: &Place,
        kind: &str,
        accept: &[&str],
        digest: &Digest,
        size: u64,
        most: u64,
    ) -> Result<Vec<u8>, FetchError> {
        if let Some(bytes) = self.store.as_ref().and_then(|store| store.get(digest, most)) {
            return Ok(bytes);
        }
        let path = match place {
            Place::Registry(repository) => repository.path(&format!("{kind}/{digest}")),
            Place::Url(_) => String::new(),
        };
        let server = match place {
            Place::Registry(repository) => repository.server(&path),
            Place::Url(url) => Server::Url(url),
        };
        let request = Request { method: Method::Get, server, accept, most: size };
        if size > most {
            return Err(request
                .failed(&format!("it has {size} bytes, and {most} are the most that is read")));
        }
        let answer = self.ask(&request)?;
        if answer.status != 200 {
            return Err(request.failed(&answer.error()));
        }
        let found = Digest::of(&answer.body);
        if found != *digest {
            return Err(request.failed(&format!(
                "it sends other bytes, with the digest {found} instead of {digest}"
            )));
        }
        self.keep(digest, &answer.body);
        Ok(answer.body)
    }

    /// Keeps content of this digest.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8]) {
        if let Some(store) = &self.store {
            store.put(digest, bytes);
        }
    }

    /// What a name stood for when it was last asked for.
    pub(super) fn recall(&self, name: &str) -> Option<String> {
        self.store.as_ref()?.recall(name)
    }

    /// Keeps what a name stands for.
    pub(super) fn remember(&self, name: &str, meaning: &str) {
        if let Some(store) = &self.store {
            store.remember(name, meaning);
        }
    }
}
