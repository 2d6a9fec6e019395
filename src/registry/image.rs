//! From the name of an image to its components.

use crate::inventory::Fetched;
use crate::registry::client::{Client, LARGEST_DOCUMENT};
use crate::registry::digest::Digest;
use crate::registry::error::FetchError;
use crate::registry::item::{Item, Place};
use crate::registry::manifest::{Descriptor, MANIFESTS, Manifest, of_spin};
use crate::registry::reference::Image;
use crate::registry::repository::Repository;
use crate::registry::request::{Method, Request};

/// Most components of an image.
///
/// Source: Spin, `crates/oci/src/client.rs` (02112160), `MAX_LAYER_COUNT`: registries allow no more layers.
const MOST: usize = 500;

/// The components of an image. `given` is how the user named it, and `settings_of` the registry of `wkg` whose settings
/// apply.
///
/// # Errors
/// If the registry has no such image, or it has no component.
pub(super) fn resolve(
    client: &Client,
    image: &Image,
    given: &str,
    settings_of: &str,
) -> Result<Vec<Item>, FetchError> {
    let repository = Repository {
        host: image.registry.clone(),
        name: settings_of.to_owned(),
        repository: image.repository.clone(),
    };
    let fail = |why: &str| repository.failed(why);
    let place = Place::Registry(repository.clone());
    let (digest, mut manifest) = top(client, image, &repository, &place)?;
    let mut platform = None;
    if manifest.is_index() {
        let (entry, of) = manifest.of_wasm().map_err(|why| fail(&why))?;
        let digest = digest_of(entry).map_err(|why| fail(&why))?;
        platform = of;
        manifest = Manifest::read(&client.manifest(&place, &digest, &MANIFESTS)?)
            .map_err(|why| fail(&why))?;
    }
    let named = match manifest.spin() {
        None => None,
        Some(configuration) => {
            let digest = digest_of(configuration).map_err(|why| fail(&why))?;
            let bytes = client.blob(&place, &digest, Some(configuration.size), LARGEST_DOCUMENT)?;
            Some(of_spin(&bytes))
        }
    };
    let mut layers: Vec<&Descriptor> = Vec::new();
    for layer in manifest.components() {
        if !layers.iter().any(|it| it.digest == layer.digest) {
            layers.push(layer);
        }
        if layers.len() > MOST {
            return Err(fail(&format!("it has more than {MOST} components")));
        }
    }
    if layers.is_empty() {
        return Err(fail(&format!("it is {}, and has no component", manifest.kind())));
    }
    // With its tag and the digest that it led to.
    let mut shown = given.split('#').next().unwrap_or(given).to_owned();
    if image.digest.is_none() {
        shown += &format!("@{digest}");
    }
    let mut items = Vec::new();
    for layer in &layers {
        let content = digest_of(layer).map_err(|why| fail(&why))?;
        let of_spin = named.as_ref().and_then(|named| named.get(&layer.digest));
        let told = of_spin.map(|(id, _)| id.as_str()).or(layer.title());
        let name = told.filter(|it| is_name(it)).unwrap_or(&content.digits()[..8]).to_owned();
        let is_one_of_several = layers.len() > 1 || named.is_some();
        items.push(Item {
            shown: if is_one_of_several { format!("{shown}#{name}") } else { shown.clone() },
            fetched: Fetched {
                reference: given.to_owned(),
                manifest: Some(digest.to_string()),
                content: content.to_string(),
                media_type: Some(layer.media_type.clone()),
                platform: platform.clone(),
                component: is_one_of_several.then_some(name),
            },
            is_of_spin: named.is_some() && of_spin.is_none_or(|(_, is_dependency)| !is_dependency),
            place: place.clone(),
            digest: content,
            size: Some(layer.size),
        });
    }
    let Some(wanted) = &image.component else { return Ok(items) };
    let names: Vec<_> = items.iter().filter_map(|it| it.fetched.component.clone()).collect();
    items.retain(|it| it.fetched.component.as_ref() == Some(wanted));
    match items.is_empty() {
        false => Ok(items),
        true if names.is_empty() => {
            Err(fail(&format!("it has one component, which is not called `{wanted}`")))
        }
        true => Err(fail(&format!("it has no component `{wanted}`, but {}", names.join(", ")))),
    }
}

/// What an image's name leads to: a manifest or an index, and its digest.
fn top(
    client: &Client,
    image: &Image,
    of: &Repository,
    place: &Place,
) -> Result<(Digest, Manifest), FetchError> {
    let Image { registry: host, repository, tag, .. } = image;
    let fail = |why: String| of.failed(&why);
    if let Some(digest) = &image.digest {
        let bytes = client.manifest(place, digest, &MANIFESTS)?;
        return Ok((digest.clone(), Manifest::read(&bytes).map_err(fail)?));
    }
    let tag = tag.as_deref().unwrap_or("latest");
    let key = format!("{host}/{repository}:{tag}");
    if client.is_offline() {
        let known = client.recall(&key).and_then(|it| Digest::parse(&it).ok());
        let digest = known.ok_or_else(|| client.absent(&format!("the registry {host}")))?;
        let bytes = client.manifest(place, &digest, &MANIFESTS)?;
        return Ok((digest, Manifest::read(&bytes).map_err(fail)?));
    }
    let path = of.path(&format!("manifests/{tag}"));
    let server = of.server(&path);
    let request =
        Request { method: Method::Get, server, accept: &MANIFESTS, most: LARGEST_DOCUMENT };
    let answer = client.ask(&request)?;
    match answer.status {
        200 => {}
        404 => {
            return Err(
                request.failed(&format!("it has no `{repository}:{tag}`: {}", answer.error()))
            );
        }
        _ => return Err(request.failed(&answer.error())),
    }
    let manifest = Manifest::read(&answer.body).map_err(|why| request.failed(&why))?;
    let digest = Digest::of(&answer.body);
    client.keep(&digest, &answer.body);
    client.remember(&key, &digest.to_string());
    Ok((digest, manifest))
}

/// Whether a component's name can stand in a reference.
fn is_name(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_alphanumeric() || b"._-/:@+".contains(&it);
    (1..=128).contains(&text.len()) && text.bytes().all(is_inner)
}

fn digest_of(descriptor: &Descriptor) -> Result<Digest, String> {
    Digest::parse(&descriptor.digest).map_err(|why| format!("its manifest is malformed: {why}"))
}
