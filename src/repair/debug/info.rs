//! The entries of `.debug_info`: addresses and lengths are changed in place, and what refers to other sections is found.

use std::collections::{BTreeMap, BTreeSet};

use gimli::{AttributeValue, Dwarf, Section, Unit, UnitSectionOffset, constants};

use super::bytes::{Bytes, overwrite_uleb};
use super::line;
use super::lists::List;
use super::moved::Moved;

/// What the units refer to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The new `.debug_line`.
    pub(super) lines: Vec<u8>,
    /// Where addresses of code are in `.debug_addr`.
    pub(super) addresses: BTreeSet<usize>,
    /// Lists of ranges.
    pub(super) ranges: BTreeSet<List>,
}

/// Changes `info`, a copy of the section.
pub(super) fn units(dwarf: &Dwarf<Bytes<'_>>, moved: &Moved, info: &mut [u8]) -> Option<Found> {
    let mut found = Found::default();
    // By their old offsets.
    let mut tables: BTreeMap<usize, u32> = BTreeMap::new();
    let mut units = dwarf.units();
    while let Some(header) = units.next().ok()? {
        if header.format() != gimli::Format::Dwarf32 || header.address_size() != 4 {
            return None;
        }
        let unit = dwarf.unit(header).ok()?;
        let table = match &unit.line_program {
            None => None,
            Some(table) => {
                let at = table.header().offset().0;
                Some(match tables.get(&at) {
                    Some(new) => *new,
                    None => {
                        let new = u32::try_from(found.lines.len()).ok()?;
                        let section = dwarf.debug_line.reader().slice();
                        found.lines.extend(line::rewritten(section, table.clone(), moved)?);
                        tables.insert(at, new);
                        new
                    }
                })
            }
        };
        entries(dwarf, &unit, table, moved, info, &mut found)?;
    }
    Some(found)
}

/// An attribute, and where its value is in the section.
struct Attribute<'a> {
    name: constants::DwAt,
    form: constants::DwForm,
    value: AttributeValue<Bytes<'a>>,
    at: std::ops::Range<usize>,
}

fn entries(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    table: Option<u32>,
    moved: &Moved,
    info: &mut [u8],
    found: &mut Found,
) -> Option<()> {
    let UnitSectionOffset(begin) = unit.header.offset();
    let mut entries = unit.entries_raw(None).ok()?;
    let mut attributes = Vec::new();
    while !entries.is_empty() {
        let Some(abbreviation) = entries.read_abbreviation().ok()? else { continue };
        attributes.clear();
        for spec in abbreviation.attributes() {
            let from = begin + entries.next_offset().0;
            let attribute = entries.read_attribute(*spec).ok()?;
            attributes.push(Attribute {
                name: attribute.name(),
                form: spec.form(),
                value: attribute.value(),
                at: from..begin + entries.next_offset().0,
            });
        }
        let low = attributes.iter().find(|it| it.name == constants::DW_AT_low_pc);
        let low = low.and_then(|it| dwarf.attr_address(unit, it.value).ok()?);
        for attribute in &attributes {
            let bytes = info.get_mut(attribute.at.clone())?;
            match (attribute.name, attribute.value) {
                (_, AttributeValue::Addr(address)) => {
                    let address = moved.address(u32::try_from(address).ok()?);
                    bytes.copy_from_slice(&address.to_le_bytes());
                }
                (_, AttributeValue::DebugAddrIndex(index)) => {
                    found.addresses.insert(unit.addr_base.0.checked_add(index.0.checked_mul(4)?)?);
                }
                (constants::DW_AT_high_pc, value) => {
                    let length = moved.length(low?, value.udata_value()?);
                    put(bytes, attribute.form, length)?;
                }
                (constants::DW_AT_stmt_list, _) => bytes.copy_from_slice(&table?.to_le_bytes()),
                (constants::DW_AT_ranges, value) => {
                    let offset = dwarf.attr_ranges_offset(unit, value).ok()??;
                    let (version, addresses) = (unit.header.version(), unit.addr_base.0);
                    let base = unit.low_pc;
                    found.ranges.insert(List { at: offset.0, base, version, addresses });
                }
                _ => {}
            }
        }
    }
    Some(())
}

/// Writes a number over one of the same form.
fn put(bytes: &mut [u8], form: constants::DwForm, value: u64) -> Option<()> {
    match form {
        constants::DW_FORM_udata => overwrite_uleb(bytes, value).then_some(()),
        constants::DW_FORM_data1
        | constants::DW_FORM_data2
        | constants::DW_FORM_data4
        | constants::DW_FORM_data8 => {
            let whole = value.to_le_bytes();
            let (own, rest) = whole.split_at_checked(bytes.len())?;
            bytes.copy_from_slice(own);
            rest.iter().all(|byte| *byte == 0).then_some(())
        }
        _ => None,
    }
}
