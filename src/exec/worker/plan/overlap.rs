//! Calls that overlap, in every order with few switches between them: two calls of an async export, then one of it and one
//! of another export, then three of it.

pub(crate) mod order;
mod orders;

use super::sequence::others;
use super::subject::Subject;
use crate::exec::worker::instance::{PAUSE, Planned, Played};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::{ending, printed};
use crate::observation::overlap::{Disturbance, Overlapping, Schedule};
use crate::observation::{Call, End, Inconclusive, Limit, ObservedExport, Text};
use order::{Course, Order};
use orders::Orders;

/// How much later a call is made to see whether its answer changes with the time, in nanoseconds.
const LATER: u64 = 1_500_000;
/// How much later calls are made after others, to see whether these leave something that changes with the time, in nanoseconds:
/// more than calls wait, and no round number of anything.
const MUCH_LATER: u64 = 12_345_678_901_234;
/// Most orders that are tried for two calls of the same export.
const MOST_ORDERS: usize = 48;
/// Most orders for other combinations of calls, each.
const FEWER_ORDERS: usize = 16;
/// Most other exports that are called together with an export.
const MOST_OTHERS: usize = 6;

/// Makes overlapping calls of an export whose calls all return in sequence. `observed` is what was observed of all exports
/// by themselves.
pub(super) async fn overlap(
    prepared: &Prepared,
    target: usize,
    observed: &[Option<ObservedExport>],
) -> Option<Overlapping> {
    let subject = Subject::new(prepared, target, 2);
    let export = observed[target].as_ref()?;
    let returns = |it: &ObservedExport| {
        it.inconclusive.is_none()
            && it.earlier.is_none()
            && !it.reused.is_empty()
            && it.reused.iter().all(|it| it.call.end == End::Returned)
    };
    if prepared.answers_vary() || subject.order.is_scenario() || !returns(export) {
        return None;
    }
    let mut live = subject.start().await.ok()?;
    if !live.is_async(target) {
        return None;
    }
    let mut overlapping = Overlapping { exhausted: true, ..Overlapping::default() };
    let [first, other] = arguments(&subject, export);
    let keeps_state = !export.repeats();
    let mut plans = vec![(vec![first, other], MOST_ORDERS, keeps_state)];
    if let Some(third) = third(export, [first.like, other.like]) {
        // The plain arguments may be those for which it does not wait.
        plans.push((vec![other, Planned { target, like: third }], FEWER_ORDERS, keeps_state));
    }
    for other in others(prepared, target, observed).into_iter().take(MOST_OTHERS) {
        let Some(export) = observed[other].as_ref().filter(|it| returns(it)) else { continue };
        if other < target && live.is_async(other) {
            // Both were called together when the other one was the target.
            continue;
        }
        let planned = Planned { target: other, like: 0 };
        let keeps_state = keeps_state || !export.repeats() || !export.disturbed.is_empty();
        plans.push((vec![first, planned], FEWER_ORDERS, keeps_state));
    }
    plans.push((vec![first, other, first], FEWER_ORDERS, keeps_state));
    for (planned, most, keeps_state) in plans {
        let exploration = Exploration { subject: &subject, planned: &planned, keeps_state };
        // What cannot be completed shows nothing.
        if exploration.run(most, &mut overlapping).await.is_err() {
            overlapping.exhausted = false;
        }
        if overlapping.found.is_some() {
            break;
        }
    }
    Some(overlapping)
}

/// Makes the calls of a schedule in its order.
///
/// # Errors
/// If there is no such schedule for these exports, or the calls cannot be made.
pub(super) async fn replay(
    prepared: &Prepared,
    schedule: &str,
) -> Result<(usize, Overlapping), Inconclusive> {
    let unknown = |detail: &str| Inconclusive::new("schedule", format!("`{schedule}`: {detail}"));
    let (planned, order) = planned(prepared, schedule).map_err(unknown)?;
    let subject = Subject::new(prepared, planned[0].target, 1);
    let exploration = Exploration { subject: &subject, planned: &planned, keeps_state: false };
    let detail = "one of the calls does not return in sequence";
    let reference = exploration.reference().await?.ok_or_else(|| unknown(detail))?;
    let (found, _) = exploration.play(&order, &reference, PAUSE).await?;
    let target = subject.target;
    Ok((target, Overlapping { tried: 1, exhausted: false, found: Some(found) }))
}

/// The calls and the order of a schedule.
///
/// # Errors
/// Why there are none.
pub(crate) fn planned(
    prepared: &Prepared,
    schedule: &str,
) -> Result<(Vec<Planned>, Order), &'static str> {
    let (calls, order) = order::parse(schedule).ok_or("a schedule has the form `0.0+1.0:ABA`")?;
    let target = |number| prepared.targets.iter().position(|it| it.number == number);
    let planned = calls.into_iter().map(|(number, like)| {
        let target = target(number).filter(|it| !prepared.order(*it).is_scenario());
        target.map(|target| Planned { target, like })
    });
    let planned: Option<Vec<_>> = planned.collect();
    Ok((planned.ok_or("the component has no such export")?, order))
}

/// The exports of some calls, each of which is called once more after them.
pub(crate) fn called_after(planned: &[Planned]) -> Vec<usize> {
    let mut targets: Vec<_> = planned.iter().map(|it| it.target).collect();
    targets.dedup();
    targets
}

/// The arguments of two calls. Equal ones may not notice that they took each other's, and shorter ones may overwrite nothing of
/// them.
fn arguments(subject: &Subject<'_>, export: &ObservedExport) -> [Planned; 2] {
    let first = export.reused[0].like;
    let arguments = |like| subject.order.arguments(like);
    let length = |like: usize| export.fresh.get(like).map_or(0, |it| it.arguments.len());
    let others = export.reused.iter().map(|it| it.like);
    let mut others = others.filter(|like| arguments(*like) != arguments(first));
    let last = others.clone().next_back();
    let other = others.rfind(|like| length(*like) >= length(first)).or(last);
    [first, other.unwrap_or(first)].map(|like| Planned { target: subject.target, like })
}

/// A call whose arguments are others than those of two calls, which differ as well.
fn third(export: &ObservedExport, [first, other]: [usize; 2]) -> Option<usize> {
    let shown = |like: usize| export.fresh.get(like).map(|it| it.arguments.as_str());
    let mut calls = export.reused.iter().map(|it| it.like);
    let third = calls.rfind(|like| ![shown(first), shown(other)].contains(&shown(*like)));
    third.filter(|_| shown(first) != shown(other))
}

/// The orders of some calls.
struct Exploration<'s> {
    subject: &'s Subject<'s>,
    planned: &'s [Planned],
    /// Whether the calls in sequence already answer otherwise than on fresh instances, so that other answers show nothing.
    keeps_state: bool,
}

impl Exploration<'_> {
    /// Tries orders, those with fewer switches first, until one disturbs the calls.
    async fn run(&self, most: usize, into: &mut Overlapping) -> Result<(), Inconclusive> {
        let Some(reference) = self.reference().await? else { return Ok(()) };
        let mut orders = Orders::new();
        for _ in 0..most {
            let Some(order) = orders.next() else { return Ok(()) };
            let (schedule, course) = self.play(&order, &reference, PAUSE).await?;
            into.tried += 1;
            if self.is_disturbed(&schedule).await? {
                into.found = Some(schedule);
                return Ok(());
            }
            orders.branch(&order, &course);
        }
        into.exhausted &= orders.is_empty();
        Ok(())
    }

    /// Whether the calls after these answer otherwise if they are made later.
    async fn leaves_by_time(&self) -> Result<bool, Inconclusive> {
        let order = Order::sequence((0..self.planned.len()).collect());
        let nothing = Schedule::default();
        let (soon, _) = self.play(&order, &nothing, PAUSE).await?;
        let (late, _) = self.play(&order, &nothing, PAUSE + MUCH_LATER).await?;
        Ok(soon.after != late.after)
    }

    /// What the calls do in each sequence, and apart; `None` if that shows nothing, because one does not return.
    async fn reference(&self) -> Result<Option<Schedule>, Inconclusive> {
        let nothing = Schedule::default();
        let mut reference = Schedule::default();
        for sequence in order::sequences(self.planned.len()) {
            let order = Order::sequence(sequence);
            let (played, _) = self.play(&order, &nothing, PAUSE).await?;
            if played.disturbance().is_some_and(|it| matches!(it, Disturbance::Fails(_))) {
                return Ok(None);
            }
            reference.in_turn.push(played.calls.into_iter().map(|it| it.answer).collect());
            reference.after_in_turn.push(played.after);
        }
        for planned in self.planned {
            let alone = [*planned];
            let alone = Exploration { planned: &alone, ..*self };
            let order = Order::default();
            let (played, _) = alone.play(&order, &nothing, PAUSE).await?;
            if played.calls.iter().any(|it| it.end != End::Returned) {
                return Ok(None);
            }
            reference.apart.extend(played.calls.into_iter().map(|it| it.answer));
        }
        Ok(Some(reference))
    }

    /// Makes the calls in this order, and then each once more, so many nanoseconds later.
    async fn play<'o>(
        &self,
        order: &'o Order,
        reference: &Schedule,
        pause: u64,
    ) -> Result<(Schedule, Course<'o>), Inconclusive> {
        let mut live = self.subject.start().await?;
        let mut course = Course::of(order);
        let played = live.call_scheduled(self.planned, &mut course, &mut (), PAUSE).await?;
        let Played { calls, steps, .. } = played;
        let mut after = Vec::new();
        if calls.iter().all(|it| it.end == End::Returned) {
            for target in called_after(self.planned) {
                let arguments = self.subject.prepared.order(target).arguments(0);
                let at = live.now() + pause;
                after.push(shown(&live.call(target, arguments, at).await?.call));
            }
        }
        let targets = &self.subject.prepared.targets;
        let planned = self.planned.iter().map(|it| (targets[it.target].number, it.like));
        let id = order::text(planned, &course);
        let schedule = Schedule { id, calls, steps, after, ..reference.clone() };
        Ok((schedule, course))
    }

    /// Whether calls in this order do what they do in no sequence, and not only because time and random numbers differ.
    async fn is_disturbed(&self, schedule: &Schedule) -> Result<bool, Inconclusive> {
        match schedule.disturbance() {
            None => Ok(false),
            // Together they may use what each alone may use.
            Some(Disturbance::Fails(call)) => Ok(!matches!(
                schedule.calls[call].end,
                End::Exhausted(Limit::Time | Limit::Memory | Limit::Output | Limit::Copied)
            )),
            // Calls that answer what others left may overlap, but what they leave together is what a sequence leaves.
            Some(Disturbance::Answers | Disturbance::After(_)) if self.keeps_state => Ok(schedule
                .leaves_otherwise()
                && !self.varies().await?
                && !self.leaves_by_time().await?),
            Some(Disturbance::Answers | Disturbance::After(_)) => Ok(!self.varies().await?),
        }
    }

    /// Whether the answers of the calls change with the time or the host's random numbers.
    async fn varies(&self) -> Result<bool, Inconclusive> {
        for planned in self.planned {
            let subject = Subject::new(self.subject.prepared, planned.target, 2);
            let arguments = subject.order.arguments(planned.like);
            let alone = subject.call_fresh(arguments, PAUSE).await?;
            let later = subject.call_seeded(arguments, PAUSE + LATER, 1).await?;
            if alone.call.answer != later.call.answer {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What a call returned, or how it ended.
pub(crate) fn shown(call: &Call) -> Text {
    match call.end {
        End::Returned => call.answer.clone(),
        _ => printed::text(ending::words(&call.end).as_bytes()),
    }
}
