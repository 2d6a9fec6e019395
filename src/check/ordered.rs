//! Works on numbered items in parallel, and hands over the results in order. So that memory stays flat, few results wait
//! for an earlier one.

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// Most results that wait until that of an earlier item is there.
const WAITING: usize = 256;

/// How far the work is.
#[derive(Debug, Default)]
struct State {
    /// Items claimed.
    claimed: usize,
    /// Results handed over.
    handed_over: usize,
    /// Whether somebody panicked, or all is done: nobody waits any longer.
    over: bool,
}

#[derive(Debug, Default)]
struct Turns {
    state: Mutex<State>,
    moved: Condvar,
}

impl Turns {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is_due`; `None` if all is over.
    fn wait(&self, is_due: impl Fn(&State) -> bool) -> Option<()> {
        let waits = |state: &mut State| !state.over && !is_due(state);
        let state = self.moved.wait_while(self.state(), waits);
        (!state.unwrap_or_else(PoisonError::into_inner).over).then_some(())
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.moved.notify_all();
    }
}

/// Ends all waiting when it is dropped by a panic; the thread that hands over ends it in any case.
struct Guard<'a> {
    turns: &'a Turns,
    always: bool,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if self.always || thread::panicking() {
            self.turns.change(|state| state.over = true);
        }
    }
}

/// What happens to an item.
pub(super) struct Stages<L, C, W> {
    /// Loads it, in parallel with others.
    pub(super) load: L,
    /// Sees it after all items before it, and says how to work on it.
    pub(super) claim: C,
    /// Works on it, in parallel with others.
    pub(super) work: W,
}

/// Passes the items from 0 to `count` through `stages`, in `jobs` threads if they are several, and each result to `each`, in order,
/// until that breaks.
///
/// # Errors
/// If a thread cannot be started.
pub(super) fn in_order<Loaded, Claim, Result: Send>(
    jobs: usize,
    count: usize,
    stages: Stages<
        impl Fn(usize) -> Loaded + Sync,
        impl FnMut(usize, &Loaded) -> Claim + Send,
        impl Fn(usize, Loaded, Claim) -> Result + Sync,
    >,
    mut each: impl FnMut(usize, Result) -> ControlFlow<()>,
) -> io::Result<()> {
    let Stages { load, mut claim, work } = stages;
    // Some systems have no threads.
    if jobs == 1 {
        for id in 0..count {
            let loaded = load(id);
            let claimed = claim(id, &loaded);
            if each(id, work(id, loaded, claimed)).is_break() {
                break;
            }
        }
        return Ok(());
    }
    let claim = Mutex::new(claim);
    let (turns, next) = (&Turns::default(), AtomicUsize::new(0));
    let one = |id: usize| {
        turns.wait(|state| id < state.handed_over + WAITING)?;
        let loaded = load(id);
        turns.wait(|state| state.claimed == id)?;
        let claimed = claim.lock().unwrap_or_else(PoisonError::into_inner)(id, &loaded);
        turns.change(|state| state.claimed += 1);
        Some(work(id, loaded, claimed))
    };
    thread::scope(|scope| {
        let _guard = Guard { turns, always: true };
        let (sender, results) = mpsc::channel();
        for _ in 0..jobs {
            let (sender, next, one) = (sender.clone(), &next, &one);
            thread::Builder::new().spawn_scoped(scope, move || {
                let _guard = Guard { turns, always: false };
                loop {
                    let id = next.fetch_add(1, Relaxed);
                    let Some(result) = (id < count).then(|| one(id)).flatten() else { break };
                    if sender.send((id, result)).is_err() {
                        break;
                    }
                }
            })?;
        }
        drop(sender);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        'results: for (id, result) in results {
            waiting.insert(id, result);
            while let Some(result) = waiting.remove(&due) {
                if each(due, result).is_break() {
                    break 'results;
                }
                due += 1;
                turns.change(|state| state.handed_over = due);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{self, AssertUnwindSafe};
    use std::time::Duration;

    use super::*;

    fn squares(jobs: usize, count: usize, work: impl Fn(usize) + Sync) -> (Vec<usize>, Vec<usize>) {
        let (mut claims, mut all) = (Vec::new(), Vec::new());
        let stages = Stages {
            load: |id| id * id,
            claim: |id, _: &usize| claims.push(id),
            work: |id, square, ()| {
                work(id);
                square
            },
        };
        in_order(jobs, count, stages, |id, square| {
            assert_eq!(square, id * id);
            all.push(id);
            ControlFlow::Continue(())
        })
        .unwrap();
        (claims, all)
    }

    #[test]
    fn claims_and_results_are_in_order() {
        let slow_first = |id: usize| {
            if id == 0 {
                thread::sleep(Duration::from_millis(30));
            }
        };
        for (jobs, count) in [(1, 10), (2, 1000), (4, 1000), (3, 0)] {
            let expected: Vec<_> = (0..count).collect();
            assert_eq!(squares(jobs, count, slow_first), (expected.clone(), expected));
        }
    }

    #[test]
    fn few_results_wait() {
        let started = AtomicUsize::new(0);
        let first_is_slow = |id: usize| {
            started.fetch_add(1, Relaxed);
            if id == 0 {
                thread::sleep(Duration::from_millis(100));
                assert!(started.load(Relaxed) <= WAITING);
            }
        };
        assert_eq!(squares(2, 2000, first_is_slow).1.len(), 2000);
    }

    #[test]
    fn a_break_ends_it() {
        for jobs in [1, 2] {
            let (started, mut all) = (AtomicUsize::new(0), Vec::new());
            let stages = Stages {
                load: |_| started.fetch_add(1, Relaxed),
                claim: |_, _: &usize| (),
                work: |id, _, ()| id,
            };
            let each = |id, _| {
                all.push(id);
                if id == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            in_order(jobs, 20_000, stages, each).unwrap();
            assert_eq!(all, [0, 1, 2, 3, 4, 5, 6, 7]);
            assert!(started.load(Relaxed) < 20_000);
        }
    }

    #[test]
    fn a_panic_ends_it() {
        let fails = |id: usize| assert!(id != 7, "the seventh");
        for jobs in [1, 2] {
            let all = || squares(jobs, 2000, fails);
            assert!(panic::catch_unwind(AssertUnwindSafe(all)).is_err());
        }
        let stages = Stages { load: |id| id, claim: |_, _: &usize| (), work: |_, id, ()| id };
        let all = || {
            in_order(2, 2000, stages, |id, _| {
                assert!(id != 7, "the seventh");
                ControlFlow::Continue(())
            })
        };
        assert!(panic::catch_unwind(AssertUnwindSafe(all)).is_err());
    }
}
