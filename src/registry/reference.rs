//! How a component that is not a file is named, on the command line and in manifests.

use std::fmt::{self, Display, Formatter};

use semver::{Version, VersionReq};

use crate::registry::digest::Digest;

/// What names a component elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    Image(Image),
    Package(Package),
    Download(Download),
}

/// `oci://registry/repository[:tag][@digest][#component]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Image {
    /// Host and port, as written.
    pub(crate) registry: String,
    pub(crate) repository: String,
    /// `None` only with a digest.
    pub(crate) tag: Option<String>,
    pub(crate) digest: Option<Digest>,
    /// The component to take, if the image has several.
    pub(crate) component: Option<String>,
}

/// `wasi-pkg:namespace:name[@version]`, a package of `wkg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) version: Wanted,
    /// The registry that a manifest names; `None` for the one that `wkg` is configured for.
    pub(crate) registry: Option<String>,
}

/// Which version of a package is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The greatest one that is no pre-release.
    Latest,
    Exactly(Version),
    /// The greatest one that fulfils it.
    Matching(VersionReq),
}

/// A URL, and the digest of what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Download {
    pub(crate) url: String,
    pub(crate) digest: Digest,
}

const IMAGE: &str = "oci://";
const PACKAGE: &str = "wasi-pkg:";

impl Reference {
    /// Whether an argument is a reference, valid or not. A file of such a name can be written with `./`.
    pub(crate) fn is(text: &str) -> bool {
        text.starts_with(IMAGE) || text.starts_with(PACKAGE)
    }

    /// Reads a reference as arguments have it.
    ///
    /// # Errors
    /// If it is malformed: a sentence.
    pub(crate) fn parse(text: &str) -> Result<Reference, String> {
        if let Some(name) = text.strip_prefix(IMAGE) {
            return Image::parse(name).map(Reference::Image);
        }
        if let Some(name) = text.strip_prefix(PACKAGE) {
            let (name, version) = match name.split_once('@') {
                None => (name, Wanted::Latest),
                Some((name, version)) => (name, Wanted::Exactly(exact(version)?)),
            };
            return Package::parse(name, version, None).map(Reference::Package);
        }
        Err(format!(
            "`{text}` is no reference: expected {IMAGE}registry/name:tag or {PACKAGE}namespace:name@version"
        ))
    }

    /// An image as wasmCloud's manifests write it: with or without `oci://`. Without a registry, it is Docker's.
    ///
    /// Source of the rule for the first step: distribution/reference, `normalize.go` (v0.6.0).
    ///
    /// # Errors
    /// If it is malformed: a sentence.
    pub(crate) fn of_image(text: &str) -> Result<Reference, String> {
        let name = text.strip_prefix(IMAGE).unwrap_or(text);
        let is_host = |step: &str| step.contains(['.', ':']) || step == "localhost";
        let image = match name.split_once('/') {
            Some((first, _)) if is_host(first) => Image::parse(name),
            _ => Image::parse(&format!("docker.io/{name}")),
        };
        image.map(Reference::Image)
    }

    /// A package as Spin's manifests name it, of a registry if they name one.
    ///
    /// # Errors
    /// If it is malformed: a sentence.
    pub(crate) fn of_package(
        name: &str,
        version: Wanted,
        registry: Option<&str>,
    ) -> Result<Reference, String> {
        Package::parse(name, version, registry).map(Reference::Package)
    }

    /// A URL with the digest of what is there.
    ///
    /// # Errors
    /// If one of them is malformed: a sentence.
    pub(crate) fn of_url(url: &str, digest: &str) -> Result<Reference, String> {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(format!("`{url}` is no URL of http or https"));
        }
        let host = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        if !host.is_some_and(is_host) {
            return Err(format!("`{url}` has no plain host name"));
        }
        Ok(Reference::Download(Download { url: url.to_owned(), digest: Digest::parse(digest)? }))
    }
}

impl Wanted {
    /// A version, or what it must fulfil.
    ///
    /// # Errors
    /// If it is neither: a sentence.
    pub(crate) fn parse(text: &str) -> Result<Wanted, String> {
        VersionReq::parse(text)
            .map(Wanted::Matching)
            .map_err(|error| format!("`{text}` is no version: {error}"))
    }

    /// A version, and no other.
    ///
    /// # Errors
    /// If it is none: a sentence.
    pub(crate) fn exactly(text: &str) -> Result<Wanted, String> {
        exact(text).map(Wanted::Exactly)
    }
}

fn exact(text: &str) -> Result<Version, String> {
    Version::parse(text).map_err(|error| format!("`{text}` is no version: {error}"))
}

impl Image {
    fn parse(text: &str) -> Result<Image, String> {
        let fail = |why: &str| Err(format!("`{IMAGE}{text}` is no reference: {why}"));
        let (name, component) = match text.split_once('#') {
            Some((_, "")) => return fail("nothing follows the `#`"),
            Some((name, component)) => (name, Some(component.to_owned())),
            None => (text, None),
        };
        let (name, digest) = match name.split_once('@') {
            Some((name, digest)) => (name, Some(Digest::parse(digest)?)),
            None => (name, None),
        };
        let Some((registry, path)) = name.split_once('/') else {
            return fail("expected registry/name:tag");
        };
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if !is_host(registry) {
            return fail("the registry must be a host name, or a host name and a port");
        }
        if !is_repository(repository) {
            return fail(
                "a repository has lower-case letters, digits, and single separators between them",
            );
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return fail("a tag has at most 128 letters, digits, `_`, `.` and `-`");
        }
        let latest = digest.is_none().then_some("latest");
        let tag = tag.or(latest).map(str::to_owned);
        let is_short = registry == "docker.io" && !repository.contains('/');
        let repository =
            if is_short { format!("library/{repository}") } else { repository.to_owned() };
        Ok(Image { registry: registry.to_owned(), repository, tag, digest, component })
    }
}

impl Package {
    fn parse(name: &str, version: Wanted, registry: Option<&str>) -> Result<Package, String> {
        let fail = |why: &str| Err(format!("`{name}` is no package: {why}"));
        let Some((namespace, name)) = name.split_once(':') else {
            return fail("expected namespace:name");
        };
        if !is_label(namespace) || !is_label(name) {
            return fail("its names are words of letters and digits with `-` between them");
        }
        if registry.is_some_and(|registry| !is_host(registry)) {
            return fail("its registry is no host name");
        }
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        Ok(Package { namespace, name, version, registry: registry.map(str::to_owned) })
    }
}

/// A host name or an address, and a port.
pub(super) fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_address = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).is_some_and(|it| {
        it.contains(':') && it.bytes().all(|it| it.is_ascii_hexdigit() || it == b':' || it == b'.')
    });
    let is_step = |step: &str| {
        let is_inner = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        !step.is_empty()
            && !step.starts_with('-')
            && !step.ends_with('-')
            && step.bytes().all(is_inner)
    };
    let is_name = text.len() <= 255 && host.split('.').all(is_step);
    (is_address || is_name) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Source: distribution-spec, "Pulling manifests" (v1.1): `<name>`.
fn is_repository(text: &str) -> bool {
    text.len() <= 255
        && text.split('/').all(|step| {
            let is_word = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
            let ends = [step.bytes().next(), step.bytes().next_back()];
            let mut between = step.split(|it: char| it.is_ascii() && is_word(it as u8));
            ends.iter().all(|it| it.is_some_and(is_word))
                && between.all(|it| {
                    matches!(it, "" | "." | "_" | "__") || it.bytes().all(|it| it == b'-')
                })
        })
}

/// Source: distribution-spec, "Pulling manifests" (v1.1): `<reference>`.
fn is_tag(text: &str) -> bool {
    let is_inner = |it: u8| it.is_ascii_alphanumeric() || b"_.-".contains(&it);
    (1..=128).contains(&text.len()) && text.bytes().all(is_inner) && !text.starts_with(['.', '-'])
}

/// A word of a package's name.
fn is_label(text: &str) -> bool {
    text.split('-').all(|word| {
        word.starts_with(|it: char| it.is_ascii_alphabetic())
            && word.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}

impl Display for Reference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Image(image) => image.fmt(f),
            Reference::Package(package) => package.fmt(f),
            Reference::Download(download) => f.write_str(&download.url),
        }
    }
}

impl Display for Image {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{IMAGE}{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        match &self.component {
            Some(component) => write!(f, "#{component}"),
            None => Ok(()),
        }
    }
}

impl Display for Package {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{PACKAGE}{}:{}", self.namespace, self.name)?;
        match &self.version {
            Wanted::Latest => Ok(()),
            Wanted::Exactly(version) => write!(f, "@{version}"),
            Wanted::Matching(version) => write!(f, "@{version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest() -> String {
        format!("sha256:{}", "0f".repeat(32))
    }

    #[test]
    fn images() {
        let digest = digest();
        for (text, registry, repository, tag, has_digest, component) in [
            ("oci://ghcr.io/a/b:1.0", "ghcr.io", "a/b", Some("1.0"), false, None),
            ("oci://ghcr.io/a/b", "ghcr.io", "a/b", Some("latest"), false, None),
            (&format!("oci://localhost:5000/a@{digest}"), "localhost:5000", "a", None, true, None),
            (
                &format!("oci://127.0.0.1:5000/a:t@{digest}#api"),
                "127.0.0.1:5000",
                "a",
                Some("t"),
                true,
                Some("api"),
            ),
            ("oci://[::1]:5000/a__b/c--d.e:1", "[::1]:5000", "a__b/c--d.e", Some("1"), false, None),
            ("oci://docker.io/wasm:1", "docker.io", "library/wasm", Some("1"), false, None),
        ] {
            let Ok(Reference::Image(image)) = Reference::parse(text) else { panic!("{text}") };
            assert_eq!(
                (image.registry.as_str(), image.repository.as_str()),
                (registry, repository)
            );
            assert_eq!((image.tag.as_deref(), image.digest.is_some()), (tag, has_digest), "{text}");
            assert_eq!(image.component.as_deref(), component, "{text}");
            assert_eq!(Reference::parse(&image.to_string()), Ok(Reference::Image(image)), "{text}");
        }
    }

    #[test]
    fn what_is_no_image() {
        for text in [
            "oci://",
            "oci:///a",
            "oci://ghcr.io",
            "oci://ghcr.io/",
            "oci://ghcr.io/A",
            "oci://ghcr.io/a/../b",
            "oci://ghcr.io/a//b",
            "oci://ghcr.io/a/:1",
            "oci://ghcr.io/a:",
            "oci://ghcr.io/a:1/b",
            "oci://ghcr.io/a:1#",
            "oci://ghcr.io/a@sha256:12",
            "oci://user:secret@ghcr.io/a:1",
            "oci://ghcr.io:99999/a",
            "oci://gh cr.io/a",
            "oci://ghcr.io/a?b",
            "oci://ghcr.io/a%2fb",
            "oci://-a/b",
            "wasi-pkg:",
            "wasi-pkg:a",
            "wasi-pkg:a:b@",
            "wasi-pkg:a:b@1",
            "wasi-pkg:a:b:c@1.0.0",
            "wasi-pkg:a/b:c@1.0.0",
            "http://a/b",
        ] {
            assert!(Reference::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn images_of_manifests_may_lack_a_registry() {
        for (text, shown) in [
            ("ghcr.io/a/b:1", "oci://ghcr.io/a/b:1"),
            ("oci://ghcr.io/a/b:1", "oci://ghcr.io/a/b:1"),
            ("a/b:1", "oci://docker.io/a/b:1"),
            ("wasm", "oci://docker.io/library/wasm:latest"),
            ("localhost:5000/b", "oci://localhost:5000/b:latest"),
        ] {
            assert_eq!(Reference::of_image(text).map(|it| it.to_string()), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn packages() {
        for text in ["wasi-pkg:wasi:http@0.2.1", "wasi-pkg:my-org:a1-b2@1.0.0-rc.1", "wasi-pkg:a:b"]
        {
            assert_eq!(Reference::parse(text).map(|it| it.to_string()), Ok(text.to_owned()));
        }
        let wanted = Wanted::parse(">=1.0, <2")
            .and_then(|it| Reference::of_package("a:b", it, Some("wasi.dev")));
        assert_eq!(wanted.map(|it| it.to_string()), Ok("wasi-pkg:a:b@>=1.0, <2".to_owned()));
        assert!(Reference::of_package("a:b", Wanted::Latest, Some("a/b")).is_err());
    }

    #[test]
    fn urls_have_a_digest() {
        assert!(Reference::of_url("https://a.example/b.wasm", &digest()).is_ok());
        assert!(Reference::of_url("https://a.example/b.wasm", "").is_err());
        for url in ["file:///etc/passwd", "https://", "https://a:b@c.example/", "https:///x"] {
            assert!(Reference::of_url(url, &digest()).is_err(), "{url}");
        }
    }
}
