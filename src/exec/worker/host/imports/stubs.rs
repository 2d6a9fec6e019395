//! Stubs of imports. A function drops the resources it is passed and returns the user's answer or else a default value.
//! A resource is a handle of which the host knows its number and its name.

use std::sync::{Arc, OnceLock};

use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Linker, LinkerInstance, ResourceDynamic, ResourceType, Val};
use wasmtime::{AsContextMut, Engine, StoreContextMut};

use super::answers::{Answer, Answers};
use super::names::{self, Renamed};
use super::values::Values;
use crate::exec::worker::held::held_by;
use crate::exec::worker::host::held_back::until_released;
use crate::exec::worker::host::resources::{self, Kind};
use crate::exec::worker::host::watch::Watch;
use crate::exec::worker::host::{Host, trace};
use crate::script::Script;

/// The stubs of one component.
pub(super) struct Stubs<'r> {
    engine: Engine,
    renamed: &'r Renamed,
    answers: Answers,
    /// Each imported resource with the item that defines it. Other items only pass it on.
    definitions: Vec<(ResourceType, String)>,
    /// Names of the stubbed resources; the number of each is its index.
    resources: Vec<Arc<str>>,
    /// The same for the stubbed functions, once all imports are stubbed.
    names: Names,
    /// The stubbed functions without an answer, by name.
    functions: Vec<String>,
}

/// Names of the stubbed resources, by number.
type Names = Arc<OnceLock<Vec<Arc<str>>>>;

impl<'r> Stubs<'r> {
    pub(super) fn new(
        engine: Engine,
        renamed: &'r Renamed,
        script: &Script,
        definitions: Vec<(ResourceType, String)>,
    ) -> Self {
        let (resources, names, functions) = Default::default();
        let answers = Answers::of(script);
        Stubs { engine, renamed, answers, definitions, resources, names, functions }
    }

    /// Names of the stubbed functions, sorted, and of the stubbed resources.
    pub(super) fn finish(mut self) -> (Vec<String>, Vec<Arc<str>>) {
        let _set_once = self.names.set(self.resources.clone());
        self.functions.sort();
        (self.functions, self.resources)
    }

    /// Whether the user answers this function.
    pub(super) fn is_answered(&self, import: &str, member: &str) -> bool {
        self.answers.contain(&format!("{}#{member}", self.renamed.original(import)))
    }

    /// Stubs an import of the component.
    pub(super) fn add_import(
        &mut self,
        linker: &mut Linker<Host>,
        import: &str,
        item: ComponentItem,
    ) -> Result<(), String> {
        self.add(&mut linker.root(), import, &self.renamed.original(import), item)
    }

    /// Stubs a member of an interface that the host implements.
    pub(super) fn add_to_host(
        &mut self,
        linker: &mut Linker<Host>,
        import: &str,
        member: &str,
        item: ComponentItem,
    ) -> Result<(), String> {
        let full_name = self.renamed.original(import);
        let mut instance = linker
            .instance(&names::of_host(import))
            .map_err(|error| format!("`{full_name}`: {error}"))?;
        self.add(&mut instance, member, &format!("{full_name}#{member}"), item)
    }

    /// Stubs an item; `full_name` is its name in the file: `ns:pkg/iface#func`.
    fn add(
        &mut self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
        item: ComponentItem,
    ) -> Result<(), String> {
        let in_context = |error: wasmtime::Error| format!("`{full_name}`: {error}");
        match item {
            ComponentItem::ComponentInstance(ty) => {
                let mut instance = into.instance(name).map_err(in_context)?;
                for (name, item) in ty.exports(&self.engine.clone()) {
                    self.add(&mut instance, name, &format!("{full_name}#{name}"), item.ty)?;
                }
                Ok(())
            }
            ComponentItem::ComponentFunc(ty) => {
                let answer = self.answers.to(full_name, &ty)?;
                let is_default = answer.is_none() && !is_respond(full_name);
                if is_default && !self.functions.iter().any(|it| it == full_name) {
                    self.functions.push(full_name.to_owned());
                }
                self.add_function(into, name, full_name, answer, &ty).map_err(in_context)
            }
            ComponentItem::Resource(ty) => {
                let passed_on = |(known, definition): &(ResourceType, String)| {
                    *known == ty && self.renamed.original_of_member(definition) != full_name
                };
                if self.definitions.iter().any(passed_on) {
                    return Ok(());
                }
                let number = self.resources.len() as u32;
                self.resources.push(names::of_resource(full_name).into());
                let drop = |mut store: StoreContextMut<'_, Host>, handle| {
                    store.data_mut().handles.remove(handle);
                    Ok(())
                };
                into.resource(name, ResourceType::host_dynamic(number), drop).map_err(in_context)
            }
            ComponentItem::Type(_) | ComponentItem::CoreFunc(_) => Ok(()),
            ComponentItem::Module(_) => Err(format!("`{full_name}` is a core module")),
            ComponentItem::Component(_) => Err(format!("`{full_name}` is a component")),
        }
    }

    fn add_function(
        &self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
        answer: Option<Answer>,
        ty: &ComponentFunc,
    ) -> wasmtime::Result<()> {
        let stub = Stub { full_name: full_name.into(), answer, names: Arc::clone(&self.names) };
        if ty.async_() {
            into.func_new_concurrent(name, move |accessor, ty, arguments, results| {
                let answered = accessor.with(|mut access| {
                    let mut store = access.as_context_mut();
                    stub.call(&mut store, &ty, arguments, results)
                });
                let what = Arc::clone(&stub.full_name);
                Box::pin(async move {
                    answered?;
                    until_released(accessor, &what).await;
                    Ok(())
                })
            })
        } else {
            into.func_new(name, move |mut store, ty, arguments, results| {
                stub.call(&mut store, &ty, arguments, results)
            })
        }
    }
}

/// A stubbed function.
struct Stub {
    full_name: Arc<str>,
    answer: Option<Answer>,
    names: Names,
}

impl Stub {
    fn call(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        ty: &ComponentFunc,
        arguments: &[Val],
        results: &mut [Val],
    ) -> wasmtime::Result<()> {
        let full_name = &self.full_name;
        if is_respond(full_name) && resources::respond(store, arguments)? {
            trace::record(|| full_name.to_string());
            return Ok(());
        }
        match self.answer {
            Some(_) => trace::record(|| full_name.to_string()),
            None => trace::note_stubbed(full_name),
        }
        let host = store.data_mut();
        host.enter();
        if host.watch.as_ref().is_some_and(Watch::refuses) {
            return Err(wasmtime::Error::msg("a handle is refused"));
        }
        let before = host.handles.count_call(full_name);
        arguments.iter().try_for_each(|value| drop_resources(value, store))?;
        let (Some(ty), Some(slot)) = (ty.results().next(), results.first_mut()) else {
            return Ok(());
        };
        if let Some(value) = self.answer.as_ref().and_then(|it| it.value(before, arguments)) {
            *slot = value;
            return Ok(());
        }
        // Every other call returns no resource, so that a guest that takes resources until there are none ends.
        let gives = before.is_multiple_of(2);
        let names = self.names.get().map_or(&[][..], Vec::as_slice);
        let generous = store.data_mut().handles.generous;
        *slot = Values { store, names, gives, generous }.value(&ty)?;
        Ok(())
    }
}

/// Whether a function sends an HTTP handler's response. It does so in every version, because a handler without a response
/// shows nothing.
fn is_respond(full_name: &str) -> bool {
    full_name.starts_with("wasi:http/types@0.2.")
        && full_name.ends_with("#[static]response-outparam.set")
}

/// Drops the resources that the guest passed or lent: its call would fail if a borrowed one were kept.
fn drop_resources(value: &Val, store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<()> {
    for held in held_by(value) {
        let Val::Resource(resource) = held else { continue };
        match Kind::of(resource.ty()) {
            Some(kind) => kind.release(store, resource)?,
            None => {
                let stubbed = ResourceDynamic::try_from_resource_any(resource, &mut *store)?;
                if stubbed.owned() {
                    store.data_mut().handles.remove(stubbed.rep());
                }
            }
        }
    }
    Ok(())
}
