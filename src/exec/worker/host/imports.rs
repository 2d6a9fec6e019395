//! What the component imports and the host does not implement: stubs, made from the imports' types. Interfaces of
//! WASI in another version run on the host as far as their shape is the same; the rest of them is stubbed as well. So is
//! each function for which the author gave answers.

mod answers;
mod makers;
mod names;
mod shapes;
mod stubs;
mod values;

use std::sync::{Arc, OnceLock};

use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker, ResourceType};

use super::Host;
use crate::observation::Inconclusive;
use crate::script::Script;
use answers::Answers;
pub(in crate::exec::worker) use makers::makers;
pub(super) use names::of_host;
pub(in crate::exec::worker) use names::{Renamed, of_resource as resource_name, rename};
pub(in crate::exec::worker) use values::Unfillable;

/// What is known while the imports are filled.
struct Filling<'r> {
    engine: Engine,
    renamed: &'r Renamed,
    answers: Answers,
    /// Each imported resource with the import that defines it: other imports only pass it on.
    resources: Vec<(ResourceType, String)>,
    /// Names of the resources that are made up; each is known by its place here.
    made_up: Vec<Arc<str>>,
    /// The same, for the stubs, when all imports are filled.
    names: Names,
    /// The functions stubbed so far, by name.
    functions: Vec<String>,
}

/// Names of the made-up resources, by number.
type Names = Arc<OnceLock<Vec<Arc<str>>>>;

/// What was filled.
pub(in crate::exec::worker) struct Filled {
    /// The stubbed functions, by name.
    pub(in crate::exec::worker) functions: Vec<String>,
    /// The names of the resources that were made up, by number: `ns:pkg/iface name`.
    pub(in crate::exec::worker) resources: Vec<Arc<str>>,
}

/// Fills what the component imports and `linker` does not know.
///
/// # Errors
/// When an import cannot be made up, with the reason `missing-import`.
pub(in crate::exec::worker) fn fill(
    linker: &mut Linker<Host>,
    component: &Component,
    renamed: &Renamed,
    script: &Script,
) -> Result<Filled, Inconclusive> {
    let missing = |detail| Inconclusive { reason: "missing-import".to_owned(), detail };
    let engine = component.engine().clone();
    let ty = component.component_type();
    let imports: Vec<_> =
        ty.imports(&engine).map(|(name, item)| (name.to_owned(), item.ty)).collect();
    let resources = definitions(&engine, &imports);
    let (made_up, names, functions) = Default::default();
    let answers = Answers::of(script);
    let mut filling = Filling { engine, renamed, answers, resources, made_up, names, functions };
    for (name, item) in imports.iter().filter(|(name, _)| !names::is_wasi(name)) {
        let full_name = renamed.original(name);
        filling.item(&mut linker.root(), name, &full_name, item.clone()).map_err(missing)?;
    }
    filling.shadow(linker, &imports).map_err(missing)?;
    shapes::fit(linker, component, &imports, &mut filling).map_err(missing)?;
    let resources = filling.made_up;
    let _set_once = filling.names.set(resources.clone());
    filling.functions.sort();
    Ok(Filled { functions: filling.functions, resources })
}

impl Filling<'_> {
    /// Puts the author's answers in the place of the host's own functions.
    fn shadow(
        &mut self,
        linker: &mut Linker<Host>,
        imports: &[(String, ComponentItem)],
    ) -> Result<(), String> {
        let engine = self.engine.clone();
        linker.allow_shadowing(true);
        for (name, item) in imports.iter().filter(|(name, _)| names::is_wasi(name)) {
            let ComponentItem::ComponentInstance(instance) = item else { continue };
            for (member, item) in instance.exports(&engine) {
                let full_name = format!("{}#{member}", self.renamed.original(name));
                if self.answers.name(&full_name) {
                    let mut of_host = linker
                        .instance(&names::of_host(name))
                        .map_err(|error| format!("`{full_name}`: {error}"))?;
                    self.item(&mut of_host, member, &full_name, item.ty)?;
                }
            }
        }
        linker.allow_shadowing(false);
        Ok(())
    }
}

/// The imported resources, each with the full name of what defines it: `ns:pkg/iface#name`.
fn definitions(
    engine: &Engine,
    imports: &[(String, ComponentItem)],
) -> Vec<(ResourceType, String)> {
    let mut found: Vec<(ResourceType, String)> = Vec::new();
    let mut note = |name: String, item: &ComponentItem| {
        if let ComponentItem::Resource(ty) = item
            && !found.iter().any(|(known, _)| known == ty)
        {
            found.push((*ty, name));
        }
    };
    for (name, item) in imports {
        note(name.clone(), item);
        if let ComponentItem::ComponentInstance(instance) = item {
            for (member, item) in instance.exports(engine) {
                note(format!("{name}#{member}"), &item.ty);
            }
        }
    }
    found
}
