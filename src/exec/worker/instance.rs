//! One live instance: it is called, and what each call did is written down.

mod arguments;
mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

use futures::future::join;
use wasmtime::Store;
use wasmtime::UpdateDeadline;
use wasmtime::component::ComponentExportIndex;
use wasmtime::component::Func;
use wasmtime::component::Instance;
use wasmtime::component::InstancePre;
use wasmtime::component::ResourceAny;
use wasmtime::component::ResourceType;
use wasmtime::component::Type;
use wasmtime::component::Val;

use super::budget::Budget;
use super::budget::Stop;
use super::budget::within;
use super::concurrent::Answer;
use super::concurrent::concurrent;
use super::concurrent::taken;
use super::ending;
use super::held::held_by;
use super::host::Host;
use super::host::MOST_HANDLES;
use super::host::limits::Reached;
use super::printed;
use super::shape::Shape;
use crate::exec::settings::Settings;
use crate::exec::settings::Target;
use crate::observation::Call;
use crate::observation::End;
use crate::observation::Holds;
use crate::observation::Inconclusive;
use crate::observation::Limit;
use crate::observation::Text;
use arguments::Made;
pub(super) use ways::Ways;

/// Bytes of a linear memory's page.
const PAGE: usize = 64 << 10;

/// A component that can be instantiated, and what to call in it.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Host>,
    pub(super) settings: Settings,
    pub(super) targets: Vec<Target>,
    /// Where the engine keeps each of them.
    pub(super) functions: Vec<Option<ComponentExportIndex>>,
    /// The names of the resources that the host made up, by number.
    pub(super) made_up: Vec<Arc<str>>,
    /// The resources that the component exports, by name: `ns:pkg/iface name`.
    pub(super) resources: Vec<(String, ComponentExportIndex)>,
    /// The imported functions that return handles of the host's resources, by resource.
    #[expect(dead_code, reason = "findings do not name them yet")]
    pub(super) makers: BTreeMap<String, Vec<String>>,
    /// How its own resources are made.
    pub(super) ways: Ways,
}

/// An instance.
pub(super) struct Live<'p> {
    store: Store<Host>,
    instance: Instance,
    prepared: &'p Prepared,
    budget: &'p Budget,
}

impl<'p> Live<'p> {
    /// Makes an instance.
    pub(super) async fn start(
        prepared: &'p Prepared,
        budget: &'p Budget,
    ) -> Result<Self, Inconclusive> {
        let host = Host::new(&prepared.settings, budget.call_deadline());
        let mut store = Store::new(prepared.pre.engine(), host);
        store.limiter(|host| &mut host.limits);
        store.set_max_component_handles(MOST_HANDLES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| match Instant::now() < store.data().deadline {
            true => Ok(UpdateDeadline::Continue(1)),
            false => Err(Reached(Limit::Time).into()),
        });
        let given = budget.fuel.get().min(budget.fuel_per_call);
        let made = match store.set_fuel(given) {
            Ok(()) => {
                let making = prepared.pre.instantiate_async(&mut store);
                within(budget.call_deadline(), making)
                    .await
                    .and_then(|made| made.map_err(Stop::Error))
            }
            Err(error) => Err(Stop::Error(error)),
        };
        budget.spend(given, &store);
        match made {
            Ok(instance) => Ok(Live { store, instance, prepared, budget }),
            Err(stop) => {
                let left = store.data_mut().end_call();
                let end = ending::end(stop, &left)?;
                let detail = format!("instantiation ends with: {}", ending::words(&end));
                Err(Inconclusive { reason: "instantiation".to_owned(), detail })
            }
        }
    }

    /// Calls a target, at `at` nanoseconds on the instance's clock, with arguments of this shape.
    pub(super) async fn call(
        &mut self,
        target: usize,
        shape: Shape,
        at: u64,
    ) -> Result<Call, Inconclusive> {
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let given = self.begin(at);
        let mut arguments = String::new();
        let mut done = match self.store.set_fuel(given) {
            Ok(()) => arguments::make(self, &types, shape).await,
            Err(error) => Err(Stop::Error(error)),
        };
        let mut answered = None;
        let mut response = None;
        if let Ok(made) = &mut done {
            arguments = printed::values(&made.values);
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
            Err(stop) => ending::end(stop, &left)?,
        };
        // Where all of the export's budget is used up, the call had less than it should.
        if end == End::Exhausted(Limit::Time) && given < self.budget.fuel_per_call {
            let detail = "the calls took all of the export's budget".to_owned();
            return Err(Inconclusive { reason: "budget".to_owned(), detail });
        }
        let answer = read.map(Answer::Response).or(answered).map(Answer::into_text);
        let answer = answer.map(|answer| printed::text(&answer)).unwrap_or_default();
        Ok(Call {
            arguments: printed::text(arguments.as_bytes()).shown,
            holds: self.holds(&end),
            end,
            answer,
            stdout: printed::text(&left.stdout),
            stderr: printed::text(&left.stderr),
            host_calls: left.host_calls,
            fuel,
        })
    }

    /// Calls a target twice at once; how both ended and what they returned.
    pub(super) async fn call_both(
        &mut self,
        target: usize,
        shapes: [Shape; 2],
        at: u64,
    ) -> Result<(Vec<End>, Vec<Text>), Inconclusive> {
        let types = self.parameters(target);
        self.find_ways(&types).await?;
        let given = self.begin(at);
        let done = self.overlapped(target, &types, shapes, given).await;
        let left = self.store.data_mut().end_call();
        self.budget.spend(given, &self.store);
        let (mut ends, mut answers) = (Vec::new(), Vec::new());
        match done {
            Err(stop) => {
                ends.push(ending::end(stop, &left)?);
                answers.push(Text::default());
            }
            Ok(both) => {
                for one in both {
                    let (end, answer) = match one {
                        Ok(answer) => (End::Returned, answer.into_text()),
                        Err(error) => (ending::end(Stop::Error(error), &left)?, Vec::new()),
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
        [first, second]: [Shape; 2],
        fuel: u64,
    ) -> Result<[wasmtime::Result<Answer>; 2], Stop> {
        self.store.set_fuel(fuel).map_err(Stop::Error)?;
        let first = arguments::make(self, types, first).await?;
        let second = arguments::make(self, types, second).await?;
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

    /// Makes ready for a call; the operators that it gets.
    fn begin(&mut self, at: u64) -> u64 {
        let host = self.store.data_mut();
        host.begin_call(at);
        host.deadline = self.budget.call_deadline();
        self.budget.fuel.get().min(self.budget.fuel_per_call)
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

fn lost(target: &Target) -> Stop {
    Stop::inconclusive("refused", format!("the engine does not find `{}`", target.name))
}
