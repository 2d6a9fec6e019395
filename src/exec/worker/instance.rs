//! One live instance: it is called, and what each call did is written down.

mod arguments;
mod given;
mod lifecycle;
mod overlapping;
mod pause;
mod scenario;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use wasmtime::component::{Func, Instance, ResourceAny, ResourceType, Type, Val};
use wasmtime::{Store, UpdateDeadline};

use super::budget::{Budget, Stop, within};
use super::concurrent::{Answer, concurrent, taken};
use super::ending;
use super::held::held_by;
use super::host::limits::Reached;
use super::host::{Host, MOST_HANDLES};
use super::prepared::Prepared;
use super::seen::Seen;
use super::shape::Arguments;
use crate::exec::settings::Target;
use crate::observation::{Call, End, Holds, Inconclusive, Limit, ObservedExport};
use arguments::Made;
pub(super) use pause::PAUSE;

/// Bytes of a linear memory's page.
pub(super) const PAGE: usize = 64 << 10;

/// An instance.
pub(super) struct Live<'p> {
    store: Store<Host>,
    instance: Instance,
    prepared: &'p Prepared,
    budget: &'p Budget,
    /// Whether the instance was called.
    called: bool,
    /// What was refused while it was made ready.
    refused: BTreeSet<String>,
}

impl<'p> Live<'p> {
    /// Makes an instance.
    ///
    /// # Errors
    /// [`Unmade`]: with the call that the start functions are, or without where it cannot be tried.
    pub(super) async fn start(prepared: &'p Prepared, budget: &'p Budget) -> Result<Self, Unmade> {
        Self::seeded(prepared, budget, prepared.settings.seed).await
    }

    /// Makes an instance whose host has these random numbers.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(super) async fn seeded(
        prepared: &'p Prepared,
        budget: &'p Budget,
        seed: u64,
    ) -> Result<Self, Unmade> {
        let deadline = budget.call_deadline();
        let host = Host::new(
            &prepared.settings,
            &prepared.given,
            &prepared.environment.borrow(),
            seed,
            deadline,
        );
        let mut store = Store::new(prepared.pre.engine(), host);
        store.limiter(|host| &mut host.limits);
        store.set_max_component_handles(MOST_HANDLES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| match Instant::now() < store.data().deadline {
            true => Ok(UpdateDeadline::Continue(1)),
            false => Err(Reached(Limit::Time).into()),
        });
        let given = budget.fuel.get().min(budget.fuel_per_call.get());
        let made = match store.set_fuel(given) {
            Ok(()) => {
                let making = prepared.pre.instantiate_async(&mut store);
                within(budget.call_deadline(), making)
                    .await
                    .and_then(|made| made.map_err(Stop::Error))
            }
            Err(error) => Err(Stop::Error(error)),
        };
        let fuel = budget.spend(given, &store);
        match made {
            Ok(instance) => {
                let mut live = Live {
                    store,
                    instance,
                    prepared,
                    budget,
                    called: false,
                    refused: BTreeSet::new(),
                };
                if prepared.concurrent.get().is_none() {
                    let mut targets = 0..prepared.targets.len();
                    prepared.concurrent.set(Some(targets.any(|it| live.may_overlap(it))));
                }
                Ok(live)
            }
            Err(stop) => {
                let left = store.data_mut().end_call();
                let end = ending::end(stop, &left, prepared.composition.as_ref())?;
                let detail = format!("instantiation ends with: {}", ending::words(&end));
                let why = Inconclusive { reason: "instantiation".to_owned(), detail };
                let seen = Seen::of(String::new(), 0, end, Vec::new(), left, fuel);
                Err(Unmade { why, call: Some(Box::new(seen.call)) })
            }
        }
    }

    /// Calls a target, at `at` nanoseconds on the instance's clock.
    async fn call_once(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let (given, begun) = self.begin(at, false).await;
        let mut done = match begun {
            Ok(()) => self.made(&types, arguments).await,
            Err(stop) => Err(stop),
        };
        let (mut arguments, mut argument_bytes) = (String::new(), 0);
        let mut answered = None;
        let mut response = None;
        if let Ok(made) = &mut done {
            (arguments, argument_bytes) = made.described();
            response = made.response.take();
            let returned = self.returned(target, made).await;
            match returned {
                Ok(answer) => answered = Some(answer),
                Err(stop) => done = Err(stop),
            }
        }
        let expects_response = response.is_some();
        let read = match response {
            Some(response) => response.finish().await,
            None => None,
        };
        let left = self.store.data_mut().end_call();
        let fuel = self.budget.spend(given, &self.store);
        let end = match done {
            Ok(_) if expects_response && read.is_none() => End::Unanswered,
            Ok(_) => left
                .limit
                .filter(|limit| ending::is_fatal(*limit))
                .map_or(End::Returned, End::Exhausted),
            Err(stop) => ending::end(stop, &left, self.prepared.composition.as_ref())?,
        };
        // Where all of the export's budget is used up, the call had less than it should.
        if end == End::Exhausted(Limit::Time) && given < self.budget.fuel_per_call.get() {
            let detail = "the calls took all of the export's budget".to_owned();
            return Err(Inconclusive { reason: "budget".to_owned(), detail });
        }
        let answer = read.map(Answer::Response).or(answered).map(Answer::into_text);
        let holds = self.holds(&end);
        let answer = answer.unwrap_or_default();
        let mut seen = Seen::of(arguments, argument_bytes, end, answer, left, fuel);
        seen.call.holds = holds;
        Ok(seen)
    }

    async fn made(&mut self, types: &[Type], arguments: Arguments<'_>) -> Result<Made, Stop> {
        match arguments {
            Arguments::Made(shape) => arguments::make(self, types, shape).await,
            Arguments::Script(values) => given::make(self, types, values).await,
            Arguments::Step(scenario, step) => {
                given::make(self, types, &scenario.calls[step].arguments).await
            }
        }
    }

    /// Makes ready for a call, or for several at once: lets time pass until `at`. The operators that the call gets, and how the wait ended.
    async fn begin(&mut self, at: u64, several: bool) -> (u64, Result<(), Stop>) {
        let deadline = self.budget.call_deadline();
        let given = self.budget.fuel.get().min(self.budget.fuel_per_call.get());
        let host = self.store.data_mut();
        host.begin_call(several);
        host.deadline = deadline;
        let waited = match self.store.set_fuel(given) {
            Ok(()) => self.wait(at, deadline).await,
            Err(error) => Err(Stop::Error(error)),
        };
        (given, waited)
    }

    /// The types of a target's parameters.
    pub(super) fn parameters(&mut self, target: usize) -> Vec<Type> {
        let Some(function) = self.function(target) else { return Vec::new() };
        function.ty(&self.store).params().map(|(_, ty)| ty).collect()
    }

    /// Whether calls of a target may overlap: its type is `async`.
    pub(super) fn may_overlap(&mut self, target: usize) -> bool {
        self.function(target).is_some_and(|function| function.ty(&self.store).async_())
    }

    /// Which of the resources that the host made up this is.
    pub(super) fn made_up(&self, ty: &ResourceType) -> Option<u32> {
        (0..self.prepared.made_up.len() as u32)
            .find(|number| ResourceType::host_dynamic(*number) == *ty)
    }

    /// A new made-up resource for the guest to own: its representation.
    pub(super) fn make_up(&mut self, number: u32) -> Result<u32, Stop> {
        let name = &self.prepared.made_up[number as usize];
        let made = self.store.data_mut().handles.make(name);
        made.map_err(|reached| Stop::Error(reached.into()))
    }

    /// Calls a target as part of another call; what it returned.
    pub(super) async fn invoke(
        &mut self,
        target: usize,
        arguments: &[Val],
    ) -> Result<Vec<Val>, Stop> {
        let function = self.function(target).ok_or_else(|| lost(&self.prepared.targets[target]))?;
        let mut results = vec![Val::Bool(false); function.ty(&self.store).results().len()];
        let deadline = self.deadline();
        let calling = function.call_async(&mut self.store, arguments, &mut results);
        within(deadline, calling).await?.map_err(Stop::Error)?;
        Ok(results)
    }

    /// The handles that the guest holds, by the type of their resource.
    pub(super) fn held_by_type(&mut self) -> BTreeMap<String, u64> {
        self.store.data_mut().held()
    }

    /// Which of the imported functions that return such a resource were called.
    pub(super) fn makers_among(&self, resource: &str, seen: &ObservedExport) -> Vec<String> {
        let called = |name: &String| {
            seen.reused
                .iter()
                .any(|it| it.call.host_calls.first.iter().any(|it| is_call_of(it, name)))
        };
        let makers = self.prepared.makers.get(resource).into_iter().flatten();
        makers.filter(|name| called(name)).cloned().collect()
    }

    pub(super) fn store(&mut self) -> &mut Store<Host> {
        &mut self.store
    }

    pub(super) fn seed(&self) -> u64 {
        self.prepared.settings.seed
    }

    /// Nanoseconds on the instance's clock.
    pub(super) fn now(&self) -> u64 {
        self.store.data().now()
    }

    async fn returned(&mut self, target: usize, made: &Made) -> Result<Answer, Stop> {
        let function = self.function(target).ok_or_else(|| lost(&self.prepared.targets[target]))?;
        let ty = function.ty(&self.store);
        let answer = if ty.async_() {
            let (results, arguments) = (ty.results().len(), made.values.clone());
            let deadline = self.deadline();
            let answered = Mutex::default();
            let running = self.store.run_concurrent(async |accessor| {
                taken(accessor, function).await?;
                concurrent(accessor, function, arguments, results, &answered).await
            });
            let done = within(deadline, running).await;
            match answered.into_inner().unwrap_or_else(PoisonError::into_inner) {
                // What goes wrong after the answer is the next call's trouble.
                Some(answer) => answer,
                None => {
                    done?.and_then(|done| done).map_err(Stop::Error)?;
                    return Err(Stop::Idle);
                }
            }
        } else {
            Answer::Values(self.invoke(target, &made.values).await?)
        };
        if let Answer::Values(values) = &answer {
            self.give_back(values).await?;
        }
        for resource in &made.lent {
            self.drop_resource(*resource).await?;
        }
        Ok(answer)
    }

    /// Drops the resources and closes the streams that a call returned: the host keeps none.
    async fn give_back(&mut self, values: &[Val]) -> Result<(), Stop> {
        for held in values.iter().flat_map(held_by) {
            match held {
                Val::Resource(resource) if resource.owned() => self.drop_resource(resource).await?,
                Val::Future(mut it) => it.close(&mut self.store).map_err(Stop::Error)?,
                Val::Stream(mut it) => it.close(&mut self.store).map_err(Stop::Error)?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn drop_resource(&mut self, resource: ResourceAny) -> Result<(), Stop> {
        let deadline = self.deadline();
        let dropping = resource.resource_drop_async(&mut self.store);
        let dropped = within(deadline, dropping).await?;
        dropped.map_err(|error| self.not_dropped(resource, error))
    }

    fn deadline(&self) -> Instant {
        self.store.data().deadline
    }

    fn function(&mut self, target: usize) -> Option<Func> {
        self.instance.get_func(&mut self.store, self.prepared.functions[target]?)
    }

    fn holds(&mut self, end: &End) -> Holds {
        let host = self.store.data_mut();
        Holds {
            memory_pages: (host.limits.memory / PAGE) as u64,
            table_elements: host.limits.elements as u64,
            handles: host.live_handles(),
            // A dead instance's tables are in no state to be looked at.
            concurrent: match end {
                End::Returned => self.store.concurrent_state_table_size() as u64,
                _ => 0,
            },
        }
    }
}

/// Whether a call as the host noted it (`poll#poll`, or the full name of a stub) is one of this function.
fn is_call_of(noted: &str, function: &str) -> bool {
    let short = || {
        let (interface, name) = function.rsplit_once('#')?;
        let interface = interface.rsplit_once('/')?.1;
        let interface = interface.split_once('@').map_or(interface, |(interface, _)| interface);
        Some(noted.strip_prefix(interface)?.strip_prefix('#')? == name)
    };
    noted == function || short() == Some(true)
}

/// Why there is no instance.
pub(super) struct Unmade {
    pub(super) why: Inconclusive,
    /// What the start functions did, where they are to blame.
    pub(super) call: Option<Box<Call>>,
}

impl From<Inconclusive> for Unmade {
    fn from(why: Inconclusive) -> Self {
        Unmade { why, call: None }
    }
}

impl From<Unmade> for Inconclusive {
    fn from(unmade: Unmade) -> Self {
        unmade.why
    }
}

fn lost(target: &Target) -> Stop {
    Stop::inconclusive("refused", format!("the engine does not find `{}`", target.name))
}
