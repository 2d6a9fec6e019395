//! What differs between two states of an instance, in parts of growing fineness: pages, runs of bytes, words.

use crate::exec::worker::instance::PAGE;
use crate::exec::worker::probes::Value;
use crate::observation::cause::Changed;

/// Bytes of the pages in which changes are searched first.
const SMALL_PAGE: usize = 4 << 10;
const ZEROS: [u8; SMALL_PAGE] = [0; SMALL_PAGE];
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

/// Pages of memory, and globals, in which two states differ.
pub(super) fn pages(fresh: &[Value], later: &[Value]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (value, (fresh, later)) in fresh.iter().zip(later).enumerate() {
        match (fresh, later) {
            (Value::Global(fresh), Value::Global(later)) if fresh != later => {
                parts.push(Part::Global(value));
            }
            (Value::Memory(fresh), Value::Memory(later)) => {
                for at in (0..later.len()).step_by(SMALL_PAGE) {
                    let length = SMALL_PAGE.min(later.len() - at);
                    let (later, same) = (&later[at..at + length], fresh.get(at..at + length));
                    let is_same = match same {
                        Some(fresh) => fresh == later,
                        None => *later == ZEROS[..length],
                    };
                    if !is_same {
                        parts.push(Part::Bytes { value, at, length });
                    }
                }
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
        let mut run: Option<(usize, usize)> = None;
        for at in (at..at + length).filter(|at| byte(fresh, *at) != byte(later, *at)) {
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
        for word in (at / WORD * WORD..at + length).step_by(WORD) {
            if (word..word + WORD).any(|at| byte(fresh, at) != byte(later, at)) {
                into.push(Part::Bytes { value, at: word, length: WORD });
            }
        }
    })
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
                    let differs = |at: &usize| byte(fresh, *at) != byte(later, *at);
                    changed.bytes += (at..at + length).filter(differs).count() as u64;
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

/// The bytes of a memory from `at` on; those beyond its end are zero.
pub(super) fn bytes(memory: &[u8], at: usize, length: usize) -> Vec<u8> {
    let end = memory.len().min(at + length);
    let mut bytes = memory.get(at..end).unwrap_or_default().to_vec();
    bytes.resize(length, 0);
    bytes
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

fn byte(memory: &[u8], at: usize) -> u8 {
    memory.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_in_pages_runs_and_words() {
        let mut later = vec![0; 4 * SMALL_PAGE];
        let fresh = [Value::Memory(later[..3 * SMALL_PAGE].to_vec()), Value::Global(1)];
        for at in [5, 6, 20, SMALL_PAGE + 9, 3 * SMALL_PAGE + 1] {
            later[at] = 7;
        }
        let later = [Value::Memory(later), Value::Global(2)];
        let pages = pages(&fresh, &later);
        let part = |at, length| Part::Bytes { value: 0, at, length };
        let page = |number| part(number * SMALL_PAGE, SMALL_PAGE);
        assert_eq!(pages, [page(0), page(1), page(3), Part::Global(1)]);
        let runs = runs(&pages, &fresh, &later);
        let end = part(3 * SMALL_PAGE + 1, 1);
        assert_eq!(runs, [part(5, 2), part(20, 1), part(SMALL_PAGE + 9, 1), end, Part::Global(1)]);
        let words = words(&runs[..3], &fresh, &later);
        assert_eq!(words, [part(4, 4), part(20, 4), part(SMALL_PAGE + 8, 4)]);
        assert_eq!(joined(&[part(4, 4), part(8, 4), part(16, 4)]), [part(4, 8), part(16, 4)]);
        let changed = amount(&fresh, &later);
        assert_eq!((changed.bytes, changed.pages, changed.globals, changed.grown), (5, 3, 1, 0));
    }
}
