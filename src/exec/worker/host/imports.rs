//! Provides what the component imports and the host does not implement: stubs generated from the imports' types.
//! Interfaces of WASI in another version run on the host as far as their shape is the same; the rest is stubbed. So is
//! each function for which the user provides answers.

mod answers;
mod items;
pub(crate) mod names;
mod shapes;
mod stubs;
mod values;

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use super::Host;
use crate::observation::Inconclusive;
use crate::script::Script;
use names::Renamed;
use stubs::Stubs;
pub(crate) use values::Unstubbable;

/// What was stubbed.
pub(crate) struct Stubbed {
    /// The stubbed functions, by name.
    pub(crate) functions: Vec<String>,
    /// The names of the stubbed resources, by number: `ns:pkg/iface name`.
    pub(crate) resources: Vec<Arc<str>>,
    /// The imported functions that return owned handles, by resource (`wasi:io/poll pollable`).
    pub(crate) makers: BTreeMap<String, Vec<String>>,
}

/// Adds to `linker` what the component imports and the linker lacks.
///
/// # Errors
/// When an import cannot be stubbed, with the reason `missing-import`.
pub(crate) fn stub(
    linker: &mut Linker<Host>,
    component: &Component,
    renamed: &Renamed,
    script: &Script,
) -> Result<Stubbed, Inconclusive> {
    let missing = |detail: String| Inconclusive::new("missing-import", detail);
    let engine = component.engine();
    let ty = component.component_type();
    let imports = ty.imports(engine).map(|(name, item)| (name.to_owned(), item.ty));
    let imports: Vec<_> = imports.collect();
    let items = items::flatten(engine, &imports);
    let mut stubs = Stubs::new(engine.clone(), renamed, script, items::resources(&items));
    for (name, item) in imports.iter().filter(|(name, _)| !names::is_wasi(name)) {
        stubs.add_import(linker, name, item.clone()).map_err(missing)?;
    }
    linker.allow_shadowing(true);
    shadow(linker, engine, &imports, &mut stubs).map_err(missing)?;
    shapes::fit(linker, component, &imports, &mut stubs).map_err(missing)?;
    linker.allow_shadowing(false);
    let (functions, resources) = stubs.finish();
    Ok(Stubbed { functions, resources, makers: items::makers(&items, renamed) })
}

/// Replaces functions of the host by the user's answers.
fn shadow(
    linker: &mut Linker<Host>,
    engine: &Engine,
    imports: &[(String, ComponentItem)],
    stubs: &mut Stubs<'_>,
) -> Result<(), String> {
    for (name, item) in imports.iter().filter(|(name, _)| names::is_wasi(name)) {
        let ComponentItem::ComponentInstance(instance) = item else { continue };
        for (member, item) in instance.exports(engine) {
            if stubs.is_answered(name, member) {
                stubs.add_to_host(linker, name, member, item.ty)?;
            }
        }
    }
    Ok(())
}
