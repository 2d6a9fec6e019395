//! The configuration of `wkg`: which registry has the packages of a namespace, and how it is reached.
//!
//! Source: wasm-pkg-tools, `docs/configuration.md` and `docs/registry-metadata.md` (2a1acfbf); the order in which values
//! apply is that of wasm-pkg-common 0.16.1, `src/config.rs`. Where its file is: wkg 0.16, `--config`.

use std::collections::BTreeMap;
#[cfg(feature = "registry")]
use std::fmt::{self, Debug, Formatter};
use std::path::PathBuf;
use std::{env, fs};

#[cfg(feature = "registry")]
use ct_codecs::{Base64, Base64NoPadding, Decoder};
use serde::Deserialize;

use crate::registry::error::FetchError;
use crate::registry::reference::Package;

/// The largest configuration, in bytes.
const LARGEST: u64 = 4 << 20;

/// Registries of namespaces that no configuration mentions.
const FALLBACKS: [(&str, &str); 2] = [("wasi", "wasi.dev"), ("ba", "bytecodealliance.org")];

/// What `wkg` is configured for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Settings {
    default_registry: Option<String>,
    #[serde(default)]
    namespace_registries: BTreeMap<String, Mapping>,
    #[serde(default)]
    package_registry_overrides: BTreeMap<String, Mapping>,
    #[serde(default)]
    registry: BTreeMap<String, Settled>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Mapping {
    Registry(String),
    Custom { registry: String, metadata: Metadata },
}

/// What a registry says of itself at `/.well-known/wasm-pkg/registry.json`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    preferred_protocol: Option<String>,
    oci: Option<OciMetadata>,
    /// The older form of the next two.
    oci_registry: Option<String>,
    oci_namespace_prefix: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OciMetadata {
    registry: Option<String>,
    namespace_prefix: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Settled {
    #[serde(alias = "type")]
    default: Option<String>,
    oci: Option<Oci>,
    local: Option<toml::Table>,
}

#[derive(Debug, Default, Deserialize)]
struct Oci {
    #[cfg(feature = "registry")]
    auth: Option<Auth>,
    #[cfg(feature = "registry")]
    protocol: Option<String>,
}

#[cfg(feature = "registry")]
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Auth {
    Encoded(String),
    Plain { username: String, password: String },
}

#[cfg(feature = "registry")]
impl Debug for Auth {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Auth")
    }
}

/// Where a package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Home {
    /// The registry of `wkg`, whose settings apply.
    pub(super) name: String,
    /// Host and port of the OCI registry.
    pub(super) host: String,
    /// What stands before the namespace.
    pub(super) prefix: String,
}

impl Settings {
    /// Those of the user. Without a file, there are none.
    ///
    /// # Errors
    /// If the file cannot be read or is malformed.
    pub(super) fn of_user() -> Result<Settings, FetchError> {
        let Some(file) = file() else { return Ok(Settings::default()) };
        let is_readable = |size: u64| size <= LARGEST;
        match fs::metadata(&file) {
            Err(_) => return Ok(Settings::default()),
            Ok(metadata) if metadata.is_file() && is_readable(metadata.len()) => {}
            Ok(_) => {
                return Err(FetchError::new(format!(
                    "{} is no configuration of wkg",
                    file.display()
                )));
            }
        }
        let fail = |why: String| {
            FetchError::new(format!("the configuration of wkg, {}: {why}", file.display()))
        };
        let text = fs::read_to_string(&file).map_err(|error| fail(error.to_string()))?;
        // The message of an error quotes the text, in which credentials may stand.
        toml::from_str(&text).map_err(|error| fail(error.message().to_owned()))
    }

    /// The registry of `wkg` that has a package, and what is configured to be known of it. What is not configured, the
    /// registry itself says.
    ///
    /// # Errors
    /// If none is configured for its namespace.
    pub(super) fn registry(
        &self,
        package: &Package,
    ) -> Result<(String, Option<Metadata>), FetchError> {
        if let Some(registry) = &package.registry {
            return Ok((registry.clone(), None));
        }
        let (namespace, name) = (&package.namespace, &package.name);
        let mapping = self.package_registry_overrides.get(&format!("{namespace}:{name}"));
        if let Some(mapping) = mapping.or_else(|| self.namespace_registries.get(namespace)) {
            return Ok(match mapping.clone() {
                Mapping::Registry(registry) => (registry, None),
                Mapping::Custom { registry, metadata } => (registry, Some(metadata)),
            });
        }
        let fallback =
            FALLBACKS.iter().find(|(known, _)| known == namespace).map(|(_, registry)| *registry);
        let registry = self.default_registry.as_deref().or(fallback);
        registry.map(|registry| (registry.to_owned(), None)).ok_or_else(|| {
            FetchError::new(format!(
                "no registry is configured for packages of `{namespace}`: name one in the configuration of wkg, under \
                 `namespace_registries`, or as `default_registry`"
            ))
        })
    }

    /// Where a registry of `wkg` keeps its packages.
    ///
    /// # Errors
    /// If it is no OCI registry.
    pub(super) fn home(&self, name: &str, metadata: Metadata) -> Result<Home, FetchError> {
        let settled = self.registry.get(name);
        let configured = settled.and_then(|it| match (&it.default, &it.local, &it.oci) {
            (Some(backend), ..) => Some(backend.as_str()),
            (None, Some(_), None) => Some("local"),
            (None, None, Some(_)) => Some("oci"),
            _ => None,
        });
        match configured.or(metadata.preferred_protocol.as_deref()) {
            None | Some("oci") => {}
            Some(other) => {
                return Err(FetchError::new(format!(
                    "the packages of {name} are reached by `{other}`, and not by `oci`: get the package with wkg, and \
                     name the file"
                )));
            }
        }
        let oci = metadata.oci.unwrap_or_default();
        let host = oci.registry.or(metadata.oci_registry).unwrap_or_else(|| name.to_owned());
        let prefix = oci.namespace_prefix.or(metadata.oci_namespace_prefix).unwrap_or_default();
        Ok(Home { name: name.to_owned(), host, prefix })
    }
}

/// What is needed to ask a registry.
#[cfg(feature = "registry")]
impl Settings {
    /// Whether the user allows a registry to be asked without TLS.
    pub(super) fn is_plain(&self, name: &str) -> bool {
        self.oci(name).is_some_and(|oci| oci.protocol.as_deref() == Some("http"))
    }

    /// The name and password for a registry.
    pub(super) fn login(&self, name: &str) -> Option<(String, String)> {
        match self.oci(name)?.auth.clone()? {
            Auth::Plain { username, password } => Some((username, password)),
            Auth::Encoded(text) => {
                let bare = text.trim_end_matches('=');
                let bytes = Base64NoPadding::decode_to_vec(bare, None)
                    .or_else(|_| Base64::decode_to_vec(&text, None));
                let text = String::from_utf8(bytes.ok()?).ok()?;
                let (username, password) = text.split_once(':')?;
                Some((username.to_owned(), password.to_owned()))
            }
        }
    }

    fn oci(&self, name: &str) -> Option<&Oci> {
        self.registry.get(name)?.oci.as_ref()
    }
}

/// The file, if there is a place for it.
fn file() -> Option<PathBuf> {
    let variable = |name: &str| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    if let Some(file) = variable("WKG_CONFIG_FILE") {
        return Some(file);
    }
    let folder = match cfg!(windows) {
        true => dirs::config_dir(),
        false => variable("XDG_CONFIG_HOME")
            .filter(|it| it.is_absolute())
            .or_else(|| Some(dirs::home_dir()?.join(".config"))),
    };
    Some(folder?.join("wasm-pkg").join("config.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::reference::{Reference, Wanted};

    const TEXT: &str = r#"
        default_registry = "default.example"
        [namespace_registries]
        mine = "mine.example"
        other = { registry = "other", metadata = { preferredProtocol = "oci", oci = { registry = "ghcr.io", namespacePrefix = "web/" } } }
        [package_registry_overrides]
        "mine:special" = "special.example"
        [registry."mine.example".oci]
        auth = { username = "open", password = "sesame" }
        protocol = "http"
        [registry."special.example".oci]
        auth = "cGluZzpwb25n"
        [registry."local.example".local]
        root = "/a/path"
    "#;

    fn settings() -> Settings {
        toml::from_str(TEXT).unwrap()
    }

    fn registry(settings: &Settings, name: &str, by: Option<&str>) -> String {
        let Ok(Reference::Package(package)) = Reference::of_package(name, Wanted::Latest, by)
        else {
            panic!("{name}")
        };
        match settings.registry(&package) {
            Ok((name, metadata)) => {
                let home = settings.home(&name, metadata.unwrap_or_default()).unwrap();
                format!("{} {} {}", home.name, home.host, home.prefix)
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_most_specific_registry_counts() {
        for (name, by, expected) in [
            ("mine:special", None, "special.example special.example "),
            ("mine:a", None, "mine.example mine.example "),
            ("other:a", None, "other ghcr.io web/"),
            ("wasi:http", None, "default.example default.example "),
            ("mine:a", Some("x.example"), "x.example x.example "),
        ] {
            assert_eq!(registry(&settings(), name, by), expected);
        }
        let none = Settings::default();
        assert_eq!(registry(&none, "wasi:http", None), "wasi.dev wasi.dev ");
        assert!(
            registry(&none, "mine:a", None)
                .starts_with("no registry is configured for packages of `mine`")
        );
    }

    #[test]
    fn what_registries_say_of_themselves() {
        let home = |json: &str| {
            let home = Settings::default().home("a.example", serde_json::from_str(json).unwrap());
            home.map(|it| format!("{} {}", it.host, it.prefix)).map_err(|it| it.to_string())
        };
        let expected = Ok("ghcr.io webassembly/".to_owned());
        assert_eq!(
            home(
                r#"{"preferredProtocol":"oci","oci":{"registry":"ghcr.io","namespacePrefix":"webassembly/"}}"#
            ),
            expected
        );
        assert_eq!(
            home(r#"{"ociRegistry":"ghcr.io","ociNamespacePrefix":"webassembly/"}"#),
            expected
        );
        assert_eq!(home("{}"), Ok("a.example ".to_owned()));
        assert!(home(r#"{"preferredProtocol":"local"}"#).is_err());
        assert!(settings().home("local.example", Metadata::default()).is_err());
    }

    #[cfg(feature = "registry")]
    #[test]
    fn credentials_are_read_and_never_shown() {
        let settings = settings();
        assert_eq!(settings.login("mine.example"), Some(("open".to_owned(), "sesame".to_owned())));
        assert_eq!(settings.login("special.example"), Some(("ping".to_owned(), "pong".to_owned())));
        assert_eq!(settings.login("default.example"), None);
        assert!(settings.is_plain("mine.example") && !settings.is_plain("special.example"));
        let shown = format!("{settings:?}");
        assert!(!shown.contains("sesame") && !shown.contains("cGluZzpwb25n"), "{shown}");
    }
}
