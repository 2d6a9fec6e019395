//! Shows the progress of a long check: one line on a terminal's standard error, erased when the check ends.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::check::progress::Progress;

/// Shorter checks show nothing.
const DELAY: Duration = Duration::from_millis(500);
/// Between two updates.
const INTERVAL: Duration = Duration::from_millis(100);

/// Runs `work`, and shows its progress if `shown` and standard error is a terminal.
pub(super) fn during<T>(shown: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if !shown || !io::stderr().is_terminal() {
        return work(&progress);
    }
    let (over, running) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let progress = &progress;
        scope.spawn(move || {
            let mut delay = DELAY;
            while let Err(RecvTimeoutError::Timeout) = running.recv_timeout(delay) {
                if let (done, total @ 1..) = progress.get() {
                    print(&format!("\r  checked {done} of {total}"));
                    delay = INTERVAL;
                }
            }
            if delay == INTERVAL {
                print("\r\x1b[K");
            }
        });
        let result = work(progress);
        drop(over);
        result
    })
}

/// Ignores errors: progress that cannot be shown is no failure.
fn print(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
