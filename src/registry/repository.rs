//! A repository of an OCI registry.

use crate::registry::error::FetchError;
use crate::registry::request::Server;

/// A repository of an OCI registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// Host and port of the registry.
    pub(super) host: String,
    /// The registry of `wkg` whose settings apply.
    pub(super) name: String,
    /// The repository's own name, without slashes around it.
    pub(super) repository: String,
}

impl Repository {
    /// What is asked for at a path, which begins with a slash.
    pub(super) fn server<'r>(&'r self, path: &'r str) -> Server<'r> {
        let Repository { host, name, repository } = self;
        Server::Registry { host, name, repository, path }
    }

    /// The path of something below the repository: `manifests/…`, `blobs/…`.
    pub(super) fn path(&self, below: &str) -> String {
        format!("/v2/{}/{below}", self.repository)
    }

    /// The error for what is wrong with something in it.
    pub(super) fn failed(&self, why: &str) -> FetchError {
        FetchError::new(format!("{}/{}: {why}", self.host, self.repository))
    }
}
