//! Calls that a compiler inlined: an instruction has the line of the inlined function, and the lines of the calls around
//! it. Only units of the lines that were found are read.

use std::collections::BTreeMap;

use gimli::{
    AttributeValue, DebugAbbrev, DebugAbbrevOffset, DebugInfo, LittleEndian, UnitHeader, constants,
};

use super::budget::Budget;
use super::line_tables::Row;
use super::ranges::Ranges;
use super::sections::{Bytes, Sections};
use super::units;

/// Inlined calls around one instruction, at most.
const MOST: usize = 32;

/// Steps that an attribute costs: it may take no bytes.
const ATTRIBUTE: u64 = 4;

/// A place that is asked for, and the calls that were inlined around it, outermost first.
struct Place {
    address: u64,
    table: usize,
    calls: Vec<Row>,
}

/// For each row, the calls that were inlined around its address, innermost first.
pub(super) fn calls(
    sections: &Sections<'_>,
    rows: &[Option<Row>],
    budget: &mut Budget,
) -> Vec<Vec<Row>> {
    let place = |row: &Row| Place { address: row.address, table: row.table, calls: Vec::new() };
    let mut places: Vec<_> = rows.iter().map(|row| row.as_ref().map(place)).collect();
    let mut tables: BTreeMap<usize, Vec<&mut Place>> = BTreeMap::new();
    for place in places.iter_mut().flatten() {
        tables.entry(place.table).or_default().push(place);
    }
    let info = DebugInfo::from(sections.info);
    let mut all = info.units();
    while !tables.is_empty()
        && let Ok(Some(unit)) = all.next()
        && budget.take(units::STEPS).is_some()
    {
        let Some((table, _)) = units::named(sections, &unit, budget) else { continue };
        if let Some(mut places) = tables.remove(&table) {
            // A damaged unit gives the calls before the damage.
            let _ = in_unit(sections, &unit, table, &mut places, budget);
        }
    }
    places.into_iter().map(|place| place.map(innermost_first).unwrap_or_default()).collect()
}

fn innermost_first(place: Place) -> Vec<Row> {
    place.calls.into_iter().rev().collect()
}

/// The code of an entry, and the call that it replaced.
#[derive(Default)]
struct Entry<'a> {
    low: Option<u64>,
    high: Option<AttributeValue<Bytes<'a>>>,
    ranges: Option<AttributeValue<Bytes<'a>>>,
    file: Option<u64>,
    line: Option<u64>,
    column: Option<u64>,
}

fn in_unit<'a>(
    sections: &Sections<'a>,
    unit: &UnitHeader<Bytes<'a>>,
    table: usize,
    places: &mut [&mut Place],
    budget: &mut Budget,
) -> Option<()> {
    let list = units::shapes(sections.abbrev, unit.debug_abbrev_offset().0, budget)?;
    let shapes = DebugAbbrev::new(list, LittleEndian).abbreviations(DebugAbbrevOffset(0)).ok()?;
    let mut ranges = Ranges { sections, encoding: unit.encoding(), base: None, lists: None };
    let mut entries = unit.entries_raw(&shapes, None).ok()?;
    let mut is_root = true;
    while !entries.is_empty() {
        let before = entries.next_offset().0;
        let Some(shape) = entries.read_abbreviation().ok()? else {
            budget.take(1)?;
            continue;
        };
        budget.take(ATTRIBUTE * shape.attributes().len() as u64)?;
        if shape.tag() != constants::DW_TAG_inlined_subroutine && !is_root {
            entries.skip_attributes(shape.attributes()).ok()?;
            budget.take((entries.next_offset().0 - before) as u64)?;
            continue;
        }
        let mut entry = Entry::default();
        for attribute in shape.attributes() {
            let attribute = entries.read_attribute(*attribute).ok()?;
            let value = attribute.value();
            match attribute.name() {
                constants::DW_AT_low_pc => entry.low = address(&value),
                constants::DW_AT_high_pc => entry.high = Some(value),
                constants::DW_AT_ranges => entry.ranges = Some(value),
                constants::DW_AT_call_file => entry.file = number(&value),
                constants::DW_AT_call_line => entry.line = attribute.udata_value(),
                constants::DW_AT_call_column => entry.column = attribute.udata_value(),
                constants::DW_AT_rnglists_base if is_root => ranges.set_lists(&value),
                _ => {}
            }
        }
        budget.take((entries.next_offset().0 - before) as u64)?;
        if is_root {
            ranges.base = entry.low;
            is_root = false;
        } else {
            inlined(&entry, &ranges, table, places, budget)?;
        }
    }
    Some(())
}

/// Adds a call to the places that its code holds.
fn inlined(
    entry: &Entry<'_>,
    ranges: &Ranges<'_, '_>,
    table: usize,
    places: &mut [&mut Place],
    budget: &mut Budget,
) -> Option<()> {
    let (Some(file), Some(line)) = (entry.file, entry.line) else { return Some(()) };
    let Ok(line) = u32::try_from(line) else { return Some(()) };
    let column = entry.column.and_then(|it| u32::try_from(it).ok()).filter(|it| *it > 0);
    let mut add = |low: u64, high: u64, budget: &mut Budget| {
        // Linkers leave functions that they removed at address 0.
        if low == 0 {
            return Some(());
        }
        for place in places.iter_mut() {
            budget.take(1)?;
            if (low..high).contains(&place.address) && place.calls.len() < MOST {
                place.calls.push(Row { address: place.address, table, file, line, column });
            }
        }
        Some(())
    };
    match (entry.low, &entry.high, &entry.ranges) {
        (Some(low), Some(high), _) => {
            let high = address(high).or_else(|| low.checked_add(number(high)?))?;
            add(low, high, budget)
        }
        (_, _, Some(list)) => ranges.each(list, budget, &mut add),
        _ => Some(()),
    }
}

fn address(value: &AttributeValue<Bytes<'_>>) -> Option<u64> {
    match value {
        AttributeValue::Addr(address) => Some(*address),
        _ => None,
    }
}

fn number(value: &AttributeValue<Bytes<'_>>) -> Option<u64> {
    match value {
        AttributeValue::FileIndex(index) => Some(*index),
        value => value.udata_value(),
    }
}
