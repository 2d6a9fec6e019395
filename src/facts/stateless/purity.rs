//! Which operators, among those that the analysis does not model, compute from their operands alone.

/// Whether the operator at the beginning of `bytes` does (core specification, "Instructions" of the binary format). Those
/// that read or change memories, tables, segments or objects do not.
pub(super) fn is_pure(bytes: &[u8]) -> bool {
    match bytes {
        // Float constants, arithmetic, null and function references.
        [0x43..=0xc4 | 0xd0..=0xd2, ..] => true,
        // Saturating conversions, wide arithmetic.
        [0xfc, rest @ ..] => matches!(number(rest), Some(0..=7 | 19..=22)),
        // Vectors, but no loads and stores.
        [0xfd, rest @ ..] => !matches!(number(rest), None | Some(0..=11 | 84..=93)),
        _ => false,
    }
}

/// A number in LEB128.
fn number(bytes: &[u8]) -> Option<u32> {
    let mut value = 0_u32;
    for (i, byte) in bytes.iter().enumerate().take(5) {
        value |= u32::from(byte & 0x7f).checked_shl(7 * i as u32)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_pure;

    #[test]
    fn operators_on_state_are_not_pure() {
        for (bytes, expected) in [
            (&[0x92][..], true),          // f32.add
            (&[0x43, 0, 0, 0, 0], true),  // f32.const
            (&[0x3f, 0], false),          // memory.size
            (&[0x40, 0], false),          // memory.grow
            (&[0x25, 0], false),          // table.get
            (&[0xfc, 0x03], true),        // i32.trunc_sat_f64_u
            (&[0xfc, 0x09, 0], false),    // data.drop
            (&[0xfc, 0x10, 0], false),    // table.size
            (&[0xfb, 0x00, 0], false),    // struct.new
            (&[0xfd, 0x0c], true),        // v128.const
            (&[0xfd, 0x07, 0, 0], false), // v128.load8_splat
            (&[0xfd, 0x5c, 2, 0], false), // v128.load32_zero
            (&[0xfd, 0xae, 0x01], true),  // i32x4.add
            (&[0xfe, 0x01, 2, 0], false), // memory.atomic.wait32
            (&[], false),
        ] {
            assert_eq!(is_pure(bytes), expected, "{bytes:x?}");
        }
    }
}
