//! Trials: the calls of a difference made again, on an instance of its own, with some of its state put back or put in.

use super::difference::Part;
use super::edit::{Edit, unreadable};
use super::search::{States, Trials};
use crate::exec::worker::budget::{Budget, of_call};
use crate::exec::worker::instance::PAUSE;
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::probes::{Probe, Value};
use crate::exec::worker::seen::Seen;
use crate::observation::{Call, End, Inconclusive, Limit};

/// With more calls than this before it, trials of a difference take long.
const FEW: usize = 64;
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
pub(super) struct Baseline<'b, 'c> {
    case: &'b mut Case<'c>,
    /// When both begin on the instance's clock.
    at: u64,
    good: Seen,
    bad: Seen,
}

/// What is done to the state before the call.
enum Access<'e> {
    /// It is read.
    Read(&'e mut Vec<Value>),
    /// It is read after the call, if that returns.
    ReadAfter(&'e mut Vec<Value>),
    /// Parts of it are written.
    Put(Edit<'e>),
}

impl<'c> Case<'c> {
    /// Makes both calls again, and reads the states before them.
    ///
    /// # Errors
    /// When they do not differ, or cannot be made.
    pub(super) async fn baseline(
        &mut self,
        observed: &Call,
    ) -> Result<(Baseline<'_, 'c>, States), Inconclusive> {
        let (mut fresh, mut later) = (Vec::new(), Vec::new());
        let (bad, at) = self.run(true, None, Access::Read(&mut later)).await?;
        let (good, _) = self.run(false, Some(at), Access::Read(&mut fresh)).await?;
        if !bad.call.is_like(observed) || bad.call.is_like(&good.call) {
            let detail = "the calls do not differ when they are made again at other times";
            return Err(Inconclusive::new("not-reproduced", detail));
        }
        // The calls of trials end soon after those that they are compared with.
        let most = match bad.call.end {
            End::Exhausted(Limit::Time) => of_call(&good.call),
            _ => of_call(&good.call).max(of_call(&bad.call)),
        };
        limit_calls(&self.subject.budget, most);
        // Both calls have been made then, so what they add themselves cancels out.
        let [held, before] = [&bad, &good].map(|seen| seen.call.holds.table_elements);
        let table_elements = held.saturating_sub(before);
        let states = States { fresh, later, table_elements };
        Ok((Baseline { case: self, at, good, bad }, states))
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
        check_number(self.trials)?;
        let made = self.run(later, Some(at), Access::Put(edit)).await;
        Ok(if_made(made)?.map(|(seen, _)| seen))
    }

    /// [`Self::attempt`], with the error of [`ended_by`].
    async fn run(
        &mut self,
        later: bool,
        at: Option<u64>,
        access: Access<'_>,
    ) -> Result<(Seen, u64), Inconclusive> {
        let attempt = self.attempt(later, at, access).await;
        ended_by(attempt, &self.subject.budget)
    }

    /// Makes the calls before, accesses the state, and makes the call at `at`, or two pauses after them.
    async fn attempt(
        &mut self,
        later: bool,
        at: Option<u64>,
        access: Access<'_>,
    ) -> Result<(Seen, u64), Inconclusive> {
        let Subject { target, order, budget, prepared, .. } = self.subject;
        self.trials += 1;
        pay_instance(budget)?;
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
        let probes = self.probes;
        let accessed = match access {
            Access::Read(values) => {
                live.with_state(async |state| state.read(probes).await).await.map(|it| *values = it)
            }
            Access::ReadAfter(values) => {
                after = Some(values);
                Ok(())
            }
            Access::Put(edit) => {
                live.with_state(async |state| edit.apply(probes, state).await).await
            }
        };
        accessed.map_err(unreadable)?;
        let seen = live.call_ready(*target, order.arguments(self.index), at).await?;
        if let Some(values) = after.filter(|_| seen.call.end == End::Returned) {
            let read = live.with_state(async |state| state.read(probes).await).await;
            *values = read.map_err(unreadable)?;
        }
        Ok((seen, at))
    }
}

impl Trials for Baseline<'_, '_> {
    fn is_long(&self) -> bool {
        self.case.before.len() > FEW
    }

    async fn is_mended(&mut self, parts: &[Part], states: &States) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.fresh, sizes: &[] };
        let seen = self.case.trial(true, self.at, edit).await?;
        Ok(seen.is_some_and(|seen| seen.call.is_like(&self.good.call)))
    }

    async fn is_broken(
        &mut self,
        parts: &[Part],
        sizes: &[(usize, usize)],
        states: &States,
    ) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.later, sizes };
        let seen = self.case.trial(false, self.at, edit).await?;
        Ok(seen.is_some_and(|seen| ends_alike(&seen.call, &self.bad.call)))
    }

    async fn state_after(&mut self) -> Result<Option<Vec<Value>>, Inconclusive> {
        let mut after = Vec::new();
        self.case.run(true, Some(self.at), Access::ReadAfter(&mut after)).await?;
        Ok(Some(after).filter(|after| !after.is_empty()))
    }
}

/// Checks that another trial may be made.
pub(super) fn check_number(trials: u32) -> Result<(), Inconclusive> {
    match trials >= MOST {
        true => Err(Inconclusive::new("budget", format!("{MOST} trials were not enough"))),
        false => Ok(()),
    }
}

/// Takes what an instance costs from the budget.
pub(super) fn pay_instance(budget: &Budget) -> Result<(), Inconclusive> {
    if budget.fuel.get() < budget.fuel_per_call.get().min(MORE) {
        return Err(Inconclusive::new("budget", SPENT));
    }
    budget.fuel.set(budget.fuel.get().saturating_sub(INSTANCE));
    Ok(())
}

/// Limits further calls to some times the operators of a call.
pub(super) fn limit_calls(budget: &Budget, operators: u64) {
    let limit = operators.saturating_mul(FACTOR).saturating_add(MORE);
    budget.fuel_per_call.set(limit.min(budget.fuel_per_call.get()));
}

/// The attempt, with an error of its own if the clock and not the budget ended it.
pub(super) fn ended_by<T>(
    attempt: Result<T, Inconclusive>,
    budget: &Budget,
) -> Result<T, Inconclusive> {
    let is_left = budget.fuel.get() > budget.fuel_per_call.get();
    match attempt {
        Err(why) if why.reason == "budget" && is_left => {
            Err(Inconclusive::new("clock", "a trial took too long by the clock"))
        }
        attempt => attempt,
    }
}

/// What a trial showed; `None` if its calls cannot be made.
///
/// # Errors
/// When the budget is used up.
pub(super) fn if_made<T>(trial: Result<T, Inconclusive>) -> Result<Option<T>, Inconclusive> {
    match trial {
        Ok(shown) => Ok(Some(shown)),
        Err(why) if matches!(why.reason.as_str(), "budget" | "clock") => Err(why),
        Err(_) => Ok(None),
    }
}

/// Whether two calls ended at the same place, and did the same.
fn ends_alike(one: &Call, other: &Call) -> bool {
    traps_alike(&one.end, &other.end) && one.is_like(other)
}

/// Whether two ends are not traps at different places.
pub(super) fn traps_alike(one: &End, other: &End) -> bool {
    match (one, other) {
        (End::Trapped(one), End::Trapped(other)) => {
            one.message == other.message && one.frames.first() == other.frames.first()
        }
        _ => true,
    }
}
