//! Manifests of images and indices of manifests, as registries have them: which of their content is a component.
//!
//! Source: OCI image-spec, `manifest.md` and `image-index.md` (v1.1).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::registry::digest::Digest;

/// Media types of manifests that are understood.
pub(super) const MANIFESTS: [&str; 4] = [
    IMAGE,
    "application/vnd.docker.distribution.manifest.v2+json",
    INDEX,
    "application/vnd.docker.distribution.manifest.list.v2+json",
];
pub(super) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The media type of `{}`, where a manifest must have something and there is nothing.
pub(super) const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// Media types of a layer that is a component or a core module as it is.
///
/// Sources, in this order: oci-wasm 0.6.0, `src/lib.rs`, with which wkg and wash push; Spin, `crates/oci/src/client.rs`
/// (02112160); runwasi, `crates/containerd-shim-wasm`, `supported_layers_types`; what wash pushed before, wasmCloud,
/// `crates/wash-runtime/src/oci.rs` (1ca6c6d9).
const COMPONENTS: [&str; 4] = [
    "application/wasm",
    "application/vnd.wasm.content.layer.v1+wasm",
    "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm",
    "application/vnd.module.wasm.content.layer.v1+wasm",
];

/// The media type of the configuration of an application of Spin, which names its components.
///
/// Source: Spin, `crates/oci/src/client.rs` (02112160).
const SPIN: &str = "application/vnd.fermyon.spin.application.v1+config";

/// The annotation that names the file of a layer.
const TITLE: &str = "org.opencontainers.image.title";

/// A manifest or an index of manifests.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    media_type: Option<String>,
    artifact_type: Option<String>,
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

/// What a manifest says of content.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) size: u64,
    artifact_type: Option<String>,
    platform: Option<Platform>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Platform {
    architecture: String,
    os: String,
}

impl Manifest {
    /// # Errors
    /// If it is none: a part of a sentence.
    pub(super) fn read(bytes: &[u8]) -> Result<Manifest, String> {
        serde_json::from_slice(bytes)
            .map_err(|error| format!("it sends a malformed manifest ({error})"))
    }

    /// Its media type: what it says, or else that of its form.
    pub(super) fn media_type(&self) -> &str {
        let of_form = if self.is_index() { INDEX } else { IMAGE };
        self.media_type.as_deref().unwrap_or(of_form)
    }

    /// Whether it is an index with this manifest.
    pub(super) fn names(&self, digest: &Digest) -> bool {
        self.manifests.iter().any(|it| Digest::parse(&it.digest).is_ok_and(|it| it == *digest))
    }

    /// Whether it is an index of manifests.
    pub(super) fn is_index(&self) -> bool {
        !self.manifests.is_empty() && self.layers.is_empty()
    }

    /// The manifest for components, of an index: that for the platform `wasip2`, or else another one of WebAssembly, or else
    /// the only one. Also its platform.
    ///
    /// # Errors
    /// If there is none: a part of a sentence.
    pub(super) fn of_wasm(&self) -> Result<(&Descriptor, Option<String>), String> {
        let rank = |it: &&Descriptor| match &it.platform {
            Some(platform) if platform.architecture == "wasm" => {
                match platform.os.to_ascii_lowercase().as_str() {
                    "wasip2" => 1,
                    "wasi" => 2,
                    "wasip1" => 3,
                    _ => 4,
                }
            }
            _ => u8::MAX,
        };
        let best = self.manifests.iter().min_by_key(rank).filter(|it| rank(it) < u8::MAX);
        // What describes another manifest, such as how it was built, has no platform.
        let mut rest = self
            .manifests
            .iter()
            .filter(|it| it.platform().is_some_and(|it| it != "unknown/unknown"));
        let only = match self.manifests.as_slice() {
            [only] => Some(only),
            _ => rest.next().filter(|_| rest.next().is_none()),
        };
        if let Some(found) = best.or(only) {
            return Ok((found, found.platform()));
        }
        let platforms: Vec<_> =
            self.manifests.iter().filter_map(Descriptor::platform).take(8).collect();
        match platforms.as_slice() {
            [] => {
                Err("it has several manifests, and none says that it is of WebAssembly".to_owned())
            }
            platforms => {
                Err(format!("it has images for {}, and none for WebAssembly", platforms.join(", ")))
            }
        }
    }

    /// The layers that are components.
    pub(super) fn components(&self) -> impl Iterator<Item = &Descriptor> {
        self.layers_of(&COMPONENTS)
    }

    /// The layers of these types.
    pub(super) fn layers_of(&self, types: &[&str]) -> impl Iterator<Item = &Descriptor> {
        self.layers.iter().filter(|it| types.contains(&it.media_type.as_str()))
    }

    /// The manifests of an index that are of these types, or do not say of which they are.
    pub(super) fn referrers(&self, types: &[&str]) -> impl Iterator<Item = &Descriptor> {
        let is_one =
            |it: &&Descriptor| it.artifact_type.as_deref().is_none_or(|ty| types.contains(&ty));
        self.manifests.iter().filter(is_one)
    }

    /// The configuration of an application of Spin, if it is one.
    pub(super) fn spin(&self) -> Option<&Descriptor> {
        self.layers.iter().chain(&self.config).find(|it| it.media_type == SPIN)
    }

    /// What it is, if it has no component: with an article.
    pub(super) fn kind(&self) -> String {
        let config = self.config.as_ref().map_or("", |it| it.media_type.as_str());
        let mut layers = self.layers.iter().map(|it| it.media_type.as_str());
        match config {
            "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
                if layers.any(|it| it.contains("tar")) =>
            {
                "a container image".to_owned()
            }
            "application/vnd.cncf.helm.config.v1+json" => "a Helm chart".to_owned(),
            _ => {
                let first = layers.next();
                let of = self
                    .artifact_type
                    .as_deref()
                    .or(Some(config).filter(|it| !it.is_empty() && *it != EMPTY));
                match of.or(first) {
                    Some(name) => format!("an artifact of the type `{name}`"),
                    None => "an empty manifest".to_owned(),
                }
            }
        }
    }
}

impl Descriptor {
    /// `wasip2/wasm`.
    pub(super) fn platform(&self) -> Option<String> {
        self.platform.as_ref().map(|it| format!("{}/{}", it.os, it.architecture))
    }

    /// The name of its file.
    pub(super) fn title(&self) -> Option<&str> {
        self.annotations.get(TITLE).map(String::as_str)
    }
}

/// The components of an application of Spin: the digest of each, what it is called, and whether it is a dependency of
/// another one. Empty if the configuration is malformed.
///
/// Source: Spin, `crates/locked-app/src/locked.rs`: `LockedApp`.
pub(super) fn of_spin(configuration: &[u8]) -> BTreeMap<String, (String, bool)> {
    #[derive(Deserialize)]
    struct Locked {
        #[serde(default)]
        components: Vec<Component>,
    }
    #[derive(Deserialize)]
    struct Component {
        id: String,
        source: Source,
        #[serde(default)]
        dependencies: BTreeMap<String, Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        source: Source,
    }
    #[derive(Deserialize)]
    struct Source {
        digest: Option<String>,
    }
    let locked = serde_json::from_slice(configuration).unwrap_or(Locked { components: Vec::new() });
    let mut found = BTreeMap::new();
    for Component { id, source, dependencies } in locked.components {
        for (name, dependency) in dependencies {
            if let Some(digest) = dependency.source.digest {
                found.entry(digest).or_insert((format!("{id}/{name}"), true));
            }
        }
        if let Some(digest) = source.digest {
            // The same bytes may be a dependency, too.
            found.insert(digest, (id, false));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(json: &str) -> Manifest {
        Manifest::read(json.as_bytes()).unwrap()
    }

    fn index(platforms: &[&str]) -> Result<String, String> {
        let entries = platforms.iter().enumerate().map(|(i, platform)| {
            let platform = match platform.split_once('/') {
                Some((os, architecture)) => {
                    format!(r#","platform":{{"os":"{os}","architecture":"{architecture}"}}"#)
                }
                None => String::new(),
            };
            format!(r#"{{"mediaType":"m","digest":"{i}","size":1{platform}}}"#)
        });
        let entries: Vec<_> = entries.collect();
        let index = manifest(&format!(r#"{{"manifests":[{}]}}"#, entries.join(",")));
        assert!(index.is_index() || platforms.is_empty());
        index.of_wasm().map(|(it, _)| it.digest.clone())
    }

    #[test]
    fn an_index_has_one_for_components() {
        for (platforms, expected) in [
            (&["linux/amd64", "wasi/wasm", "wasip2/wasm"][..], "2"),
            (&["wasip1/wasm", "linux/arm64"], "0"),
            (&["linux/amd64"], "0"),
            (&[""], "0"),
            (&["linux/amd64", "unknown/unknown"], "0"),
        ] {
            assert_eq!(index(platforms), Ok(expected.to_owned()), "{platforms:?}");
        }
        let message = "it has images for linux/amd64, linux/arm64, and none for WebAssembly";
        assert_eq!(index(&["linux/amd64", "linux/arm64"]), Err(message.to_owned()));
        assert!(index(&["", ""]).is_err());
    }

    #[test]
    fn what_is_no_component_is_named() {
        let of = |config: &str, layer: &str, rest: &str| {
            let descriptor = |ty: &str| format!(r#"{{"mediaType":"{ty}","digest":"d","size":1}}"#);
            let (config, layer) = (descriptor(config), descriptor(layer));
            manifest(&format!(r#"{{"config":{config},"layers":[{layer}]{rest}}}"#)).kind()
        };
        let oci = "application/vnd.oci.image.config.v1+json";
        assert_eq!(of(oci, "application/vnd.oci.image.layer.v1.tar+gzip", ""), "a container image");
        assert_eq!(of("application/vnd.cncf.helm.config.v1+json", "x", ""), "a Helm chart");
        assert_eq!(of(oci, "application/x", ""), format!("an artifact of the type `{oci}`"));
        let empty = "application/vnd.oci.empty.v1+json";
        assert_eq!(of(empty, "application/x", ""), "an artifact of the type `application/x`");
        assert_eq!(of(empty, "x", r#","artifactType":"a/b""#), "an artifact of the type `a/b`");
        assert_eq!(manifest("{}").kind(), "an empty manifest");
    }

    #[test]
    fn an_application_of_spin_names_its_components() {
        let found = of_spin(
            br#"{"components":[
                {"id":"a","source":{"digest":"1"},"dependencies":{"b:c/d":{"source":{"digest":"2"}}}},
                {"id":"e","source":{"digest":"2"}}
            ]}"#,
        );
        let expected = [("1", ("a", false)), ("2", ("e", false))];
        let expected = expected.map(|(digest, (id, is))| (digest.to_owned(), (id.to_owned(), is)));
        assert_eq!(found, BTreeMap::from(expected));
        assert_eq!(of_spin(b"[]"), BTreeMap::new());
    }
}
