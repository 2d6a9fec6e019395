//! Two calls at once on one instance.

use std::sync::{Mutex, PoisonError};

use futures::future::join;
use wasmtime::component::{Type, Val};

use super::{Live, lost};
use crate::exec::worker::budget::{Stop, within};
use crate::exec::worker::concurrent::{Answer, concurrent};
use crate::exec::worker::shape::Arguments;
use crate::exec::worker::{ending, printed};
use crate::observation::{End, Inconclusive, Text};

impl Live<'_> {
    /// Calls a target twice at once; how both ended and what they returned.
    pub(in crate::exec::worker) async fn call_both(
        &mut self,
        target: usize,
        both: [Arguments<'_>; 2],
        at: u64,
    ) -> Result<(Vec<End>, Vec<Text>), Inconclusive> {
        self.ready(target, at).await?;
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let (given, begun) = self.begin(at, true).await;
        let done = match begun {
            Ok(()) => self.overlapped(target, &types, both).await,
            Err(stop) => Err(stop),
        };
        let left = self.store.data_mut().end_call();
        self.budget.spend(given, &self.store);
        let composition = self.prepared.composition.as_ref();
        let (mut ends, mut answers) = (Vec::new(), Vec::new());
        match done {
            Err(stop) => {
                ends.push(ending::end(stop, &left, composition)?);
                answers.push(Text::default());
            }
            Ok(both) => {
                for one in both {
                    let (end, answer) = match one {
                        Ok(answer) => (End::Returned, answer.into_text()),
                        Err(error) => {
                            (ending::end(Stop::Error(error), &left, composition)?, Vec::new())
                        }
                    };
                    ends.push(end);
                    answers.push(printed::text(&answer));
                }
            }
        }
        Ok((ends, answers))
    }

    async fn overlapped(
        &mut self,
        target: usize,
        types: &[Type],
        [first, second]: [Arguments<'_>; 2],
    ) -> Result<[wasmtime::Result<Answer>; 2], Stop> {
        let first = self.made(types, first).await?;
        let second = self.made(types, second).await?;
        let function = self.function(target).ok_or_else(|| lost(&self.prepared.targets[target]))?;
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
