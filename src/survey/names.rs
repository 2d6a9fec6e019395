//! The names of what is in a core module's memory and of its globals.

use std::collections::BTreeMap;

use crate::component::core_module::{ConstExpr, CoreModule, Extern, Placement};
use crate::sources::variables::{Variables, variables};

/// The names of a module.
pub(super) struct Names<'a> {
    pub(super) variables: Variables,
    /// Named data segments, by address: length in bytes, and name.
    pub(super) data: BTreeMap<u64, (u64, &'a str)>,
}

impl<'a> Names<'a> {
    /// Reads the names of a module.
    pub(super) fn of(module: &'a CoreModule<'a>) -> Self {
        let placed = module.data.iter().filter_map(|(index, data)| match &data.placement {
            Placement::Active { offset: ConstExpr::Int(at), .. } => Some((index, *at, data)),
            _ => None,
        });
        let placed: Vec<_> = placed.collect();
        // The addresses of a module that is placed as it is loaded are not those that its debug information has.
        let is_movable = module.data.iter().any(|(_, data)| {
            matches!(&data.placement, Placement::Active { offset, .. } if !matches!(offset, ConstExpr::Int(_)))
        });
        let variables = if is_movable { Variables::default() } else { variables(module) };
        let segments = module.data_names();
        let data = placed.into_iter().filter_map(|(index, at, data)| {
            let name = symbol(segments.get(&index)?)?;
            Some((at, (data.bytes.len() as u64, name)))
        });
        Names { variables, data: data.collect() }
    }
}

/// The variable that a data segment holds, by its name: wasm-ld names a segment of one variable `.data.NAME`, and one of
/// several by the section alone.
fn symbol(segment: &str) -> Option<&str> {
    match segment.strip_prefix('.') {
        None => Some(segment),
        Some(section) => section.split_once('.').map(|(_, name)| name),
    }
    .filter(|name| !name.is_empty())
}

/// The name of a global: from the name section, else of its export.
pub(super) fn global_name(
    module: &CoreModule<'_>,
    index: crate::component::index_space::GlobalIdx,
) -> Option<String> {
    let exported = module.exports.iter().find(|export| export.item == Extern::Global(index));
    let name = module.global_names().get(&index).copied();
    name.or(exported.map(|export| export.name)).map(str::to_owned)
}
