//! The names of what is in a core module's memory and of its globals.

use std::collections::BTreeMap;

use crate::component::core_module::{ConstExpr, CoreModule, Extern, Placement};
use crate::demangle::demangled;
use crate::location::SourceLine;
use crate::sources::variables::{Variables, variables};

/// A variable, or the innermost part of one that has a name: `config.retries`.
pub(super) struct Variable {
    pub(super) name: String,
    /// Its address.
    pub(super) start: u64,
    pub(super) bytes: Option<u64>,
    /// How far into it the byte is that was asked for, if it may have parts without names.
    pub(super) inside: u64,
    pub(super) declared: Option<SourceLine>,
}

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

impl Names<'_> {
    /// The variable that holds the byte at an address, by its debug information.
    pub(super) fn variable(&self, at: u64) -> Option<Variable> {
        let (start, variable) = self.variables.at(at)?;
        let name = demangled(&variable.name);
        let declared = variable.source.clone();
        Some(match self.variables.field(variable, at - start) {
            Some(field) => Variable {
                name: format!("{name}{}", field.path),
                start: start + field.at,
                bytes: Some(field.bytes),
                inside: 0,
                declared,
            },
            None => {
                let inside = at - start + variable.distance;
                Variable { name: name.into_owned(), start, bytes: variable.bytes, inside, declared }
            }
        })
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
