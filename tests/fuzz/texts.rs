//! Damaged texts: bytes, words and lines exchanged; in JSON also values.

use serde_json::{Value, json};

use super::targets::random::Random;

/// What readers of text stumble over.
const WORDS: [&str; 40] = [
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\\",
    "\\u0000",
    "\u{202e}",
    "\u{1b}[31m",
    "\u{feff}",
    "ü",
    "🦀",
    "0",
    "-1",
    "1e999",
    "99999999999999999999",
    "0xffffffff",
    "nan",
    "- ",
    ": ",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "|\n",
    "= ",
    "[[a]]",
    "#",
    "//",
    "/*",
    "true",
    "null",
];

/// A text with a few places changed; `donor` gives pieces.
pub(crate) fn damaged(text: &[u8], donor: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(text.len() as u64 + 1) as usize;
        let end = (at + random.below(24) as usize).min(text.len());
        match random.below(9) {
            0 => drop(text.drain(at..end)),
            1 => {
                let piece = text[at..end].to_vec();
                let to = random.below(text.len() as u64 + 1) as usize;
                text.splice(to..to, piece);
            }
            2 => {
                let word = random.pick(&WORDS);
                text.splice(at..at, word.bytes());
            }
            3 => {
                let word = random.pick(&WORDS);
                text.splice(at..end, word.bytes());
            }
            4 => {
                let from = random.below(donor.len() as u64 + 1) as usize;
                let until = (from + random.below(80) as usize).min(donor.len());
                text.splice(at..end, donor[from..until].iter().copied());
            }
            5 => text.truncate(at),
            6 if at < text.len() => text[at] = random.next() as u8,
            7 => {
                let line = text[at..].split(|it| *it == b'\n').next().unwrap_or_default().to_vec();
                let times = random.below(20);
                (0..times).for_each(|_| drop(text.splice(at..at, line.iter().copied())));
            }
            _ => text[at..end].reverse(),
        }
    }
    text
}

/// A JSON value with a few of its values exchanged, removed or repeated.
pub(crate) fn disturbed(mut value: Value, random: &mut Random) -> Value {
    for _ in 0..=random.below(4) {
        disturb(&mut value, random);
    }
    value
}

fn disturb(value: &mut Value, random: &mut Random) {
    let inner: Vec<&mut Value> = match value {
        Value::Object(members) => members.values_mut().collect(),
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    if !inner.is_empty() && random.percent(88) {
        let at = random.below(inner.len() as u64) as usize;
        return inner.into_iter().nth(at).into_iter().for_each(|it| disturb(it, random));
    }
    match (value, random.below(5)) {
        (Value::Object(members), 0 | 1) => {
            let at = random.below(members.len().max(1) as u64) as usize;
            if let Some(key) = members.keys().nth(at).cloned() {
                members.remove(&key);
            }
        }
        (Value::Array(items), 0) if !items.is_empty() => {
            items.remove(random.below(items.len() as u64) as usize);
        }
        (Value::Array(items), 1 | 2) if !items.is_empty() => {
            let item = items[random.below(items.len() as u64) as usize].clone();
            items.push(item);
        }
        (Value::String(text), 0..3) => {
            let changed = damaged(text.as_bytes(), b"wasi:cli/run@0.2.6#run", random);
            *text = String::from_utf8_lossy(&changed).into_owned();
        }
        (value, _) => {
            *value = match random.below(10) {
                0 => Value::Null,
                1 => json!(true),
                2 => json!(0),
                3 => json!(1),
                4 => json!(-1),
                5 => json!(u64::MAX),
                6 => json!(1e300),
                7 => json!([]),
                8 => json!({}),
                _ => json!(random.pick(&WORDS)),
            }
        }
    }
}

/// Exchanges, repeats and removes items of an array.
pub(crate) fn shuffle(value: &mut Value, random: &mut Random) {
    let Value::Array(items) = value else { return };
    for _ in 0..random.below(20) {
        if items.is_empty() {
            return;
        }
        let mut any = || random.below(items.len() as u64) as usize;
        let (at, other, what) = (any(), any(), any() % 3);
        match what {
            0 => items.swap(at, other),
            1 => drop(items.remove(at)),
            _ => items.insert(at, items[other].clone()),
        }
    }
}
