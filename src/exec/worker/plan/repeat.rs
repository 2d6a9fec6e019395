//! Repeated calls on one instance, with each shape of arguments that returns, until something fails or grows.

use std::collections::BTreeMap;

use super::random;
use super::subject::Subject;
use crate::exec::worker::budget::of_call;
use crate::exec::worker::instance::{Live, PAGE, PAUSE};
use crate::exec::worker::shape::{Arguments, Order};
use crate::observation::growth::{self, Growth, Sample, Trend};
use crate::observation::{Call, End, HandleGrowth, Inconclusive, Later, ObservedExport, Repeated};

/// Numbers of calls after which growth is checked. The adapter's table of descriptors is full after 124 calls; a lazy
/// garbage collector takes thousands.
const MILESTONES: [u64; 5] = [192, 2_000, 4_000, 8_000, 20_000];
/// The least number of operators that a call is estimated to cost.
const CHEAPEST: u64 = 20_000;
/// This many calls use the smallest arguments, then as many use all shapes in turn, to separate growth per call from
/// growth per byte of argument.
const BLOCK: u64 = 64;
/// Steady growth of memory is confirmed once it goes on by this much after the first milestone, in bytes, or else by calls:
/// a garbage collector may not have run yet.
const CONFIRMED: u64 = 64 << 20;
/// How many answers may change with the clock before comparing ends.
const TIMELY: u32 = 3;

/// What the instance held after each call.
#[derive(Default)]
struct Held {
    memory: Vec<Sample>,
    handles: Vec<Sample>,
    concurrent: Vec<Sample>,
    /// The memory with which growth is confirmed; `None` if only further calls can confirm it.
    confirmed_at: Option<u64>,
}

/// `fresh` are the calls on fresh instances, in order.
pub(super) async fn repeat(
    subject: &Subject<'_>,
    live: &mut Live<'_>,
    fresh: &[&Call],
    export: &mut ObservedExport,
) -> Result<(), Inconclusive> {
    let Subject { order, budget, target, .. } = subject;
    let Some(sequence) = Sequence::of(order, fresh) else { return Ok(()) };
    let returning = &sequence.returning;
    let cost =
        returning.iter().map(|like| cost(fresh[*like])).sum::<u64>() / returning.len() as u64;
    let mut held = Held::default();
    export.reused.iter().for_each(|reused| held.push(&reused.call));
    let first = export.reused.last().map(|reused| reused.call.holds).unwrap_or_default();
    let mut repeated = Repeated {
        before: export.reused.len() as u32,
        calls: 0,
        first,
        last: first,
        memory: None,
        grown_by: None,
        handles: Vec::new(),
        concurrent: None,
        concurrent_by: None,
        failed: None,
        fails_by_argument: false,
        changed: None,
    };
    // A call in which a garbage collector runs takes longer than the others.
    budget.fuel_per_call.set((budget.fuel.get() / 2).max(1));
    let by_type = live.held_by_type();
    // Answers are compared only if all calls matched fresh ones so far.
    let matched = export.compared().all(|(_, reused, fresh)| reused.is_like(fresh));
    let mut comparable = matched.then_some(TIMELY);
    let mut call = 0;
    // The recent cost of a call, averaged because a garbage collector may run in one of them.
    let mut mean = cost;
    // What was observed before an early end counts.
    let stopped: Result<(), Inconclusive> = async {
        'calls: for milestone in MILESTONES {
            let room = budget.fuel.get() / 2 / cost;
            let until = milestone.min(call + room);
            while call < until {
                if held.is_confirmed() {
                    break 'calls;
                }
                // For one more call and its reference call.
                if budget.fuel.get() < mean.saturating_mul(3) {
                    break 'calls;
                }
                let like = sequence.like(call);
                let arguments = order.arguments(like);
                let at = live.now().saturating_add(PAUSE);
                let again = live.call(*target, arguments, at).await?;
                call += 1;
                if again.call.end != End::Returned {
                    let twin = subject.call_fresh(arguments, at).await?;
                    subject.check_limit(&again.call, &twin.call)?;
                    if twin.call.end == End::Returned {
                        let difference = again.difference(&twin);
                        let later = Later { call: again.call, twin: twin.call, difference };
                        repeated.failed = Some(Box::new(later));
                        repeated.calls = call as u32;
                        let enough = repeated.last().max(MILESTONES[0] as u32);
                        repeated.fails_by_argument =
                            !Order::is_usual(arguments) && subject.usual_calls_return(enough).await;
                    }
                    break 'calls;
                }
                repeated.calls = call as u32;
                held.push(&again.call);
                mean = (7 * (mean / 8)).saturating_add(self::cost(&again.call) / 8);
                repeated.last = again.call.holds;
                if let Some(left) = comparable.filter(|_| !again.call.is_like(fresh[like])) {
                    let twin = subject.call_fresh(arguments, at).await?;
                    if !again.call.is_like(&twin.call)
                        && !random::explains(subject, arguments, at, &again, &twin).await?
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
            held.confirmed_at = held.confirmation();
        }
        Ok(())
    }
    .await;
    held.judge(live, export, &by_type, &mut repeated);
    if stopped.is_err() {
        // A garbage collector may run in the call that used up the budget.
        repeated.memory = None;
    }
    export.repeated = Some(repeated);
    stopped
}

/// Which arguments the repeated calls have.
pub(crate) struct Sequence {
    /// The index of one fresh call of each kind of arguments that returns.
    returning: Vec<usize>,
    /// Of these, the one with the smallest arguments.
    smallest: usize,
}

impl Sequence {
    /// `None` if no fresh call returns.
    pub(crate) fn of(order: &Order<'_>, fresh: &[&Call]) -> Option<Sequence> {
        let returning = returning(order, fresh);
        let smallest = returning.iter().copied().min_by_key(|it| fresh[*it].argument_bytes)?;
        Some(Sequence { returning, smallest })
    }

    /// The index of the fresh call with the smallest arguments.
    pub(crate) fn smallest(&self) -> usize {
        self.smallest
    }

    /// The index of the fresh call with the same arguments as the repeated call `number`, from 0.
    pub(crate) fn like(&self, number: u64) -> usize {
        match number / BLOCK % 2 {
            1 => self.smallest,
            _ => self.returning[number as usize % self.returning.len()],
        }
    }
}

/// The index in `fresh` of one call of each kind of arguments that returns on a fresh instance.
fn returning(order: &Order<'_>, fresh: &[&Call]) -> Vec<usize> {
    let mut kinds: Vec<Arguments<'_>> = Vec::new();
    let mut returning = Vec::new();
    for (like, fresh) in fresh.iter().enumerate() {
        let arguments = order.arguments(like);
        if fresh.end == End::Returned && !kinds.contains(&arguments) {
            kinds.push(arguments);
            returning.push(like);
        }
    }
    returning
}

/// The operators that a call costs, about.
fn cost(call: &Call) -> u64 {
    of_call(call).max(CHEAPEST)
}

impl Held {
    fn push(&mut self, call: &Call) {
        let sample = |held| Sample { held, arguments: call.argument_bytes };
        self.memory.push(sample(call.holds.memory_pages * PAGE as u64));
        self.handles.push(sample(call.holds.handles));
        self.concurrent.push(sample(call.holds.concurrent));
    }

    /// The memory with which growth is confirmed, if memory grows steadily and nothing else grows.
    fn confirmation(&self) -> Option<u64> {
        let others = [&self.handles, &self.concurrent];
        let settled = others.into_iter().all(|it| matches!(growth::count(it), Trend::Settled));
        let grows = matches!(growth::memory(&self.memory), Trend::Steady(_));
        let last = self.memory.last().filter(|_| settled && grows)?;
        Some(last.held.saturating_add(CONFIRMED))
    }

    fn is_confirmed(&self) -> bool {
        let last = self.memory.last().map_or(0, |last| last.held);
        self.confirmed_at.is_some_and(|enough| last >= enough)
    }

    /// Whether more calls would show more. Steady growth is confirmed once; what may stop is observed until it does.
    fn wants_more(&self, milestone: u64) -> bool {
        let memory = growth::memory(&self.memory);
        let [handles, concurrent] = [&self.handles, &self.concurrent].map(|it| growth::count(it));
        [memory, handles, concurrent].into_iter().any(|trend| match trend {
            Trend::Steady(_) => milestone == MILESTONES[0],
            Trend::Suspected => true,
            Trend::Settled => false,
        })
    }

    fn judge(
        &self,
        live: &mut Live<'_>,
        export: &ObservedExport,
        before: &BTreeMap<String, u64>,
        repeated: &mut Repeated,
    ) {
        let steady = |trend| match trend {
            Trend::Steady(growth) => Some(growth),
            Trend::Settled | Trend::Suspected => None,
        };
        // A garbage-collected heap finds its size in the first hundreds of calls.
        if self.memory.len() as u64 >= MILESTONES[0] {
            repeated.memory = steady(growth::memory(&self.memory));
        }
        // A cache that fills grows less often than once in a cycle of calls.
        let counts = |growth: &Growth| {
            let grown = growth.to.saturating_sub(growth.from);
            grown >= (u64::from(growth.calls) / 16).max(1)
        };
        repeated.concurrent = steady(growth::count(&self.concurrent)).filter(counts);
        // After a failure, the handles are those of before the call.
        if repeated.failed.is_some()
            || steady(growth::count(&self.handles)).filter(counts).is_none()
        {
            return;
        }
        let calls = repeated.calls;
        for (resource, to) in live.held_by_type() {
            let from = before.get(&resource).copied().unwrap_or_default();
            let grown = to.saturating_sub(from);
            let per_call = (grown + u64::from(calls) / 2) / u64::from(calls.max(1));
            let growth = Growth { from, to, calls, per_call, per_kibibyte: 0 };
            if counts(&growth) {
                let imports = live.makers_called(&resource, export);
                repeated.handles.push(HandleGrowth { resource, imports, growth, taken_by: None });
            }
        }
    }
}
