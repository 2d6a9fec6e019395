//! `certify --attach`: Debian's registry, which has a tag for referrers, and a registry that lists them.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use ct_codecs::{Base64, Encoder};
use serde_json::{Value, json};

use super::server::{Asked, Kind, Registry, Reply, digest, scripted};
use super::{Bench, INDEX, MANIFEST, Ran, WASM, component, descriptor, inputs, registry, wkg};

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

fn certify(bench: &Bench, name: &str, more: &[&str]) -> Ran {
    bench.write_key("own", 1);
    let words = ["certify", name, "-k", "own.pem", "--static-only", "-o", "app.json", "--attach"];
    bench.run(&[&words, more].concat())
}

/// The reference that is printed behind a word.
#[track_caller]
fn printed(ran: &Ran, word: &str) -> String {
    let line = ran.err.lines().find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("{} {}", ran.out, ran.err)).to_owned()
}

/// The certificate that `verify` finds.
#[track_caller]
fn verified(bench: &Bench, name: &str) -> String {
    let ran = bench.run(&["verify", name, "--key", "own.pub.pem", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{} {}", ran.out, ran.err);
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    found["certificate"].as_str().unwrap().to_owned()
}

fn file(bench: &Bench) -> Vec<u8> {
    fs::read(bench.folder.path().join("app.json")).unwrap()
}

#[test]
fn a_certificate_is_attached_under_a_tag() {
    let test = "a_certificate_is_attached_under_a_tag";
    let Some((_storage, registry, bench)) = registry(test, Kind::Plain) else { return };
    let bytes = component(7);
    let image = wkg(&[descriptor(WASM, &bytes)]);
    let of_image = registry.push("demo/hello", "1", &image, &[b"{}", &bytes]);
    let name = format!("oci://{}/demo/hello:1", registry.host());
    // What somebody else has attached stays.
    let tag = of_image.replace(':', "-");
    let mut other = descriptor(MANIFEST, image.as_bytes());
    other["artifactType"] = json!("application/x");
    other["annotations"] = json!({ "a": "b" });
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [other] });
    registry.push("demo/hello", &tag, &index.to_string(), &[]);

    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let reference = printed(&ran, "attached");
    assert_eq!(verified(&bench, &name), reference);
    let attached = reference.split_once('@').unwrap().1;
    let listed = registry.manifest("demo/hello", &tag);
    assert_eq!(listed["manifests"].as_array().map(Vec::len), Some(2), "{listed:#}");
    assert_eq!(listed["manifests"][0], other);
    assert_eq!(listed["manifests"][1]["digest"], attached);
    assert_eq!(listed["manifests"][1]["artifactType"], "application/vnd.in-toto+json");
    let manifest = registry.manifest("demo/hello", attached);
    assert_eq!(manifest["subject"], descriptor(MANIFEST, image.as_bytes()));
    assert_eq!(manifest["config"], descriptor("application/vnd.oci.empty.v1+json", b"{}"));
    let mut layer = descriptor("application/vnd.dsse.envelope.v1+json", &file(&bench));
    layer["annotations"] = json!({ "predicateType": "urn:secondcall:certificate:v1" });
    assert_eq!(manifest["layers"], json!([layer]));

    let again = certify(&bench, &name, &[]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(printed(&again, "attached already"), reference);
    assert_eq!(registry.manifest("demo/hello", &tag), listed);

    let bundle = certify(&bench, &name, &["--bundle"]);
    let reference = printed(&bundle, "attached");
    let manifest = registry.manifest("demo/hello", reference.split_once('@').unwrap().1);
    assert_eq!(manifest["artifactType"], BUNDLE);
    assert_eq!(manifest["layers"], json!([descriptor(BUNDLE, &file(&bench))]));
    let annotations = json!({
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": "urn:secondcall:certificate:v1",
    });
    assert_eq!(manifest["annotations"], annotations);
    let listed = registry.manifest("demo/hello", &tag);
    assert_eq!(listed["manifests"].as_array().map(Vec::len), Some(3), "{listed:#}");
    assert_eq!(listed["manifests"][2]["annotations"], annotations);

    // Something else under the tag is not replaced.
    registry.push("demo/hello", &tag, &image, &[]);
    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("it has something else where the referrers are listed"),
        "{}",
        ran.err
    );
    assert_eq!(registry.manifest("demo/hello", &tag)["layers"][0]["mediaType"], WASM);
}

#[test]
fn a_certificate_is_attached_with_a_password() {
    let test = "a_certificate_is_attached_with_a_password";
    let Some((storage, registry, bench)) = registry(test, Kind::Password) else { return };
    let folder = inputs::folder("SECONDCALL_REGISTRY", test).unwrap();
    let plain = Registry::start(&folder, &storage, Kind::Plain);
    let host = registry.host();
    let auth = Base64::encode_to_string("open:sesame").unwrap();
    bench.write("docker/config.json", json!({ "auths": { &host: { "auth": auth } } }).to_string());
    let bytes = component(7);
    let image = wkg(&[descriptor(WASM, &bytes)]);
    plain.push("demo/hello", "1", &image, &[b"{}", &bytes]);
    let name = format!("oci://{host}/demo/hello:1");
    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(verified(&bench, &name), printed(&ran, "attached"));
}

#[test]
fn a_certificate_is_attached_to_a_package() {
    let test = "a_certificate_is_attached_to_a_package";
    let Some((_storage, registry, bench)) = registry(test, Kind::Plain) else { return };
    let host = registry.host();
    let metadata = format!("{{ preferredProtocol = \"oci\", oci = {{ registry = \"{host}\" }} }}");
    bench.write(
        "wkg.toml",
        format!(
            "[namespace_registries]\ndemo = {{ registry = \"demo\", metadata = {metadata} }}\n"
        ),
    );
    let bytes = component(7);
    registry.push("demo/hello", "1.0.0", &wkg(&[descriptor(WASM, &bytes)]), &[b"{}", &bytes]);
    let ran = certify(&bench, "wasi-pkg:demo:hello", &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let reference = printed(&ran, "attached");
    assert!(reference.starts_with(&format!("oci://{host}/demo/hello@sha256:")), "{reference}");
    assert_eq!(verified(&bench, "wasi-pkg:demo:hello@1.0.0"), reference);
}

/// A registry in memory that has the list of referrers, and gives a token for each scope.
#[derive(Default)]
struct Listing {
    manifests: BTreeMap<String, Vec<u8>>,
    blobs: BTreeMap<String, Vec<u8>>,
    /// Requests that write.
    writes: Vec<String>,
}

impl Listing {
    fn of(bytes: &[u8]) -> Arc<Mutex<Listing>> {
        let image = wkg(&[descriptor(WASM, bytes)]).into_bytes();
        let mut listing = Listing::default();
        listing.blobs.insert(digest(bytes), bytes.to_owned());
        listing.manifests.insert(digest(&image), image.clone());
        listing.manifests.insert("1".to_owned(), image);
        Arc::new(Mutex::new(listing))
    }

    fn answer(&mut self, asked: &Asked) -> Reply {
        let Asked { method, path, headers, body } = asked;
        let host = &headers["host"];
        if let Some(query) = path.strip_prefix("/token?") {
            let token = match query.contains("%3Apull%2Cpush") {
                true => "may.write",
                false => "may.read",
            };
            return Reply::of(200, json!({ "token": token }).to_string());
        }
        let writes = ["POST", "PUT"].contains(&method.as_str());
        let wanted = if writes { "Bearer may.write" } else { "Bearer may.read" };
        if headers.get("authorization").map(String::as_str) != Some(wanted) {
            let scope = if writes { "pull,push" } else { "pull" };
            let challenge = format!(
                "Bearer realm=\"http://{host}/token\",scope=\"repository:demo/hello:{scope}\""
            );
            let headers = vec![("WWW-Authenticate", challenge)];
            return Reply { headers, ..Reply::of(401, "{}") };
        }
        let path = path.strip_prefix("/v2/demo/hello/").unwrap();
        if writes {
            self.writes.push(format!("{method} {path}"));
        }
        let of = |content: Option<&Vec<u8>>| match content {
            Some(bytes) => {
                Reply::of(200, if method == "HEAD" { Vec::new() } else { bytes.clone() })
            }
            None => Reply::of(404, ""),
        };
        match path.split_once('/').unwrap() {
            ("blobs", "uploads/") => {
                let location = format!("http://{host}/v2/demo/hello/blobs/uploads/7?_state=s");
                Reply { headers: vec![("Location", location)], ..Reply::of(202, "") }
            }
            ("blobs", place) if writes => {
                let named = place.strip_prefix("uploads/7?_state=s&digest=").unwrap();
                assert_eq!(named, digest(body));
                self.blobs.insert(named.to_owned(), body.clone());
                Reply::of(201, "")
            }
            ("blobs", named) => of(self.blobs.get(named)),
            ("manifests", named) if writes => {
                assert_eq!(named, digest(body));
                let manifest: Value = serde_json::from_slice(body).unwrap();
                self.manifests.insert(named.to_owned(), body.clone());
                let subject = manifest["subject"]["digest"].as_str().unwrap().to_owned();
                Reply { headers: vec![("OCI-Subject", subject)], ..Reply::of(201, "") }
            }
            ("manifests", named) => of(self.manifests.get(named)),
            ("referrers", image) => {
                let found = self.manifests.values().filter_map(|bytes| {
                    let manifest: Value = serde_json::from_slice(bytes).unwrap();
                    let mut entry = descriptor(MANIFEST, bytes);
                    entry["artifactType"] = manifest["artifactType"].clone();
                    (manifest["subject"]["digest"] == image).then_some(entry)
                });
                let found: Vec<_> = found.collect();
                let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": found });
                Reply::of(200, index.to_string())
            }
            _ => Reply::of(404, ""),
        }
    }
}

/// A [`Listing`] on which some requests have another answer, and the name of its image.
fn listing(
    otherwise: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
) -> (Arc<Mutex<Listing>>, String) {
    let listing = Listing::of(&component(7));
    let shared = Arc::clone(&listing);
    let port = scripted(move |asked| {
        otherwise(asked).unwrap_or_else(|| shared.lock().unwrap().answer(asked))
    });
    (listing, format!("oci://127.0.0.1:{port}/demo/hello:1"))
}

#[test]
fn a_certificate_is_attached_where_referrers_are_listed() {
    let bench = Bench::new();
    let (listing, name) = listing(|_| None);
    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let reference = printed(&ran, "attached");
    let attached = reference.split_once('@').unwrap().1;
    let upload = |content: &[u8]| {
        let place = format!("PUT blobs/uploads/7?_state=s&digest={}", digest(content));
        ["POST blobs/uploads/".to_owned(), place]
    };
    let [a, b] = upload(b"{}");
    let [c, d] = upload(&file(&bench));
    // Content first, and no tag.
    let expected = [a, b, c, d, format!("PUT manifests/{attached}")];
    assert_eq!(listing.lock().unwrap().writes, expected);
    assert_eq!(verified(&bench, &name), reference);
    let again = certify(&bench, &name, &[]);
    assert_eq!(printed(&again, "attached already"), reference);
    assert_eq!(listing.lock().unwrap().writes, expected);
    // The rest is there already.
    let other = certify(&bench, &name, &["--time", "2026-11-29T12:00:00Z"]);
    assert_eq!(other.code, Some(0), "{}", other.err);
    assert_eq!(listing.lock().unwrap().writes.len(), expected.len() + 3);
}

/// Attaches where some requests have another answer: the error. The certificate is written, and nothing is attached.
#[track_caller]
fn refused(otherwise: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> String {
    let bench = Bench::new();
    let (listing, name) = listing(otherwise);
    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(2), "{} {}", ran.out, ran.err);
    assert!(ran.err.contains("the certificate is written, and not attached: "), "{}", ran.err);
    assert!(file(&bench).starts_with(b"{\"payload\""));
    let listing = listing.lock().unwrap();
    assert!(listing.writes.iter().all(|it| !it.contains("manifests")), "{:?}", listing.writes);
    assert_eq!(listing.manifests.len(), 2);
    ran.err
}

#[test]
fn a_refusal_is_told() {
    let denied = || {
        let error = json!({ "errors": [{ "code": "DENIED", "message": "read only" }] });
        error.to_string()
    };
    let post = refused(move |asked| (asked.method == "POST").then(|| Reply::of(403, denied())));
    assert!(
        post.contains(
            "it answered 403 (DENIED: read only), asked to write /v2/demo/hello/blobs/uploads/"
        ),
        "{post}"
    );
    // A token that does not suffice, and none.
    let token = refused(move |asked| {
        let writes = asked.method == "POST" && asked.headers.contains_key("authorization");
        writes.then(|| Reply::of(401, denied()))
    });
    let expected = "it asks for credentials: it answered 401 (DENIED: read only)";
    assert!(token.contains(expected), "{token}");
    let token = refused(move |asked| {
        let asks = asked.path.starts_with("/token?") && asked.path.contains("push");
        asks.then(|| Reply::of(403, denied()))
    });
    let expected = "it asks for credentials: it answered 403 (DENIED: read only)";
    assert!(token.contains(expected), "{token}");
    // Half-way.
    let manifest = refused(move |asked| {
        let writes = asked.method == "PUT" && asked.path.contains("/manifests/");
        writes.then(|| Reply::of(400, denied()))
    });
    assert!(manifest.contains("it answered 400 (DENIED"), "{manifest}");
    let blob = refused(|asked| {
        let writes = asked.method == "PUT" && asked.path.contains("/blobs/");
        writes.then(|| Reply::of(500, ""))
    });
    assert!(blob.contains("it answered 500, asked to write") && !blob.contains("_state"), "{blob}");
}

#[test]
fn refused_credentials_are_told_with_the_answer() {
    let bench = Bench::new();
    let (_listing, name) = listing(|asked| {
        let writes = asked.method == "POST";
        let answer = json!({ "errors": [{ "code": "UNAUTHORIZED", "message": "no push" }] });
        let challenge = "Basic realm=\"x\"".to_owned();
        writes.then(|| Reply {
            headers: vec![("WWW-Authenticate", challenge)],
            ..Reply::of(401, answer.to_string())
        })
    });
    let host = name.strip_prefix("oci://").unwrap().split('/').next().unwrap();
    let auth = Base64::encode_to_string("open:sesame").unwrap();
    bench.write("docker/config.json", json!({ "auths": { host: { "auth": auth } } }).to_string());
    let ran = certify(&bench, &name, &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    let expected = "it refuses the credentials: it answered 401 (UNAUTHORIZED: no push)";
    assert!(ran.err.contains(expected) && !ran.err.contains("sesame"), "{}", ran.err);
}

#[test]
fn an_upload_is_not_sent_elsewhere() {
    let visits = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&visits);
    let port = scripted(move |_| {
        *counted.lock().unwrap() += 1;
        Reply::of(201, "")
    });
    let other = format!("http://127.0.0.1:{port}/v2/demo/hello/blobs/uploads/7");
    for (status, expected) in [
        (202, format!("it sends the upload to another place, `{other}`")),
        (307, "it answered 307, asked to write".to_owned()),
    ] {
        let other = other.clone();
        let message = refused(move |asked| {
            let reply = Reply::of(status, "");
            let headers = vec![("Location", format!("{other}?_state=s"))];
            (asked.method == "POST").then_some(Reply { headers, ..reply })
        });
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(message.contains(&expected), "{message}");
    }
    let nowhere = refused(|asked| (asked.method == "POST").then(|| Reply::of(202, "")));
    assert!(nowhere.contains("it names no place to upload to"), "{nowhere}");
    assert_eq!(*visits.lock().unwrap(), 0);
}

#[test]
fn only_what_is_in_a_registry_has_certificates_attached() {
    let bench = Bench::new();
    bench.write("app.wasm", component(7));
    bench.write("image.json", wkg(&[descriptor(WASM, &component(7))]));
    let name = "oci://127.0.0.1:1/demo/hello:1";
    for (words, expected) in [
        (&["app.wasm", "--image", "image.json"][..], "does not say where the image is"),
        (&[name, "--offline"], "--offline forbids it"),
    ] {
        let ran = certify(&bench, words[0], &words[1..]);
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains(expected), "{}", ran.err);
        assert!(!bench.folder.path().join("app.json").exists());
    }
    let ran = bench.run(&["certify", name, "--unsigned", "--attach"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    // Nothing is written unless it is asked for.
    let (listing, name) = listing(|_| None);
    let ran = bench.run(&["certify", &name, "-k", "own.pem", "--static-only"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(listing.lock().unwrap().writes.is_empty());
}
