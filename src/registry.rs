//! Components that are named by a reference: in an OCI registry, as a package of `wkg`, or at a URL with its digest.
//! Fetches and writes only what it is asked for, bounds each answer in size and time, believes no bytes whose digest it has not
//! computed, and keeps them in the cache folder. Looks at no component.

mod digest;
mod error;
mod reference;
mod store;
mod settings;
mod request;
mod repository;
#[cfg(feature = "registry")]
mod credentials;
#[cfg(feature = "registry")]
mod challenge;
#[cfg(feature = "registry")]
mod exchange;
#[cfg(not(feature = "registry"))]
#[path = "registry/no_exchange.rs"]
mod exchange;
mod client;
mod manifest;
mod image;
mod package;
mod referrers;
mod push;
mod item;

pub(crate) use client::Access;
pub(crate) use error::FetchError;
pub(crate) use item::Item;
pub(crate) use push::{Attached, Signed};
pub(crate) use reference::{Reference, Wanted};

use client::Client;
use digest::Digest;

/// The components that a reference names, in the order of their manifest. Asks a registry what a tag or a package means; of
/// the components themselves, nothing is fetched.
///
/// # Errors
/// If the registry does not answer, or its answer is no component; without the network, if one is not in the cache folder.
pub(crate) fn resolve(reference: &Reference, access: Access) -> Result<Vec<Item>, FetchError> {
    let client = Client::of_process(access);
    let given = reference.to_string();
    let items = match reference {
        Reference::Image(wanted) => image::resolve(&client, wanted, &given, &wanted.registry)?,
        Reference::Package(wanted) => package::resolve(&client, wanted, &given)?,
        Reference::Download(wanted) => vec![Item::of_download(wanted)],
    };
    match items.iter().find(|it| client.is_offline() && !client.has(&it.digest)) {
        Some(_) => Err(client.absent(&format!("for `{given}`"))),
        None => Ok(items),
    }
}

/// The bytes of a component, from the cache folder or else from where it is; at most `most`.
///
/// # Errors
/// If they cannot be had, or are not those of its digest.
pub(crate) fn read(item: &Item, access: Access, most: u64) -> Result<Vec<u8>, FetchError> {
    Client::of_process(access).blob(&item.place, &item.digest, item.size, most)
}

/// The signed statements that are attached to the image of a component, each with its reference.
///
/// # Errors
/// If the registry does not answer, or the component is in no image.
pub(crate) fn statements(
    item: &Item,
    access: Access,
) -> Result<Vec<(String, Vec<u8>)>, FetchError> {
    referrers::statements(&Client::of_process(access), item)
}

/// Attaches a statement to the image whose manifest has the digest `image` (`sha256:…`), in the repository of a component.
///
/// # Errors
/// If the registry does not take it, or the component is in no image.
pub(crate) fn attach(
    item: &Item,
    image: &str,
    statement: &Signed<'_>,
    access: Access,
) -> Result<Attached, FetchError> {
    let image = Digest::parse(image).map_err(FetchError::new)?;
    push::attach(&Client::of_process(access), item, &image, statement)
}
