//! Debug sections of a core module whose code moved: addresses of code are changed in place, line tables are written again.
//! Lists of locations become empty, so that a variable in a register or on the stack has no place.

mod bytes;
mod info;
mod line;
mod lists;
mod moved;

use std::collections::BTreeMap;

use gimli::{Dwarf, LittleEndian, SectionId};

use bytes::Bytes;
pub(super) use moved::Moved;

/// Sections by name.
pub(super) type Sections<'a> = BTreeMap<&'a str, &'a [u8]>;

/// Whether a custom section holds debug information.
pub(super) fn is_debug(name: &str) -> bool {
    name.starts_with(".debug_")
}

/// The sections for code that moved. `None` if they are malformed, or in a form that is not rewritten.
pub(super) fn rewritten<'a>(
    sections: &Sections<'a>,
    moved: &Moved,
) -> Option<Vec<(&'a str, Vec<u8>)>> {
    // Type units of version 4 have line tables of their own.
    if sections.contains_key(".debug_types") {
        return None;
    }
    let load = |id: SectionId| {
        let bytes = sections.get(id.name()).copied().unwrap_or_default();
        Ok::<_, gimli::Error>(Bytes::new(bytes, LittleEndian))
    };
    let dwarf = Dwarf::load(load).ok()?;
    let mut result: BTreeMap<&str, Vec<u8>> =
        sections.iter().map(|(name, bytes)| (*name, bytes.to_vec())).collect();
    let found = info::units(&dwarf, moved, result.entry(".debug_info").or_default())?;
    result.insert(".debug_line", found.lines);
    if let Some(addresses) = result.get_mut(".debug_addr") {
        for at in &found.addresses {
            let bytes = addresses.get_mut(*at..)?.first_chunk_mut::<4>()?;
            *bytes = moved.address(u32::from_le_bytes(*bytes)).to_le_bytes();
        }
    }
    let mut steps = lists::STEPS;
    for list in &found.ranges {
        let name = if list.version < 5 { ".debug_ranges" } else { ".debug_rnglists" };
        let old = sections.get(name)?;
        list.rewrite(old, result.get_mut(name)?, &dwarf, moved, &mut steps)?;
    }
    if let Some(locations) = result.get_mut(".debug_loc") {
        locations.fill(0);
    }
    if let Some(locations) = result.get_mut(".debug_loclists") {
        lists::clear(locations)?;
    }
    // Only speed up a search, or are about macros.
    result.retain(|name, bytes| {
        !bytes.is_empty() && ![".debug_aranges", ".debug_macro", ".debug_macinfo"].contains(name)
    });
    Some(result.into_iter().collect())
}
