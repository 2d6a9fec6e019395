//! An application for wadm, which ran applications on wasmCloud 1.
//!
//! Source: wasmCloud, `benches/http-loadtesting/wadm.yaml` (145383b2): components of the types
//! `component` and `capability`; an image is a reference, or `file://` and a path. How long instances
//! live on wasmCloud 1 is in no profile, so such a file implies no host.

use super::tree::Node;
use super::{Entry, Expected, Implied, Names, Place, image};

/// What the `apiVersion` of an application begins with.
pub(super) const GROUP: &str = "core.oam.dev/";

pub(super) fn read(text: &str, object: &Node, entries: &mut Vec<Entry>) {
    let name = object.at(&["metadata", "name"]).and_then(Node::text).unwrap_or("?");
    let components = object.at(&["spec", "components"]).map(Node::items).unwrap_or_default();
    for (i, component) in components.iter().enumerate() {
        // A `capability` is a program for the machine, not for WebAssembly. `actor` is the name of
        // `component` in older files.
        if !matches!(component.text_at("type"), Some("component" | "actor")) {
            continue;
        }
        let own = component.text_at("name").map_or_else(|| i.to_string(), str::to_owned);
        let value = component.at(&["properties", "image"]);
        let from_elsewhere = component.at(&["properties", "application"]).is_some();
        let names = match value {
            Some(value) => image(value, "wash pull", "NAME"),
            // Such a component belongs to another application.
            None if from_elsewhere => continue,
            None => Names::Nothing("it has no `image`".to_owned()),
        };
        entries.push(Entry {
            words: format!("[Application/{name}] components.{own}.properties.image"),
            place: Place::of(text, value.unwrap_or(component).span.clone()),
            names,
            implied: Implied::Nothing,
            build: Some("wash build".to_owned()),
            expected: Expected::Always,
        });
    }
}
