//! One of the components of a composition: its imports and exports, with their types.

use wasmparser::component_types::ComponentItem;
use wasmparser::types::Types;
use wasmparser::{Encoding, Parser, Payload, ValidPayload};

use crate::component::validity::validator;

pub(super) struct Part<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) types: Types,
    /// What it imports, by name.
    pub(super) imports: Vec<(String, ComponentItem)>,
    /// What it exports, by name.
    pub(super) exports: Vec<(String, ComponentItem)>,
}

impl<'a> Part<'a> {
    /// Reads a component, all but its function bodies.
    ///
    /// # Errors
    /// What is wrong with it, if it is not a component.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Part<'a>, String> {
        let message = |error: wasmparser::Error| error.message().to_owned();
        let mut names = (Vec::new(), Vec::new());
        let mut validator = validator();
        let mut depth = 0;
        let mut types = None;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(message)?;
            match &payload {
                Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                    return Err("it is a core module".to_owned());
                }
                Payload::Version { .. } => depth += 1,
                Payload::ComponentImportSection(section) if depth == 1 => {
                    for import in section.clone() {
                        names.0.push(import.map_err(message)?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 1 => {
                    for export in section.clone() {
                        names.1.push(export.map_err(message)?.name.name.to_owned());
                    }
                }
                _ => {}
            }
            let ended = matches!(payload, Payload::End(_));
            if let ValidPayload::End(found) = validator.payload(&payload).map_err(message)? {
                types = Some(found);
            }
            depth -= u32::from(ended);
        }
        let types = types.filter(|_| depth == 0).ok_or("it ends too early")?;
        let list = types.as_ref();
        let imports = names.0.into_iter().filter_map(|name| {
            let item = list.component_item_for_import(&name)?.clone();
            Some((name, item))
        });
        let imports = imports.collect();
        let exports = names.1.into_iter().filter_map(|name| {
            let item = list.component_item_for_export(&name)?.clone();
            Some((name, item))
        });
        let exports = exports.collect();
        Ok(Part { bytes, types, imports, exports })
    }
}
