//! Where a variable is in memory, by the expression of its location. Optimizers split structures, and shrink a number that
//! holds two values to a byte.

use gimli::{Reader, constants};

use super::sections::Bytes;

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

/// The places in an expression. `address` reads an address, `listed` one by its number in a list. What follows an operation
/// that is unknown is left out.
pub(super) fn of<'a>(
    mut rest: Bytes<'a>,
    address: impl Fn(&mut Bytes<'a>) -> Option<u64>,
    listed: impl Fn(&mut Bytes<'a>) -> Option<u64>,
) -> Vec<Place> {
    let (mut found, mut distance) = (Vec::new(), 0_u64);
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
        let of = of(EndianSlice::new(expression, LittleEndian), address, listed);
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
        for damaged in [&[][..], &[0x03], &[0x03, 0, 4, 0, 0, 0x10, 1], &[0x93], &[0x94, 1]] {
            assert!(places(damaged).len() <= 1, "{damaged:?}");
        }
    }
}
