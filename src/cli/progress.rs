//! How far a long run is: one line on a terminal's standard error, gone when the run ends.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// A run that is over sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two updates.
const PAUSE: Duration = Duration::from_millis(100);

/// Counts what is done.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    done: AtomicUsize,
}

impl Progress {
    /// One more is done.
    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Does `work`, which is so many steps, and shows how far it is if `shown` and if somebody looks.
pub(crate) fn during<T>(steps: usize, shown: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !shown || !io::stderr().is_terminal() {
        return work(&progress);
    }
    let (over, running) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let done = &progress.done;
        scope.spawn(move || {
            let mut patience = PATIENCE;
            let mut told = false;
            while let Err(RecvTimeoutError::Timeout) = running.recv_timeout(patience) {
                let done = done.load(Ordering::Relaxed);
                tell(&format!("\r  checked {done} of {steps}"));
                (patience, told) = (PAUSE, true);
            }
            if told {
                tell("\r\x1b[K");
            }
        });
        let result = work(&progress);
        drop(over);
        result
    })
}

/// That nobody can be told is no failure.
fn tell(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
