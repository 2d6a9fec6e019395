//! The manifest of an OCI image, under whose digest a registry and its clients know a component.

use std::path::Path;

use serde::Deserialize;

use super::small_file;
use crate::digest::sha256;
use crate::report::certificate::Subject;
use crate::report::wording::listed;

/// The largest manifest, in MiB: the OCI distribution specification 1.1 lets a registry refuse more.
const MOST: u64 = 4;
/// The most layers in a message.
const NAMED: usize = 3;

/// What is read of a manifest: OCI image specification 1.1, `manifest.md` and `image-index.md`.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    layers: Vec<Layer>,
    /// Only in an index.
    #[serde(default)]
    manifests: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Layer {
    digest: String,
}

/// The image whose manifest is in the file, if one of its layers is the component with this digest.
///
/// # Errors
/// If the file cannot be read, is no manifest, or is that of another image; in one sentence.
pub(super) fn subject(path: &Path, component: &str) -> Result<Subject, String> {
    let bytes = small_file::read(path, MOST)
        .map_err(|error| format!("the image's manifest cannot be read: {error}"))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| format!("it is no manifest of an OCI image: {error}"))?;
    if manifest.manifests.is_some() {
        return Err("it is an index of images: give the manifest of one of them".to_owned());
    }
    let layers: Vec<_> = manifest.layers.into_iter().map(|it| it.digest).collect();
    if layers.is_empty() {
        return Err("it is no manifest of an OCI image: it names no layer".to_owned());
    }
    if !layers.iter().any(|it| it.strip_prefix("sha256:") == Some(component)) {
        let has = listed(&layers, NAMED);
        return Err(format!("no layer is the component, sha256:{component}; it has {has}"));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Subject::new(name, sha256(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_the_component_as_a_layer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        let component = "ab".repeat(32);
        let of = |text: &str| {
            std::fs::write(&path, text).unwrap();
            subject(&path, &component)
        };
        let text =
            format!(r#"{{"layers":[{{"digest":"sha256:00"}},{{"digest":"sha256:{component}"}}]}}"#);
        assert_eq!(of(&text), Ok(Subject::new("manifest.json".to_owned(), sha256(&text))));
        for (text, expected) in [
            (r#"{"layers":[{"digest":"sha256:00"}]}"#, "it has sha256:00"),
            (r#"{"layers":[]}"#, "it names no layer"),
            ("{}", "it names no layer"),
            (r#"{"manifests":[]}"#, "an index of images"),
            ("", "no manifest of an OCI image"),
        ] {
            let message = of(text).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
