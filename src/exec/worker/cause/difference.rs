//! What differs between two states of an instance, in parts of growing fineness: pages, runs of bytes, words.

use crate::exec::worker::instance::PAGE;
use crate::exec::worker::probes::{SMALL_PAGE, Value};
use crate::observation::cause::Changed;

/// Unchanged bytes that end a run.
const GAP: usize = 8;
/// Bytes of a word.
const WORD: usize = 4;

/// A part of a state. A number is that of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Global(usize),
    Bytes { value: usize, at: usize, length: usize },
}

impl Part {
    /// The value that it is a part of.
    fn value(self, state: &[Value]) -> &Value {
        let (Part::Global(value) | Part::Bytes { value, .. }) = self;
        &state[value]
    }
}

/// Pages of memory, and globals, in which two states differ.
pub(super) fn pages(fresh: &[Value], later: &[Value]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (value, (fresh, later)) in fresh.iter().zip(later).enumerate() {
        match (fresh, later) {
            (Value::Global(fresh), Value::Global(later)) if fresh != later => {
                parts.push(Part::Global(value));
            }
            (Value::Memory(fresh), Value::Memory(later)) => {
                let numbers = fresh.differing_pages(later).into_iter();
                let within =
                    numbers.map(|number| number * SMALL_PAGE).filter(|at| *at < later.len());
                parts.extend(within.map(|at| Part::Bytes { value, at, length: SMALL_PAGE }));
            }
            _ => {}
        }
    }
    parts
}

/// The runs of bytes that differ in these parts. Between two runs are more than [`GAP`] bytes that do not.
pub(super) fn runs(parts: &[Part], fresh: &[Value], later: &[Value]) -> Vec<Part> {
    split(parts, |value, at, length, into| {
        let (Value::Memory(fresh), Value::Memory(later)) = (&fresh[value], &later[value]) else {
            return;
        };
        let (fresh, later) = (fresh.bytes(at, length), later.bytes(at, length));
        let mut run: Option<(usize, usize)> = None;
        for at in (0..length).filter(|byte| fresh[*byte] != later[*byte]).map(|byte| at + byte) {
            match &mut run {
                Some((_, end)) if at <= *end + GAP => *end = at + 1,
                _ => {
                    into.extend(run.map(|(at, end)| Part::Bytes { value, at, length: end - at }));
                    run = Some((at, at + 1));
                }
            }
        }
        into.extend(run.map(|(at, end)| Part::Bytes { value, at, length: end - at }));
    })
}

/// The words that differ in these parts.
pub(super) fn words(parts: &[Part], fresh: &[Value], later: &[Value]) -> Vec<Part> {
    split(parts, |value, at, length, into| {
        let (Value::Memory(fresh), Value::Memory(later)) = (&fresh[value], &later[value]) else {
            return;
        };
        let start = at / WORD * WORD;
        let length = (at + length - start).next_multiple_of(WORD);
        let (fresh, later) = (fresh.bytes(start, length), later.bytes(start, length));
        for (number, (fresh, later)) in fresh.chunks(WORD).zip(later.chunks(WORD)).enumerate() {
            if fresh != later {
                into.push(Part::Bytes { value, at: start + number * WORD, length: WORD });
            }
        }
    })
}

/// Words and globals that hold small numbers in both states: flags, counters and lengths, rather than addresses and text.
pub(super) fn small_numbers(fresh: &[Value], later: &[Value]) -> Vec<Part> {
    let mut parts = words(&pages(fresh, later), fresh, later);
    parts.retain(|part| {
        [fresh, later].into_iter().all(|state| match (*part, part.value(state)) {
            (Part::Bytes { at, length, .. }, Value::Memory(memory)) => {
                memory.bytes(at, length)[2..].iter().all(|byte| *byte == 0)
            }
            (_, value) => matches!(value, Value::Global(bits) if bits >> 16 == 0),
        })
    });
    parts
}

/// The parts with neighbors joined.
pub(super) fn joined(parts: &[Part]) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), *part) {
            (
                Some(Part::Bytes { value, at, length }),
                Part::Bytes { value: same, at: next, length: more },
            ) if *value == same && *at + *length == next => *length += more,
            _ => joined.push(*part),
        }
    }
    joined
}

/// How much differs.
pub(super) fn amount(fresh: &[Value], later: &[Value]) -> Changed {
    let parts = pages(fresh, later);
    let mut changed = Changed::default();
    for part in &parts {
        match *part {
            Part::Global(_) => changed.globals += 1,
            Part::Bytes { value, at, length } => {
                changed.pages += 1;
                if let (Value::Memory(fresh), Value::Memory(later)) = (&fresh[value], &later[value])
                {
                    let pairs = fresh.bytes(at, length).into_iter().zip(later.bytes(at, length));
                    changed.bytes += pairs.filter(|(fresh, later)| fresh != later).count() as u64;
                }
            }
        }
    }
    for (fresh, later) in fresh.iter().zip(later) {
        if let (Value::Memory(fresh), Value::Memory(later)) = (fresh, later) {
            changed.grown += (later.len().saturating_sub(fresh.len()) / PAGE) as u64;
        }
    }
    changed
}

/// The memories that are larger in `later`, each with its size in bytes there.
pub(super) fn grown(fresh: &[Value], later: &[Value]) -> Vec<(usize, usize)> {
    let pairs = fresh.iter().zip(later).enumerate();
    let grown = pairs.filter_map(|(value, pair)| match pair {
        (Value::Memory(fresh), Value::Memory(later)) if later.len() > fresh.len() => {
            Some((value, later.len()))
        }
        _ => None,
    });
    grown.collect()
}

fn split(parts: &[Part], of_bytes: impl Fn(usize, usize, usize, &mut Vec<Part>)) -> Vec<Part> {
    let mut found = Vec::new();
    for part in parts {
        match *part {
            Part::Global(_) => found.push(*part),
            Part::Bytes { value, at, length } => of_bytes(value, at, length, &mut found),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::worker::probes::Memory;

    #[test]
    fn differences_are_found_in_pages_runs_and_words() {
        let memory = |bytes: &[u8]| {
            let mut memory = Memory::default();
            memory.extend(bytes);
            Value::Memory(memory)
        };
        let mut later = vec![0; 4 * SMALL_PAGE];
        let fresh = [memory(&later[..3 * SMALL_PAGE]), Value::Global(1)];
        for at in [5, 6, 20, SMALL_PAGE + 9, 3 * SMALL_PAGE + 1] {
            later[at] = 7;
        }
        let later = [memory(&later), Value::Global(2)];
        let pages = pages(&fresh, &later);
        let part = |at, length| Part::Bytes { value: 0, at, length };
        let page = |number| part(number * SMALL_PAGE, SMALL_PAGE);
        assert_eq!(pages, [page(0), page(1), page(3), Part::Global(1)]);
        let runs = runs(&pages, &fresh, &later);
        let end = part(3 * SMALL_PAGE + 1, 1);
        assert_eq!(runs, [part(5, 2), part(20, 1), part(SMALL_PAGE + 9, 1), end, Part::Global(1)]);
        let words = words(&runs[..3], &fresh, &later);
        assert_eq!(words, [part(4, 4), part(20, 4), part(SMALL_PAGE + 8, 4)]);
        let small = super::small_numbers(&fresh, &later);
        let others = [part(SMALL_PAGE + 8, 4), part(3 * SMALL_PAGE, 4)];
        assert_eq!(small, [part(20, 4), others[0], others[1], Part::Global(1)]);
        assert_eq!(joined(&[part(4, 4), part(8, 4), part(16, 4)]), [part(4, 8), part(16, 4)]);
        let changed = amount(&fresh, &later);
        assert_eq!((changed.bytes, changed.pages, changed.globals, changed.grown), (5, 3, 1, 0));
    }
}
