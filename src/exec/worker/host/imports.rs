//! Imports that are not WASI: filled from their types with plausible values. A resource is a handle
//! that the host makes, and of which it knows nothing but its number.

use std::collections::BTreeSet;

use wasmtime::AsContextMut;
use wasmtime::Engine;
use wasmtime::StoreContextMut;
use wasmtime::component::Component;
use wasmtime::component::Linker;
use wasmtime::component::LinkerInstance;
use wasmtime::component::ResourceDynamic;
use wasmtime::component::ResourceType;
use wasmtime::component::Type;
use wasmtime::component::Val;
use wasmtime::component::types::ComponentFunc;
use wasmtime::component::types::ComponentInstance;
use wasmtime::component::types::ComponentItem;

use super::Host;
use super::MOST_HANDLES;
use super::limits::Reached;
use super::trace;
use crate::exec::worker::held::held_by;
use crate::observation::Inconclusive;
use crate::observation::Limit;

/// The packages of WASI that the host implements, in versions 0.2.x and 0.3.x.
const WASI: [&str; 7] = ["cli", "clocks", "filesystem", "http", "io", "random", "sockets"];

/// The handles of made-up resources that are alive.
#[derive(Debug, Default)]
pub(in crate::exec::worker) struct Handles {
    live: BTreeSet<u32>,
    last: u32,
}

impl Handles {
    pub(super) fn live(&self) -> u64 {
        self.live.len() as u64
    }

    fn make(&mut self) -> Result<u32, Reached> {
        if self.live.len() >= MOST_HANDLES {
            return Err(Reached(Limit::Handles));
        }
        self.last = self.last.wrapping_add(1);
        self.live.insert(self.last);
        Ok(self.last)
    }
}

/// What is known while the imports are filled.
struct Filling {
    engine: Engine,
    /// The resources of WASI that the component imports.
    wasi: Vec<ResourceType>,
    /// The resources that we make up; each is known by its place here.
    made_up: Vec<ResourceType>,
    /// The functions filled so far, by name.
    functions: Vec<String>,
}

/// What was filled.
pub(in crate::exec::worker) struct Filled {
    /// The functions, by name.
    pub(in crate::exec::worker) functions: Vec<String>,
    /// How many resources were made up.
    pub(in crate::exec::worker) resources: u32,
}

/// Fills what the component imports and `linker` does not know.
pub(in crate::exec::worker) fn fill(
    linker: &mut Linker<Host>,
    component: &Component,
) -> Result<Filled, Inconclusive> {
    let engine = linker.engine().clone();
    let ty = component.component_type();
    let imports: Vec<_> =
        ty.imports(&engine).map(|(name, item)| (name.to_owned(), item.ty)).collect();
    let (wasi, made_up, functions) = Default::default();
    let mut filling = Filling { engine, wasi, made_up, functions };
    for (_, item) in imports.iter().filter(|(name, _)| is_wasi(name)) {
        if let ComponentItem::ComponentInstance(instance) = item {
            for (_, item) in instance.exports(&filling.engine) {
                if let ComponentItem::Resource(ty) = item.ty {
                    filling.wasi.push(ty);
                }
            }
        }
    }
    for (name, item) in imports.into_iter().filter(|(name, _)| !is_wasi(name)) {
        let done = fill_item(&mut linker.root(), &name, &name, item, &mut filling);
        done.map_err(|detail| Inconclusive { reason: "missing-import".to_owned(), detail })?;
    }
    Ok(Filled { functions: filling.functions, resources: filling.made_up.len() as u32 })
}

/// Whether the host implements the interface of this name.
fn is_wasi(name: &str) -> bool {
    let Some((package, rest)) = name.strip_prefix("wasi:").and_then(|it| it.split_once('/')) else {
        return false;
    };
    let version = rest.split_once('@').map_or("", |(_, version)| version);
    let released = !version.contains('-');
    WASI.contains(&package)
        && released
        && (version.starts_with("0.2.") || version.starts_with("0.3."))
}

fn fill_item(
    into: &mut LinkerInstance<'_, Host>,
    name: &str,
    full_name: &str,
    item: ComponentItem,
    filling: &mut Filling,
) -> Result<(), String> {
    let defined = match item {
        ComponentItem::ComponentInstance(ty) => {
            return fill_instance(into, name, full_name, &ty, filling);
        }
        ComponentItem::ComponentFunc(ty) => {
            filling.functions.push(full_name.to_owned());
            fill_function(into, name, full_name, &ty, filling)
        }
        ComponentItem::Resource(ty) => {
            if filling.wasi.contains(&ty) {
                return Err(format!("`{full_name}` is a resource of WASI in another interface"));
            }
            let known = filling.made_up.iter().position(|it| *it == ty);
            let number = known.unwrap_or(filling.made_up.len());
            if known.is_none() {
                filling.made_up.push(ty);
            }
            let ty = ResourceType::host_dynamic(number as u32);
            into.resource(name, ty, |mut store: StoreContextMut<'_, Host>, handle| {
                store.data_mut().handles.live.remove(&handle);
                Ok(())
            })
        }
        ComponentItem::Type(_) | ComponentItem::CoreFunc(_) => return Ok(()),
        ComponentItem::Module(_) => return Err(format!("`{full_name}` is a core module")),
        ComponentItem::Component(_) => return Err(format!("`{full_name}` is a component")),
    };
    defined.map_err(|error| format!("`{full_name}`: {error}"))
}

fn fill_instance(
    into: &mut LinkerInstance<'_, Host>,
    name: &str,
    full_name: &str,
    ty: &ComponentInstance,
    filling: &mut Filling,
) -> Result<(), String> {
    let mut instance = into.instance(name).map_err(|error| format!("`{full_name}`: {error}"))?;
    for (name, item) in ty.exports(&filling.engine.clone()) {
        let full_name = format!("{full_name}#{name}");
        fill_item(&mut instance, name, &full_name, item.ty, filling)?;
    }
    Ok(())
}

fn fill_function(
    into: &mut LinkerInstance<'_, Host>,
    name: &str,
    full_name: &str,
    ty: &ComponentFunc,
    filling: &Filling,
) -> wasmtime::Result<()> {
    let made_up = filling.made_up.clone();
    let full_name = full_name.to_owned();
    let result = ty.results().next();
    let answer = move |host: &mut StoreContextMut<'_, Host>, given: &[Val], results: &mut [Val]| {
        trace::note_stubbed(&full_name);
        given.iter().try_for_each(|value| let_go(value, host))?;
        let (Some(ty), Some(slot)) = (&result, results.first_mut()) else { return Ok(()) };
        *slot = default_value(ty, host, &made_up)?;
        Ok(())
    };
    if ty.async_() {
        into.func_new_concurrent(name, move |accessor, _, given, results| {
            let answered =
                accessor.with(|mut access| answer(&mut access.as_context_mut(), given, results));
            Box::pin(std::future::ready(answered))
        })
    } else {
        into.func_new(name, move |mut store, _, given, results| answer(&mut store, given, results))
    }
}

/// Lets go of the resources that the guest gave or lent: a loan that is kept would fail its call.
fn let_go(value: &Val, store: &mut StoreContextMut<'_, Host>) -> wasmtime::Result<()> {
    for held in held_by(value) {
        if let Val::Resource(resource) = held {
            let made_up = ResourceDynamic::try_from_resource_any(resource, &mut *store)?;
            if made_up.owned() {
                store.data_mut().handles.live.remove(&made_up.rep());
            }
        }
    }
    Ok(())
}

/// What a function that does nothing would return.
fn default_value(
    ty: &Type,
    store: &mut StoreContextMut<'_, Host>,
    made_up: &[ResourceType],
) -> wasmtime::Result<Val> {
    let mut of = |ty: &Type| default_value(ty, store, made_up);
    Ok(match ty {
        Type::Bool => Val::Bool(false),
        Type::S8 => Val::S8(0),
        Type::U8 => Val::U8(0),
        Type::S16 => Val::S16(0),
        Type::U16 => Val::U16(0),
        Type::S32 => Val::S32(0),
        Type::U32 => Val::U32(0),
        Type::S64 => Val::S64(0),
        Type::U64 => Val::U64(0),
        Type::Float32 => Val::Float32(0.0),
        Type::Float64 => Val::Float64(0.0),
        Type::Char => Val::Char(' '),
        Type::String => Val::String(String::new()),
        Type::List(_) => Val::List(Vec::new()),
        Type::Map(_) => Val::Map(Vec::new()),
        Type::FixedLengthList(list) => {
            let values = (0..list.len()).map(|_| of(&list.ty()));
            Val::FixedLengthList(values.collect::<wasmtime::Result<_>>()?)
        }
        Type::Record(record) => {
            let fields = record.fields().map(|field| Ok((field.name.to_owned(), of(&field.ty)?)));
            Val::Record(fields.collect::<wasmtime::Result<_>>()?)
        }
        Type::Tuple(tuple) => {
            Val::Tuple(tuple.types().map(|ty| of(&ty)).collect::<wasmtime::Result<_>>()?)
        }
        Type::Variant(variant) => {
            let case = variant.cases().next().ok_or_else(|| unfillable(ty))?;
            let payload = case.ty.as_ref().map(of).transpose()?;
            Val::Variant(case.name.to_owned(), payload.map(Box::new))
        }
        Type::Enum(ty) => Val::Enum(ty.names().next().unwrap_or_default().to_owned()),
        Type::Option(_) => Val::Option(None),
        Type::Result(result) => {
            let payload = result.ok().as_ref().map(of).transpose()?;
            Val::Result(Ok(payload.map(Box::new)))
        }
        Type::Flags(_) => Val::Flags(Vec::new()),
        Type::Own(resource) => {
            let number = made_up.iter().position(|it| it == resource);
            let number = number.ok_or_else(|| unfillable(ty))?;
            let handle = store.data_mut().handles.make()?;
            let handle = ResourceDynamic::new_own(handle, number as u32);
            Val::Resource(handle.try_into_resource_any(store)?)
        }
        Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
            return Err(unfillable(ty));
        }
    })
}

/// A value that the host cannot make up.
#[derive(Debug)]
pub(in crate::exec::worker) struct Unfillable(pub(in crate::exec::worker) String);

impl std::fmt::Display for Unfillable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an import returns a {}, which cannot be made up", self.0)
    }
}

impl std::error::Error for Unfillable {}

fn unfillable(ty: &Type) -> wasmtime::Error {
    let kind = match ty {
        Type::Own(_) => "resource of WASI",
        Type::Future(_) => "future",
        Type::Stream(_) => "stream",
        Type::ErrorContext => "error context",
        _ => "value",
    };
    Unfillable(kind.to_owned()).into()
}
