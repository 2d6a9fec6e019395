//! Stubs of imports. A function lets go of what it is given and returns the author's value or else a plausible one; a
//! resource is a handle of which the host knows nothing but its number and its name.

use std::sync::Arc;

use wasmtime::component::types::{ComponentFunc, ComponentInstance, ComponentItem};
use wasmtime::component::{LinkerInstance, ResourceDynamic, ResourceType, Val};
use wasmtime::{AsContextMut, StoreContextMut};

use super::answers::Answer;
use super::values::Values;
use super::{Filling, Names, names};
use crate::exec::worker::held::held_by;
use crate::exec::worker::host::resources::{self, Kind};
use crate::exec::worker::host::{Host, trace};

impl Filling<'_> {
    /// Defines an import; `full_name` is its name in the file: `ns:pkg/iface#func`.
    pub(super) fn item(
        &mut self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
        item: ComponentItem,
    ) -> Result<(), String> {
        let defined = match item {
            ComponentItem::ComponentInstance(ty) => {
                return self.instance(into, name, full_name, &ty);
            }
            ComponentItem::ComponentFunc(ty) => {
                let answer = self.answers.to(full_name, &ty)?;
                let is_made_up = answer.is_none() && !is_respond(full_name);
                if is_made_up && !self.functions.iter().any(|it| it == full_name) {
                    self.functions.push(full_name.to_owned());
                }
                self.function(into, name, full_name, answer, &ty)
            }
            ComponentItem::Resource(ty) => {
                let passed_on = |(known, definition): &(ResourceType, String)| {
                    *known == ty && self.renamed.original_of_member(definition) != full_name
                };
                if self.resources.iter().any(passed_on) {
                    return Ok(());
                }
                self.resource(into, name, full_name)
            }
            ComponentItem::Type(_) | ComponentItem::CoreFunc(_) => return Ok(()),
            ComponentItem::Module(_) => return Err(format!("`{full_name}` is a core module")),
            ComponentItem::Component(_) => return Err(format!("`{full_name}` is a component")),
        };
        defined.map_err(|error| format!("`{full_name}`: {error}"))
    }

    fn instance(
        &mut self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
        ty: &ComponentInstance,
    ) -> Result<(), String> {
        let mut instance =
            into.instance(name).map_err(|error| format!("`{full_name}`: {error}"))?;
        for (name, item) in ty.exports(&self.engine.clone()) {
            self.item(&mut instance, name, &format!("{full_name}#{name}"), item.ty)?;
        }
        Ok(())
    }

    fn resource(
        &mut self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
    ) -> wasmtime::Result<()> {
        let number = self.made_up.len() as u32;
        self.made_up.push(names::of_resource(full_name).into());
        let ty = ResourceType::host_dynamic(number);
        into.resource(name, ty, |mut store: StoreContextMut<'_, Host>, handle| {
            store.data_mut().handles.forget(handle);
            Ok(())
        })
    }

    fn function(
        &mut self,
        into: &mut LinkerInstance<'_, Host>,
        name: &str,
        full_name: &str,
        answer: Option<Answer>,
        ty: &ComponentFunc,
    ) -> wasmtime::Result<()> {
        let stub = Stub { full_name: full_name.into(), answer, names: Arc::clone(&self.names) };
        if ty.async_() {
            into.func_new_concurrent(name, move |accessor, ty, given, results| {
                let answered = accessor.with(|mut access| {
                    let mut store = access.as_context_mut();
                    stub.answer(&mut store, &ty, (given, results))
                });
                Box::pin(std::future::ready(answered))
            })
        } else {
            into.func_new(name, move |mut store, ty, given, results| {
                stub.answer(&mut store, &ty, (given, results))
            })
        }
    }
}

/// A stubbed function.
struct Stub {
    full_name: Arc<str>,
    /// What the author wants it to return.
    answer: Option<Answer>,
    names: Names,
}

impl Stub {
    /// Does what the function does, for one call.
    fn answer(
        &self,
        store: &mut StoreContextMut<'_, Host>,
        ty: &ComponentFunc,
        (given, results): (&[Val], &mut [Val]),
    ) -> wasmtime::Result<()> {
        let full_name = &self.full_name;
        if is_respond(full_name) && resources::respond(store, given)? {
            trace::keep(|| full_name.to_string());
            return Ok(());
        }
        match self.answer {
            Some(_) => trace::keep(|| full_name.to_string()),
            None => trace::note_stubbed(full_name),
        }
        let before = store.data_mut().handles.count(full_name);
        given.iter().try_for_each(|value| let_go(value, store))?;
        let (Some(ty), Some(slot)) = (ty.results().next(), results.first_mut()) else {
            return Ok(());
        };
        if let Some(value) = self.answer.as_ref().and_then(|it| it.value(before, given)) {
            *slot = value;
            return Ok(());
        }
        // Who takes one after the other until there is none comes to an end.
        let gives = before.is_multiple_of(2);
        let names = self.names.get().map_or(&[][..], Vec::as_slice);
        let generous = store.data_mut().handles.generous;
        *slot = Values { store, names, gives, generous }.value(&ty)?;
        Ok(())
    }
}

/// Whether a function sends an HTTP handler's response. It does so in every version: without a response, a handler
/// shows nothing.
fn is_respond(full_name: &str) -> bool {
    full_name.starts_with("wasi:http/types@0.2.")
        && full_name.ends_with("#[static]response-outparam.set")
}

/// Lets go of the resources that the guest gave or lent: a loan that is kept would fail its call.
fn let_go(value: &Val, store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<()> {
    for held in held_by(value) {
        let Val::Resource(resource) = held else { continue };
        match Kind::of(resource.ty()) {
            Some(kind) => kind.end(store, resource)?,
            None => {
                let made_up = ResourceDynamic::try_from_resource_any(resource, &mut *store)?;
                if made_up.owned() {
                    store.data_mut().handles.forget(made_up.rep());
                }
            }
        }
    }
    Ok(())
}
