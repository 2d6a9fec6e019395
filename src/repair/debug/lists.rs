//! Lists of ranges, whose entries are changed in place, and lists of locations, which are emptied.

use gimli::{DebugAddrBase, DebugAddrIndex, Dwarf};

use super::bytes::{Bytes, overwrite_uleb, uleb};
use super::moved::Moved;

/// Entries that all lists of a module may have: far more than any toolchain writes.
pub(super) const STEPS: u64 = 16 << 20;

/// A list of ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct List {
    /// Its offset in its section.
    pub(super) at: usize,
    /// What its offsets are relative to, unless it says so.
    pub(super) base: u64,
    /// The version of its unit.
    pub(super) version: u16,
    /// Where the unit's addresses begin in `.debug_addr`.
    pub(super) addresses: usize,
}

impl List {
    /// Changes the list in `new`, a copy of the section `old`. A list that needs more bytes becomes empty.
    pub(super) fn rewrite(
        &self,
        old: &[u8],
        new: &mut [u8],
        dwarf: &Dwarf<Bytes<'_>>,
        moved: &Moved,
        steps: &mut u64,
    ) -> Option<()> {
        match self.version {
            ..5 => self.pairs(old, new, moved, steps),
            _ => {
                if !self.entries(old, new, dwarf, moved, steps)? {
                    *new.get_mut(self.at)? = 0;
                }
                Some(())
            }
        }
    }

    /// Version 4 and before: pairs of 32-bit offsets (DWARF 4, section 2.17.3).
    fn pairs(&self, old: &[u8], new: &mut [u8], moved: &Moved, steps: &mut u64) -> Option<()> {
        let mut base = u32::try_from(self.base).ok()?;
        let mut at = self.at;
        loop {
            *steps = steps.checked_sub(1)?;
            let begin = u32::from_le_bytes(*old.get(at..)?.first_chunk()?);
            let end = u32::from_le_bytes(*old.get(at + 4..)?.first_chunk()?);
            let place = new.get_mut(at..at + 8)?;
            let now = match (begin, end) {
                (0, 0) => return Some(()),
                (u32::MAX, address) => {
                    base = address;
                    [begin, moved.address(address)]
                }
                both => {
                    let own = moved.address(base);
                    <[u32; 2]>::from(both)
                        .map(|it| moved.address(base.wrapping_add(it)).wrapping_sub(own))
                }
            };
            place[..4].copy_from_slice(&now[0].to_le_bytes());
            place[4..].copy_from_slice(&now[1].to_le_bytes());
            at += 8;
        }
    }

    /// Version 5: `DW_RLE_…` (DWARF 5, section 2.17.3). Whether all numbers fit.
    fn entries(
        &self,
        old: &[u8],
        new: &mut [u8],
        dwarf: &Dwarf<Bytes<'_>>,
        moved: &Moved,
        steps: &mut u64,
    ) -> Option<bool> {
        let indexed = |index: u64| {
            let index = DebugAddrIndex(usize::try_from(index).ok()?);
            dwarf.debug_addr.get_address(4, DebugAddrBase(self.addresses), index).ok()
        };
        let mut base = self.base;
        let mut at = self.at;
        loop {
            *steps = steps.checked_sub(1)?;
            let kind = *old.get(at)?;
            at += 1;
            match kind {
                0 => return Some(true),
                1 => base = indexed(uleb(old, &mut at)?)?,
                2 => {
                    uleb(old, &mut at)?;
                    uleb(old, &mut at)?;
                }
                3 => {
                    let begin = indexed(uleb(old, &mut at)?)?;
                    let from = at;
                    let length = moved.length(begin, uleb(old, &mut at)?);
                    if !overwrite_uleb(new.get_mut(from..at)?, length) {
                        return Some(false);
                    }
                }
                4 => {
                    let own = moved.of(base).unwrap_or(base);
                    for _ in 0..2 {
                        let from = at;
                        let address = base.checked_add(uleb(old, &mut at)?)?;
                        let offset = moved.of(address).unwrap_or(address).checked_sub(own)?;
                        if !overwrite_uleb(new.get_mut(from..at)?, offset) {
                            return Some(false);
                        }
                    }
                }
                5 => base = u64::from(address(old, new, moved, &mut at)?),
                6 => {
                    address(old, new, moved, &mut at)?;
                    address(old, new, moved, &mut at)?;
                }
                7 => {
                    let begin = u64::from(address(old, new, moved, &mut at)?);
                    let from = at;
                    let length = moved.length(begin, uleb(old, &mut at)?);
                    if !overwrite_uleb(new.get_mut(from..at)?, length) {
                        return Some(false);
                    }
                }
                _ => return None,
            }
        }
    }
}

/// Changes an address, and returns the old one.
fn address(old: &[u8], new: &mut [u8], moved: &Moved, at: &mut usize) -> Option<u32> {
    let before = u32::from_le_bytes(*old.get(*at..)?.first_chunk()?);
    let place = new.get_mut(*at..)?.first_chunk_mut::<4>()?;
    *place = moved.address(before).to_le_bytes();
    *at += 4;
    Some(before)
}

/// Empties the lists of `.debug_loclists`: behind the header of each table, zero ends a list (DWARF 5, section 7.29).
pub(super) fn clear(section: &mut [u8]) -> Option<()> {
    let mut rest = section;
    while !rest.is_empty() {
        let length = u32::from_le_bytes(*rest.first_chunk()?);
        let whole = usize::try_from(length).ok()?.checked_add(4)?;
        let (table, behind) = rest.split_at_mut_checked(whole)?;
        let offsets = u32::from_le_bytes(*table.get(8..)?.first_chunk()?);
        let header = usize::try_from(offsets).ok()?.checked_mul(4)?.checked_add(12)?;
        table.get_mut(header..)?.fill(0);
        rest = behind;
    }
    Some(())
}
