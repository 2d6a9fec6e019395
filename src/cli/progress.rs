//! Shows the progress of a long check: one line on a terminal's standard error, erased when the check ends.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

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
        let (progress, start) = (&progress, Instant::now());
        scope.spawn(move || {
            let mut delay = DELAY;
            while let Err(RecvTimeoutError::Timeout) = running.recv_timeout(delay) {
                if let (done, total @ 1..) = progress.get() {
                    print(&format!("\r{}\x1b[K", line(done, total, start.elapsed())));
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

/// What is done and what is left. The time that is left is that of as many inputs so far; unknown before the first is done.
fn line(done: usize, total: usize, elapsed: Duration) -> String {
    let left = total.saturating_sub(done);
    let rate = elapsed.as_secs_f64() / done.max(1) as f64;
    let time = match (rate * left as f64).ceil() as u64 {
        _ if done == 0 || left == 0 => String::new(),
        seconds @ ..120 => format!(", about {seconds} s"),
        seconds @ ..7200 => format!(", about {} min", seconds.div_ceil(60)),
        seconds => format!(", about {} h", seconds.div_ceil(3600)),
    };
    format!("  checked {done} of {total}, {left} left{time}")
}

/// Ignores errors: progress that cannot be shown is no failure.
fn print(text: &str) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_shown() {
        let after = |seconds| Duration::from_secs(seconds);
        assert_eq!(line(0, 2000, after(3)), "  checked 0 of 2000, 2000 left");
        assert_eq!(line(500, 2000, after(30)), "  checked 500 of 2000, 1500 left, about 90 s");
        assert_eq!(line(500, 2000, after(60)), "  checked 500 of 2000, 1500 left, about 3 min");
        assert_eq!(line(1, 2000, after(60)), "  checked 1 of 2000, 1999 left, about 34 h");
        assert_eq!(line(2000, 2000, after(60)), "  checked 2000 of 2000, 0 left");
    }
}
