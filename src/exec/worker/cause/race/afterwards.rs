//! Calls that overlap and answer as in sequence, and a call after them that does not.

use super::{Located, Race};
use crate::exec::worker::cause::difference::Part;
use crate::exec::worker::cause::edit::{Edit, unreadable};
use crate::exec::worker::cause::search::{self, States, Trials};
use crate::exec::worker::cause::trial::{
    check_number, ended_by, if_made, limit_calls, pay_instance,
};
use crate::exec::worker::instance::PAUSE;
use crate::exec::worker::plan::overlap::order::{Course, Order, sequences};
use crate::exec::worker::plan::overlap::{called_after, shown};
use crate::exec::worker::probes::Value;
use crate::observation::cause::{Switch, SwitchMoment};
use crate::observation::{End, Inconclusive, Text};

impl Race<'_> {
    /// Searches the cause in the state after the calls. `position` is that of the call among those after them.
    pub(super) async fn search_after(&mut self, position: usize) -> Result<Located, Inconclusive> {
        let answers: Vec<_> = self.schedule.calls.iter().map(|it| &it.answer).collect();
        let alike =
            self.schedule.in_turn.iter().position(|it| it.iter().eq(answers.iter().copied()));
        // If each answers as alone, any sequence will do.
        let alike = alike.unwrap_or(0);
        let after = self.schedule.after_in_turn.get(alike).and_then(|it| it.get(position));
        let in_turn = sequences(self.planned.len()).into_iter().nth(alike).zip(after.cloned());
        let (Some((sequence, good)), Some(bad)) = (in_turn, self.schedule.after.get(position))
        else {
            return Err(Inconclusive::new(
                "not-reproduced",
                "the report has no answers to compare",
            ));
        };
        let overlapping = Order::led(self.picks.clone(), 0);
        let sequence = Order::sequence(sequence);
        let bad = bad.clone();
        let mut after = After { race: self, position, overlapping, sequence, good, bad };
        let before = after.race.subject.budget.fuel.get();
        let (mut fresh, mut later) = (Vec::new(), Vec::new());
        let differing = after.run(true, None, Some(&mut later)).await?;
        let reference = after.run(false, None, Some(&mut fresh)).await?;
        if differing != after.bad || reference != after.good {
            let detail = "the call after them does not differ when it is made again";
            return Err(Inconclusive::new("not-reproduced", detail));
        }
        let budget = &after.race.subject.budget;
        limit_calls(budget, before.saturating_sub(budget.fuel.get()));
        let states = States { fresh, later, table_elements: 0 };
        let found = search::causes(&mut after, states, &mut Vec::new()).await?;
        Ok((Switch { call: position, moment: SwitchMoment::Afterwards }, found))
    }
}

/// Trials of a call after those that overlap.
struct After<'a, 'r> {
    race: &'a mut Race<'r>,
    position: usize,
    overlapping: Order,
    sequence: Order,
    good: Text,
    bad: Text,
}

impl After<'_, '_> {
    /// Makes the calls, and the one after them, before which the state is changed or read.
    async fn run(
        &mut self,
        overlapping: bool,
        edit: Option<Edit<'_>>,
        read: Option<&mut Vec<Value>>,
    ) -> Result<Text, Inconclusive> {
        self.race.trials += 1;
        let attempt = self.attempt(overlapping, edit, read).await;
        ended_by(attempt, &self.race.subject.budget)
    }

    async fn attempt(
        &self,
        overlapping: bool,
        edit: Option<Edit<'_>>,
        read: Option<&mut Vec<Value>>,
    ) -> Result<Text, Inconclusive> {
        let Race { subject, probes, planned, .. } = &*self.race;
        pay_instance(&subject.budget)?;
        let mut live = subject.start().await?;
        let order = if overlapping { &self.overlapping } else { &self.sequence };
        let mut course = Course::of(order);
        let played = live.call_scheduled(planned, &mut course, &mut (), PAUSE).await?;
        if played.calls.iter().any(|it| it.end != End::Returned) {
            let detail = "the calls do not return when they are made again";
            return Err(Inconclusive::new("not-reproduced", detail));
        }
        let targets = called_after(planned);
        let (before, last) = (&targets[..self.position], targets[self.position]);
        let arguments = |target| subject.prepared.order(target).arguments(0);
        for target in before {
            live.call(*target, arguments(*target), live.now() + PAUSE).await?;
        }
        let at = live.now() + PAUSE;
        if live.make_ready(last, at).await?.is_some() {
            return Err(Inconclusive::new("not-reproduced", "`cleanup` or `init` fails"));
        }
        let accessed = live.with_state(async |state| {
            if let Some(edit) = edit {
                edit.apply(probes, state).await?;
            }
            if let Some(values) = read {
                *values = state.read(probes).await?;
            }
            Ok(())
        });
        accessed.await.map_err(unreadable)?;
        Ok(shown(&live.call_ready(last, arguments(last), at).await?.call))
    }

    async fn trial(
        &mut self,
        overlapping: bool,
        edit: Edit<'_>,
    ) -> Result<Option<Text>, Inconclusive> {
        check_number(self.race.trials)?;
        if_made(self.run(overlapping, Some(edit), None).await)
    }
}

impl Trials for After<'_, '_> {
    async fn is_mended(&mut self, parts: &[Part], states: &States) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.fresh, sizes: &[] };
        Ok(self.trial(true, edit).await?.is_some_and(|it| it == self.good))
    }

    async fn is_broken(
        &mut self,
        parts: &[Part],
        sizes: &[(usize, usize)],
        states: &States,
    ) -> Result<bool, Inconclusive> {
        let edit = Edit { parts, from: &states.later, sizes };
        Ok(self.trial(false, edit).await?.is_some_and(|it| it == self.bad))
    }
}
