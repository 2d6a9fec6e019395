//! Finds out how the guest's own resources are created for arguments: by which function, and with which shape of
//! arguments. This is done once for each resource, on separate instances; all calls then create it the same way.

use std::future::Future;
use std::pin::Pin;

use wasmtime::component::{Type, Val};

use super::{Live, PAUSE, arguments};
use crate::exec::worker::budget::Budget;
use crate::exec::worker::host::resources::Kind;
use crate::exec::worker::host::trace;
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::shape::Shape;
use crate::exec::worker::way::{CIRCULAR, Known, Way};
use crate::exec::worker::{ending, held};
use crate::observation::{End, Inconclusive};

/// The shapes to try, in this order.
const SHAPES: [Shape; 5] =
    [Shape::Plain, Shape::Empty, Shape::Large, Shape::Random(5), Shape::Random(6)];
/// How many functions are tried for one resource.
const MOST_MAKERS: usize = 4;

type Searching<'s> = Pin<Box<dyn Future<Output = Result<(), Inconclusive>> + 's>>;

impl Live<'_> {
    /// Finds out how the guest's own resources in values of these types are created.
    pub(super) fn find_ways<'s>(&'s mut self, types: &'s [Type]) -> Searching<'s> {
        Box::pin(async move {
            for ty in types.iter().flat_map(held::resources) {
                if self.stubbed_number(ty).is_some() || Kind::of(ty).is_some() {
                    continue;
                }
                let makers = self.makers_of(ty);
                let ways = &self.prepared.ways.0;
                let is_outermost =
                    !ways.borrow().values().any(|known| matches!(known, Known::Searching));
                let known = ways.borrow().get(&makers).cloned();
                let again = match known {
                    None => false,
                    Some(Known::Circular(_)) if is_outermost => true,
                    Some(_) => continue,
                };
                if makers.is_empty() {
                    continue;
                }
                ways.borrow_mut().insert(makers.clone(), Known::Searching);
                let calls = trace::suspend();
                let found = search(self.prepared, self.budget, &makers).await;
                trace::resume(calls);
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
}

async fn search(
    prepared: &Prepared,
    budget: &Budget,
    makers: &[usize],
) -> Result<Known, Inconclusive> {
    let mut failed = None;
    let mut untried = None;
    let mut is_circular = false;
    let mut uses_stubs = false;
    // The other half is for the calls.
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
                let mut live = Live::start(prepared, budget, prepared.settings.seed).await?;
                let types = live.parameters(maker);
                let way = Way { maker, shape, generous };
                match attempt(&mut live, way, &types, makers).await? {
                    Attempt::Created => return Ok(Known::Found(way)),
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
    let because = |detail: String| Inconclusive::new("resource-argument", detail);
    let failed = failed
        .map(|why| because(format!("an argument is a resource that cannot be created: {why}")));
    let why = failed.or(untried).unwrap_or_else(|| because(CIRCULAR.to_owned()));
    Ok(if is_circular { Known::Circular(why) } else { Known::Impossible(why) })
}

/// The result of an attempt to create a resource.
enum Attempt {
    Created,
    /// How the function ended, and whether it called a stub.
    Failed {
        words: String,
        stubs: bool,
    },
    /// Its own arguments cannot be created.
    Untried(Inconclusive),
}

async fn attempt(
    live: &mut Live<'_>,
    way: Way,
    types: &[Type],
    makers: &[usize],
) -> Result<Attempt, Inconclusive> {
    live.make_ready(way.maker, PAUSE).await?;
    live.find_ways(types).await?;
    let (fuel, mut done) = live.begin(PAUSE, false).await;
    let mut results = Vec::new();
    if done.is_ok() {
        let returned = async {
            let arguments = arguments::generate(live, types, way.shape).await?;
            live.store.data_mut().handles.generous = way.generous;
            live.invoke(way.maker, &arguments.values).await
        };
        match returned.await {
            Ok(values) => results = values,
            Err(stop) => done = Err(stop),
        }
    }
    let recorded = live.store.data_mut().end_call();
    let stubs = recorded.host_calls.refused.iter().any(|it| it.starts_with("import "));
    live.budget.spend(fuel, &live.store, recorded.host_calls.count);
    if let Err(stop) = done {
        let composition = live.prepared.composition.as_ref();
        return Ok(match ending::end(stop, &recorded, composition) {
            Ok(end) => Attempt::Failed { words: words(&end), stubs },
            Err(why) if why.reason == "budget" => return Err(why),
            Err(why) => Attempt::Untried(why),
        });
    }
    let created = results.iter().flat_map(held::held_by).any(|held| match held {
        Val::Resource(resource) => live.makers_of(resource.ty()) == makers,
        _ => false,
    });
    Ok(match created {
        true => Attempt::Created,
        false => {
            let words = "returns none for the arguments that were tried".to_owned();
            Attempt::Failed { words, stubs }
        }
    })
}

/// How a function ended that did not return, to follow its name.
fn words(end: &End) -> String {
    match end {
        End::Trapped(trap) => format!("traps ({})", trap.message),
        End::Exited(status) => format!("exits ({status})"),
        End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
        other => format!("ends with: {}", ending::words(other)),
    }
}
