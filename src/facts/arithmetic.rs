//! The integer operators on constants, as the core specification defines them (section 4.3.2).
//! An `i32` is kept zero-extended. `None` means the operator traps or the result is not known.

use crate::facts::body::{Binary, Rmw, Unary};

/// One operand.
pub fn unary(op: Unary, a: u64) -> u64 {
    let narrow = a as u32;
    match op {
        Unary::I32Eqz => u64::from(narrow == 0),
        Unary::I64Eqz => u64::from(a == 0),
        Unary::I32Clz => u64::from(narrow.leading_zeros()),
        Unary::I32Ctz => u64::from(narrow.trailing_zeros()),
        Unary::I32Popcnt => u64::from(narrow.count_ones()),
        Unary::I64Clz => u64::from(a.leading_zeros()),
        Unary::I64Ctz => u64::from(a.trailing_zeros()),
        Unary::I64Popcnt => u64::from(a.count_ones()),
        Unary::I32WrapI64 | Unary::I64ExtendI32U => u64::from(narrow),
        Unary::I64ExtendI32S => sign_extend(a, 32),
        Unary::I32Extend8S => u64::from(sign_extend(a, 8) as u32),
        Unary::I32Extend16S => u64::from(sign_extend(a, 16) as u32),
        Unary::I64Extend8S => sign_extend(a, 8),
        Unary::I64Extend16S => sign_extend(a, 16),
        Unary::I64Extend32S => sign_extend(a, 32),
    }
}

/// Two operands.
pub fn binary(op: Binary, a: u64, b: u64) -> Option<u64> {
    let (a32, b32) = (a as u32, b as u32);
    let (s32, t32) = (a32 as i32, b32 as i32);
    let (s64, t64) = (a as i64, b as i64);
    let truth = |truth: bool| Some(u64::from(truth));
    let narrow = |value: u32| Some(u64::from(value));
    match op {
        Binary::I32Eq => truth(a32 == b32),
        Binary::I32Ne => truth(a32 != b32),
        Binary::I32LtS => truth(s32 < t32),
        Binary::I32LtU => truth(a32 < b32),
        Binary::I32GtS => truth(s32 > t32),
        Binary::I32GtU => truth(a32 > b32),
        Binary::I32LeS => truth(s32 <= t32),
        Binary::I32LeU => truth(a32 <= b32),
        Binary::I32GeS => truth(s32 >= t32),
        Binary::I32GeU => truth(a32 >= b32),
        Binary::I64Eq => truth(a == b),
        Binary::I64Ne => truth(a != b),
        Binary::I64LtS => truth(s64 < t64),
        Binary::I64LtU => truth(a < b),
        Binary::I64GtS => truth(s64 > t64),
        Binary::I64GtU => truth(a > b),
        Binary::I64LeS => truth(s64 <= t64),
        Binary::I64LeU => truth(a <= b),
        Binary::I64GeS => truth(s64 >= t64),
        Binary::I64GeU => truth(a >= b),
        Binary::I32Add => narrow(a32.wrapping_add(b32)),
        Binary::I32Sub => narrow(a32.wrapping_sub(b32)),
        Binary::I32Mul => narrow(a32.wrapping_mul(b32)),
        Binary::I32DivS => s32.checked_div(t32).map(|value| u64::from(value as u32)),
        Binary::I32DivU => a32.checked_div(b32).map(u64::from),
        Binary::I32RemS => (b32 != 0).then(|| u64::from(s32.wrapping_rem(t32) as u32)),
        Binary::I32RemU => a32.checked_rem(b32).map(u64::from),
        Binary::I32And => narrow(a32 & b32),
        Binary::I32Or => narrow(a32 | b32),
        Binary::I32Xor => narrow(a32 ^ b32),
        Binary::I32Shl => narrow(a32.wrapping_shl(b32)),
        Binary::I32ShrS => narrow(s32.wrapping_shr(b32) as u32),
        Binary::I32ShrU => narrow(a32.wrapping_shr(b32)),
        Binary::I32Rotl => narrow(a32.rotate_left(b32 % 32)),
        Binary::I32Rotr => narrow(a32.rotate_right(b32 % 32)),
        Binary::I64Add => Some(a.wrapping_add(b)),
        Binary::I64Sub => Some(a.wrapping_sub(b)),
        Binary::I64Mul => Some(a.wrapping_mul(b)),
        Binary::I64DivS => s64.checked_div(t64).map(|value| value as u64),
        Binary::I64DivU => a.checked_div(b),
        Binary::I64RemS => (b != 0).then(|| s64.wrapping_rem(t64) as u64),
        Binary::I64RemU => a.checked_rem(b),
        Binary::I64And => Some(a & b),
        Binary::I64Or => Some(a | b),
        Binary::I64Xor => Some(a ^ b),
        Binary::I64Shl => Some(a.wrapping_shl(b32)),
        Binary::I64ShrS => Some(s64.wrapping_shr(b32) as u64),
        Binary::I64ShrU => Some(a.wrapping_shr(b32)),
        Binary::I64Rotl => Some(a.rotate_left(b32 % 64)),
        Binary::I64Rotr => Some(a.rotate_right(b32 % 64)),
    }
}

/// What an atomic read-modify-write leaves, before it is cut to the width of the access.
pub fn rmw(op: Rmw, old: u64, operand: u64) -> u64 {
    match op {
        Rmw::Add => old.wrapping_add(operand),
        Rmw::Sub => old.wrapping_sub(operand),
        Rmw::And => old & operand,
        Rmw::Or => old | operand,
        Rmw::Xor => old ^ operand,
        Rmw::Xchg => operand,
    }
}

/// The low `bits` bits with their sign extended to 64.
pub fn sign_extend(value: u64, bits: u32) -> u64 {
    let shift = 64 - bits;
    (((value << shift) as i64) >> shift) as u64
}

/// The low `bytes` bytes.
pub fn truncate(value: u64, bytes: u8) -> u64 {
    if bytes >= 8 { value } else { value & ((1 << (u32::from(bytes) * 8)) - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// -1 as an `i32`.
    const MINUS: u64 = 0xffff_ffff;
    /// The lowest `i32`.
    const LOWEST: u64 = 0x8000_0000;
    const LOWEST_64: u64 = 1 << 63;

    #[test]
    fn operators_of_one_operand() {
        for (op, operand, result) in [
            (Unary::I32Eqz, 1 << 32, 1),
            (Unary::I32Eqz, 2, 0),
            (Unary::I64Eqz, 1 << 32, 0),
            (Unary::I32Clz, 1, 31),
            (Unary::I32Clz, 0, 32),
            (Unary::I64Clz, 1, 63),
            (Unary::I32Ctz, 0, 32),
            (Unary::I32Ctz, 8, 3),
            (Unary::I64Ctz, 0, 64),
            (Unary::I32Popcnt, MINUS, 32),
            (Unary::I64Popcnt, u64::MAX, 64),
            (Unary::I32WrapI64, 0x1_0000_0005, 5),
            (Unary::I64ExtendI32U, MINUS, MINUS),
            (Unary::I64ExtendI32S, MINUS, u64::MAX),
            (Unary::I32Extend8S, 0x80, 0xffff_ff80),
            (Unary::I32Extend16S, 0x7fff, 0x7fff),
            (Unary::I64Extend8S, 0xff, u64::MAX),
            (Unary::I64Extend16S, 0x8000, 0xffff_ffff_ffff_8000),
            (Unary::I64Extend32S, LOWEST, 0xffff_ffff_8000_0000),
        ] {
            assert_eq!(unary(op, operand), result, "{op:?} {operand:#x}");
        }
    }

    #[test]
    fn operators_of_two_operands() {
        for (op, a, b, result) in [
            (Binary::I32LtS, MINUS, 0, Some(1)),
            (Binary::I32LtU, MINUS, 0, Some(0)),
            (Binary::I64LtS, MINUS, 0, Some(0)),
            (Binary::I64GtS, 0, u64::MAX, Some(1)),
            (Binary::I64GtU, 0, u64::MAX, Some(0)),
            (Binary::I32GeS, LOWEST, 0, Some(0)),
            (Binary::I32LeU, LOWEST, 0, Some(0)),
            (Binary::I32Eq, 1 << 32, 0, Some(1)),
            (Binary::I64Eq, 1 << 32, 0, Some(0)),
            (Binary::I32Add, MINUS, 1, Some(0)),
            (Binary::I64Add, MINUS, 1, Some(1 << 32)),
            (Binary::I32Sub, 0, 1, Some(MINUS)),
            (Binary::I32Mul, 1 << 16, 1 << 16, Some(0)),
            (Binary::I32DivS, MINUS, 2, Some(0)),
            (Binary::I32DivU, MINUS, 2, Some(0x7fff_ffff)),
            (Binary::I32DivS, LOWEST, MINUS, None),
            (Binary::I32DivS, 1, 0, None),
            (Binary::I32DivU, 1, 0, None),
            (Binary::I32RemS, LOWEST, MINUS, Some(0)),
            (Binary::I32RemS, 1, 0, None),
            (Binary::I32RemU, 7, 4, Some(3)),
            (Binary::I64DivS, LOWEST_64, u64::MAX, None),
            (Binary::I64RemS, LOWEST_64, u64::MAX, Some(0)),
            (Binary::I64RemU, 1, 0, None),
            (Binary::I32Shl, 1, 33, Some(2)),
            (Binary::I64Shl, 1, 33, Some(1 << 33)),
            (Binary::I32ShrS, LOWEST, 31, Some(MINUS)),
            (Binary::I32ShrU, LOWEST, 31, Some(1)),
            (Binary::I64ShrS, LOWEST_64, 63, Some(u64::MAX)),
            (Binary::I32Rotl, LOWEST, 1, Some(1)),
            (Binary::I32Rotr, 1, 33, Some(LOWEST)),
            (Binary::I64Rotl, LOWEST_64, 65, Some(1)),
        ] {
            assert_eq!(binary(op, a, b), result, "{op:?} {a:#x} {b:#x}");
        }
    }

    #[test]
    fn widths() {
        assert_eq!(rmw(Rmw::Sub, 0, 1), u64::MAX);
        assert_eq!(rmw(Rmw::Xchg, 3, 7), 7);
        assert_eq!(sign_extend(0x80, 8), 0xffff_ffff_ffff_ff80);
        assert_eq!((truncate(u64::MAX, 1), truncate(u64::MAX, 8)), (0xff, u64::MAX));
    }
}
