//! Exports whose first two answers are known and differ: a counter in a global or a static variable.

use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::Site;
use crate::facts::execution::reads::{Assumption, Read};
use crate::facts::execution::value::Value;
use crate::facts::trials::Trial;

/// Two answers that are known, and the state that makes them differ.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The answer of the first call, in WIT.
    pub first: String,
    /// The answer of the second.
    pub second: String,
    /// The instruction of the second call that reads what the first one left.
    pub load: Site,
    /// The instruction of the first call that left it.
    pub store: Site,
    /// What the proof assumes.
    pub assumptions: Vec<Assumption>,
}

/// The difference that a trial proved.
pub fn of(trial: &Trial, entry_point: &EntryPoint<'_>) -> Option<Difference> {
    if !trial.is_proof || entry_point.call.as_ref()?.lifted.options.is_async {
        return None;
    }
    let (first, second) = trial.answers()?;
    let (_, ty) = entry_point.signature.rsplit_once(" -> ")?;
    let text = |value: &Value| answer(value.single()?, ty);
    let (first_text, second_text) = (text(first)?, text(second)?);
    if first_text == second_text {
        return None;
    }
    let read = second.reads()?.earlier()?;
    let reads = [first, second].into_iter().filter_map(Value::reads).flat_map(|reads| reads.iter());
    let mut assumptions = trial.assumptions.clone();
    assumptions.extend(reads.filter_map(|read: &Read| read.assumed));
    Some(Difference {
        first: first_text,
        second: second_text,
        load: read.load,
        store: read.earlier?,
        assumptions: assumptions.into_iter().collect(),
    })
}

/// A core value as a value of a primitive integer type, as the canonical ABI lifts it; `None` for other types, whose values
/// are floats, handles or addresses.
fn answer(value: u64, ty: &str) -> Option<String> {
    let narrow = value as u32;
    Some(match ty {
        "bool" => (narrow != 0).to_string(),
        "u8" => (value as u8).to_string(),
        "s8" => (value as i8).to_string(),
        "u16" => (value as u16).to_string(),
        "s16" => (value as i16).to_string(),
        "u32" => narrow.to_string(),
        "s32" => (narrow as i32).to_string(),
        "u64" => value.to_string(),
        "s64" => (value as i64).to_string(),
        _ => return None,
    })
}
