//! The cause of a difference between calls that overlap and calls in sequence: what other calls change while one of them
//! waits. The calls are made again up to the moment when it goes on, and from then on only it goes on as long as it can.

mod afterwards;
mod gap;
mod observer;

use super::difference::Part;
use super::edit::Edit;
use super::search::{self, Found, States, Trials};
use super::trial::{check_number, ended_by, if_made, limit_calls, pay_instance, traps_alike};
use crate::exec::worker::instance::{Moment, PAUSE, Planned, Played};
use crate::exec::worker::plan::overlap;
use crate::exec::worker::plan::overlap::order::{Course, Order, Pick};
use crate::exec::worker::plan::subject::Subject;
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::probes::Probe;
use crate::observation::cause::{Switch, SwitchMoment};
use crate::observation::overlap::{Disturbance, Schedule};
use crate::observation::{End, Inconclusive, Text};
use gap::Gap;
use observer::{Access, Between};

/// Calls that overlap and differ from calls in sequence.
struct Race<'r> {
    subject: &'r Subject<'r>,
    probes: &'r [Probe],
    schedule: &'r Schedule,
    planned: Vec<Planned>,
    picks: Vec<Pick>,
    trials: u32,
}

/// What a call of a trial did.
struct Shown {
    answer: Option<Text>,
    /// How the calls ended. It is that of this call if there is no answer.
    end: End,
}

/// A cause of calls that overlap: where, and what.
type Located = (Switch, Found);

/// Searches the cause. Also returns the number of trials.
pub(super) async fn search(
    prepared: &Prepared,
    subject: &Subject<'_>,
    probes: &[Probe],
    schedule: &Schedule,
) -> (Result<Located, Inconclusive>, u32) {
    let (planned, order) = match overlap::planned(prepared, &schedule.id) {
        Ok(planned) => planned,
        Err(detail) => return (Err(Inconclusive::new("not-reproduced", detail)), 0),
    };
    let picks = order.picks().to_vec();
    let mut race = Race { subject, probes, schedule, planned, picks, trials: 0 };
    let found = race.search().await;
    (found, race.trials)
}

impl<'r> Race<'r> {
    /// Searches the cause, in the shortest beginning of the order that shows the difference.
    async fn search(&mut self) -> Result<Located, Inconclusive> {
        let suspects: Vec<usize> = match self.schedule.disturbance() {
            None => Vec::new(),
            Some(Disturbance::After(position)) => return self.search_after(position).await,
            Some(Disturbance::Fails(_)) => (0..self.planned.len()).collect(),
            Some(Disturbance::Answers) => {
                let calls = self.schedule.calls.iter().enumerate();
                calls.filter(|(call, it)| !self.is_good(*call, &it.answer)).map(|it| it.0).collect()
            }
        };
        let mut unknown = Inconclusive::new(
            "not-reproduced",
            "the calls do not differ when one goes on alone after a wait: several waits together make the \
             difference, or the engine resumes a call that yields",
        );
        for gap in gap::of(&self.picks) {
            if !suspects.contains(&gap.call) {
                continue;
            }
            let Some((mut trials, states)) = self.switched(gap).await? else { continue };
            match search::causes(&mut trials, states, &mut Vec::new()).await {
                Ok(found) => return Ok((trials.switch, found)),
                Err(why) if why.reason == Inconclusive::HOST_STATE => unknown = why,
                Err(why) => return Err(why),
            }
        }
        Err(unknown)
    }

    /// Whether a call answers so alone or in some sequence.
    fn is_good(&self, call: usize, answer: &Text) -> bool {
        let alone = self.schedule.apart.get(call);
        let in_turn = self.schedule.in_turn.iter().filter_map(|it| it.get(call));
        alone.into_iter().chain(in_turn).any(|it| it == answer)
    }

    /// Trials of a gap; `None` if the call does what it should after it, or the gap is not reached.
    async fn switched(
        &mut self,
        gap: Gap,
    ) -> Result<Option<(Switched<'_, 'r>, States)>, Inconclusive> {
        let (mut fresh, mut later) = (None, None);
        let accesses =
            [(gap.from, Access::Read(&mut fresh)), (gap.until, Access::Read(&mut later))];
        let before = self.subject.budget.fuel.get();
        let order = Order::led(self.picks[..gap.picks].to_vec(), gap.call);
        let played = self.play(&order, false, gap, accesses.into()).await?;
        let bad = shown(&played, gap.call);
        let is_good = bad.answer.as_ref().is_some_and(|it| self.is_good(gap.call, it));
        let (Some(fresh), Some(later), false) = (fresh, later, is_good) else { return Ok(None) };
        let mut next = played.steps.iter().skip(gap.picks).filter(|it| it.call == gap.call);
        let moment = match next.next() {
            _ if gap.own == 0 => SwitchMoment::Begins,
            Some(step) => SwitchMoment::Waits(step.what.clone()),
            None => SwitchMoment::Yields,
        };
        let switch = Switch { call: gap.call, moment };
        let budget = &self.subject.budget;
        limit_calls(budget, before.saturating_sub(budget.fuel.get()));
        let states = States { fresh, later, table_elements: 0 };
        Ok(Some((Switched { race: self, gap, order, bad, switch }, states)))
    }

    /// Makes the calls in this order, or `alone` that of the gap.
    async fn play(
        &mut self,
        order: &Order,
        alone: bool,
        gap: Gap,
        accesses: Vec<(Moment, Access<'_>)>,
    ) -> Result<Played, Inconclusive> {
        let budget = &self.subject.budget;
        self.trials += 1;
        pay_instance(budget)?;
        let mut live = self.subject.start().await?;
        let planned = if alone { &self.planned[gap.call..=gap.call] } else { &self.planned[..] };
        let mut between = Between { probes: self.probes, accesses };
        let mut course = Course::of(order);
        let played = live.call_scheduled(planned, &mut course, &mut between, PAUSE).await;
        ended_by(played, budget)
    }
}

/// What a call did.
fn shown(played: &Played, call: usize) -> Shown {
    Shown { answer: played.answered[call].clone(), end: played.calls[call].end.clone() }
}

/// Trials of a gap.
struct Switched<'s, 'r> {
    race: &'s mut Race<'r>,
    gap: Gap,
    order: Order,
    bad: Shown,
    switch: Switch,
}

impl Switched<'_, '_> {
    async fn trial(&mut self, alone: bool, edit: Edit<'_>) -> Result<Option<Shown>, Inconclusive> {
        let Switched { race, gap, order, .. } = self;
        check_number(race.trials)?;
        let own = race.picks[..gap.picks].iter().filter(|it| it.call == gap.call);
        let own: Vec<Pick> = own.map(|it| it.alone()).collect();
        let (order, until) = match (alone, gap.yields) {
            (false, _) => (order.clone(), gap.until),
            (true, true) => (Order::led(own, 0), Moment::Begun(1)),
            (true, false) => (Order::led(own, 0), Moment::Before(gap.own)),
        };
        let call = if alone { 0 } else { gap.call };
        let played = race.play(&order, alone, *gap, vec![(until, Access::Put(edit))]).await;
        Ok(if_made(played)?.map(|played| shown(&played, call)))
    }
}

impl Trials for Switched<'_, '_> {
    async fn is_mended(&mut self, parts: &[Part], states: &States) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.fresh, sizes: &[] };
        let shown = self.trial(false, edit).await?;
        let answer = shown.and_then(|it| it.answer);
        Ok(answer.is_some_and(|it| self.race.is_good(self.gap.call, &it)))
    }

    async fn is_broken(
        &mut self,
        parts: &[Part],
        sizes: &[(usize, usize)],
        states: &States,
    ) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.later, sizes };
        let Some(shown) = self.trial(true, edit).await? else { return Ok(false) };
        let is_same_end = self.bad.answer.is_some()
            || std::mem::discriminant(&shown.end) == std::mem::discriminant(&self.bad.end)
                && traps_alike(&shown.end, &self.bad.end);
        Ok(shown.answer == self.bad.answer && is_same_end)
    }
}
