//! One call of an export, and what it did.

use std::sync::{Mutex, PoisonError};

use wasmtime::component::Type;

use super::Live;
use super::arguments::{self, Values};
use crate::exec::worker::budget::{Stop, within};
use crate::exec::worker::concurrent::{Answer, accepted, concurrent};
use crate::exec::worker::ending;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{End, Inconclusive, Limit};

impl Live<'_> {
    /// Calls a target at `at` nanoseconds on the instance's clock.
    pub(super) async fn call_once(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let (fuel, begun) = self.begin(at, false).await;
        let mut done = match begun {
            Ok(()) => self.arguments(&types, arguments).await,
            Err(stop) => Err(stop),
        };
        let (mut arguments, mut argument_bytes) = (String::new(), 0);
        let mut answered = None;
        let mut response = None;
        if let Ok(values) = &mut done {
            (arguments, argument_bytes) = values.described();
            response = values.response.take();
            match self.returned(target, values).await {
                Ok(answer) => answered = Some(answer),
                Err(stop) => done = Err(stop),
            }
        }
        let expects_response = response.is_some();
        let read = match response {
            Some(response) => response.finish().await,
            None => None,
        };
        let recorded = self.store.data_mut().end_call();
        let spent = self.budget.spend(fuel, &self.store, recorded.host_calls.count);
        let end = match done {
            // Whether it was stopped in time does not matter.
            _ if spent.is_too_much => End::Exhausted(Limit::Time),
            Ok(_) if expects_response && read.is_none() => End::Unanswered,
            Ok(_) => recorded
                .limit
                .filter(|limit| ending::is_fatal(*limit))
                .map_or(End::Returned, End::Exhausted),
            Err(stop) => ending::end(stop, &recorded, self.prepared.composition.as_ref())?,
        };
        // The call had less than it should have, because the export's budget is used up.
        if end == End::Exhausted(Limit::Time) && fuel < self.budget.fuel_per_call.get() {
            let detail = "the calls took all of the export's budget";
            return Err(Inconclusive::new("budget", detail));
        }
        let answer = read.map(Answer::Response).or(answered).map(Answer::into_text);
        let holds = self.holds(&end);
        let answer = answer.unwrap_or_default();
        let mut seen = Seen::of(arguments, argument_bytes, end, answer, recorded, spent.operators);
        seen.call.holds = holds;
        Ok(seen)
    }

    pub(super) async fn arguments(
        &mut self,
        types: &[Type],
        arguments: Arguments<'_>,
    ) -> Result<Values, Stop> {
        match arguments {
            Arguments::Generated(shape) => arguments::generate(self, types, shape).await,
            Arguments::Script(values) => arguments::provide(self, types, values).await,
            Arguments::Step(scenario, step) => {
                arguments::provide(self, types, &scenario.calls[step].arguments).await
            }
        }
    }

    async fn returned(&mut self, target: usize, arguments: &Values) -> Result<Answer, Stop> {
        let function = self.callable(target)?;
        let ty = function.ty(&self.store);
        let answer = if ty.async_() {
            let (results, values) = (ty.results().len(), arguments.values.clone());
            let deadline = self.deadline();
            let answered = Mutex::default();
            let running = self.store.run_concurrent(async |accessor| {
                accepted(accessor, function).await?;
                concurrent(accessor, function, (values, 0), results, &answered).await
            });
            let done = within(deadline, running).await;
            match answered.into_inner().unwrap_or_else(PoisonError::into_inner) {
                // Ignores failures after the result was delivered; the next call observes them.
                Some(answer) => answer,
                None => {
                    done?.and_then(|done| done).map_err(Stop::Error)?;
                    return Err(Stop::Idle);
                }
            }
        } else {
            Answer::Values(self.invoke(target, &arguments.values).await?)
        };
        if let Answer::Values(values) = &answer {
            self.give_back(values).await?;
        }
        for resource in &arguments.lent {
            self.drop_resource(*resource).await?;
        }
        Ok(answer)
    }
}
