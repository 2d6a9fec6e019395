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
