//! Interfaces of WASI whose shape is not that of the host's: what differs is stubbed, one function after the other,
//! and what does not differ stays the host's. Where a resource differs, the whole interface is stubbed.

use std::collections::BTreeSet;

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use super::{Filling, names};
use crate::exec::worker::host::Host;

/// Members of one interface that are stubbed one by one; where more differ, all of it is.
const MOST_OF_INTERFACE: usize = 256;
/// Members and interfaces that are stubbed: each costs a look at all imports.
const MOST: usize = 1024;

/// Stubs what the component imports of WASI and the linker has not or has otherwise.
///
/// # Errors
/// When something remains that cannot be stubbed, the engine's words.
pub(super) fn fit(
    linker: &mut Linker<Host>,
    component: &Component,
    imports: &[(String, ComponentItem)],
    filling: &mut Filling<'_>,
) -> Result<(), String> {
    let mut tried = BTreeSet::new();
    linker.allow_shadowing(true);
    while let Err(error) = linker.instantiate_pre(component) {
        let words = format!("{error:#}");
        let differs = Difference::of(&words).filter(|it| names::is_wasi(it.import));
        let Some(Difference { import, member, is_missing }) = differs else { return Err(words) };
        let Some((_, item)) = imports.iter().find(|(name, _)| name == import) else {
            return Err(words);
        };
        let full_name = filling.renamed.original(import);
        let ComponentItem::ComponentInstance(instance) = item else { return Err(words) };
        if tried.len() >= MOST {
            return Err(words);
        }
        let stubbed = tried.iter().filter(|(of, _)| of == import).count();
        let engine = filling.engine.clone();
        let found = instance.exports(&engine).find(|(name, _)| *name == member);
        let found = found.map(|(_, item)| item.ty);
        let alone = found.filter(|it| is_missing || matches!(it, ComponentItem::ComponentFunc(_)));
        match alone {
            Some(item)
                if stubbed < MOST_OF_INTERFACE
                    && tried.insert((import.to_owned(), member.to_owned())) =>
            {
                let mut of_host = linker
                    .instance(&names::of_host(import))
                    .map_err(|error| format!("`{full_name}`: {error}"))?;
                let full_name = format!("{full_name}#{member}");
                filling.item(&mut of_host, member, &full_name, item)?;
            }
            // Under the very name that the component asks for, it goes before the host's.
            _ if tried.insert((import.to_owned(), String::new())) => {
                filling.item(&mut linker.root(), import, &full_name, item.clone())?;
            }
            _ => return Err(words),
        }
    }
    linker.allow_shadowing(false);
    Ok(())
}

/// What the engine says about the first import that does not fit.
struct Difference<'w> {
    import: &'w str,
    member: &'w str,
    /// Whether the host has nothing of the name.
    is_missing: bool,
}

impl<'w> Difference<'w> {
    fn of(words: &'w str) -> Option<Self> {
        let (_, rest) = words.split_once("component imports instance `")?;
        let (import, rest) = rest.split_once('`')?;
        let (_, rest) = rest.split_once("instance export `")?;
        let (member, rest) = rest.split_once('`')?;
        Some(Difference { import, member, is_missing: rest.contains("implementation is missing") })
    }
}
