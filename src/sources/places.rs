//! Where a variable is in memory, by the expression of its location. Optimizers split structures, and shrink a number that
//! holds two values to a byte.

use gimli::{AttributeValue, Reader, constants};

use super::sections::{Bytes, Sections};
use crate::component::core_module::{ConstExpr, CoreModule};
use crate::component::index_space::{GlobalIdx, Idx};

/// Most parts of a variable.
const MOST: usize = 64;

/// A part of a variable, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) address: u64,
    /// How far it is from the beginning of the variable, in bytes.
    pub(super) distance: u64,
    /// How many bytes it takes; `None` if it is the variable as its type says.
    pub(super) bytes: Option<u64>,
}

/// In an operation of WebAssembly: a global, with its index in four bytes, as relocations need (LLVM:
/// `llvm/include/llvm/BinaryFormat/WasmRelocs.def`, `clang` DWARF for WebAssembly: `TI_GLOBAL_RELOC`).
const GLOBAL: u8 = 3;

/// What the expressions of a unit refer to.
pub(super) struct Operands<'s, 'a> {
    pub(super) sections: &'s Sections<'a>,
    pub(super) module: &'s CoreModule<'a>,
    /// Where the unit's list of addresses begins.
    pub(super) addresses: usize,
    /// Whether addresses have 8 bytes.
    pub(super) wide: bool,
}

impl<'a> Operands<'_, 'a> {
    /// Where a location says that a variable is; empty if it is in no memory, or was removed.
    pub(super) fn places(&self, value: &AttributeValue<Bytes<'a>>) -> Vec<Place> {
        let AttributeValue::Exprloc(expression) = value else { return Vec::new() };
        let listed = |bytes: &mut Bytes<'a>| {
            let index = usize::try_from(bytes.read_uleb128().ok()?).ok()?;
            let size = if self.wide { 8 } else { 4 };
            let mut list = self.sections.addr;
            list.skip(self.addresses.checked_add(index.checked_mul(size)?)?).ok()?;
            self.word(&mut list)
        };
        of(expression.0, |bytes| self.word(bytes), listed, |index| self.global(index))
    }

    fn word(&self, bytes: &mut Bytes<'a>) -> Option<u64> {
        if self.wide { bytes.read_u64().ok() } else { bytes.read_u32().ok().map(u64::from) }
    }

    /// The value of a global that never changes.
    fn global(&self, index: u32) -> Option<u64> {
        let global = self.module.globals.get(GlobalIdx::new(index)).filter(|it| !it.mutable)?;
        match global.init {
            Some(ConstExpr::Int(value)) => Some(value),
            _ => None,
        }
    }
}

/// The places in an expression. `address` reads an address, `listed` one by its number in a list; `global` is the value of
/// a global that never changes. What follows an operation that is unknown is left out.
fn of<'a>(
    mut rest: Bytes<'a>,
    address: impl Fn(&mut Bytes<'a>) -> Option<u64>,
    listed: impl Fn(&mut Bytes<'a>) -> Option<u64>,
    global: impl Fn(u32) -> Option<u64>,
) -> Vec<Place> {
    let (mut found, mut distance) = (Vec::new(), 0_u64);
    // In code that may be placed anywhere, where its data begins: added to the address that comes next.
    let mut base = None;
    let mut current: Option<Place> = None;
    while let Ok(operation) = rest.read_u8()
        && found.len() < MOST
    {
        match (constants::DwOp(operation), &mut current) {
            (constants::DW_OP_addr, None) => {
                let address = address(&mut rest).unwrap_or_default();
                current = Some(Place { address, distance, bytes: None });
            }
            (constants::DW_OP_addrx, None) => {
                let address = listed(&mut rest).unwrap_or_default();
                current = Some(Place { address, distance, bytes: None });
            }
            (constants::DW_OP_WASM_location, None) if base.is_none() => {
                let index = (rest.read_u8() == Ok(GLOBAL)).then(|| rest.read_u32().ok()).flatten();
                let Some(value) = index.and_then(&global) else { return found };
                base = Some(value);
            }
            (constants::DW_OP_plus, Some(place)) if base.is_some() && place.bytes.is_none() => {
                let base = base.take().filter(|_| place.address > 0).unwrap_or_default();
                place.address = place.address.checked_add(base).unwrap_or_default();
            }
            (constants::DW_OP_plus_uconst, Some(place)) if place.bytes.is_none() => {
                let more = rest.read_uleb128().unwrap_or(u64::MAX);
                // An address beyond all memories is that of no variable.
                place.address = place.address.checked_add(more).unwrap_or_default();
            }
            // The value of the variable is computed from that of so many bytes.
            (constants::DW_OP_deref_size, Some(place)) if place.bytes.is_none() => {
                place.bytes = rest.read_u8().ok().map(u64::from);
            }
            (constants::DW_OP_piece, _) => {
                let Ok(bytes) = rest.read_uleb128() else { return found };
                let place = current.take().filter(|it| it.address > 0);
                found.extend(place.map(|it| Place { bytes: it.bytes.or(Some(bytes)), ..it }));
                distance = distance.saturating_add(bytes);
            }
            (operation, Some(place)) if place.bytes.is_some() && computes(operation) => {}
            _ => return found,
        }
    }
    // Linkers leave variables that they removed at address 0.
    found.extend(current.filter(|it| it.address > 0));
    found
}

/// Whether an operation computes with values and has no operand.
fn computes(operation: constants::DwOp) -> bool {
    let literals = constants::DW_OP_lit0.0..=constants::DW_OP_lit31.0;
    literals.contains(&operation.0)
        || matches!(
            operation,
            constants::DW_OP_and
                | constants::DW_OP_minus
                | constants::DW_OP_mul
                | constants::DW_OP_or
                | constants::DW_OP_plus
                | constants::DW_OP_stack_value
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use gimli::{EndianSlice, LittleEndian};

    fn places(expression: &[u8]) -> Vec<(u64, u64, Option<u64>)> {
        let address = |bytes: &mut Bytes<'_>| bytes.read_u32().ok().map(u64::from);
        let listed = |bytes: &mut Bytes<'_>| bytes.read_uleb128().ok().map(|_| 0x2000);
        let global = |index| (index == 1).then_some(0x10000);
        let of = of(EndianSlice::new(expression, LittleEndian), address, listed, global);
        of.iter().map(|it| (it.address, it.distance, it.bytes)).collect()
    }

    #[test]
    fn a_variable_is_whole_or_in_parts() {
        assert_eq!(places(&[0x03, 0, 4, 0, 0]), [(0x400, 0, None)]);
        assert_eq!(places(&[0xa1, 1, 0x23, 8]), [(0x2008, 0, None)]);
        assert_eq!(places(&[0x03, 0, 0, 0, 0]), []);
        // Four bytes, four that were removed, four more.
        let split = [0x03, 0, 4, 0, 0, 0x93, 4, 0x93, 4, 0x03, 0, 5, 0, 0, 0x93, 4];
        assert_eq!(places(&split), [(0x400, 0, Some(4)), (0x500, 8, Some(4))]);
        // A number that is 0 or 1, as a byte: times 1, plus 0.
        let shrunk = [0x03, 0, 4, 0, 0, 0x94, 1, 0x31, 0x1e, 0x30, 0x22, 0x9f];
        assert_eq!(places(&shrunk), [(0x400, 0, Some(1))]);
        assert_eq!(places(&[shrunk.as_slice(), &[0x93, 4]].concat()), [(0x400, 0, Some(1))]);
        // Global 1, plus an address; a removed variable, and an unknown global.
        assert_eq!(places(&[0xed, 3, 1, 0, 0, 0, 3, 0, 4, 0, 0, 0x22]), [(0x10400, 0, None)]);
        assert_eq!(places(&[0xed, 3, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0x22]), []);
        assert_eq!(places(&[0xed, 3, 2, 0, 0, 0, 3, 0, 4, 0, 0, 0x22]), []);
        assert_eq!(places(&[0xed, 0, 1, 3, 0, 4, 0, 0, 0x22]), []);
        for damaged in
            [&[][..], &[0xed, 3, 1], &[0x03], &[0x03, 0, 4, 0, 0, 0x10, 1], &[0x93], &[0x94, 1]]
        {
            assert!(places(damaged).len() <= 1, "{damaged:?}");
        }
    }
}
