//! Certificates that are attached to an image.
//!
//! Source: distribution-spec, "Listing Referrers" and "Referrers Tag Schema" (v1.1).

use crate::registry::client::{Client, LARGEST_DOCUMENT};
use crate::registry::digest::Digest;
use crate::registry::error::FetchError;
use crate::registry::item::Item;
use crate::registry::manifest::{MANIFESTS, Manifest};
use crate::registry::repository::Repository;
use crate::registry::request::{Method, Request};

/// Most attached documents that are read.
const MOST: usize = 32;

/// The largest one, in bytes.
pub(super) const LARGEST: u64 = 16 << 20;

/// Media types of signed statements: an in-toto statement, a DSSE envelope, and a bundle of Sigstore with one.
///
/// Sources: in-toto attestation, `spec/v1/bundle.md`; DSSE, `envelope.md`; Sigstore, `client-spec`, "Bundle".
const STATEMENTS: [&str; 3] = [IN_TOTO, ENVELOPE, BUNDLE];
pub(super) const IN_TOTO: &str = "application/vnd.in-toto+json";
pub(super) const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
pub(super) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The signed statements that are attached to the image of a component, each with its reference; in the registry's order.
///
/// # Errors
/// If the registry does not answer, or the component is in no image; or if nothing that is attached can be read.
pub(super) fn statements(
    client: &Client,
    item: &Item,
) -> Result<Vec<(String, Vec<u8>)>, FetchError> {
    let repository = item.repository()?;
    let Repository { host, repository: path, .. } = repository;
    let image = item.fetched.manifest.as_deref().unwrap_or_default();
    let index = list(client, repository, image)?;
    // Others may attach what they like: what cannot be read is an error only if nothing can.
    let mut failed = None;
    let mut manifests = Vec::new();
    for entry in index.iter().flat_map(|index| index.referrers(&STATEMENTS)).take(MOST) {
        let Ok(digest) = Digest::parse(&entry.digest) else { continue };
        let read = client.manifest(&item.place, &digest, &MANIFESTS).and_then(|bytes| {
            Manifest::read(&bytes)
                .map_err(|why| FetchError::new(format!("{host}/{path}@{digest}: {why}")))
        });
        match read {
            Ok(manifest) => {
                manifests.push((format!("oci://{host}/{path}@{digest}"), manifest));
            }
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    // Where cosign attached them before its release 3.
    let tag = tag_of(image);
    match document(client, repository, &format!("manifests/{tag}.att")) {
        Ok(found) => {
            let name = format!("oci://{host}/{path}:{tag}.att");
            manifests.extend(found.map(|manifest| (name, manifest)));
        }
        Err(error) => failed = failed.or(Some(error)),
    }
    let mut found = Vec::new();
    for (name, manifest) in &manifests {
        for layer in manifest.layers_of(&STATEMENTS).take(MOST - found.len().min(MOST)) {
            let Ok(content) = Digest::parse(&layer.digest) else { continue };
            match client.blob(&item.place, &content, Some(layer.size), LARGEST) {
                Ok(bytes) => found.push((name.clone(), bytes)),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    match failed.filter(|_| found.is_empty()) {
        Some(error) => Err(error),
        None => Ok(found),
    }
}

/// What refers to an image of this repository: an index, if there is one.
///
/// # Errors
/// If the registry does not answer.
pub(super) fn list(
    client: &Client,
    repository: &Repository,
    image: &str,
) -> Result<Option<Manifest>, FetchError> {
    // A registry that does not list them has them under a tag.
    match document(client, repository, &format!("referrers/{image}"))? {
        Some(index) => Ok(Some(index)),
        None => document(client, repository, &format!("manifests/{}", tag_of(image))),
    }
}

/// The tag that stands for the list of what refers to an image, in a registry without such a list.
pub(super) fn tag_of(image: &str) -> String {
    image.replace(':', "-")
}

fn document(
    client: &Client,
    repository: &Repository,
    below: &str,
) -> Result<Option<Manifest>, FetchError> {
    let path = repository.path(below);
    let server = repository.server(&path);
    let request =
        Request { method: Method::Get, server, accept: &MANIFESTS, most: LARGEST_DOCUMENT };
    let answer = client.ask(&request)?;
    match answer.status {
        200 => Manifest::read(&answer.body).map(Some).map_err(|why| request.failed(&why)),
        404 => Ok(None),
        _ => Err(request.failed(&answer.error())),
    }
}
