//! Interfaces of WASI whose shape is not that of the host's. What differs is stubbed, one function after the other, and
//! the rest stays the host's. If a resource differs, the whole interface is stubbed.

use std::collections::BTreeSet;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use super::names;
use super::stubs::Stubs;
use crate::exec::worker::host::Host;

/// Members of one interface that are stubbed one by one. If more differ, all of it is stubbed.
const MOST_OF_INTERFACE: usize = 256;
/// Members and interfaces that are stubbed in all. Each costs a check of all imports.
const MOST: usize = 1024;

/// Stubs what the component imports of WASI and the linker lacks or has with another type. The linker has to allow
/// shadowing.
///
/// # Errors
/// When something remains that cannot be stubbed: the engine's message.
pub(super) fn fit(
    linker: &mut Linker<Host>,
    component: &Component,
    imports: &[(String, ComponentItem)],
    stubs: &mut Stubs<'_>,
) -> Result<(), String> {
    let mut tried = BTreeSet::new();
    while let Err(error) = linker.instantiate_pre(component) {
        let message = format!("{error:#}");
        let differs = Difference::of(&message).filter(|it| names::is_wasi(it.import));
        let Some(Difference { import, member, is_missing }) = differs else { return Err(message) };
        let item = imports.iter().find(|(name, _)| name == import).map(|(_, item)| item);
        let Some(item @ ComponentItem::ComponentInstance(instance)) = item else {
            return Err(message);
        };
        if tried.len() >= MOST {
            return Err(message);
        }
        let stubbed = tried.iter().filter(|(of, _)| of == import).count();
        let mut members = instance.exports(component.engine());
        let found = members.find(|(name, _)| *name == member).map(|(_, item)| item.ty);
        let alone = found.filter(|it| is_missing || matches!(it, ComponentItem::ComponentFunc(_)));
        match alone {
            Some(item)
                if stubbed < MOST_OF_INTERFACE
                    && tried.insert((import.to_owned(), member.to_owned())) =>
            {
                stubs.add_to_host(linker, import, member, item)?;
            }
            // A stub with exactly the name that the component imports takes precedence over the host's.
            _ if tried.insert((import.to_owned(), String::new())) => {
                stubs.add_import(linker, import, item.clone())?;
            }
            _ => return Err(message),
        }
    }
    Ok(())
}

/// What the engine says about the first import that does not fit.
struct Difference<'m> {
    import: &'m str,
    member: &'m str,
    /// Whether the host has nothing of the name.
    is_missing: bool,
}

impl<'m> Difference<'m> {
    fn of(message: &'m str) -> Option<Self> {
        let (_, rest) = message.split_once("component imports instance `")?;
        let (import, rest) = rest.split_once('`')?;
        let (_, rest) = rest.split_once("instance export `")?;
        let (member, rest) = rest.split_once('`')?;
        Some(Difference { import, member, is_missing: rest.contains("implementation is missing") })
    }
}
