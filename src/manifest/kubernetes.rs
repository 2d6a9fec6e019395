//! The objects of wasmCloud's operator: `Workload`, `WorkloadReplicaSet`, `WorkloadDeployment`.
//!
//! Source: wasmCloud, `charts/runtime-operator/crds/runtime.wasmcloud.dev_workloaddeployments.yaml`
//! (2d52e3dd). The operator pulls images from a registry; that an
//! image may also be a `file://` here is for a pipeline that checks before it pushes.

use super::host::{Implied, Pool};
use super::model::{Entry, Expected, Target};
use super::tree::Node;
use super::wash;

/// The prefix of their `apiVersion`.
pub(super) const GROUP: &str = "runtime.wasmcloud.dev/";

pub(super) fn read(object: &Node, entries: &mut Vec<Entry>) {
    let kind = object.text_at("kind").unwrap_or_default();
    let spec = match kind {
        "Workload" => object.get("spec"),
        "WorkloadDeployment" | "WorkloadReplicaSet" => object.at(&["spec", "template", "spec"]),
        _ => None,
    };
    let Some(spec) = spec else { return };
    let name = object.at(&["metadata", "name"]).and_then(Node::text).unwrap_or("?");
    let mut push = |what: String, holder: &Node, implied: Implied| {
        let value = holder.get("image");
        let target = match value {
            Some(value) => {
                Target::image(value, "wash oci pull", implied.likely().unwrap_or("spec"))
            }
            None => Target::Invalid("it has no `image`".to_owned()),
        };
        entries.push(Entry {
            key: format!("[{kind}/{name}] {what}.image"),
            span: value.unwrap_or(holder).span.clone(),
            target,
            implied,
            build: None,
            expected: Expected::Always,
        });
    };
    for (i, component) in spec.items_at(&["components"]).iter().enumerate() {
        let own = component.text_at("name").map_or_else(|| i.to_string(), str::to_owned);
        push(format!("components.{own}"), component, Implied::WasmCloud(wash::pool(component)));
    }
    if let Some(service) = spec.get("service").filter(|it| !it.pairs().is_empty()) {
        push("service".to_owned(), service, Implied::WasmCloud(Pool::default()));
    }
}
