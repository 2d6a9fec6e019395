//! Two concurrent calls on one instance.

use std::sync::{Mutex, PoisonError};

use futures::future::join;
use wasmtime::component::{Type, Val};

use super::Live;
use crate::exec::worker::budget::{Stop, within};
use crate::exec::worker::concurrent::{Answer, concurrent};
use crate::exec::worker::shape::Arguments;
use crate::exec::worker::{ending, printed};
use crate::observation::{End, Inconclusive, Text};

impl Live<'_> {
    /// Makes two concurrent calls of a target. Returns how they ended and what they returned.
    pub(crate) async fn call_both(
        &mut self,
        target: usize,
        both: [Arguments<'_>; 2],
        at: u64,
    ) -> Result<(Vec<End>, Vec<Text>), Inconclusive> {
        self.make_ready(target, at).await?;
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let (fuel, begun) = self.begin(at, true).await;
        let done = match begun {
            Ok(()) => self.overlapped(target, &types, both).await,
            Err(stop) => Err(stop),
        };
        let recorded = self.store.data_mut().end_call();
        self.budget.spend(fuel, &self.store);
        let results = match done {
            Ok(both) => both.map(|result| result.map_err(Stop::Error)).into(),
            Err(stop) => vec![Err(stop)],
        };
        let (mut ends, mut answers) = (Vec::new(), Vec::new());
        for result in results {
            let composition = self.prepared.composition.as_ref();
            let (end, answer) = match result {
                Ok(answer) => (End::Returned, printed::text(&answer.into_text())),
                Err(stop) => (ending::end(stop, &recorded, composition)?, printed::text(&[])),
            };
            ends.push(end);
            answers.push(answer);
        }
        Ok((ends, answers))
    }

    async fn overlapped(
        &mut self,
        target: usize,
        types: &[Type],
        [first, second]: [Arguments<'_>; 2],
    ) -> Result<[wasmtime::Result<Answer>; 2], Stop> {
        let first = self.arguments(types, first).await?;
        let second = self.arguments(types, second).await?;
        let function = self.callable(target)?;
        let results = function.ty(&self.store).results().len();
        let deadline = self.deadline();
        let running = self.store.run_concurrent(async |accessor| {
            let call = async |arguments: Vec<Val>| {
                let answered = Mutex::default();
                concurrent(accessor, function, arguments, results, &answered).await?;
                let answer = answered.into_inner().unwrap_or_else(PoisonError::into_inner);
                answer.ok_or_else(|| wasmtime::Error::msg("no answer"))
            };
            let (one, other) = join(call(first.values), call(second.values)).await;
            [one, other]
        });
        within(deadline, running).await?.map_err(Stop::Error)
    }
}
