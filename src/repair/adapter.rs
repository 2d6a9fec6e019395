//! Replaces the preview1 adapter in a component: wit-component encodes the program's core module again, with the world that
//! the component declares. Only for components of the shape that wit-component gives them.

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use wasi_preview1_component_adapter_provider as published;
use wasm_encoder::{CustomSection, RawSection};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, embed_component_metadata};
use wit_parser::{InterfaceId, Resolve, WorldId, WorldItem};

use super::producers;
use crate::component::Component;
use crate::component::canonical::{self, CanonicalFunction};
use crate::component::core_module::CoreModule;
use crate::component::definition::Item;
use crate::facts::provenance::{Flavor, Provenance};
use crate::facts::roles::{Role, Roles};

/// The release of the adapters that this program contains.
pub const NEWEST: &str = "50.0.1";

/// A component with another adapter.
#[derive(Debug, Clone)]
pub struct Adapted {
    /// The component.
    pub bytes: Vec<u8>,
    /// The adapter that was replaced.
    pub before: Replaced,
}

/// An adapter that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The module name that it provides.
    pub name: String,
    /// Its flavor.
    pub flavor: Flavor,
    /// The first and last release that it can be of; `None` if it is unknown.
    pub releases: Option<(String, String)>,
}

/// Why an adapter is not replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// There is none.
    #[error("it contains no preview1 adapter")]
    Absent,
    /// There are several.
    #[error("it contains {0} preview1 adapters")]
    Several(usize),
    /// A library made the adapter, not wasmtime.
    #[error("its adapter is none of wasmtime's, so that no release of them replaces it")]
    Foreign,
    /// It is a reactor or proxy adapter, and nothing shows which.
    #[error(
        "its adapter is a reactor or proxy adapter, and nothing shows which: name the adapter's file"
    )]
    Undecided,
    /// It has other core modules than wit-component makes of one program.
    #[error("it was not encoded from one core module and an adapter: {0}")]
    Shape(String),
    /// Strings are not UTF-8.
    #[error("its strings are not encoded in UTF-8")]
    Strings,
    /// wit-component cannot read the world or encode the component.
    #[error("wit-component cannot encode it again: {0}")]
    Unencodable(String),
    /// Its exports are not those of the original.
    #[error("encoded again, its exports are {0}")]
    OtherExports(String),
}

/// Replaces the adapter by the newest of the same flavor, or by the one in `file`. With `verified`, the result says that it
/// was verified.
///
/// # Errors
/// If the component has another shape than wit-component gives it, or wit-component refuses the adapter.
pub fn replace<'c>(
    component: &'c Component<'c>,
    file: Option<&[u8]>,
    verified: bool,
) -> Result<Adapted, AdapterError> {
    let provenance = Provenance::of(component);
    let adapter = match &provenance.adapters[..] {
        [] => return Err(AdapterError::Absent),
        [adapter] => adapter,
        several => return Err(AdapterError::Several(several.len())),
    };
    let bytes = match (file, adapter.flavor) {
        (_, Flavor::Library) => return Err(AdapterError::Foreign),
        (Some(file), _) => file,
        (None, Flavor::Command) => published::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER,
        (None, Flavor::Reactor) => published::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
        (None, Flavor::Proxy) => published::WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
        (None, Flavor::ReactorOrProxy) => return Err(AdapterError::Undecided),
    };
    let main = main(component, &provenance)?;
    // `wasi_snapshot_preview1` `fd_write [v2]`: wit-component renames what is imported a second time.
    if main.imports.iter().any(|it| it.module == adapter.name && it.field.contains(" [v")) {
        let why = "its core module imports a function of the adapter twice".to_owned();
        return Err(AdapterError::Shape(why));
    }
    if !has_plain_strings(component) {
        return Err(AdapterError::Strings);
    }
    // wit-component asserts what a hostile component need not keep.
    let encoded = catch_unwind(|| encoded(component.file, main, (&adapter.name, bytes)));
    let panicked = || Err("it fails, which is its bug".to_owned());
    let encoded = encoded.unwrap_or_else(|_| panicked()).map_err(AdapterError::Unencodable)?;
    let result = finished(component.file, &encoded, verified);
    let again =
        Component::read(&result).map_err(|error| AdapterError::Unencodable(error.to_string()))?;
    // The version of an interface of the adapter is the adapter's.
    let exports = |component: &Component<'_>| {
        let names = component.exports.iter().map(|it| it.name.unversioned().to_owned());
        names.collect::<BTreeSet<_>>()
    };
    let found = exports(&again);
    if found != exports(component) {
        let found: Vec<_> = found.into_iter().collect();
        return Err(AdapterError::OtherExports(found.join(", ")));
    }
    let before = Replaced {
        name: adapter.name.clone(),
        flavor: adapter.flavor,
        releases: adapter.releases.clone(),
    };
    Ok(Adapted { bytes: result, before })
}

/// The program's core module.
fn main<'c>(
    component: &'c Component<'c>,
    provenance: &Provenance,
) -> Result<&'c CoreModule<'c>, AdapterError> {
    let shape = |why: &str| AdapterError::Shape(why.to_owned());
    let has_modules = |items: &[Item<'_>]| items.iter().any(|it| matches!(it, Item::CoreModule(_)));
    if component.definitions.iter().skip(1).any(|(_, nested)| has_modules(&nested.items)) {
        return Err(shape("nested components have code"));
    }
    let roles = Roles::of(component, provenance);
    let mut main = None;
    for (id, module) in component.core_modules.iter() {
        match roles.get(id) {
            Some(Role::Main) => main = Some(module),
            Some(Role::Adapter | Role::Shim | Role::Fixups | Role::Starter) => {}
            Some(Role::Library) => return Err(shape("it is linked from libraries")),
            None => return Err(shape("it has several core modules of its own")),
        }
    }
    main.ok_or_else(|| shape("it has no core module of its own"))
}

fn has_plain_strings(component: &Component<'_>) -> bool {
    component.root().items.iter().all(|item| {
        let options = match item {
            Item::Canonical(CanonicalFunction::Lift(lift)) => &lift.options,
            Item::Canonical(CanonicalFunction::Lower(lower)) => &lower.options,
            _ => return true,
        };
        options.string_encoding == canonical::StringEncoding::Utf8
    })
}

fn encoded(
    file: &[u8],
    main: &CoreModule<'_>,
    (name, adapter): (&str, &[u8]),
) -> Result<Vec<u8>, String> {
    let decoded = wit_component::decode(file).map_err(|error| first_line(&error))?;
    let DecodedWasm::Component(mut resolve, world) = decoded else {
        return Err("it is a WIT package".to_owned());
    };
    leave_own_exports(&mut resolve, world, main);
    leave_own_imports(&mut resolve, world, main);
    let mut module = main.bytes.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .map_err(|error| first_line(&error))?;
    let mut encoder = ComponentEncoder::default();
    let encoded = encoder.validate(true).module(&module).and_then(|it| it.adapter(name, adapter));
    encoded.and_then(|it| it.encode()).map_err(|error| first_line(&error))
}

/// Removes functions from a world's exports that the module does not implement: an adapter does.
fn leave_own_exports(resolve: &mut Resolve, world: WorldId, main: &CoreModule<'_>) {
    // `[async-lift]` and the like come before the name.
    let plain = |name: &str| name.rsplit_once(']').map_or(name, |(_, rest)| rest).to_owned();
    let names = main.exports.iter().map(|export| export.name);
    let functions: BTreeSet<_> = names.clone().map(plain).collect();
    let interfaces: BTreeSet<_> =
        names.filter_map(|name| name.split_once('#')).map(|(it, _)| plain(it)).collect();
    let exports = resolve.worlds[world].exports.iter();
    let foreign: Vec<_> = exports
        .filter(|(key, item)| {
            let name = resolve.name_world_key(key);
            match item {
                WorldItem::Function(_) => !functions.contains(&name),
                WorldItem::Interface { id, .. } => {
                    !resolve.interfaces[*id].functions.is_empty() && !interfaces.contains(&name)
                }
                WorldItem::Type { .. } => false,
            }
        })
        .map(|(key, _)| key.clone())
        .collect();
    resolve.worlds[world].exports.retain(|key, _| !foreign.contains(key));
}

/// Removes interfaces from a world's imports that neither the module nor another interface of the world needs. They are an
/// adapter's, and hold only the functions that it used.
fn leave_own_imports(resolve: &mut Resolve, world: WorldId, main: &CoreModule<'_>) {
    let own = &resolve.worlds[world];
    let is_interface = |item: &WorldItem| matches!(item, WorldItem::Interface { .. });
    if !own.imports.values().chain(own.exports.values()).all(is_interface) {
        return;
    }
    let modules: BTreeSet<_> = main.imports.iter().map(|import| import.module).collect();
    let imported = own
        .imports
        .iter()
        .filter(|(key, _)| modules.contains(resolve.name_world_key(key).as_str()));
    let items = imported.map(|(_, item)| item).chain(own.exports.values());
    let mut left: Vec<_> = items.filter_map(interface).collect();
    let mut needed = BTreeSet::new();
    while let Some(id) = left.pop() {
        if needed.insert(id) {
            left.extend(resolve.interface_direct_deps(id));
        }
    }
    resolve.worlds[world]
        .imports
        .retain(|_, item| interface(item).is_some_and(|id| needed.contains(&id)));
}

fn interface(item: &WorldItem) -> Option<InterfaceId> {
    match item {
        WorldItem::Interface { id, .. } => Some(*id),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    }
}

fn first_line(error: &dyn std::fmt::Display) -> String {
    format!("{error:#}").lines().next().unwrap_or_default().to_owned()
}

/// Custom sections that wit-component writes itself.
const OWN_SECTIONS: [&str; 2] = ["producers", "component-name"];

/// The encoded component with the custom sections of the original's root, and an entry in the producers section.
fn finished(original: &[u8], encoded: &[u8], verified: bool) -> Vec<u8> {
    let mut component = wasm_encoder::Component::new();
    let mut own = None;
    for payload in root(encoded) {
        match &payload {
            Payload::CustomSection(section) if section.name() == "producers" => {
                own = own.or(Some(section.data()));
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &encoded[range.start as usize..range.end as usize];
                    component.section(&RawSection { id, data });
                }
            }
        }
    }
    component.section(&producers::with(own, producers::ADAPTER, verified));
    for payload in root(original) {
        if let Payload::CustomSection(section) = payload
            && !OWN_SECTIONS.contains(&section.name())
        {
            let (name, data) = (section.name().into(), section.data().into());
            component.section(&CustomSection { name, data });
        }
    }
    component.finish()
}

/// The sections of a component, without those of nested ones.
fn root(file: &[u8]) -> impl Iterator<Item = Payload<'_>> {
    let mut depth = 0u32;
    Parser::new(0).parse_all(file).map_while(Result::ok).filter(move |payload| {
        let at = depth;
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        at == 0
    })
}
