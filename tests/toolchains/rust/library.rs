//! State that Rust programs keep: a static counter, the cache of a thread, and a list that only grows.

use std::cell::{OnceCell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};

static CALLS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static FIRST: OnceCell<u32> = const { OnceCell::new() };
    static KEPT: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

#[unsafe(export_name = "tick")]
extern "C" fn tick() -> u32 {
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

#[unsafe(export_name = "first")]
extern "C" fn first(value: u32) -> u32 {
    FIRST.with(|first| *first.get_or_init(|| value))
}

#[unsafe(export_name = "keep")]
extern "C" fn keep() {
    KEPT.with_borrow_mut(|kept| kept.push(remember(64 << 10)));
}

#[inline(never)]
fn remember(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}
