//! Names and kinds of imports and exports, for the encoder.

use wasm_encoder::{ComponentExportKind, ComponentExternName};
use wasmparser::component_types::{ComponentEntityType, ComponentItem};

/// A name with the attributes of the item's name.
pub(super) fn extern_name<'n>(name: &'n str, item: &'n ComponentItem) -> ComponentExternName<'n> {
    let part = |text: &'n Option<String>| text.as_deref().map(Into::into);
    ComponentExternName {
        name: name.into(),
        implements: part(&item.implements),
        version_suffix: part(&item.version_suffix),
        external_id: part(&item.external_id),
    }
}

pub(super) fn kind(item: &ComponentItem) -> ComponentExportKind {
    match item.ty {
        ComponentEntityType::Module(_) => ComponentExportKind::Module,
        ComponentEntityType::Func(_) => ComponentExportKind::Func,
        ComponentEntityType::Value(_) => ComponentExportKind::Value,
        ComponentEntityType::Type { .. } => ComponentExportKind::Type,
        ComponentEntityType::Instance(_) => ComponentExportKind::Instance,
        ComponentEntityType::Component(_) => ComponentExportKind::Component,
    }
}
