//! Calls over and over on one instance, with each kind of arguments that returns, until something fails or grows.

use super::{Fresh, HOST_CALL, random, twin, usual_calls_return};
use crate::exec::worker::budget::Budget;
use crate::exec::worker::instance::{Live, PAGE, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::shape::{Arguments, Order};
use crate::observation::growth::{self, Growth, Sample, Trend};
use crate::observation::{Call, End, HandleGrowth, Inconclusive, Later, ObservedExport, Repeated};

/// Calls after which one looks whether something grows. The adapter's table of descriptors is full after 124 calls; a
/// collector that is lazy takes thousands.
const MILESTONES: [u64; 5] = [192, 2_000, 4_000, 8_000, 20_000];
/// A call costs at least so many operators, when it is asked how many there is room for.
const CHEAPEST: u64 = 20_000;
/// So many calls in a row have the smallest arguments, then as many have all kinds in turn: so that what grows with
/// each call and what grows with each byte can be told apart.
const BLOCK: u64 = 64;
/// Answers that change with the time of the clock, until one stops to compare them.
const TIMELY: u32 = 3;

/// What the instance held after each call.
#[derive(Default)]
struct Held {
    memory: Vec<Sample>,
    handles: Vec<Sample>,
    concurrent: Vec<Sample>,
}

pub(super) async fn repeat(
    live: &mut Live<'_>,
    prepared: &Prepared,
    target: usize,
    order: &Order<'_>,
    fresh: &[Fresh],
    budget: &Budget,
    seen: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let returning = returning(order, fresh);
    let Some(smallest) =
        returning.iter().copied().min_by_key(|it| fresh[*it].seen.call.argument_bytes)
    else {
        return Ok(());
    };
    let cost = returning.iter().map(|it| cost(&fresh[*it])).sum::<u64>() / returning.len() as u64;
    let mut held = Held::default();
    seen.reused.iter().for_each(|it| held.push(&it.call));
    let first = held.last(seen);
    let mut repeated = Repeated {
        before: seen.reused.len() as u32,
        calls: 0,
        first,
        last: first,
        memory: None,
        handles: Vec::new(),
        concurrent: None,
        failed: None,
        fails_by_argument: false,
        changed: None,
    };
    // A collector that runs in one call of a hundred takes its time then.
    budget.fuel_per_call.set((budget.fuel.get() / 2).max(1));
    let by_type = live.held_by_type();
    // Only what was like fresh instances up to here can be said to change.
    let mut comparable = seen.compared().all(|(_, it, fresh)| it.is_like(fresh)).then_some(TIMELY);
    let mut call = 0;
    // What a call costs of late. One in which a collector runs is no measure for the next.
    let mut mean = cost;
    // What was seen up to where it stops counts.
    let stopped: Result<(), Inconclusive> = async {
        'calls: for milestone in MILESTONES {
            let room = budget.fuel.get() / 2 / cost;
            let until = milestone.min(call + room);
            while call < until {
                // One more, and its twin.
                if budget.fuel.get() < mean.saturating_mul(3) {
                    break 'calls;
                }
                let like = match call / BLOCK % 2 {
                    1 => smallest,
                    _ => returning[call as usize % returning.len()],
                };
                let arguments = order.arguments(like);
                let at = live.now().saturating_add(PAUSE);
                let again = live.call(target, arguments, at).await?;
                call += 1;
                repeated.calls = call as u32;
                if again.call.end != End::Returned {
                    let twin = twin::fresh(prepared, target, arguments, budget, at).await?;
                    twin::is_far_above(prepared, budget, &again.call, &twin.call)?;
                    if twin.call.end == End::Returned {
                        let difference = again.difference(&twin);
                        let later = Later { call: again.call, twin: twin.call, difference };
                        repeated.failed = Some(Box::new(later));
                        let enough = repeated.last().max(MILESTONES[0] as u32);
                        repeated.fails_by_argument = !Order::is_usual(arguments)
                            && usual_calls_return(prepared, target, order, budget, enough).await;
                    }
                    break 'calls;
                }
                held.push(&again.call);
                mean = (7 * (mean / 8)).saturating_add(cost_of(&again.call) / 8);
                repeated.last = again.call.holds;
                if let Some(left) =
                    comparable.filter(|_| !again.call.is_like(&fresh[like].seen.call))
                {
                    let twin = twin::fresh(prepared, target, arguments, budget, at).await?;
                    let both = (&again, &twin);
                    if !again.call.is_like(&twin.call)
                        && !random::explains(prepared, target, arguments, budget, at, both).await?
                    {
                        let difference = again.difference(&twin);
                        let later = Later { call: again.call, twin: twin.call, difference };
                        repeated.changed = Some(Box::new(later));
                        break 'calls;
                    }
                    comparable = left.checked_sub(1);
                }
            }
            if until < milestone || !held.wants_more(milestone) {
                break;
            }
        }
        Ok(())
    }
    .await;
    held.judge(live, seen, &by_type, &mut repeated);
    if stopped.is_err() {
        // The call that used up the budget may be the one in which a collector runs.
        repeated.memory = None;
    }
    seen.repeated = Some(repeated);
    stopped
}

/// One call of each kind of arguments that returns on a fresh instance, as indices into `fresh`.
fn returning(order: &Order<'_>, fresh: &[Fresh]) -> Vec<usize> {
    let mut kinds: Vec<Arguments<'_>> = Vec::new();
    let mut returning = Vec::new();
    for (like, fresh) in fresh.iter().enumerate() {
        let arguments = order.arguments(like);
        if fresh.seen.call.end == End::Returned && !kinds.contains(&arguments) {
            kinds.push(arguments);
            returning.push(like);
        }
    }
    returning
}

fn cost(fresh: &Fresh) -> u64 {
    cost_of(&fresh.seen.call)
}

fn cost_of(call: &Call) -> u64 {
    call.fuel.max(CHEAPEST) + call.host_calls.count * HOST_CALL
}

impl Held {
    fn push(&mut self, call: &Call) {
        let sample = |held| Sample { held, arguments: call.argument_bytes };
        self.memory.push(sample(call.holds.memory_pages * PAGE as u64));
        self.handles.push(sample(call.holds.handles));
        self.concurrent.push(sample(call.holds.concurrent));
    }

    fn last(&self, seen: &ObservedExport) -> crate::observation::Holds {
        seen.reused.last().map(|it| it.call.holds).unwrap_or_default()
    }

    /// Whether more calls would say more. What grows is made sure of once; what may stop, until it does.
    fn wants_more(&self, milestone: u64) -> bool {
        let grows = match growth::memory(&self.memory) {
            Trend::Steady(_) => milestone == MILESTONES[0],
            trend => trend == Trend::Suspected,
        };
        // Handles that a collector drops stay for a while.
        let counted =
            [&self.handles, &self.concurrent].map(|samples| match growth::count(samples) {
                Trend::Steady(_) => milestone == MILESTONES[0],
                trend => trend == Trend::Suspected,
            });
        grows || counted.contains(&true)
    }

    fn judge(
        &self,
        live: &mut Live<'_>,
        seen: &ObservedExport,
        before: &std::collections::BTreeMap<String, u64>,
        repeated: &mut Repeated,
    ) {
        let steady = |trend| match trend {
            Trend::Steady(growth) => Some(growth),
            Trend::Settled | Trend::Suspected => None,
        };
        // A heap with a collector finds its size in the first hundreds of calls: what fewer show may be no leak.
        if self.memory.len() as u64 >= MILESTONES[0] {
            repeated.memory = steady(growth::memory(&self.memory));
        }
        // A cache that fills grows less than once in a round of calls.
        let counts = |growth: &Growth| {
            let grown = growth.to.saturating_sub(growth.from);
            grown >= (u64::from(growth.calls) / 16).max(1)
        };
        repeated.concurrent = steady(growth::count(&self.concurrent)).filter(counts);
        if repeated.failed.is_some() {
            // A dead instance's handles are those of before the call.
            return;
        }
        if steady(growth::count(&self.handles)).filter(counts).is_none() {
            return;
        }
        for (resource, to) in live.held_by_type() {
            let from = before.get(&resource).copied().unwrap_or_default();
            let grown = to.saturating_sub(from);
            let growth = Growth {
                from,
                to,
                calls: repeated.calls,
                per_call: (grown + u64::from(repeated.calls) / 2)
                    / u64::from(repeated.calls.max(1)),
                per_kibibyte: 0,
            };
            if counts(&growth) {
                let imports = live.makers_among(&resource, seen);
                repeated.handles.push(HandleGrowth { resource, imports, growth });
            }
        }
    }
}
