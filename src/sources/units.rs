//! The working folders of compilers, as units name them. Only the first entry of a unit is read.

use std::collections::BTreeMap;

use gimli::constants::DW_AT_comp_dir;
use gimli::{
    AttributeValue, DebugAbbrev, DebugAbbrevOffset, DebugInfo, LittleEndian, Reader, UnitHeader,
};

use super::budget::Budget;
use super::sections::{Bytes, Sections};

/// Steps that a unit costs.
pub(super) const STEPS: u64 = 64;

/// The folders, by the tables whose units name them; of several units of one table, the first counts.
pub(super) fn folders(
    sections: &Sections<'_>,
    tables: impl IntoIterator<Item = usize>,
    budget: &mut Budget,
) -> BTreeMap<usize, String> {
    let mut wanted: Vec<_> = tables.into_iter().collect();
    let mut found = BTreeMap::new();
    let info = DebugInfo::from(sections.info);
    let mut units = info.units();
    while !wanted.is_empty()
        && let Ok(Some(unit)) = units.next()
        && budget.take(STEPS).is_some()
    {
        // A unit that cannot be read names nothing.
        if let Some((table, folder)) = named(sections, &unit, budget)
            && wanted.contains(&table)
        {
            wanted.retain(|it| *it != table);
            found.extend(folder.and_then(|it| sections.text(it)).map(|folder| (table, folder)));
        }
    }
    found
}

/// The table of a unit, and the folder that it names.
pub(super) fn named<'a>(
    sections: &Sections<'a>,
    unit: &UnitHeader<Bytes<'a>>,
    budget: &mut Budget,
) -> Option<(usize, Option<AttributeValue<Bytes<'a>>>)> {
    let mut entry = sections.info;
    entry.skip(unit.offset().to_debug_info_offset(unit)?.0 + unit.header_size()).ok()?;
    let shape =
        shape(sections.abbrev, unit.debug_abbrev_offset().0, entry.read_uleb128().ok()?, budget)?;
    let shapes = DebugAbbrev::new(&shape, LittleEndian).abbreviations(DebugAbbrevOffset(0)).ok()?;
    let mut entries = unit.entries_raw(&shapes, None).ok()?;
    let (mut table, mut folder) = (None, None);
    for attribute in entries.read_abbreviation().ok()??.attributes() {
        let attribute = entries.read_attribute(*attribute).ok()?;
        if let AttributeValue::DebugLineRef(at) = attribute.value() {
            table = Some(at.0);
        } else if attribute.name() == DW_AT_comp_dir {
            folder = Some(attribute.value());
        }
    }
    Some((table?, folder))
}

/// The list of shapes that begins here, to its end.
pub(super) fn shapes<'a>(section: Bytes<'a>, list: usize, budget: &mut Budget) -> Option<&'a [u8]> {
    let mut rest = section;
    rest.skip(list).ok()?;
    let whole = rest;
    while rest.read_uleb128().ok()? != 0 {
        attributes(&mut rest, budget)?;
    }
    whole.slice().get(..whole.len() - rest.len())
}

/// Passes over the rest of a shape, behind its code.
fn attributes(rest: &mut Bytes<'_>, budget: &mut Budget) -> Option<()> {
    // Its tag, and whether it has children.
    rest.read_uleb128().ok()?;
    rest.skip(1).ok()?;
    loop {
        let before = rest.len();
        let (name, form) = (rest.read_uleb128().ok()?, rest.read_uleb128().ok()?);
        if form == u64::from(gimli::constants::DW_FORM_implicit_const.0) {
            rest.read_sleb128().ok()?;
        }
        budget.take((before - rest.len()) as u64)?;
        if (name, form) == (0, 0) {
            return Some(());
        }
    }
}

/// What an entry with this code looks like, as a list of one. Lists may be long, and shared by all units or
/// begin at every byte of the section: none is read beyond the code, and what is read counts.
fn shape(section: Bytes<'_>, list: usize, code: u64, budget: &mut Budget) -> Option<Vec<u8>> {
    let mut rest = section;
    rest.skip(list).ok()?;
    loop {
        let start = rest;
        let this = rest.read_uleb128().ok()?;
        if this == 0 {
            return None;
        }
        attributes(&mut rest, budget)?;
        if this == code {
            let mut shape = start.slice()[..start.len() - rest.len()].to_vec();
            shape.push(0);
            return Some(shape);
        }
    }
}
