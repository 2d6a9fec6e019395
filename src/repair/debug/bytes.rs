//! Bytes of a section, and numbers in them.

use gimli::{EndianSlice, LittleEndian};

/// Bytes of a section.
pub(super) type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// Writes an unsigned number over one of the same length; whether it fits.
pub(super) fn overwrite_uleb(bytes: &mut [u8], mut value: u64) -> bool {
    let Some((last, first)) = bytes.split_last_mut() else { return false };
    for byte in first {
        *byte = (value & 0x7f) as u8 | 0x80;
        value >>= 7;
    }
    *last = (value & 0x7f) as u8;
    value <= 0x7f
}

/// Reads an unsigned number, and moves the position behind it.
pub(super) fn uleb(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_length() {
        for (length, value, fits) in
            [(1, 127, true), (1, 128, false), (3, 5, true), (2, 16384, false)]
        {
            let mut bytes = vec![0; length];
            assert_eq!(overwrite_uleb(&mut bytes, value), fits);
            let mut at = 0;
            if fits {
                assert_eq!((uleb(&bytes, &mut at), at), (Some(value), length));
            }
        }
        assert_eq!(uleb(&[0x80; 20], &mut 0), None);
    }
}
