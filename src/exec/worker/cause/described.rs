//! Causes in plain values.

use super::difference::{self, Part};
use super::search::Found;
use crate::composition::{Composition, Origin};
use crate::exec::worker::probes::{Cell, Memory, Probe, Value};
use crate::observation::cause::{Cause, Change, Changed, StatePlace};

/// A cause in plain values: `cause`, with what was found.
pub(super) fn described(
    cause: Cause,
    found: &Found,
    probes: &[Probe],
    composition: Option<&Composition>,
) -> Cause {
    // Each is a word or a global.
    let smallest = [&found.necessary, &found.sufficient].into_iter().find(|it| !it.is_empty());
    let words = smallest.map_or(0, Vec::len);
    let is_unfinished = found.is_spent && words > Cause::FEW;
    let changes = |parts: &[Part]| {
        let most = if is_unfinished { Cause::FEW } else { Cause::MOST };
        let parts = difference::joined(&parts[..parts.len().min(most)]);
        let mut changes: Vec<_> =
            parts.iter().filter_map(|part| change(*part, found, probes, composition)).collect();
        changes.sort();
        changes
    };
    let sizes = found.sizes.iter().filter_map(|value| {
        let (Value::Memory(fresh), Value::Memory(later)) =
            (&found.fresh[*value], &found.later[*value])
        else {
            return None;
        };
        let Cell::Memory(index) = probes[*value].cell else { return None };
        let pages = |memory: &Memory| hex(&((memory.len() >> 16) as u32).to_le_bytes());
        let place = StatePlace::Size { index };
        Some(placed(&probes[*value], composition, place, pages(fresh), pages(later)))
    });
    let mut sufficient = changes(&found.sufficient);
    sufficient.extend(sizes);
    Cause {
        necessary: changes(&found.necessary),
        sufficient,
        unfinished: is_unfinished.then_some(words as u64),
        more: if is_unfinished { 0 } else { words.saturating_sub(Cause::MOST) as u64 },
        changed: Some(Changed {
            table_elements: found.table_elements,
            ..difference::amount(&found.fresh, &found.later)
        }),
        ..cause
    }
}

fn change(
    part: Part,
    found: &Found,
    probes: &[Probe],
    composition: Option<&Composition>,
) -> Option<Change> {
    match part {
        Part::Global(value) => {
            let Cell::Global(index) = probes[value].cell else { return None };
            let bits = |values: &[Value]| match values[value] {
                Value::Global(bits) => hex(&bits.to_le_bytes()),
                Value::Memory(_) => String::new(),
            };
            let place = StatePlace::Global { index };
            let (before, after) = (bits(&found.fresh), bits(&found.later));
            Some(placed(&probes[value], composition, place, before, after))
        }
        Part::Bytes { value, at, length } => {
            let Cell::Memory(index) = probes[value].cell else { return None };
            // Whole words around it, because a variable may begin before the part that changed.
            let from = at / 8 * 8;
            let until = (at + length).next_multiple_of(8).min(from + Change::MOST);
            let bytes = |values: &[Value]| match &values[value] {
                Value::Memory(memory) => hex(&memory.bytes(from, until - from)),
                Value::Global(_) => String::new(),
            };
            let place = StatePlace::Memory {
                index,
                address: at as u64,
                length: length as u64,
                from: from as u64,
            };
            let (before, after) = (bytes(&found.fresh), bytes(&found.later));
            Some(placed(&probes[value], composition, place, before, after))
        }
    }
}

fn placed(
    probe: &Probe,
    composition: Option<&Composition>,
    place: StatePlace,
    before: String,
    after: String,
) -> Change {
    let module = match composition.map(|it| it.origin(probe.module)) {
        None => Some(probe.module),
        Some(Origin::Component(at)) => Some(at),
        Some(Origin::Plugged(_) | Origin::Elsewhere) => None,
    };
    Change { module, instance: probe.instance, place, before, after }
}

fn hex(bytes: &[u8]) -> String {
    crate::digest::hexadecimal(bytes)
}
