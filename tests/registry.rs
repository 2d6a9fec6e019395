//! Components in registries: Debian's registry, if `SECONDCALL_REGISTRY` names it, and servers that answer as no registry
//! should.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "registry/attach.rs"]
mod attach;
mod inputs;
#[path = "registry/server.rs"]
mod server;

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ct_codecs::{Base64, Encoder};
use ed25519_compact::{KeyPair, Seed};
use serde_json::{Value, json};
use server::{Asked, Kind, Registry, Reply, Storage, digest, scripted};
use tempfile::TempDir;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const WASM: &str = "application/wasm";
const SPIN_WASM: &str = "application/vnd.wasm.content.layer.v1+wasm";

/// A component whose export answers `number`.
fn component(number: u32) -> Vec<u8> {
    let text = format!(
        "(component (core module $m (func (export \"f\") (result i32) (i32.const {number})))
        (core instance $i (instantiate $m))
        (func (export \"answer\") (result u32) (canon lift (core func $i \"f\"))))"
    );
    wat::parse_str(text).unwrap()
}

fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": digest(bytes), "size": bytes.len() })
}

/// A manifest as `wkg` writes it.
fn manifest(config: &str, layers: &[Value]) -> String {
    json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": descriptor(config, b"{}"),
        "layers": layers,
    })
    .to_string()
}

fn wkg(layers: &[Value]) -> String {
    manifest("application/vnd.wasm.config.v0+json", layers)
}

/// A folder to run the program in, with a cache of its own.
struct Bench {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

struct Ran {
    out: String,
    err: String,
    code: Option<i32>,
}

impl Bench {
    fn new() -> Bench {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let variables = vec![
            ("SECONDCALL_CACHE_DIR", path("cache")),
            ("HOME", path("home")),
            ("WKG_CONFIG_FILE", path("wkg.toml")),
            ("DOCKER_CONFIG", path("docker")),
        ];
        Bench { folder, variables }
    }

    fn with(mut self, variable: &'static str, value: PathBuf) -> Bench {
        self.variables.push((variable, value.display().to_string()));
        self
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a pair of keys as `name.pem` and `name.pub.pem`.
    fn write_key(&self, name: &str, seed: u8) {
        let pair = KeyPair::from_seed(Seed::new([seed; 32]));
        self.write(&format!("{name}.pem"), pair.sk.to_pem());
        self.write(&format!("{name}.pub.pem"), pair.pk.to_pem());
    }

    fn run(&self, words: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_secondcall"))
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }

    /// The report on what these words name.
    fn report(&self, words: &[&str]) -> Value {
        let ran = self.run(&[&["check", "--static-only", "--format", "json"], words].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{} {}", ran.out, ran.err))
    }

    /// The one artifact of the report.
    #[track_caller]
    fn artifact(&self, words: &[&str]) -> Value {
        let report = self.report(words);
        assert_eq!(report["artifacts"].as_array().map(Vec::len), Some(1), "{report:#}");
        report["artifacts"][0].clone()
    }

    /// The message of the one input that could not be fetched; the exit code is 4.
    #[track_caller]
    fn failure(&self, words: &[&str]) -> String {
        let report = self.report(words);
        assert_eq!(report["summary"]["exit_code"], 4, "{report:#}");
        assert_eq!(report["errors"][0]["stage"], "fetch", "{report:#}");
        report["errors"][0]["message"].as_str().unwrap().to_owned()
    }
}

/// The registry, what it keeps, and a folder. `None` if there is no registry.
fn registry(test: &str, kind: Kind) -> Option<(Storage, Registry, Bench)> {
    let inputs = inputs::folder("SECONDCALL_REGISTRY", test)?;
    let storage = Storage::new();
    let registry = Registry::start(&inputs, &storage, kind);
    Some((storage, registry, Bench::new()))
}

#[test]
fn a_component_is_fetched_once() {
    let Some((_storage, registry, bench)) = registry("a_component_is_fetched_once", Kind::Plain)
    else {
        return;
    };
    let bytes = component(7);
    let text = wkg(&[descriptor(WASM, &bytes)]);
    let of_manifest = registry.push("demo/hello", "1.0", &text, &[b"{}", &bytes]);
    let name = format!("oci://{}/demo/hello:1.0", registry.host());
    let full = format!("{name}@{of_manifest}");
    let artifact = bench.artifact(&[&name]);
    assert_eq!(artifact["path"], full.as_str());
    assert_eq!(artifact["sha256"], digest(&bytes)["sha256:".len()..]);
    let expected = json!({ "reference": name, "manifest": of_manifest, "content": digest(&bytes), "media_type": WASM });
    assert_eq!(artifact["fetched"], expected);
    // Every command takes it.
    for words in [&["inspect"][..], &["wat"], &["graph"], &["exec", "--calls", "2"]] {
        let ran = bench.run(&[words, &[full.as_str()]].concat());
        assert_eq!(ran.code, Some(0), "{words:?} {} {}", ran.out, ran.err);
    }
    let sarif = bench.run(&["check", "--static-only", "--format", "sarif", &full]).out;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let file = &sarif["runs"][0]["artifacts"][0];
    assert_eq!(file["location"]["uri"], full.as_str());
    assert_eq!(file["hashes"]["sha-256"], artifact["sha256"]);
    // A certificate is about the image, too.
    let ran = bench.run(&["certify", "--static-only", "--unsigned", &name]);
    let statement: Value = serde_json::from_str(&ran.out).unwrap();
    let subjects = statement["subject"].as_array().unwrap().iter();
    let subjects: Vec<_> = subjects.map(|it| it["digest"]["sha256"].as_str().unwrap()).collect();
    let bare = |digest: &str| digest["sha256:".len()..].to_owned();
    assert_eq!(subjects, [bare(&digest(&bytes)), bare(&of_manifest)]);
    // A tag may have moved, so the registry is asked; a digest is in the cache folder.
    let host = registry.host();
    drop(registry);
    let gone = bench.failure(&[&name]);
    assert!(
        gone.starts_with(&format!("the registry {host}: ")) && gone.contains("refused"),
        "{gone}"
    );
    assert_eq!(bench.artifact(&[&full])["path"], full.as_str());
    let by_digest = format!("oci://{host}/demo/hello@{of_manifest}");
    assert_eq!(bench.artifact(&[&by_digest])["path"], by_digest.as_str());
    assert_eq!(bench.artifact(&["--offline", &name])["path"], full.as_str());
    let unknown = bench.failure(&["--offline", &format!("oci://{host}/demo/other:1")]);
    assert!(unknown.contains("--offline"), "{unknown}");
    // Damaged, it is not there.
    let kept =
        bench.folder.path().join("cache/registry/sha256").join(&digest(&bytes)["sha256:".len()..]);
    fs::write(kept, component(8)).unwrap();
    let damaged = bench.failure(&["--offline", &full]);
    assert!(damaged.contains("--offline"), "{damaged}");
}

#[test]
fn what_is_no_component_is_said() {
    let Some((_storage, registry, bench)) = registry("what_is_no_component_is_said", Kind::Plain)
    else {
        return;
    };
    let layer = b"layer";
    let container = manifest(
        "application/vnd.oci.image.config.v1+json",
        &[descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    );
    let chart = manifest(
        "application/vnd.cncf.helm.config.v1+json",
        &[descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", layer)],
    );
    registry.push("a/container", "1", &container, &[b"{}", layer]);
    registry.push("a/chart", "1", &chart, &[b"{}", layer]);
    let huge = json!({ "mediaType": WASM, "digest": digest(layer), "size": 2_u64 << 30 });
    registry.push("a/huge", "1", &wkg(&[huge]), &[b"{}", layer]);
    registry.push("a/text", "1", &wkg(&[descriptor(WASM, layer)]), &[b"{}", layer]);
    let host = registry.host();
    let name = |rest: &str| format!("oci://{host}/a/{rest}");
    let fails = |rest: &str| bench.failure(&[&name(rest)]);
    assert_eq!(
        fails("container:1"),
        format!("{host}/a/container: it is a container image, and has no component")
    );
    assert_eq!(
        fails("chart:1"),
        format!("{host}/a/chart: it is a Helm chart, and has no component")
    );
    let missing = fails("container:2");
    assert!(
        missing.contains("it has no `a/container:2`: it answered 404 (MANIFEST_UNKNOWN"),
        "{missing}"
    );
    let missing = fails("nothing:1");
    assert!(missing.starts_with(&format!("the registry {host}: ")), "{missing}");
    let huge = fails("huge:1");
    assert!(huge.contains("it has 2147483648 bytes, and 1073741824 are the most"), "{huge}");
    let malformed = fails("container:1#x");
    assert!(malformed.contains("has no component"), "{malformed}");
    // What is fetched is judged as any file.
    let text = bench.report(&[&name("text:1")]);
    assert_eq!(text["errors"][0]["stage"], "read", "{text:#}");
    let wrong = format!("oci://{host}/a/container@sha256:{}", "0".repeat(64));
    let wrong = bench.failure(&[&wrong]);
    assert!(wrong.contains("it answered 404"), "{wrong}");
    // A file of such a name.
    bench.write("oci:x", component(1));
    assert_eq!(bench.artifact(&["./oci:x"])["path"], "oci:x");
}

#[test]
fn other_bytes_are_refused() {
    let Some((storage, registry, bench)) = registry("other_bytes_are_refused", Kind::Plain) else {
        return;
    };
    let (bytes, other) = (component(7), component(8));
    let text = wkg(&[descriptor(WASM, &bytes)]);
    registry.push("demo/hello", "1", &text, &[b"{}", &bytes]);
    storage.damage(&digest(&bytes), &other);
    let name = format!("oci://{}/demo/hello:1", registry.host());
    let message = bench.failure(&[&name]);
    let expected = format!(
        "it sends other bytes, with the digest {} instead of {}",
        digest(&other),
        digest(&bytes)
    );
    assert!(message.contains(&expected), "{message}");
    // They are not kept, either.
    storage.damage(&digest(&bytes), &bytes);
    assert_eq!(bench.artifact(&[&name])["fetched"]["content"], digest(&bytes));
}

#[test]
fn a_certificate_must_be_trusted() {
    let Some((_storage, registry, bench)) = registry("a_certificate_must_be_trusted", Kind::Tls)
    else {
        return;
    };
    let folder = inputs::folder("SECONDCALL_REGISTRY", "a_certificate_must_be_trusted").unwrap();
    let plain = Registry::start(&folder, &_storage, Kind::Plain);
    let bytes = component(7);
    plain.push("demo/hello", "1", &wkg(&[descriptor(WASM, &bytes)]), &[b"{}", &bytes]);
    let name = format!("oci://{}/demo/hello:1", registry.host());
    let message = bench.failure(&[&name]);
    assert!(message.contains("its certificate is not trusted"), "{message}");
    assert!(message.contains("SSL_CERT_FILE"), "{message}");
    let bench = bench.with("SSL_CERT_FILE", folder.join("authority.pem"));
    assert_eq!(bench.artifact(&[&name])["fetched"]["content"], digest(&bytes));
    // A name that the certificate does not have.
    let foreign = format!("oci://127.0.0.2:{}/demo/hello:1", registry.port);
    let message = bench.failure(&[&foreign]);
    assert!(message.contains("refused") || message.contains("not trusted"), "{message}");
}

#[test]
fn credentials_are_those_of_docker_and_wkg() {
    let test = "credentials_are_those_of_docker_and_wkg";
    let Some((storage, registry, bench)) = registry(test, Kind::Password) else { return };
    let plain = Registry::start(
        &inputs::folder("SECONDCALL_REGISTRY", test).unwrap(),
        &storage,
        Kind::Plain,
    );
    let bytes = component(7);
    plain.push("demo/hello", "1", &wkg(&[descriptor(WASM, &bytes)]), &[b"{}", &bytes]);
    let host = registry.host();
    let name = format!("oci://{host}/demo/hello:1");
    let message = bench.failure(&[&name]);
    assert!(
        message.contains("it asks for credentials") && message.contains("docker login"),
        "{message}"
    );
    let docker = |password: &str| {
        let auth = Base64::encode_to_string(format!("open:{password}")).unwrap();
        bench.write(
            "docker/config.json",
            json!({ "auths": { &host: { "auth": auth } } }).to_string(),
        );
    };
    docker("simsalabim");
    let message = bench.failure(&[&name]);
    assert!(
        message.contains("it refuses the credentials") && !message.contains("simsalabim"),
        "{message}"
    );
    docker("sesame");
    assert_eq!(bench.artifact(&[&name])["fetched"]["content"], digest(&bytes));
    fs::remove_dir_all(bench.folder.path().join("docker")).unwrap();
    fs::remove_dir_all(bench.folder.path().join("cache")).unwrap();
    bench.write(
        "wkg.toml",
        format!(
            "[registry.\"{host}\".oci]\nauth = {{ username = \"open\", password = \"sesame\" }}\n"
        ),
    );
    let ran = bench.run(&["check", "--static-only", "--format", "json", &name]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.out.contains("sesame") && !ran.err.contains("sesame"));
}

#[test]
fn an_image_may_have_several_components() {
    let Some((_storage, registry, bench)) =
        registry("an_image_may_have_several_components", Kind::Plain)
    else {
        return;
    };
    let (one, two, three) = (component(1), component(2), component(3));
    let locked = json!({
        "spin_lock_version": 1,
        "components": [
            { "id": "api", "source": { "content_type": WASM, "digest": digest(&one) },
              "dependencies": { "own:kit/text": { "source": { "content_type": WASM, "digest": digest(&three) } } } },
            { "id": "front", "source": { "content_type": WASM, "digest": digest(&two) } },
        ],
    })
    .to_string();
    let spin = "application/vnd.fermyon.spin.application.v1+config";
    let layers = [
        descriptor(SPIN_WASM, &one),
        descriptor(SPIN_WASM, &three),
        descriptor(SPIN_WASM, &two),
        descriptor("application/vnd.wasm.content.layer.v1+data", b"asset"),
        descriptor(spin, locked.as_bytes()),
    ];
    let text = manifest("application/vnd.oci.image.config.v1+json", &layers);
    registry.push(
        "demo/app",
        "1",
        &text,
        &[b"{}", &one, &two, &three, b"asset", locked.as_bytes()],
    );
    let name = format!("oci://{}/demo/app:1", registry.host());
    let report = bench.report(&[&name]);
    let found: Vec<_> = report["artifacts"].as_array().unwrap().iter().collect();
    let names: Vec<_> =
        found.iter().map(|it| it["fetched"]["component"].as_str().unwrap()).collect();
    assert_eq!(names, ["api", "api/own:kit/text", "front"]);
    assert!(found[0]["path"].as_str().unwrap().ends_with("#api"));
    // Spin calls the components, and they call the dependency.
    assert_eq!(found[0]["hosts"][0]["id"], "spin-p2", "{report:#}");
    assert_eq!(found[1]["hosts"], Value::Null, "{report:#}");
    assert_eq!(bench.artifact(&[&format!("{name}#front")])["fetched"]["content"], digest(&two));
    let message = bench.failure(&[&format!("{name}#back")]);
    assert!(
        message.contains("it has no component `back`, but api, api/own:kit/text, front"),
        "{message}"
    );
    let ran = bench.run(&["exec", &name]);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.contains("it has 3 components: name one with `#`"), "{}", ran.err);
}

#[test]
fn an_index_leads_to_the_image_for_webassembly() {
    let Some((_storage, registry, bench)) =
        registry("an_index_leads_to_the_image_for_webassembly", Kind::Plain)
    else {
        return;
    };
    let bytes = component(7);
    let wasm = wkg(&[descriptor(WASM, &bytes)]);
    let native = manifest(
        "application/vnd.oci.image.config.v1+json",
        &[descriptor("application/vnd.oci.image.layer.v1.tar", b"layer")],
    );
    registry.push("demo/both", "wasm", &wasm, &[b"{}", &bytes]);
    registry.push("demo/both", "native", &native, &[b"{}", b"layer"]);
    let entry = |text: &str, os: &str, architecture: &str| {
        let mut entry = descriptor(MANIFEST, text.as_bytes());
        entry["platform"] = json!({ "os": os, "architecture": architecture });
        entry
    };
    let index = |entries: &[Value]| {
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries }).to_string()
    };
    let both = index(&[entry(&native, "linux", "amd64"), entry(&wasm, "wasip2", "wasm")]);
    let of_index = registry.push("demo/both", "1", &both, &[]);
    let native = index(&[entry(&native, "linux", "amd64"), entry(&native, "linux", "arm64")]);
    registry.push("demo/both", "2", &native, &[]);
    let name = |tag: &str| format!("oci://{}/demo/both:{tag}", registry.host());
    let artifact = bench.artifact(&[&name("1")]);
    assert_eq!(artifact["fetched"]["platform"], "wasip2/wasm");
    assert_eq!(artifact["fetched"]["manifest"], of_index.as_str());
    let message = bench.failure(&[&name("2")]);
    assert!(
        message.contains("it has images for linux/amd64, linux/arm64, and none for WebAssembly"),
        "{message}"
    );
}

#[test]
fn a_package_of_wkg() {
    let Some((_storage, registry, bench)) = registry("a_package_of_wkg", Kind::Plain) else {
        return;
    };
    for (version, number) in [("1.0.0", 1), ("1.10.0", 2), ("1.9.0", 3), ("2.0.0-rc.1", 4)] {
        let bytes = component(number);
        let text = wkg(&[descriptor(WASM, &bytes)]);
        registry.push("web/demo/hello", version, &text, &[b"{}", &bytes]);
    }
    registry.push(
        "web/demo/hello",
        "edge",
        &wkg(&[descriptor(WASM, &component(9))]),
        &[b"{}", &component(9)],
    );
    let message = bench.failure(&["wasi-pkg:demo:hello@1.0.0"]);
    assert!(message.contains("no registry is configured for packages of `demo`"), "{message}");
    let host = registry.host();
    bench.write(
        "wkg.toml",
        format!(
            "[namespace_registries]\ndemo = {{ registry = \"demo\", metadata = {{ preferredProtocol = \"oci\", \
             oci = {{ registry = \"{host}\", namespacePrefix = \"web/\" }} }} }}\n"
        ),
    );
    let artifact = bench.artifact(&["wasi-pkg:demo:hello@1.0.0"]);
    let of_manifest = digest(wkg(&[descriptor(WASM, &component(1))]).as_bytes());
    assert_eq!(artifact["path"], format!("wasi-pkg:demo:hello@1.0.0@{of_manifest}"));
    assert_eq!(artifact["fetched"]["content"], digest(&component(1)));
    let greatest = bench.artifact(&["wasi-pkg:demo:hello"]);
    assert_eq!(greatest["fetched"]["content"], digest(&component(2)));
    assert_eq!(greatest["fetched"]["reference"], "wasi-pkg:demo:hello");
    let message = bench.failure(&["wasi-pkg:demo:hello@3.0.0"]);
    assert!(message.contains("it has no `web/demo/hello:3.0.0`"), "{message}");
    // What a registry says of itself.
    let said = json!({ "oci": { "registry": host, "namespacePrefix": "web/" } }).to_string();
    let port = scripted(move |asked| match asked.path.as_str() {
        "/.well-known/wasm-pkg/registry.json" => Reply::of(200, said.clone()),
        _ => Reply::of(404, ""),
    });
    bench.write("wkg.toml", format!("default_registry = \"127.0.0.1:{port}\"\n"));
    let artifact = bench.artifact(&["wasi-pkg:demo:hello@1.9.0"]);
    assert_eq!(artifact["fetched"]["content"], digest(&component(3)));
    drop(registry);
    let artifact = bench.artifact(&["--offline", "wasi-pkg:demo:hello@1.9.0"]);
    assert_eq!(artifact["fetched"]["content"], digest(&component(3)));
}

#[test]
fn manifests_name_what_is_fetched_if_asked() {
    let Some((_storage, registry, bench)) =
        registry("manifests_name_what_is_fetched_if_asked", Kind::Plain)
    else {
        return;
    };
    let (one, two, three) = (component(1), component(2), component(3));
    registry.push("own/api", "1", &wkg(&[descriptor(WASM, &one)]), &[b"{}", &one]);
    registry.push("own/kit", "1.2.0", &wkg(&[descriptor(WASM, &two)]), &[b"{}", &two]);
    let host = registry.host();
    let sent = three.clone();
    let port = scripted(move |_| Reply::of(200, sent.clone()));
    bench.write(
        "workload.yaml",
        format!(
            "apiVersion: runtime.wasmcloud.dev/v1alpha1\nkind: Workload\nmetadata:\n  name: w\nspec:\n  components:\n    \
             - name: api\n      image: {host}/own/api:1\n      poolSize: 2\n"
        ),
    );
    bench.write(
        "spin.toml",
        format!(
            "spin_manifest_version = 2\n[component.a]\nsource = {{ url = \"http://127.0.0.1:{port}/c.wasm\", digest = \
             \"{}\" }}\n[component.b]\nsource = {{ registry = \"{host}\", package = \"own:kit\", version = \"1.2.0\" }}\n",
            digest(&three)
        ),
    );
    // Not asked for.
    let report = bench.report(&["workload.yaml", "spin.toml"]);
    let skipped = report["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 3, "{report:#}");
    assert!(skipped.iter().all(|it| it["reason"] == "not-local"), "{report:#}");
    assert!(
        skipped[0]["detail"].as_str().unwrap().contains("add --fetch, or pull it"),
        "{report:#}"
    );
    assert!(!bench.folder.path().join("cache/registry").exists());
    let message = bench.failure(&["--fetch", "--offline", "workload.yaml"]);
    assert!(message.contains("--offline"), "{message}");
    let report = bench.report(&["--fetch", "workload.yaml", "spin.toml"]);
    let found = report["artifacts"].as_array().unwrap();
    let contents: Vec<_> =
        found.iter().map(|it| it["fetched"]["content"].as_str().unwrap()).collect();
    assert_eq!(contents, [digest(&one), digest(&three), digest(&two)], "{report:#}");
    assert_eq!(found[0]["origin"]["path"], "workload.yaml");
    assert_eq!(found[0]["hosts"][0]["id"], "wasmcloud-2-pooled", "{report:#}");
    assert_eq!(found[1]["path"], format!("http://127.0.0.1:{port}/c.wasm"));
    drop(registry);
    assert_eq!(
        bench.report(&["--fetch", "--offline", "workload.yaml", "spin.toml"])["artifacts"][2],
        found[2]
    );
}

#[test]
fn a_certificate_is_found_with_the_component() {
    let test = "a_certificate_is_found_with_the_component";
    let Some((_storage, registry, bench)) = registry(test, Kind::Plain) else { return };
    let bytes = component(7);
    let of_image =
        registry.push("demo/hello", "1", &wkg(&[descriptor(WASM, &bytes)]), &[b"{}", &bytes]);
    let name = format!("oci://{}/demo/hello:1", registry.host());
    bench.write_key("own", 1);
    bench.write_key("foreign", 2);
    let none = bench.run(&["verify", &name, "--key", "own.pub.pem"]);
    assert_eq!(none.code, Some(4), "{}", none.out);
    assert!(none.err.contains("no certificate is attached to it"), "{}", none.err);
    let certified = |key: &str| {
        let ran = bench.run(&["certify", &name, "--key", key, "--static-only"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        ran.out.into_bytes()
    };
    // As a client does it where the registry does not list referrers.
    let in_toto = "application/vnd.in-toto+json";
    let envelope = |content: &[u8]| descriptor("application/vnd.dsse.envelope.v1+json", content);
    let attached_as = |layer: Value, content: &[u8]| {
        let text = manifest("application/vnd.oci.empty.v1+json", &[layer]);
        let mut manifest: Value = serde_json::from_str(&text).unwrap();
        manifest["artifactType"] = json!(in_toto);
        manifest["subject"] = json!({ "mediaType": MANIFEST, "digest": of_image, "size": 1 });
        let text = manifest.to_string();
        registry.push("demo/hello", &digest(text.as_bytes()), &text, &[b"{}", content]);
        let mut entry = descriptor(MANIFEST, text.as_bytes());
        entry["artifactType"] = json!(in_toto);
        entry
    };
    let attached = |content: &[u8]| attached_as(envelope(content), content);
    let attach = |entries: &[Value]| {
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
        registry.push("demo/hello", &of_image.replace(':', "-"), &index.to_string(), &[]);
    };
    let (own, foreign) = (attached(&certified("own.pem")), attached(&certified("foreign.pem")));
    let broken = attached(b"no envelope");
    attach(&[broken.clone(), foreign.clone()]);
    let refused = bench.run(&["verify", &name, "--key", "own.pub.pem"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.out.contains("refused[signature]"), "{}", refused.out);
    // One that cannot be read hides no other.
    let mut large = envelope(b"large");
    large["size"] = json!(1_u64 << 40);
    attach(&[attached_as(large, b"large"), broken.clone(), foreign, own]);
    let held = bench.run(&["verify", &name, "--key", "own.pub.pem", "--format", "json"]);
    assert_eq!(held.code, Some(0), "{} {}", held.out, held.err);
    let held: Value = serde_json::from_str(&held.out).unwrap();
    assert_eq!(held["component"]["path"], format!("{name}@{of_image}"));
    assert!(
        held["certificate"]
            .as_str()
            .unwrap()
            .starts_with(&format!("oci://{}/demo/hello@sha256:", registry.host()))
    );
    attach(&[broken]);
    let malformed = bench.run(&["verify", &name, "--key", "own.pub.pem"]);
    assert_eq!(malformed.code, Some(4), "{}", malformed.out);
    assert!(malformed.err.contains("attached to it: "), "{}", malformed.err);
    bench.write("app.wasm", &bytes);
    let file = bench.run(&["verify", "app.wasm", "--key", "own.pub.pem"]);
    assert_eq!(file.code, Some(2), "{}", file.err);
}

#[test]
fn a_token_is_asked_for() {
    let bytes = component(7);
    let text = wkg(&[descriptor(WASM, &bytes)]);
    let content = digest(&bytes);
    let port = scripted(move |asked: &Asked| {
        let realm = format!("http://{}/token", asked.headers["host"]);
        if asked.path.starts_with("/token?") {
            let is_right = asked.path.contains("scope=repository%3Ademo%2Fhello%3Apull")
                && asked.path.contains("service=here");
            return Reply::of(
                if is_right { 200 } else { 400 },
                json!({ "token": "abc.def" }).to_string(),
            );
        }
        if asked.headers.get("authorization").map(String::as_str) != Some("Bearer abc.def") {
            let challenge = format!(
                "Bearer realm=\"{realm}\",service=\"here\",scope=\"repository:demo/hello:pull\""
            );
            return Reply {
                headers: vec![("WWW-Authenticate", challenge)],
                ..Reply::of(401, "{}")
            };
        }
        match asked.path.as_str() {
            "/v2/demo/hello/manifests/1" => Reply::of(200, text.clone()),
            path if path.ends_with(&content) => Reply::of(200, bytes.clone()),
            _ => Reply::of(404, ""),
        }
    });
    let artifact = Bench::new().artifact(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
    assert_eq!(artifact["fetched"]["media_type"], WASM);
}

#[test]
fn a_token_is_not_asked_for_over_an_open_line() {
    let port = scripted(|_| {
        let challenge = "Bearer realm=\"http://192.0.2.1/token\"".to_owned();
        Reply { headers: vec![("WWW-Authenticate", challenge)], ..Reply::of(401, "{}") }
    });
    let message = Bench::new().failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
    assert!(message.contains("`http://192.0.2.1/token`, which is not secure"), "{message}");
}

#[test]
fn an_answer_has_limits() {
    let bench = Bench::new();
    let fails = |reply: fn() -> Reply| {
        let port = scripted(move |_| reply());
        bench.failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")])
    };
    let large = fails(|| Reply::of(200, vec![b' '; (4 << 20) + 1]));
    assert!(large.contains("it sends more than 4194304 bytes"), "{large}");
    let redirected = fails(|| Reply {
        headers: vec![("Location", "http://192.0.2.1/".to_owned())],
        ..Reply::of(307, "")
    });
    assert!(redirected.contains("it answered 307"), "{redirected}");
    for body in ["", "[]", "{\"layers\":7}", &"[".repeat(1000)] {
        let body = body.to_owned();
        let port = scripted(move |_| Reply::of(200, body.clone()));
        let message = bench.failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
        assert!(message.contains("it sends a malformed manifest"), "{message}");
    }
    let hostile = fails(|| {
        Reply::of(500, "{\"errors\":[{\"code\":\"\\u001b[2J\",\"message\":\"x\\n::error::y\"}]}")
    });
    assert!(!hostile.contains(['\n', '\u{1b}']), "{hostile}");
    // More than the manifest says.
    let (bytes, text) = (component(7), wkg(&[descriptor(WASM, &component(7)[1..])]));
    let port = scripted(move |asked| match asked.path.ends_with("/manifests/1") {
        true => Reply::of(200, text.clone()),
        false => Reply::of(200, bytes.clone()),
    });
    let message = bench.failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
    assert!(message.contains("it sends more than"), "{message}");
}

#[test]
fn a_server_that_stalls_ends_the_wait() {
    let port = scripted(|_| Reply { stalls: true, ..Reply::of(200, "{") });
    let start = Instant::now();
    let message = Bench::new().failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
    assert!(message.contains("it sent nothing for 15 s"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(50), "{:?}", start.elapsed());
}

#[test]
fn a_server_that_never_answers_ends_the_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let start = Instant::now();
    let message = Bench::new().failure(&[&format!("oci://127.0.0.1:{port}/demo/hello:1")]);
    assert!(message.contains("there is no connection after 10 s"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(50), "{:?}", start.elapsed());
}

#[test]
fn malformed_references_are_inputs_that_cannot_be_read() {
    let bench = Bench::new();
    for (text, expected) in [
        ("oci://ghcr.io", "expected registry/name:tag"),
        ("oci://ghcr.io/a:b@sha256:1", "is no digest"),
        ("oci://user:secret@ghcr.io/a", "is no"),
        ("wasi-pkg:demo", "expected namespace:name"),
        ("wasi-pkg:demo:hello@1", "is no version"),
    ] {
        let message = bench.failure(&[text]);
        assert!(message.contains(expected), "{message}");
    }
}
