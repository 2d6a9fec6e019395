//! Finds out how the guest's own resources are made for arguments: by which function, and with arguments of which
//! shape. That is done once for each resource, on instances of its own; all calls then make it the same way.

use std::future::Future;
use std::pin::Pin;

use wasmtime::component::{ResourceAny, ResourceType, Type, Val};

use super::{Live, arguments};
use crate::exec::worker::budget::{Budget, Stop};
use crate::exec::worker::host::resources::Kind;
use crate::exec::worker::host::trace;
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::shape::Shape;
use crate::exec::worker::step::Step;
use crate::exec::worker::way::{CIRCULAR, Known, Way};
use crate::exec::worker::{ending, held};
use crate::observation::{End, Inconclusive};

/// The shapes that are tried, in this order.
const SHAPES: [Shape; 5] =
    [Shape::Plain, Shape::Empty, Shape::Large, Shape::Random(5), Shape::Random(6)];
/// Functions that are tried for one resource.
const MOST_MAKERS: usize = 4;
/// When a resource is made, in nanoseconds of its instance's clock.
const AT: u64 = 1_000_000_000;

/// Finding ways.
type Finding<'f> = Pin<Box<dyn Future<Output = Result<(), Inconclusive>> + 'f>>;

impl Live<'_> {
    /// Finds out how the guest's own resources in values of these types are made.
    pub(super) fn find_ways<'f>(&'f mut self, types: &'f [Type]) -> Finding<'f> {
        Box::pin(async move {
            for ty in types.iter().flat_map(held::resources) {
                if self.made_up(&ty).is_some() || Kind::of(ty).is_some() {
                    continue;
                }
                let makers = self.makers_of(ty);
                let ways = &self.prepared.ways.0;
                let is_outermost =
                    !ways.borrow().values().any(|known| matches!(known, Known::Sought));
                let known = ways.borrow().get(&makers).cloned();
                let again = match known {
                    None => false,
                    Some(Known::Circular(_)) if is_outermost => true,
                    Some(_) => continue,
                };
                if makers.is_empty() {
                    continue;
                }
                ways.borrow_mut().insert(makers.clone(), Known::Sought);
                let calls = trace::set_aside();
                let found = seek(self.prepared, self.budget, &makers).await;
                trace::put_back(calls);
                let mut ways = ways.borrow_mut();
                match found {
                    Ok(Known::Circular(why)) if again || is_outermost => {
                        ways.insert(makers, Known::Impossible(why))
                    }
                    Ok(known) => ways.insert(makers, known),
                    Err(why) => {
                        ways.remove(&makers);
                        return Err(why);
                    }
                };
            }
            Ok(())
        })
    }

    /// How to make the resource that these functions return.
    pub(super) fn way(&self, makers: &[usize]) -> Option<Known> {
        self.prepared.ways.0.borrow().get(makers).cloned()
    }

    /// The functions that return an owned resource of this type; constructors come first.
    pub(super) fn makers_of(&mut self, ty: ResourceType) -> Vec<usize> {
        let targets = 0..self.prepared.targets.len();
        let mut makers: Vec<_> = targets.filter(|target| self.returns(*target, ty)).collect();
        let targets = &self.prepared.targets;
        makers.sort_by_key(|it| !targets[*it].name.function().starts_with("[constructor]"));
        makers
    }

    fn returns(&mut self, target: usize, ty: ResourceType) -> bool {
        let Some(function) = self.function(target) else { return false };
        function.ty(&self.store).results().any(|result| held::resources(&result).contains(&ty))
    }

    /// How a call ended after which a resource could not be dropped.
    pub(super) fn not_dropped(&mut self, resource: ResourceAny, error: wasmtime::Error) -> Stop {
        let mut named = self.prepared.resources.iter();
        let named = named.find(|(_, index)| {
            self.instance.get_resource(&mut self.store, *index) == Some(resource.ty())
        });
        match named {
            Some((name, _)) => Step::Destructor(name.clone()).failed(Stop::Error(error)),
            None => Stop::Error(error),
        }
    }
}

async fn seek(
    prepared: &Prepared,
    budget: &Budget,
    makers: &[usize],
) -> Result<Known, Inconclusive> {
    let mut failed = None;
    let mut untried = None;
    let mut is_circular = false;
    let mut uses_stubs = false;
    // The rest is for the calls.
    let enough = budget.fuel.get() / 2;
    for generous in [false, true] {
        if generous && !uses_stubs {
            break;
        }
        for maker in makers.iter().copied().take(MOST_MAKERS) {
            for shape in SHAPES {
                if budget.fuel.get() < enough {
                    break;
                }
                let mut live = Live::start(prepared, budget).await?;
                let types = live.parameters(maker);
                let way = Way { maker, shape, generous };
                match attempt(&mut live, way, &types, makers).await? {
                    Attempt::Made => return Ok(Known::Found(way)),
                    Attempt::Failed { words, stubs } => {
                        let name = &prepared.targets[maker].name;
                        failed.get_or_insert_with(|| format!("`{name}` {words}"));
                        uses_stubs |= stubs;
                    }
                    Attempt::Untried(why) if why.detail == CIRCULAR => {
                        is_circular = true;
                        break;
                    }
                    Attempt::Untried(why) => {
                        untried.get_or_insert(why);
                        break;
                    }
                }
                if types.is_empty() {
                    break;
                }
            }
        }
    }
    let because = |detail: String| Inconclusive { reason: "resource-argument".to_owned(), detail };
    let failed =
        failed.map(|why| because(format!("an argument is a resource that cannot be made: {why}")));
    let why = failed.or(untried).unwrap_or_else(|| because(CIRCULAR.to_owned()));
    Ok(if is_circular { Known::Circular(why) } else { Known::Impossible(why) })
}

/// What came of an attempt to make a resource.
enum Attempt {
    Made,
    /// How the function ended, and whether it called a stub.
    Failed {
        words: String,
        stubs: bool,
    },
    /// Its own arguments cannot be made.
    Untried(Inconclusive),
}

async fn attempt(
    live: &mut Live<'_>,
    way: Way,
    types: &[Type],
    makers: &[usize],
) -> Result<Attempt, Inconclusive> {
    live.ready(way.maker, AT).await?;
    live.find_ways(types).await?;
    let (given, mut done) = live.begin(AT, false).await;
    let mut results = Vec::new();
    if done.is_ok() {
        match arguments::make(live, types, way.shape).await {
            Ok(made) => {
                live.store.data_mut().handles.generous = way.generous;
                match live.invoke(way.maker, &made.values).await {
                    Ok(values) => results = values,
                    Err(stop) => done = Err(stop),
                }
            }
            Err(stop) => done = Err(stop),
        }
    }
    let left = live.store.data_mut().end_call();
    let stubs = left.host_calls.refused.iter().any(|it| it.starts_with("import "));
    live.budget.spend(given, &live.store);
    if let Err(stop) = done {
        let composition = live.prepared.composition.as_ref();
        return Ok(match ending::end(stop, &left, composition) {
            Ok(end) => Attempt::Failed { words: words(&end), stubs },
            Err(why) if why.reason == "budget" => return Err(why),
            Err(why) => Attempt::Untried(why),
        });
    }
    let made = results.iter().flat_map(held::held_by).any(|held| match held {
        Val::Resource(resource) => live.makers_of(resource.ty()) == makers,
        _ => false,
    });
    Ok(match made {
        true => Attempt::Made,
        false => {
            let words = "returns none for the arguments that were tried".to_owned();
            Attempt::Failed { words, stubs }
        }
    })
}

/// How a function ended that returned nothing, after its name.
fn words(end: &End) -> String {
    match end {
        End::Trapped(trap) => format!("traps ({})", trap.message),
        End::Exited(status) => format!("exits ({status})"),
        End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
        other => format!("ends with: {}", ending::words(other)),
    }
}
