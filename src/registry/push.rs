//! Attaches a signed statement to an image, in the registry that has the image.
//!
//! Sources: distribution-spec, "Pushing Blobs", "Pushing Manifests with Subject" and "Referrers Tag Schema" (v1.1);
//! image-spec, `manifest.md`, "Guidelines for Artifact Usage" (v1.1).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::registry::client::{Client, LARGEST_DOCUMENT};
use crate::registry::digest::Digest;
use crate::registry::error::FetchError;
use crate::registry::item::Item;
use crate::registry::manifest::{EMPTY, IMAGE, INDEX, MANIFESTS, Manifest};
use crate::registry::referrers::{BUNDLE, ENVELOPE, IN_TOTO, LARGEST, list, tag_of};
use crate::registry::repository::Repository;
use crate::registry::request::{Answer, Method, Request};

/// The content of [`EMPTY`].
const NOTHING: &[u8] = b"{}";

/// A statement to attach.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'s> {
    pub(crate) bytes: &'s [u8],
    /// Whether it is a bundle of Sigstore, and not a DSSE envelope alone.
    pub(crate) is_bundle: bool,
    /// The type of its predicate.
    pub(crate) predicate_type: &'s str,
}

/// A statement that is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attached {
    /// The reference of its manifest.
    pub(crate) reference: String,
    /// Whether it was not attached before.
    pub(crate) is_new: bool,
}

/// A manifest of one statement.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Referrer<'s> {
    schema_version: u8,
    media_type: &'s str,
    artifact_type: &'s str,
    config: Part<'s>,
    layers: [Part<'s>; 1],
    subject: Part<'s>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'s str, &'s str>,
}

/// A descriptor.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'s> {
    media_type: &'s str,
    digest: String,
    size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<&'s str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'s str, &'s str>,
}

impl<'s> Part<'s> {
    fn of(media_type: &'s str, bytes: &[u8]) -> Part<'s> {
        Part {
            media_type,
            digest: Digest::of(bytes).to_string(),
            size: bytes.len(),
            artifact_type: None,
            annotations: BTreeMap::new(),
        }
    }
}

impl<'s> Referrer<'s> {
    /// The manifest that attaches a statement to `subject`. The same arguments give the same bytes, so it has no time.
    ///
    /// Source of types and annotations: cosign 3, `pkg/oci/remote/write.go`: `WriteAttestationNewBundleFormat` and
    /// `WriteAttestationsReferrer`.
    fn new(statement: &Signed<'s>, subject: Part<'s>) -> Referrer<'s> {
        let Signed { bytes, is_bundle, predicate_type } = *statement;
        let (artifact_type, layer_type) =
            if is_bundle { (BUNDLE, BUNDLE) } else { (IN_TOTO, ENVELOPE) };
        let mut layer = Part::of(layer_type, bytes);
        let mut annotations = BTreeMap::new();
        if is_bundle {
            annotations.insert("dev.sigstore.bundle.content", "dsse-envelope");
            annotations.insert("dev.sigstore.bundle.predicateType", predicate_type);
        } else {
            layer.annotations.insert("predicateType", predicate_type);
        }
        Referrer {
            schema_version: 2,
            media_type: IMAGE,
            artifact_type,
            config: Part::of(EMPTY, NOTHING),
            layers: [layer],
            subject,
            annotations,
        }
    }
}

/// Attaches a statement to the image with this digest, which is in the repository of `item`. Writes the manifest that refers to
/// the image only after all that it names.
///
/// # Errors
/// If the registry refuses it, or the component is in no registry.
pub(super) fn attach(
    client: &Client,
    item: &Item,
    image: &Digest,
    statement: &Signed<'_>,
) -> Result<Attached, FetchError> {
    let repository = item.repository()?;
    let size = statement.bytes.len() as u64;
    if size > LARGEST {
        let why = format!("it has {size} bytes, and {LARGEST} are the most that is read again");
        return Err(FetchError::new(why));
    }
    let fail = |why: String| repository.failed(&why);
    let text = client.manifest(&item.place, image, &MANIFESTS)?;
    let described = Manifest::read(&text).map_err(&fail)?;
    let referrer = Referrer::new(statement, Part::of(described.media_type(), &text));
    let malformed = |error: serde_json::Error| fail(error.to_string());
    let text = serde_json::to_vec(&referrer).map_err(malformed)?;
    let digest = Digest::of(&text);
    let reference = format!("oci://{}/{}@{digest}", repository.host, repository.repository);
    let to = Target { client, repository };
    let listed = list(client, repository, &image.to_string())?;
    let manifest = format!("manifests/{digest}");
    if listed.is_some_and(|it| it.names(&digest)) && to.has(&manifest)? {
        return Ok(Attached { reference, is_new: false });
    }
    to.upload(NOTHING)?;
    to.upload(statement.bytes)?;
    let answer = to.put(&repository.path(&manifest), IMAGE, &text)?;
    // A registry that lists what refers to an image says so.
    if answer.subject.is_none_or(|it| it != image.to_string()) {
        let entry = Part {
            artifact_type: Some(referrer.artifact_type),
            annotations: referrer.annotations,
            ..Part::of(IMAGE, &text)
        };
        to.list_under_tag(image, &digest, &serde_json::to_value(entry).map_err(malformed)?)?;
    }
    Ok(Attached { reference, is_new: true })
}

/// A repository that is written to.
struct Target<'r> {
    client: &'r Client,
    repository: &'r Repository,
}

impl Target<'_> {
    fn request<'r>(&'r self, method: Method<'r>, path: &'r str) -> Request<'r> {
        let server = self.repository.server(path);
        let accept: &[&str] = if path.contains("/manifests/") { &MANIFESTS } else { &[] };
        Request { method, server, accept, most: LARGEST_DOCUMENT }
    }

    fn has(&self, below: &str) -> Result<bool, FetchError> {
        let answer = self.client.ask(&self.request(Method::Head, &self.repository.path(below)))?;
        Ok(answer.status == 200)
    }

    /// Uploads content, if the repository does not have it.
    fn upload(&self, bytes: &[u8]) -> Result<(), FetchError> {
        let digest = Digest::of(bytes);
        if self.has(&format!("blobs/{digest}"))? {
            return Ok(());
        }
        let path = self.repository.path("blobs/uploads/");
        let request = self.request(Method::Post, &path);
        let answer = self.client.ask(&request)?;
        if answer.status != 202 {
            return Err(request.failed(&answer.error()));
        }
        let location = answer.location.as_deref();
        let location = location.ok_or_else(|| request.failed("it names no place to upload to"))?;
        let place = place(&answer.url, location).map_err(|why| request.failed(&why))?;
        let joined = if place.contains('?') { '&' } else { '?' };
        let path = format!("{place}{joined}digest={digest}");
        self.put(&path, "application/octet-stream", bytes).map(|_| ())
    }

    fn put(&self, path: &str, media_type: &str, body: &[u8]) -> Result<Answer, FetchError> {
        let request = self.request(Method::Put { media_type, body }, path);
        let answer = self.client.ask(&request)?;
        match answer.status {
            201 => Ok(answer),
            _ => Err(request.failed(&answer.error())),
        }
    }

    /// Adds a referrer to the list under the image's tag, and keeps the others as they are.
    fn list_under_tag(
        &self,
        image: &Digest,
        referrer: &Digest,
        entry: &Value,
    ) -> Result<(), FetchError> {
        let path = self.repository.path(&format!("manifests/{}", tag_of(&image.to_string())));
        let request = self.request(Method::Get, &path);
        let answer = self.client.ask(&request)?;
        let mut index = match answer.status {
            200 => serde_json::from_slice(&answer.body).unwrap_or(Value::Null),
            404 => json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }),
            _ => return Err(request.failed(&answer.error())),
        };
        let is_index = index.get("mediaType").is_none_or(|it| it == INDEX);
        let entries = index.get_mut("manifests").and_then(Value::as_array_mut);
        let Some(entries) = entries.filter(|_| is_index) else {
            return Err(request.failed("it has something else where the referrers are listed"));
        };
        if entries.iter().any(|it| it["digest"] == referrer.to_string()) {
            return Ok(());
        }
        entries.push(entry.clone());
        let text = index.to_string();
        if text.len() as u64 > LARGEST_DOCUMENT {
            return Err(request.failed("its list of referrers is full"));
        }
        self.put(&path, INDEX, text.as_bytes()).map(|_| ())
    }
}

/// The path and query to which `location` leads from the URL `asked`.
///
/// # Errors
/// If it leads to another server, or to the same one with or without TLS: a part of a sentence.
fn place(asked: &str, location: &str) -> Result<String, String> {
    let split = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let scheme = scheme.to_ascii_lowercase();
        let port = if scheme == "https" { ":443" } else { ":80" };
        let authority = authority.to_ascii_lowercase();
        let authority = authority.strip_suffix(port).unwrap_or(&authority).to_owned();
        Some((scheme, authority, path.to_owned()))
    };
    let other = || {
        // What follows may give access to it.
        let location = location.split(['?', '#']).next().unwrap_or_default();
        format!("it sends the upload to another place, `{location}`")
    };
    let (scheme, authority, path) = split(asked).ok_or_else(other)?;
    let location = location.split('#').next().unwrap_or_default();
    if location.is_empty() || !location.bytes().all(|it| it.is_ascii_graphic() && it != b'\\') {
        return Err("it names no place to upload to".to_owned());
    }
    let is_absolute = location.split(['/', '?']).next().is_some_and(|it| it.contains(':'));
    let (of, at, led) = match location {
        _ if is_absolute => split(location).ok_or_else(other)?,
        _ if location.starts_with("//") => {
            split(&format!("{scheme}:{location}")).ok_or_else(other)?
        }
        _ if location.starts_with('/') => return Ok(location.to_owned()),
        _ => {
            let path = path.split('?').next().unwrap_or_default();
            let folder = &path[..path.rfind('/').map_or(0, |at| at + 1)];
            return Ok(format!("{folder}{location}"));
        }
    };
    match led.strip_prefix('/') {
        Some(_) if (of, at) == (scheme, authority) => Ok(led),
        _ => Err(other()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_stays_at_its_server() {
        let asked = "https://a.example/v2/x/blobs/uploads/";
        for (location, expected) in [
            ("/v2/x/blobs/uploads/1?s=2", Some("/v2/x/blobs/uploads/1?s=2")),
            ("https://a.example/u/1?s=http://b/", Some("/u/1?s=http://b/")),
            ("HTTPS://A.example:443/u/1", Some("/u/1")),
            ("//a.example/u/1", Some("/u/1")),
            ("1?s=2#f", Some("/v2/x/blobs/uploads/1?s=2")),
            ("http://a.example/u/1", None),
            ("https://a.example:444/u/1", None),
            ("https://b.example/u/1", None),
            ("https://a.example@b.example/u/1", None),
            ("https://a.example.b.example/u/1", None),
            ("//b.example/u/1", None),
            ("file:/etc/passwd", None),
            ("https://a.example", None),
            ("https://a.example\\@b.example/", None),
            ("/u/1 2", None),
            ("/u/\u{1b}[2J", None),
            ("", None),
        ] {
            assert_eq!(place(asked, location).ok().as_deref(), expected, "{location}");
        }
        let port = place("http://127.0.0.1:5000/v2/", "http://127.0.0.1:5000/u");
        assert_eq!(port.as_deref(), Ok("/u"));
    }

    #[test]
    fn the_same_statement_has_the_same_manifest() {
        let text = |is_bundle| {
            let signed = Signed { bytes: b"x", is_bundle, predicate_type: "urn:p" };
            serde_json::to_value(Referrer::new(&signed, Part::of(IMAGE, b"{}"))).unwrap()
        };
        let envelope = text(false);
        assert_eq!(envelope["artifactType"], IN_TOTO);
        assert_eq!(envelope["layers"][0]["mediaType"], ENVELOPE);
        assert_eq!(envelope["layers"][0]["annotations"]["predicateType"], "urn:p");
        assert_eq!(envelope["config"]["digest"], Digest::of(b"{}").to_string());
        assert_eq!(envelope["config"]["size"], 2);
        assert_eq!(envelope["annotations"], Value::Null);
        let bundle = text(true);
        assert_eq!(bundle["artifactType"], BUNDLE);
        assert_eq!(bundle["layers"][0]["mediaType"], BUNDLE);
        assert_eq!(bundle["annotations"]["dev.sigstore.bundle.predicateType"], "urn:p");
    }
}
