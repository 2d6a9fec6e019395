//! An application for wadm, which ran applications on wasmCloud 1.
//!
//! Source: wasmCloud, `benches/http-loadtesting/wadm.yaml` (145383b2): components of the types
//! `component` and `capability`; an image is a reference, or `file://` and a path. How long instances
//! live on wasmCloud 1 is in no profile, so such a file implies no host.

use super::host::Implied;
use super::model::{Entry, Expected, Target};
use super::tree::Node;

/// The prefix of an application's `apiVersion`.
pub(super) const GROUP: &str = "core.oam.dev/";

pub(super) fn read(object: &Node, entries: &mut Vec<Entry>) {
    let name = object.at(&["metadata", "name"]).and_then(Node::text).unwrap_or("?");
    for (i, component) in object.items_at(&["spec", "components"]).iter().enumerate() {
        // A `capability` is a native program. Older files say `actor` for `component`.
        if !matches!(component.text_at("type"), Some("component" | "actor")) {
            continue;
        }
        let own = component.text_at("name").map_or_else(|| i.to_string(), str::to_owned);
        let value = component.at(&["properties", "image"]);
        let from_elsewhere = component.at(&["properties", "application"]).is_some();
        let target = match value {
            Some(value) => Target::image(value, "wash pull", "NAME"),
            None if from_elsewhere => Target::Remote {
                what: "a component of another application".to_owned(),
                advice: "check that application".to_owned(),
                reference: Err("it has no image of its own".to_owned()),
            },
            None => Target::Invalid("it has no `image`".to_owned()),
        };
        entries.push(Entry {
            key: format!("[Application/{name}] components.{own}.properties.image"),
            span: value.unwrap_or(component).span.clone(),
            target,
            implied: Implied::Nothing,
            build: Some("wash build".to_owned()),
            expected: Expected::Always,
        });
    }
}
