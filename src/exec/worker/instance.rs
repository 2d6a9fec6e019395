//! One live instance, and the operations on it from which calls are made.

mod arguments;
mod call;
mod created;
mod growth;
mod lifecycle;
mod overlapping;
mod pause;
mod scenario;
mod schedule;
mod state;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use wasmtime::component::{Func, Instance, ResourceAny, ResourceType, Type, Val};
use wasmtime::{Store, Trap, UpdateDeadline};

use super::budget::{Budget, Deadline, Stop, of_host_calls, within};
use super::ending;
use super::held::{self, held_by};
use super::host::limits::{MOST_HANDLES, Reached};
use super::host::{Host, resources, trace};
use super::prepared::Prepared;
use super::seen::Seen;
use super::step::Step;
use crate::observation::{Call, End, Holds, Inconclusive, Limit, ObservedExport};
pub(super) use pause::PAUSE;
pub(super) use schedule::{Moment, Observer, Planned, Played, Scheduler};
pub(super) use state::{PAGE, State};

pub(super) struct Live<'p> {
    store: Store<Host>,
    instance: Instance,
    prepared: &'p Prepared,
    budget: &'p Budget,
    called: bool,
    /// What the host refused while the instance was prepared.
    refused: BTreeSet<String>,
}

/// Why there is no instance.
pub(super) struct Failure {
    pub(super) why: Inconclusive,
    /// What the start functions did, if they failed.
    pub(super) call: Option<Box<Call>>,
}

impl From<Inconclusive> for Failure {
    fn from(why: Inconclusive) -> Self {
        Failure { why, call: None }
    }
}

impl From<Failure> for Inconclusive {
    fn from(failure: Failure) -> Self {
        failure.why
    }
}

impl<'p> Live<'p> {
    /// Creates an instance whose host gives the random numbers of `seed`.
    pub(super) async fn start(
        prepared: &'p Prepared,
        budget: &'p Budget,
        seed: u64,
    ) -> Result<Self, Failure> {
        let host = Host::new(
            &prepared.settings,
            &prepared.provided,
            &prepared.environment.borrow(),
            seed,
            budget.call_deadline(),
        );
        let mut store = Store::new(prepared.pre.engine(), host);
        store.limiter(|host| &mut host.limits);
        store.set_max_component_handles(MOST_HANDLES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| {
            let host = store.data();
            if host.deadline.has_passed() {
                return Err(Reached(Limit::Time).into());
            }
            let left = store.get_fuel().unwrap_or(0);
            match of_host_calls(trace::count()) > left {
                true => Err(Trap::OutOfFuel.into()),
                false => Ok(UpdateDeadline::Continue(1)),
            }
        });
        let fuel = budget.next_fuel();
        let instantiated = match store.set_fuel(fuel) {
            Ok(()) => {
                let instantiating = prepared.pre.instantiate_async(&mut store);
                let instantiated = within(budget.call_deadline(), instantiating).await;
                instantiated.and_then(|instantiated| instantiated.map_err(Stop::Error))
            }
            Err(error) => Err(Stop::Error(error)),
        };
        let spent = budget.spend(fuel, &store, trace::count());
        let instantiated = match spent.is_too_much {
            true => Err(Stop::Error(Trap::OutOfFuel.into())),
            false => instantiated,
        };
        match instantiated {
            Ok(instance) => {
                let refused = BTreeSet::new();
                let mut live = Live { store, instance, prepared, budget, called: false, refused };
                if prepared.has_async.get().is_none() {
                    let mut targets = 0..prepared.targets.len();
                    prepared.has_async.set(Some(targets.any(|target| live.is_async(target))));
                }
                Ok(live)
            }
            Err(stop) => {
                let recorded = store.data_mut().end_call();
                let end = ending::end(stop, &recorded, prepared.composition.as_ref())?;
                let detail = format!("no instance can be created: {}", ending::words(&end));
                let why = Inconclusive::new("instantiation", detail);
                let seen = Seen::of(String::new(), 0, end, Vec::new(), recorded, spent.operators);
                Err(Failure { why, call: Some(Box::new(seen.call)) })
            }
        }
    }

    /// Prepares for a call, or for concurrent ones, and lets time pass until `at`. Returns the operators that may be
    /// executed, and whether the wait succeeded.
    async fn begin(&mut self, at: u64, concurrent: bool) -> (u64, Result<(), Stop>) {
        let deadline = self.budget.call_deadline();
        let fuel = self.budget.next_fuel();
        let host = self.store.data_mut();
        host.begin_call(concurrent);
        host.deadline = deadline;
        let waited = match self.store.set_fuel(fuel) {
            Ok(()) => self.wait(at, deadline).await,
            Err(error) => Err(Stop::Error(error)),
        };
        (fuel, waited)
    }

    /// Lets time pass until `at`. Timers of earlier calls expire, and their tasks run.
    async fn wait(&mut self, at: u64, deadline: Deadline) -> Result<(), Stop> {
        let left = Duration::from_nanos(at.saturating_sub(self.now()));
        if left.is_zero() {
            return Ok(());
        }
        if self.prepared.has_async.get() != Some(true) {
            tokio::time::advance(left).await;
            return Ok(());
        }
        let waiting = self.store.run_concurrent(async |_| pause::pass(left).await);
        within(deadline, waiting).await?.map_err(Stop::Error)
    }

    /// Reads or writes the state between two calls.
    pub(super) async fn with_state<R>(
        &mut self,
        access: impl AsyncFnOnce(&State<'_>) -> Result<R, Stop>,
    ) -> Result<R, Stop> {
        let (deadline, instance) = (self.budget.call_deadline(), self.instance);
        let running = self
            .store
            .run_concurrent(async |accessor| access(&State::new(accessor, instance)).await);
        within(deadline, running).await?.map_err(Stop::Error)?
    }

    /// Nanoseconds on the instance's clock.
    pub(super) fn now(&self) -> u64 {
        self.store.data().now()
    }

    fn deadline(&self) -> Deadline {
        self.store.data().deadline
    }

    fn function(&mut self, target: usize) -> Option<Func> {
        self.instance.get_func(&mut self.store, self.prepared.functions[target]?)
    }

    /// [`Self::function`], as an error if the engine does not have it.
    fn callable(&mut self, target: usize) -> Result<Func, Stop> {
        self.function(target).ok_or_else(|| {
            let name = &self.prepared.targets[target].name;
            Stop::inconclusive("refused", format!("the engine does not find `{name}`"))
        })
    }

    /// The types of a target's parameters.
    pub(super) fn parameters(&mut self, target: usize) -> Vec<Type> {
        let Some(function) = self.function(target) else { return Vec::new() };
        function.ty(&self.store).params().map(|(_, ty)| ty).collect()
    }

    /// Whether a target's type is async, so that its calls may overlap.
    pub(super) fn is_async(&mut self, target: usize) -> bool {
        self.function(target).is_some_and(|function| function.ty(&self.store).async_())
    }

    /// Calls a target as part of another call.
    async fn invoke(&mut self, target: usize, arguments: &[Val]) -> Result<Vec<Val>, Stop> {
        let function = self.callable(target)?;
        let mut results = vec![Val::Bool(false); function.ty(&self.store).results().len()];
        let deadline = self.deadline();
        let calling = function.call_async(&mut self.store, arguments, &mut results);
        within(deadline, calling).await?.map_err(Stop::Error)?;
        Ok(results)
    }

    /// Drops the resources and closes the streams in values that a call returned.
    async fn give_back(&mut self, values: &[Val]) -> Result<(), Stop> {
        for held in values.iter().flat_map(held_by) {
            match held {
                Val::Resource(resource) if resource.owned() => self.drop_resource(resource).await?,
                Val::Future(mut future) => future.close(&mut self.store).map_err(Stop::Error)?,
                Val::Stream(mut stream) => stream.close(&mut self.store).map_err(Stop::Error)?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn drop_resource(&mut self, resource: ResourceAny) -> Result<(), Stop> {
        let deadline = self.deadline();
        let dropping = resource.resource_drop_async(&mut self.store);
        let Err(error) = within(deadline, dropping).await? else { return Ok(()) };
        let mut resources = self.prepared.resources.iter();
        let named = resources.find(|(_, index)| {
            self.instance.get_resource(&mut self.store, *index) == Some(resource.ty())
        });
        Err(match named {
            Some((name, _)) => Step::Destructor(name.clone()).failed(Stop::Error(error)),
            None => Stop::Error(error),
        })
    }

    /// The number of a stubbed resource.
    fn stubbed_number(&self, ty: ResourceType) -> Option<u32> {
        (0..self.prepared.stubbed.len() as u32)
            .find(|number| ResourceType::host_dynamic(*number) == ty)
    }

    /// The functions that return an owned resource of this type; constructors come first.
    fn makers_of(&mut self, ty: ResourceType) -> Vec<usize> {
        let prepared = self.prepared;
        let targets = &prepared.targets;
        let all = 0..targets.len();
        let mut makers: Vec<_> = all.filter(|target| self.returns(*target, ty)).collect();
        makers.sort_by_key(|it| !targets[*it].name.function().starts_with("[constructor]"));
        makers
    }

    fn returns(&mut self, target: usize, ty: ResourceType) -> bool {
        let Some(function) = self.function(target) else { return false };
        function.ty(&self.store).results().any(|result| held::resources(&result).contains(&ty))
    }

    fn holds(&mut self, end: &End) -> Holds {
        let host = self.store.data_mut();
        Holds {
            memory_pages: (host.limits.memory / PAGE) as u64,
            table_elements: host.limits.elements as u64,
            handles: resources::held(host).values().sum(),
            // The tables of an instance that trapped may be inconsistent.
            concurrent: match end {
                End::Returned => self.store.concurrent_state_table_size() as u64,
                _ => 0,
            },
        }
    }

    /// How many handles the guest holds, by the type of their resource.
    pub(super) fn held_by_type(&mut self) -> BTreeMap<String, u64> {
        resources::held(self.store.data_mut())
    }

    /// The imported functions that return such a resource and were called.
    pub(super) fn makers_called(&self, resource: &str, export: &ObservedExport) -> Vec<String> {
        let calls = || export.reused.iter().flat_map(|it| &it.call.host_calls.first);
        let makers = self.prepared.makers.get(resource).into_iter().flatten();
        makers.filter(|maker| calls().any(|call| is_call_of(call, maker))).cloned().collect()
    }
}

/// Whether a recorded call (`poll#poll`, or the full name of a stub) is one of this function.
fn is_call_of(call: &str, function: &str) -> bool {
    let short = || {
        let (interface, name) = function.rsplit_once('#')?;
        let interface = interface.rsplit_once('/')?.1;
        let interface = interface.split_once('@').map_or(interface, |(interface, _)| interface);
        Some(call.strip_prefix(interface)?.strip_prefix('#')? == name)
    };
    call == function || short() == Some(true)
}
