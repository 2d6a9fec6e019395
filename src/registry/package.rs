//! From the name of a package of `wkg` to its component.
//!
//! Source: wasm-pkg-client 0.16.1, `src/lib.rs`, `resolve_source`, and `src/oci/loader.rs`.

use semver::Version;
use serde::Deserialize;

use crate::registry::client::{Client, LARGEST_DOCUMENT};
use crate::registry::error::FetchError;
use crate::registry::image;
use crate::registry::item::Item;
use crate::registry::reference::{Image, Package, Reference, Wanted};
use crate::registry::repository::Repository;
use crate::registry::request::{Method, Request, Server};
use crate::registry::settings::{Home, Metadata};

/// Most pages of a list of tags.
const PAGES: usize = 64;

/// The component of a package.
///
/// # Errors
/// If no registry is known for it, or the registry does not have it.
pub(super) fn resolve(
    client: &Client,
    package: &Package,
    given: &str,
) -> Result<Vec<Item>, FetchError> {
    let key = format!("{given} {}", package.registry.as_deref().unwrap_or_default());
    let (image, name) = match client.is_offline() {
        true => recalled(client, &key)?,
        false => {
            let home = home(client, package)?;
            let image = image_of(client, package, &home)?;
            (image, home.name)
        }
    };
    let version = image.tag.clone().unwrap_or_default();
    let full = format!("wasi-pkg:{}:{}@{version}", package.namespace, package.name);
    let mut items = image::resolve(client, &image, &full, &name)?;
    for item in &mut items {
        item.fetched.reference = given.to_owned();
    }
    if !client.is_offline() {
        client.remember(&key, &format!("{name} {image}"));
    }
    Ok(items)
}

/// The image of a package that was resolved before, and the registry of `wkg` that has it.
fn recalled(client: &Client, key: &str) -> Result<(Image, String), FetchError> {
    let known = client.recall(key);
    let parts = known.as_deref().and_then(|it| it.split_once(' '));
    match parts.and_then(|(name, image)| Some((Reference::parse(image).ok()?, name.to_owned()))) {
        Some((Reference::Image(image), name)) => Ok((image, name)),
        _ => Err(client.absent("its registry")),
    }
}

/// Where the package is.
fn home(client: &Client, package: &Package) -> Result<Home, FetchError> {
    let settings = client.settings()?;
    let (name, metadata) = settings.registry(package)?;
    let metadata = match metadata {
        Some(metadata) => metadata,
        None => said(client, &name)?,
    };
    settings.home(&name, metadata)
}

/// What a registry says of itself. One that says nothing keeps its packages itself.
fn said(client: &Client, host: &str) -> Result<Metadata, FetchError> {
    let path = "/.well-known/wasm-pkg/registry.json";
    let server = Server::Host { host, name: host, path };
    let request = Request { method: Method::Get, server, accept: &[], most: LARGEST_DOCUMENT };
    let answer = client.ask(&request)?;
    match answer.status {
        200 => serde_json::from_slice(&answer.body)
            .map_err(|error| request.failed(&format!("it is malformed ({error})"))),
        _ => Ok(Metadata::default()),
    }
}

/// The image that holds the wanted version.
fn image_of(client: &Client, package: &Package, home: &Home) -> Result<Image, FetchError> {
    let Package { namespace, name, version, .. } = package;
    let repository = format!("{}{namespace}/{name}", home.prefix);
    let image =
        |tag: &str| match Reference::parse(&format!("oci://{}/{repository}:{tag}", home.host)) {
            Ok(Reference::Image(image)) => Ok(image),
            Ok(_) => Err(FetchError::new(format!("`{repository}` is no image"))),
            Err(why) => Err(FetchError::new(why)),
        };
    if let Wanted::Exactly(version) = version {
        return image(&version.to_string());
    }
    // Refuses a name that is none before anything is asked.
    let Image { registry: host, repository, .. } = image("latest")?;
    let asked = Repository { host, name: home.name.clone(), repository };
    let mut found: Option<Version> = None;
    let mut path = Some(asked.path("tags/list"));
    for _ in 0..PAGES {
        let Some(page) = path.take() else { break };
        let server = asked.server(&page);
        let request = Request { method: Method::Get, server, accept: &[], most: LARGEST_DOCUMENT };
        let answer = client.ask(&request)?;
        if answer.status != 200 {
            return Err(request.failed(&answer.error()));
        }
        let tags: Tags = serde_json::from_slice(&answer.body).map_err(|error| {
            request.failed(&format!("it sends a malformed list of tags ({error})"))
        })?;
        let versions =
            tags.tags.unwrap_or_default().into_iter().filter_map(|tag| Version::parse(&tag).ok());
        let is_wanted = |it: &Version| match version {
            Wanted::Latest => it.pre.is_empty(),
            Wanted::Exactly(wanted) => it == wanted,
            Wanted::Matching(wanted) => wanted.matches(it),
        };
        found = versions.filter(is_wanted).chain(found).max();
        path = answer.link.as_deref().and_then(|link| next(link, &asked.repository));
    }
    match found {
        Some(version) => image(&version.to_string()),
        None => Err(FetchError::new(format!(
            "{} has no version of `{namespace}:{name}` that is wanted",
            asked.host
        ))),
    }
}

#[derive(Deserialize)]
struct Tags {
    tags: Option<Vec<String>>,
}

/// The path of the next page, if it is one of the same list.
///
/// Source: distribution-spec, "Listing Tags" (v1.1); RFC 8288.
fn next(link: &str, repository: &str) -> Option<String> {
    let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    let is_next = rest.split(';').any(|it| matches!(it.trim(), "rel=\"next\"" | "rel=next"));
    let list = format!("/v2/{repository}/tags/list");
    let path = &target[target.find(&list)?..];
    let is_plain = path.bytes().all(|it| it.is_ascii_graphic());
    (is_next && is_plain && path[list.len()..].starts_with('?')).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_of_the_same_list() {
        for (link, expected) in [
            ("</v2/a/b/tags/list?last=1&n=2>; rel=\"next\"", Some("/v2/a/b/tags/list?last=1&n=2")),
            (
                "<https://x.example/v2/a/b/tags/list?n=2>; rel=\"next\"",
                Some("/v2/a/b/tags/list?n=2"),
            ),
            ("</v2/a/c/tags/list?n=2>; rel=\"next\"", None),
            ("</v2/a/b/tags/list?n=2>; rel=\"prev\"", None),
            ("</v2/a/b/tags/list>; rel=\"next\"", None),
            ("", None),
        ] {
            assert_eq!(next(link, "a/b").as_deref(), expected, "{link}");
        }
    }
}
