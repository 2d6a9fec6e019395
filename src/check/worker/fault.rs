//! Faults that tests put into the worker. `SECONDCALL_TEST_FAULT=KIND:TEXT` makes it fail as `KIND` says at an input that
//! contains the text. No input does so by itself: without the variable, nothing here has an effect.

use std::hint::black_box;
use std::time::Duration;
use std::{process, thread};

use super::limits::limit_time;

/// The variable. The session hands it to its workers, which have no other one.
pub(crate) const VARIABLE: &str = "SECONDCALL_TEST_FAULT";

/// Fails if the variable asks for it at an input of these bytes.
pub(super) fn inject(bytes: &[u8]) {
    let Ok(fault) = std::env::var(VARIABLE) else { return };
    let Some((kind, text)) = fault.split_once(':') else { return };
    if text.is_empty() || !bytes.windows(text.len()).any(|it| it == text.as_bytes()) {
        return;
    }
    match kind {
        "abort" => process::abort(),
        "stack" => _ = black_box(descend(u64::MAX)),
        "memory" => fill(),
        "time" => {
            // Tests do not wait for a minute.
            limit_time(1);
            while black_box(true) {}
        }
        "hang" => loop {
            thread::sleep(Duration::from_secs(1));
        },
        "panic" => panic!("a test asked for it"),
        _ => {}
    }
}

/// Takes memory as long as there is any.
fn fill() {
    let mut taken = Vec::new();
    while black_box(true) {
        taken.push(vec![1_u8; 1 << 20]);
    }
}

/// Calls itself as often as no stack has room for.
fn descend(times: u64) -> u64 {
    if black_box(times) == 0 { 0 } else { descend(times - 1) + black_box(times) }
}
