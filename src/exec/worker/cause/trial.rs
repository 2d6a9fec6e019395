//! Trials: the calls of a difference made again, on an instance of its own, with some of its state put back or put in.

use super::difference::Part;
use crate::exec::worker::budget::{Stop, of_call};
use crate::exec::worker::instance::{Live, PAUSE};
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::probes::{Probe, Value};
use crate::exec::worker::seen::Seen;
use crate::observation::{Call, End, Inconclusive, Limit};

/// How many trials a difference gets.
const MOST: u32 = 150;
/// Operators that an instance costs, about, besides those that it executes.
const INSTANCE: u64 = 100_000;
/// A call in a trial may execute this many times the operators of the calls that it is compared with, and some more: an
/// allocator whose state was changed may loop.
const FACTOR: u64 = 8;
const MORE: u64 = 4_000_000;
/// The detail when the trials end early.
const SPENT: &str = "the trials used up their budget (`--cause-budget`)";

/// A call: the target, and the index of its arguments.
pub(super) type Step = (usize, usize);

/// A call that differs from its reference call.
pub(super) struct Case<'c> {
    pub(super) subject: &'c Subject<'c>,
    pub(super) probes: &'c [Probe],
    /// The calls before it, and those before its reference call.
    pub(super) before: Vec<Step>,
    pub(super) reference: Vec<Step>,
    /// The index of its arguments.
    pub(super) index: usize,
    pub(super) trials: u32,
}

/// The two calls, made again.
pub(super) struct Baseline {
    /// When both begin on the instance's clock.
    at: u64,
    pub(super) good: Seen,
    pub(super) bad: Seen,
    /// The states before them.
    pub(super) fresh: Vec<Value>,
    pub(super) later: Vec<Value>,
}

/// What is done to the state before the call.
enum Edit<'e> {
    /// It is read.
    Read(&'e mut Vec<Value>),
    /// It is read after the call, if that returns.
    ReadAfter(&'e mut Vec<Value>),
    /// Parts get the values that they have in `from`. Memories are grown to the sizes that they have in `sizes`.
    Put { parts: &'e [Part], from: &'e [Value], sizes: &'e [(usize, usize)] },
}

impl Case<'_> {
    /// Makes both calls again, and reads the states before them.
    ///
    /// # Errors
    /// When they do not differ, or cannot be made.
    pub(super) async fn baseline(&mut self, observed: &Call) -> Result<Baseline, Inconclusive> {
        let (mut fresh, mut later) = (Vec::new(), Vec::new());
        let (bad, at) = self.run(true, None, Edit::Read(&mut later)).await?;
        let (good, _) = self.run(false, Some(at), Edit::Read(&mut fresh)).await?;
        if !bad.call.is_like(observed) || bad.call.is_like(&good.call) {
            let detail = "the calls do not differ when they are made again at other times";
            return Err(Inconclusive::new("not-reproduced", detail));
        }
        // The calls of trials end soon after those that they are compared with.
        let most = match bad.call.end {
            End::Exhausted(Limit::Time) => of_call(&good.call),
            _ => of_call(&good.call).max(of_call(&bad.call)),
        };
        let limit = most.saturating_mul(FACTOR).saturating_add(MORE);
        let budget = &self.subject.budget;
        budget.fuel_per_call.set(limit.min(budget.fuel_per_call.get()));
        Ok(Baseline { at, good, bad, fresh, later })
    }

    /// Whether the call after the earlier ones does what the reference call does, if these parts are put back.
    pub(super) async fn is_mended(
        &mut self,
        parts: &[Part],
        base: &Baseline,
    ) -> Result<bool, Inconclusive> {
        let edit = Edit::Put { parts, from: &base.fresh, sizes: &[] };
        let seen = self.trial(true, base.at, edit).await?;
        Ok(seen.is_some_and(|seen| seen.call.is_like(&base.good.call)))
    }

    /// Whether the reference call does what the call after the earlier ones does, if these parts are put in.
    pub(super) async fn is_broken(
        &mut self,
        parts: &[Part],
        sizes: &[(usize, usize)],
        base: &Baseline,
    ) -> Result<bool, Inconclusive> {
        let edit = Edit::Put { parts, from: &base.later, sizes };
        let seen = self.trial(false, base.at, edit).await?;
        Ok(seen.is_some_and(|seen| ends_alike(&seen.call, &base.bad.call)))
    }

    /// The state after the call that differs, if it returns.
    pub(super) async fn state_after(
        &mut self,
        base: &Baseline,
    ) -> Result<Option<Vec<Value>>, Inconclusive> {
        let mut after = Vec::new();
        self.run(true, Some(base.at), Edit::ReadAfter(&mut after)).await?;
        Ok(Some(after).filter(|after| !after.is_empty()))
    }

    /// Makes a trial; `None` if its call cannot be made.
    ///
    /// # Errors
    /// When the budget is used up.
    async fn trial(
        &mut self,
        later: bool,
        at: u64,
        edit: Edit<'_>,
    ) -> Result<Option<Seen>, Inconclusive> {
        if self.trials >= MOST {
            return Err(Inconclusive::new("budget", format!("{MOST} trials were not enough")));
        }
        match self.run(later, Some(at), edit).await {
            Ok((seen, _)) => Ok(Some(seen)),
            Err(why) if matches!(why.reason.as_str(), "budget" | "clock") => Err(why),
            Err(_) => Ok(None),
        }
    }

    /// [`Self::attempt`], with an error of its own if the clock and not the budget ended it.
    async fn run(
        &mut self,
        later: bool,
        at: Option<u64>,
        edit: Edit<'_>,
    ) -> Result<(Seen, u64), Inconclusive> {
        let attempt = self.attempt(later, at, edit).await;
        let budget = &self.subject.budget;
        let is_left = budget.fuel.get() > budget.fuel_per_call.get();
        match attempt {
            Err(why) if why.reason == "budget" && is_left => {
                Err(Inconclusive::new("clock", "a trial took too long by the clock"))
            }
            attempt => attempt,
        }
    }

    /// Makes the calls before, edits the state, and makes the call at `at`, or two pauses after them.
    async fn attempt(
        &mut self,
        later: bool,
        at: Option<u64>,
        edit: Edit<'_>,
    ) -> Result<(Seen, u64), Inconclusive> {
        let Subject { target, order, budget, prepared, .. } = self.subject;
        self.trials += 1;
        if budget.fuel.get() < budget.fuel_per_call.get().min(MORE) {
            return Err(Inconclusive::new("budget", SPENT));
        }
        budget.fuel.set(budget.fuel.get().saturating_sub(INSTANCE));
        let mut live = self.subject.start().await?;
        let before = if later { &self.before } else { &self.reference };
        for (other, index) in before {
            let begin = live.now().saturating_add(PAUSE);
            let seen = live.call(*other, prepared.order(*other).arguments(*index), begin).await?;
            if seen.call.end != End::Returned {
                let detail = "an earlier call does not return when it is made again";
                return Err(Inconclusive::new("not-reproduced", detail));
            }
        }
        let at = at.unwrap_or_else(|| live.now().saturating_add(2 * PAUSE));
        if live.make_ready(*target, at).await?.is_some() {
            return Err(Inconclusive::new("not-reproduced", "`cleanup` or `init` fails"));
        }
        let mut after = None;
        let edited = match edit {
            Edit::Read(values) => live.state(self.probes).await.map(|read| *values = read),
            Edit::ReadAfter(values) => {
                after = Some(values);
                Ok(())
            }
            Edit::Put { parts, from, sizes } => self.put(&mut live, parts, from, sizes).await,
        };
        edited.map_err(unreadable)?;
        let seen = live.call_ready(*target, order.arguments(self.index), at).await?;
        if let Some(values) = after.filter(|_| seen.call.end == End::Returned) {
            *values = live.state(self.probes).await.map_err(unreadable)?;
        }
        Ok((seen, at))
    }

    async fn put(
        &self,
        live: &mut Live<'_>,
        parts: &[Part],
        from: &[Value],
        sizes: &[(usize, usize)],
    ) -> Result<(), Stop> {
        for (value, size) in sizes {
            live.grow(&self.probes[*value], *size).await?;
        }
        for part in parts {
            match *part {
                Part::Global(value) => {
                    if let Value::Global(bits) = from[value] {
                        live.set(&self.probes[value], bits).await?;
                    }
                }
                Part::Bytes { value, at, length } => {
                    if let Value::Memory(memory) = &from[value] {
                        let bytes = memory.bytes(at, length);
                        live.write(&self.probes[value], at, &bytes).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why the state of an instance cannot be read or written.
fn unreadable(stop: Stop) -> Inconclusive {
    match stop {
        Stop::Inconclusive(why) => why,
        Stop::Error(error) => {
            let cause = error.root_cause();
            let detail = format!("the instance cannot be read between calls: {cause}");
            Inconclusive::new("unreadable", detail)
        }
        Stop::Late | Stop::Idle => Inconclusive::new("clock", "reading the instance took too long"),
    }
}

/// Whether two calls ended at the same place, and did the same.
fn ends_alike(one: &Call, other: &Call) -> bool {
    let is_same_trap = match (&one.end, &other.end) {
        (End::Trapped(one), End::Trapped(other)) => {
            one.message == other.message && one.frames.first() == other.frames.first()
        }
        _ => true,
    };
    is_same_trap && one.is_like(other)
}
