//! Several calls at the same time on one instance, of which a schedule orders what they wait for.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures::future::{Either, join_all, select};
use wasmtime::component::{Accessor, Func, Val};

use super::schedule::{Moment, Observer, Planned, Played, Scheduler};
use super::state::State;
use super::{Live, pause};
use crate::exec::worker::budget::{Stop, within};
use crate::exec::worker::concurrent::{Answer, concurrent};
use crate::exec::worker::host::Host;
use crate::exec::worker::host::gate::Gate;
use crate::exec::worker::{ending, printed};
use crate::observation::overlap::{ScheduledCall, Step};
use crate::observation::{End, Inconclusive};

/// Virtual time that passes before the next event, if nothing else happens any more.
const REST: Duration = Duration::from_millis(1);
/// Most events that a schedule lets happen.
const MOST_EVENTS: usize = 512;

/// A call that is ready to be made.
struct Ready {
    function: Func,
    results: usize,
    values: Vec<Val>,
}

impl Live<'_> {
    /// Makes calls at the same time. What they wait for happens in the order of the scheduler; the observer sees the
    /// instance in between.
    ///
    /// # Errors
    /// When the calls cannot be made.
    pub(crate) async fn call_scheduled(
        &mut self,
        planned: &[Planned],
        scheduler: &mut dyn Scheduler,
        observer: &mut impl Observer,
        at: u64,
    ) -> Result<Played, Inconclusive> {
        for it in planned {
            self.make_ready(it.target, at).await?;
            let types = self.parameters(it.target);
            self.find_ways(&types).await?;
        }
        let (fuel, begun) = self.begin(at, true).await;
        let (mut described, mut steps) = (vec![String::new(); planned.len()], Vec::new());
        let answers: Vec<Mutex<Option<Answer>>> =
            planned.iter().map(|_| Mutex::default()).collect();
        let done = match begun {
            Ok(()) => {
                let driver = Driver { scheduler, observer, steps: &mut steps };
                self.scheduled(planned, driver, &mut described, &answers).await
            }
            Err(stop) => Err(stop),
        };
        self.store.data().gate.open();
        let recorded = self.store.data_mut().end_call();
        self.budget.spend(fuel, &self.store, recorded.host_calls.count);
        let results: Vec<_> = match done {
            Ok(results) => results.into_iter().map(|it| it.map_err(Stop::Error)).collect(),
            Err(stop) => vec![Err(stop)],
        };
        let answered = answers.into_iter().map(|answer| {
            let answer = answer.into_inner().unwrap_or_else(PoisonError::into_inner);
            answer.map(|answer| printed::text(&answer.into_text()))
        });
        let answered: Vec<_> = answered.collect();
        let composition = self.prepared.composition.as_ref();
        let mut ends = Vec::new();
        for result in results {
            ends.push(match result {
                Ok(()) => End::Returned,
                Err(stop) => ending::end(stop, &recorded, composition)?,
            });
        }
        // If they end together, each ends in the same way.
        let calls = planned.iter().zip(described).enumerate().map(|(index, (it, arguments))| {
            let end = ends[index.min(ends.len() - 1)].clone();
            let answer = answered[index].clone().filter(|_| end == End::Returned);
            let answer = answer.unwrap_or_else(|| printed::text(&[]));
            let export = self.prepared.targets[it.target].name.clone();
            ScheduledCall { export, arguments, end, answer }
        });
        let calls = calls.collect();
        Ok(Played { calls, answered, steps })
    }

    async fn scheduled(
        &mut self,
        planned: &[Planned],
        mut driver: Driver<'_, impl Observer>,
        described: &mut [String],
        answers: &[Mutex<Option<Answer>>],
    ) -> Result<Vec<wasmtime::Result<()>>, Stop> {
        let gate = self.store.data().gate.clone();
        let mut ready = Vec::new();
        for (number, it) in planned.iter().enumerate() {
            gate.prepare(number);
            let types = self.parameters(it.target);
            let values =
                self.arguments(&types, self.prepared.order(it.target).arguments(it.like)).await?;
            described[number] = values.described().0;
            let function = self.callable(it.target)?;
            let results = function.ty(&self.store).results().len();
            ready.push(Ready { function, results, values: values.values });
        }
        gate.close();
        let (deadline, instance) = (self.deadline(), self.instance);
        let running = self.store.run_concurrent(async |accessor| {
            let ready = ready.into_iter().zip(answers).enumerate();
            let calls = join_all(
                ready.map(|(number, (it, answer))| call(accessor, &gate, number, it, answer)),
            );
            let state = State::new(accessor, instance);
            // A call goes on in the same turn in which the driver lets it.
            match select(pin!(driver.drive(&gate, &state)), pin!(calls)).await {
                Either::Left((stop, _)) => Err(stop),
                Either::Right((results, _)) => Ok(results),
            }
        });
        within(deadline, running).await?.map_err(Stop::Error)?
    }
}

async fn call(
    accessor: &Accessor<Host>,
    gate: &Gate,
    number: usize,
    ready: Ready,
    answered: &Mutex<Option<Answer>>,
) -> wasmtime::Result<()> {
    gate.pass(number, "").await;
    let Ready { function, results, values } = ready;
    concurrent(accessor, function, (values, number), results, answered).await
}

/// Lets events happen, each when nothing else happens any more.
struct Driver<'d, O> {
    scheduler: &'d mut dyn Scheduler,
    observer: &'d mut O,
    steps: &'d mut Vec<Step>,
}

impl<O: Observer> Driver<'_, O> {
    /// Returns only if the observer stops it.
    async fn drive(&mut self, gate: &Gate, state: &State<'_>) -> Stop {
        loop {
            gate.arrival().await;
            pause::pass(REST).await;
            let held = gate.held();
            if held.is_empty() {
                continue;
            }
            if self.steps.len() >= MOST_EVENTS {
                gate.open();
                std::future::pending::<()>().await;
            }
            let is_first = self.steps.is_empty();
            let chosen = self.scheduler.next(&held);
            if let Err(stop) = self.observe(Moment::Before(self.steps.len()), state).await {
                return stop;
            }
            for (position, index) in chosen.into_iter().enumerate() {
                let Some(event) = held.get(index) else { continue };
                let (call, what) = (event.call, event.what.clone());
                self.steps.push(Step { call, what, at_once: position > 0 });
                gate.release(event.number);
                if is_first
                    && let Err(stop) = self.observe(Moment::Begun(position + 1), state).await
                {
                    return stop;
                }
            }
        }
    }

    async fn observe(&mut self, moment: Moment, state: &State<'_>) -> Result<(), Stop> {
        if !self.observer.wants(moment) {
            return Ok(());
        }
        if matches!(moment, Moment::Begun(_)) {
            // The engine polls this future between any two things that it does, and prefers calls that begin to those
            // that yield (wasmtime 48: `poll_until`).
            turn().await;
        }
        self.observer.observe(moment, state).await
    }
}

/// Lets the call that was released begin.
async fn turn() {
    let mut is_over = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
