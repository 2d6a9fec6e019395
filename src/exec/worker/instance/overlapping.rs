//! Several calls at the same time on one instance, of which a schedule orders what they wait for.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::{Either, join_all, select};
use wasmtime::component::{Accessor, Func, Val};

use super::schedule::{Planned, Scheduler};
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
    /// Makes calls at the same time. What they wait for happens in the order of the scheduler. Returns what they did and
    /// what happened.
    ///
    /// # Errors
    /// When the calls cannot be made.
    pub(crate) async fn call_scheduled(
        &mut self,
        planned: &[Planned],
        scheduler: &mut dyn Scheduler,
        at: u64,
    ) -> Result<(Vec<ScheduledCall>, Vec<Step>), Inconclusive> {
        for it in planned {
            self.make_ready(it.target, at).await?;
            let types = self.parameters(it.target);
            self.find_ways(&types).await?;
        }
        let (fuel, begun) = self.begin(at, true).await;
        let (mut described, mut steps) = (vec![String::new(); planned.len()], Vec::new());
        let done = match begun {
            Ok(()) => self.scheduled(planned, scheduler, &mut described, &mut steps).await,
            Err(stop) => Err(stop),
        };
        self.store.data().gate.open();
        let recorded = self.store.data_mut().end_call();
        self.budget.spend(fuel, &self.store, recorded.host_calls.count);
        let results: Vec<_> = match done {
            Ok(results) => results.into_iter().map(|it| it.map_err(Stop::Error)).collect(),
            Err(stop) => vec![Err(stop)],
        };
        let composition = self.prepared.composition.as_ref();
        let mut ends = Vec::new();
        for result in results {
            ends.push(match result {
                Ok(answer) => (End::Returned, printed::text(&answer.into_text())),
                Err(stop) => (ending::end(stop, &recorded, composition)?, printed::text(&[])),
            });
        }
        // If they end together, each ends in the same way.
        let calls = planned.iter().zip(described).enumerate().map(|(index, (it, arguments))| {
            let (end, answer) = ends[index.min(ends.len() - 1)].clone();
            let export = self.prepared.targets[it.target].name.clone();
            ScheduledCall { export, arguments, end, answer }
        });
        Ok((calls.collect(), steps))
    }

    async fn scheduled(
        &mut self,
        planned: &[Planned],
        scheduler: &mut dyn Scheduler,
        described: &mut [String],
        steps: &mut Vec<Step>,
    ) -> Result<Vec<wasmtime::Result<Answer>>, Stop> {
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
        let deadline = self.deadline();
        let running = self.store.run_concurrent(async |accessor| {
            let ready = ready.into_iter().enumerate();
            let calls = join_all(ready.map(|(number, it)| call(accessor, &gate, number, it)));
            match select(pin!(calls), pin!(drive(&gate, scheduler, steps))).await {
                Either::Left((results, _)) => results,
                Either::Right((never, _)) => never,
            }
        });
        within(deadline, running).await?.map_err(Stop::Error)
    }
}

async fn call(
    accessor: &Accessor<Host>,
    gate: &Gate,
    number: usize,
    ready: Ready,
) -> wasmtime::Result<Answer> {
    gate.pass(number, "").await;
    let answered = Mutex::default();
    let Ready { function, results, values } = ready;
    concurrent(accessor, function, (values, number), results, &answered).await?;
    let answer = answered.into_inner().unwrap_or_else(PoisonError::into_inner);
    answer.ok_or_else(|| wasmtime::Error::msg("no answer"))
}

/// Lets events happen, each when nothing else happens any more. Never returns.
async fn drive<T>(gate: &Gate, scheduler: &mut dyn Scheduler, steps: &mut Vec<Step>) -> T {
    loop {
        gate.arrival().await;
        pause::pass(REST).await;
        let held = gate.held();
        if held.is_empty() {
            continue;
        }
        if steps.len() >= MOST_EVENTS {
            gate.open();
            std::future::pending::<()>().await;
        }
        for (position, index) in scheduler.next(&held).into_iter().enumerate() {
            let Some(event) = held.get(index) else { continue };
            let (call, what) = (event.call, event.what.clone());
            steps.push(Step { call, what, at_once: position > 0 });
            gate.release(event.number);
        }
    }
}
